"""Which mark means how many units, and what keeps a mark from being made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from courses.progress.rules import Attendance
from lms.sentences import N_, Reason, Sentence, sentence


class Status(StrEnum):
    """What a trainer can note about a person and a session."""

    PRESENT = "present"
    PARTLY = "partly"
    EXCUSED = "excused"
    ABSENT = "absent"


STATUS_WORDS = {
    Status.PRESENT: N_("present"),
    Status.PARTLY: N_("partly"),
    Status.EXCUSED: N_("excused"),
    Status.ABSENT: N_("absent"),
}


@dataclass(frozen=True)
class Choice:
    """What a line of the roll call says: ``ue`` with partly only; ``seen`` is the mark that the page showed, by id."""

    status: Status
    ue: int | None = None
    seen: int | None = None

    def is_mark(self, status: str, ue: int) -> bool:
        """Say whether this is what a mark says already."""
        return self.status.value == status and (self.status is not Status.PARTLY or self.ue == ue)


class MarkReason(Reason):
    """Why a mark cannot be made."""

    CANCELLED = "cancelled", N_("This session was cancelled, so nobody can attend it.")
    NOT_IN_COHORT = "not_in_cohort", N_("This person is not enrolled in the cohort of this session.")
    WITHDRAWN = "withdrawn", N_("This person has left the cohort.")
    UE_OUT_OF_RANGE = (
        "ue_out_of_range",
        N_("Somebody who was there partly attended at least 1 and at most %(most)s UE. Please enter how many."),
    )
    NO_PARTS = "no_parts", N_("A session of one UE is attended whole or not at all.")
    OVERTAKEN = (
        "overtaken",
        N_("Meanwhile %(name)s has entered: %(mark)s. If your choice shall hold, please save again."),
    )


def offered_statuses(planned_ue: int) -> list[Status]:
    """Return what can be chosen for a session of so many units; of a single one nobody attends a part."""
    return [status for status in Status if status is not Status.PARTLY or planned_ue > 1]


def mark_sentence(status: str, ue: int) -> Sentence:
    """Return what a mark says, in words."""
    if status == Status.PARTLY:
        return sentence(N_("partly, %(ue)s UE"), ue=ue)
    return sentence(STATUS_WORDS[Status(status)])


def attended_ue(status: Status, planned_ue: int, partly_ue: int | None) -> int:
    """Return the units that a mark is worth: all, the stated part, or none (excused is not present)."""
    if status is Status.PRESENT:
        return planned_ue
    return (partly_ue or 0) if status is Status.PARTLY else 0


def refuse_mark(
    *, status: Status, planned_ue: int, partly_ue: int | None, cancelled: bool, same_cohort: bool, withdrawn: bool
) -> MarkReason | None:
    """Return why this mark cannot be made, or None."""
    if cancelled:
        return MarkReason.CANCELLED
    if not same_cohort:
        return MarkReason.NOT_IN_COHORT
    if withdrawn:
        return MarkReason.WITHDRAWN
    if status not in offered_statuses(planned_ue):
        return MarkReason.NO_PARTS
    if status is Status.PARTLY and not (partly_ue is not None and 1 <= partly_ue < planned_ue):
        return MarkReason.UE_OUT_OF_RANGE
    return None


@dataclass(frozen=True)
class PlannedUnits:
    """The units of one session, and whether it still counts."""

    session_id: int
    activity_id: int | None
    ue: int
    cancelled: bool


def sum_attendance(
    sessions: Iterable[PlannedUnits], activity_ue: Mapping[int, int], marked_ue: Mapping[int, int]
) -> Attendance:
    """Return one person's sums.

    Planned are all units of the sessions that were not cancelled, and of the course's live sessions (``activity_ue``,
    by activity) that have no date yet: a share of what was held so far would let people pass who miss the rest.
    """
    sessions = list(sessions)
    counting = {planned.session_id: planned.ue for planned in sessions if not planned.cancelled}
    dated = {planned.activity_id for planned in sessions}
    undated = sum(ue for activity_id, ue in activity_ue.items() if activity_id not in dated)
    return Attendance(
        planned_ue=sum(counting.values()) + undated,
        attended_ue=sum(ue for session_id, ue in marked_ue.items() if session_id in counting),
        open_ue=sum(ue for session_id, ue in counting.items() if session_id not in marked_ue) + undated,
    )
