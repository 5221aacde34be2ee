"""German for one: what counts something has a form for one of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
COUNTED = re.compile(
    r"%\(\w+\)s (Minuten|Sekunden|Stunden|Tagen?|Plätzen?|Punkten?|Einträgen?|Terminen?|Personen|Teilnehmende|Versuchen?|Fragen|"
    r"Wörtern?|Antworten|Abgaben|Lektionen|Modulen?|Quizzen?|Projekten?|Ergebnissen?|Dateien|Zeilen|Durchgängen?|Elementen?|"
    r"Schlagwörter|Auswahlen|Dokumenten?|Zertifikaten?)\b"
)
#: Single entries that are right all the same: the form for many beside one for one (``sentence`` chooses), a constant, or
#: a number that can only be larger.
RIGHT = {
    "%(n)s attempts more", "%(n)s files", "%(n)s lessons are still to do.", "%(n)s more minutes for each attempt",
    "%(n)s projects are still to pass.", "%(n)s quizzes are still to pass.", "%(n)s words", "%(m)s minutes left",
    "%(n)s works are waiting for a grade.", "%(n)s modules are not done though their live session is over.",
    "%(entry)s must have %(least)s to %(most)s entries.", "'%(key)s' must be a list with 2 to %(most)s entries.",
    "'categories' must be a list of 2 to %(most)s entries with 'name' and 'members'.",
    "'pairs' must be a list of 2 to %(most)s entries with 'left' and 'right'.",
    "At least %(n)s points are needed; there are %(given)s.",
    "Each criterion needs at least %(n)s points. Too few for: %(criteria)s.",
    "%(least)s to %(most)s words", "At most %(most)s files can be sent here, one after the other.",
    "At most %(most)s files can be handed in. %(filename)s was not taken.",
    "%(kinds)s; at most %(files)s files, and %(most)s MB at a time.",
    "GIFT, Moodle XML, Aiken or QTI 2 and 3 (an item or a package), at most %(most)s MB and %(count)s questions.",
    "It has %(count)s lines. At most 500 can be checked at once: please divide it.",
    "Show all %(count)s cohorts of this course version together",
    "The file has more than %(most)s elements (line %(line)s).",
    "The file holds %(count)s questions; at most %(most)s can be read at once. Please divide it.",
    "The layout has more than %(most)s files.", "The package holds more than %(most)s files.",
    "The question gives %(points)s points; only whole numbers from 1 to 100 are possible.",
    "The question has fewer than %(least)s answers.", "The question has more than %(most)s answers.",
    "The question has more than %(most)s tags and categories.",
}  # fmt: skip


@pytest.mark.parametrize("package", ["lms", "courses", "assessments", "certificates"])
def test_what_counts_has_a_form_for_one(package: str) -> None:
    with (ROOT / package / "translations" / "de" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="de")
    # Constants of the statistics, ``enough`` and ``each``, are tens.
    single = [one for one in catalogue if isinstance(one.id, str) and one.id and "%(enough)s" not in one.id]
    assert [one.id for one in single if COUNTED.search(str(one.string)) and one.id not in RIGHT] == []


def test_the_exceptions_are_still_there() -> None:
    texts = "".join(path.read_text("utf-8") for path in ROOT.glob("*/translations/de/LC_MESSAGES/messages.po"))
    unwrapped = texts.replace('"\n"', "")
    assert [one for one in RIGHT if f'msgid "{one}"' not in unwrapped] == []
