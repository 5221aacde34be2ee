"""The invented people of the demonstration and the real municipalities that send them (by AGS)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

PASSWORD = "Kiefer-Havel-Kranich-72"  # noqa: S105 - the demonstration's own, shown to whoever runs it

#: Letters of which more is left in an address than the letter without its mark.
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ı": "i", "đ": "d"})


@dataclass(frozen=True)
class Learner:
    """A participant: name, municipality, and how their course goes (see play.py)."""

    given_name: str
    family_name: str
    ags: str
    course: str = "steady"
    printed_name: str = ""

    @property
    def email(self) -> str:
        """An address of the reserved domain example.org."""
        plain = f"{self.given_name}.{self.family_name}".lower().replace(" ", "-").translate(_SPELLED)
        plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
        return f"{plain}@example.org"


#: The staff: key in demo.json, given name, family name, role.
STAFF = (
    ("coordinator", "Karin", "Seefeld", "coordinator"),
    ("second_coordinator", "Konrad", "Mielke", "coordinator"),
    ("trainer", "Tomasz", "Wiśniewski", "trainer"),
    ("other_trainer", "Theresa", "Brandt", "trainer"),
    ("auditor", "Andrea", "Prüfer", "auditor"),
    ("admin", "Adrian", "Vogt", "admin"),
)

#: Fourteen people of fourteen municipalities. Two do not qualify: one missed too many mornings, one project fell short.
FINISHED = (
    Learner("Franziska", "Großschönebeck", "12060005"),
    Learner("Jan", "Kowalski", "12064009"),
    Learner("Měrćin", "Nowak", "12061005"),
    Learner("Sabine", "Altmann", "12066008", "second_try"),
    Learner("Mehmet", "Yıldırım", "12063036"),
    Learner("Anna-Lena", "von der Heydebreck", "12065136", printed_name="Dr. Anna-Lena von der Heydebreck"),
    Learner("Uwe", "Krüger", "12062124", "resubmission"),
    Learner("Zuzana", "Dvořáčková", "12071057"),
    Learner("Thu Trang", "Nguyễn", "12068320"),
    Learner("Olaf", "Petersen", "12069304", "one_morning_missed"),
    Learner("Ines", "Schröder", "12072240"),
    Learner("Dorothea", "Łukaszewicz", "12073532"),
    Learner("Peter", "Hoffmann", "12067544", "mornings_missed"),
    Learner("Ronny", "Lehmann", "12070173", "project_failed"),
)

#: A cohort in mid-course; the first two are the accounts participant and other_participant.
RUNNING = (
    Learner("Petra", "Lindner", "12060020", "running"),
    Learner("Paul", "Neumann", "12060052", "behind"),
    Learner("Nadja", "Šěracka", "12061112", "running"),
    Learner("Holger", "Busch", "12062024", "running"),
    Learner("Claudia", "Wernicke", "12063056", "running"),
    Learner("Ahmad", "Haddad", "12064044", "running"),
    Learner("Birgit", "Zimmermann", "12065084", "running"),
    Learner("Marek", "Zieliński", "12067036", "behind"),
    Learner("Silke", "Hartwig", "12068052", "running"),
    Learner("Jörg", "Baumann", "12069017", "running"),
    Learner("Katharina", "Opitz", "12070008", "running"),
    Learner("Steffen", "Richter", "12071028", "running"),
)

#: Four people of the year before: one document was revoked later, one name corrected; the last one never came.
EARLIER = (
    Learner("Gudrun", "Pohl", "12060020"),
    Learner("Julia", "Krause", "12061112"),
    Learner("Bernd", "Jahn", "12062024"),
    Learner("Lutz", "Ohnesorge", "12063056", "absent"),
)
