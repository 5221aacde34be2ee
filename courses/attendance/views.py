"""The lines of the roll call's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from courses.attendance.models import AttendanceMark
from courses.attendance.rules import Status
from courses.cohorts.models import Enrolment
from lms.sentences import Refusal, Sentence


@dataclass(frozen=True)
class Line:
    """One person: what is chosen, the units as they are in their field, the mark that holds, and what keeps it back.

    ``seen`` is what the page says it showed: the mark that holds, or the one that a kept form had shown.
    """

    enrolment: Enrolment
    chosen: str | None
    ue: str
    seen: str
    mark: AttendanceMark | None
    problem: Sentence | None = None


def list_lines(
    enrolments: Sequence[Enrolment],
    marks: Mapping[int, AttendanceMark],
    *,
    everyone: Status | None = None,
    kept: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    refused: Mapping[int, Refusal] | None = None,
) -> list[Line]:
    """Return a line for each enrolment.

    Who has no mark is shown as ``everyone``. ``kept`` are the fields from before the sign-in expired; ``typed`` are
    those just sent, which stay where they were ``refused``.
    """
    return [
        _line(one, marks.get(one.id), everyone, kept or {}, typed or {}, (refused or {}).get(one.id))
        for one in enrolments
    ]


def _line(
    enrolment: Enrolment,
    mark: AttendanceMark | None,
    everyone: Status | None,
    kept: Mapping[str, str],
    typed: Mapping[str, str],
    refusal: Refusal | None,
) -> Line:
    status, units, seen = (f"{name}-{enrolment.id}" for name in ("status", "ue", "seen"))
    holds = str(mark.id) if mark else ""
    if refusal is not None:
        return Line(enrolment, typed.get(status), typed.get(units, ""), holds, mark, refusal.sentence)
    if status in kept:
        return Line(enrolment, kept[status], kept.get(units, ""), kept.get(seen, ""), mark)
    if mark is not None:
        return Line(enrolment, mark.status, str(mark.ue) if mark.status == Status.PARTLY else "", holds, mark)
    return Line(enrolment, everyone, "", holds, None)
