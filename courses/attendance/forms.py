"""The roll call as it comes from the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from courses.attendance.rules import Status
from courses.cohorts.models import Enrolment
from lms.forms import Form


class RollCallForm(Form):
    """A choice ``status-ID`` and the units ``ue-ID`` for each person; who has no choice stays unmarked."""

    def marks(
        self, values: Mapping[str, str], enrolments: Sequence[Enrolment]
    ) -> dict[Enrolment, tuple[Status, int | None]]:
        """Return what was chosen for whom; unknown people and choices are left out."""
        made = {}
        for enrolment in enrolments:
            chosen = values.get(f"status-{enrolment.id}")
            if chosen in set(Status):
                status = Status(chosen)
                units = values.get(f"ue-{enrolment.id}", "")
                made[enrolment] = (
                    status,
                    int(units) if status is Status.PARTLY and units.isdecimal() and len(units) < 3 else None,
                )
        return made
