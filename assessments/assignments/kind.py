"""What an assignment tells the course: the activity kind ``assignment``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from assessments.assignments.models import Assignment
from assessments.items.interactions.answers import is_text
from courses.activity_kinds import ArchiveError, ArchivePart
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.sentences import N_

OPTION_KEYS = ("due_days_before_end", "peer_reviews", "peer_review_form", "template")
KEYS = frozenset(
    {
        "id",
        "title",
        "instructions",
        "ue",
        "accepts",
        "pass_points",
        "minimum_per_criterion",
        "resubmissions",
        "criteria",
        "instructions_markdown",
        "instructions_html",
        *OPTION_KEYS,
    }
)
MAX_LEVELS = 11


class AssignmentKind:
    """See ActivityKind."""

    name = "assignment"
    label = N_("Assignment")

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Return what is wrong with the assignment's table in course.toml."""
        texts = _problems(part.definition, part.media)
        return [ArchiveError(part.path, None, f"[[assignments]] {part.slug}: {text}") for text in texts]

    def create(self, activity: Activity, part: ArchivePart, *, at: datetime, actor: Person | None) -> None:
        """Make the assignment."""
        definition = part.definition
        session.add(
            Assignment(
                activity_id=activity.id,
                instructions_markdown=definition["instructions_markdown"],
                instructions_html=definition["instructions_html"],
                accepts=definition.get("accepts", ["text", "file"]),
                criteria=definition["criteria"],
                pass_points=definition["pass_points"],
                minimum_per_criterion=definition.get("minimum_per_criterion", 0),
                resubmissions=definition.get("resubmissions", 0),
                options={key: definition[key] for key in OPTION_KEYS if key in definition},
            )
        )
        session.flush()

    def url(self, activity: Activity, enrolment_id: int) -> str:
        """Return the path of the assignment's page."""
        return url_for("assignments.assignment", enrolment_id=enrolment_id, activity_id=activity.id)


def _problems(definition: dict[str, Any], media: frozenset[str]) -> list[str]:
    found = [f"unknown key {key!r}." for key in sorted(set(definition) - KEYS)]
    accepts = definition.get("accepts", ["text", "file"])
    if not isinstance(accepts, list) or not accepts or not set(accepts) <= {"text", "file"}:
        found.append("'accepts' must be a list of text and file.")
    criteria = definition.get("criteria")
    if not isinstance(criteria, list) or not criteria:
        return [*found, "'criteria' must be a list of at least one criterion."]
    for number, criterion in enumerate(criteria, start=1):
        if not isinstance(criterion, dict) or set(criterion) != {"id", "title", "levels"}:
            found.append(f"criterion {number} needs 'id', 'title' and 'levels' and nothing else.")
        elif not (is_text(criterion["id"]) and is_text(criterion["title"])):
            found.append(f"criterion {number} needs an 'id' and a 'title'.")
        elif (
            not isinstance(criterion["levels"], list)
            or not 2 <= len(criterion["levels"]) <= MAX_LEVELS
            or not all(map(is_text, criterion["levels"]))
        ):
            found.append(f"'levels' of criterion {number} must be 2 to {MAX_LEVELS} texts.")
    if found:
        return found
    if len({criterion["id"] for criterion in criteria}) != len(criteria):
        found.append("two criteria have the same id.")
    most = sum(len(criterion["levels"]) - 1 for criterion in criteria)
    for key, least, limit in (
        ("pass_points", 0, most),
        ("minimum_per_criterion", 0, 10),
        ("resubmissions", 0, 20),
        ("peer_reviews", 0, 10),
        ("due_days_before_end", 0, 365),
    ):
        value = definition.get(key, 0 if key != "pass_points" else None)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= limit:
            found.append(f"{key!r} must be a whole number from {least} to {limit}.")
    template = definition.get("template")
    if template is not None and template not in media:
        found.append(f"the template {template!r} is not in the archive.")
    return found
