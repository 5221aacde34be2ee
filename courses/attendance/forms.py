"""The roll call as it comes from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from courses.attendance.rules import Choice, Status
from courses.cohorts.models import Enrolment
from lms.forms import Form


class RollCallForm(Form):
    """For each person a choice ``status-ID``, the units ``ue-ID`` and the mark that was shown, ``seen-ID``."""

    def choices(self, values: Mapping[str, str], enrolments: Sequence[Enrolment]) -> dict[Enrolment, Choice]:
        """Return what was chosen for whom; who has no choice stays unmarked, unknown people are left out."""
        made = {}
        for enrolment in enrolments:
            chosen = values.get(f"status-{enrolment.id}")
            if chosen in set(Status):
                status = Status(chosen)
                ue = _number(values.get(f"ue-{enrolment.id}", "")) if status is Status.PARTLY else None
                made[enrolment] = Choice(status, ue, _number(values.get(f"seen-{enrolment.id}", "")))
        return made


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None
