"""The activity kind ``live_session``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from courses.activity_kinds import UNKNOWN_KEY, ArchiveError, ArchivePart, Openable
from courses.content.models import Activity
from lms.sentences import N_, sentence

_KEYS = frozenset({"id", "module", "title", "ue", "objective", "plan"})


class LiveSessionKind:
    """A meeting that the course plans; each cohort has its own session of it (``courses.schedule``)."""

    name = "live_session"
    label = N_("Live session")

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Return what is wrong with a ``[[live_sessions]]`` table beyond the keys that every activity has."""
        errors = [
            part.error(sentence(UNKNOWN_KEY, key=key, known=", ".join(sorted(_KEYS))), key)
            for key in part.definition
            if key not in _KEYS
        ]
        objective = part.definition.get("objective")
        if not isinstance(objective, str) or not objective.strip():
            errors.append(part.error(sentence(N_("The key “objective” is missing or not a text.")), "objective"))
        return errors

    def create(self, activity: Activity, part: ArchivePart, *, at: Any, actor: Any) -> None:
        """Nothing to make: the plan stays in the version's outline, the sessions belong to the cohorts."""

    def url(self, activity: Openable, enrolment_id: int) -> str:
        """Return the path of the own schedule, where the session has its date."""
        return url_for("schedule.list_sessions", _anchor=f"live-{activity.id}")
