"""What an assignment tells the course: the activity kind ``assignment``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from assessments.assignments.models import Assignment
from assessments.items.interactions.answers import WHOLE_NUMBER, is_text
from courses.activity_kinds import UNKNOWN_KEY, ArchiveError, ArchivePart, Openable
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.sentences import N_, Sentence, sentence

OPTION_KEYS = ("due_days_before_end", "peer_reviews", "peer_review_form", "template")
#: Keys that the importer adds.
MADE_KEYS = frozenset({"instructions_markdown", "instructions_html"})
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
        *OPTION_KEYS,
        *MADE_KEYS,
    }
)
MAX_LEVELS = 11
MAX_POINTS = 10_000
#: An entry of the table by its keys and indexes, and what is wrong with it.
Problem = tuple[tuple[str | int, ...], Sentence]


class AssignmentKind:
    """See ActivityKind."""

    name = "assignment"
    label = N_("Assignment")

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Return what is wrong with the assignment's table in course.toml."""
        return [part.error(text, *place) for place, text in _problems(part.definition)]

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

    def url(self, activity: Openable, enrolment_id: int) -> str:
        """Return the path of the assignment's page."""
        return url_for("assignments.assignment", enrolment_id=enrolment_id, activity_id=activity.id)


def _problems(definition: dict[str, Any]) -> list[Problem]:
    known = ", ".join(sorted(KEYS - MADE_KEYS))
    found: list[Problem] = [
        ((key,), sentence(UNKNOWN_KEY, key=key, known=known)) for key in sorted(set(definition) - KEYS)
    ]
    accepts = definition.get("accepts", ["text", "file"])
    if not isinstance(accepts, list) or not accepts or not set(map(str, accepts)) <= {"text", "file"}:
        found.append((("accepts",), sentence(N_("'accepts' must be a list of text and file."))))
    criteria = definition.get("criteria")
    if not isinstance(criteria, list) or not criteria:
        found.append((("criteria",), sentence(N_("'criteria' must be a list of at least one criterion."))))
        criteria = []
    problems = [
        (("criteria", index), problem)
        for index, criterion in enumerate(criteria)
        for problem in _criterion_problems(index + 1, criterion)
    ]
    found += problems
    ids = [criterion["id"] for criterion in criteria if isinstance(criterion, dict) and is_text(criterion.get("id"))]
    if len(set(ids)) != len(ids):
        found.append((("criteria",), sentence(N_("Two criteria have the same id."))))
    # How many points there are is only known when all criteria are good.
    good = criteria and not problems
    most = sum(len(criterion["levels"]) - 1 for criterion in criteria) if good else MAX_POINTS
    for key, least, limit in (
        ("pass_points", 0, most),
        ("minimum_per_criterion", 0, 10),
        ("resubmissions", 0, 20),
        ("peer_reviews", 0, 10),
        ("due_days_before_end", 0, 365),
    ):
        value = definition.get(key, 0 if key != "pass_points" else None)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= limit:
            found.append(((key,), sentence(WHOLE_NUMBER, key=key, least=least, most=limit)))
    return found


def _criterion_problems(number: int, criterion: Any) -> list[Sentence]:
    if not isinstance(criterion, dict):
        criterion = {}
    found = []
    if set(criterion) != {"id", "title", "levels"}:
        text = N_("Criterion %(number)s needs 'id', 'title' and 'levels' and nothing else.")
        found.append(sentence(text, number=number))
    if not all(is_text(criterion[key]) for key in ("id", "title") if key in criterion):
        found.append(sentence(N_("Criterion %(number)s needs an 'id' and a 'title'."), number=number))
    levels = criterion.get("levels", ["0", "1"])
    if not isinstance(levels, list) or not 2 <= len(levels) <= MAX_LEVELS or not all(map(is_text, levels)):
        text = N_("'levels' of criterion %(number)s must be 2 to %(most)s texts.")
        found.append(sentence(text, number=number, most=MAX_LEVELS))
    return found
