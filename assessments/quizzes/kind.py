"""What a quiz tells the course: the activity kind ``quiz``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from assessments.items.actions import take_questions
from assessments.items.rules import question_problems
from assessments.quizzes.models import Quiz, QuizItem
from assessments.quizzes.rules import option_problems, read_options
from courses.activity_kinds import ArchiveError, ArchivePart
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.sentences import N_

KEYS = frozenset(
    {"title", "draw", "max_attempts", "pass_percent", "grading", "time_limit_minutes", "questions"}
    | {"fixed", "draws", "shuffle_questions", "shuffle_answers", "pause_minutes", "layout", "review"}
)
GRADINGS = ("best", "last", "first", "average")


class QuizKind:
    """See ActivityKind."""

    name = "quiz"
    label = N_("Quiz")

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Return what is wrong with the quiz's settings and with each of its questions."""
        found = [ArchiveError(part.path, None, f"[quiz] {text}") for text in _settings_problems(part.definition)]
        questions = part.definition.get("questions", [])
        found += [
            ArchiveError(part.path, None, f"[quiz] {text}") for text in option_problems(part.definition, questions)
        ]
        first_lines: dict[str, str] = {}
        for entry in questions:
            path, line = entry.get("__path__", part.path), entry.get("__line__")
            question = _bare(entry)
            found += [ArchiveError(path, line, text) for text in question_problems(question)]
            key = str(question.get("id"))
            if key in first_lines:
                found.append(ArchiveError(path, line, f"The id {key!r} stands already at {first_lines[key]}."))
            first_lines.setdefault(key, f"{path}:{line}")
            image = question.get("image")
            if image is not None and image not in part.media:
                found.append(ArchiveError(path, line, f"The image {image!r} is not in the archive."))
        draw = part.definition.get("draw", 0)
        if isinstance(draw, int) and len(questions) < max(draw, 1):
            found.append(
                ArchiveError(part.path, None, f"[quiz] draws {draw} questions, but there are only {len(questions)}.")
            )
        return found

    def create(self, activity: Activity, part: ArchivePart, *, at: datetime, actor: Person | None) -> None:
        """Make the quiz and its pool."""
        definition = part.definition
        minutes = definition.get("time_limit_minutes")
        quiz = Quiz(
            activity_id=activity.id,
            draw=definition.get("draw", 0),
            max_attempts=definition.get("max_attempts"),
            pass_percent=definition.get("pass_percent", 60),
            grading=definition.get("grading", "best"),
            time_limit_seconds=minutes * 60 if minutes else None,
            options=read_options(definition).stored(),
        )
        session.add(quiz)
        session.flush()
        versions = take_questions(
            activity.version.course_id, [_bare(entry) for entry in definition["questions"]], at=at, actor=actor
        )
        session.add_all(
            QuizItem(quiz_id=quiz.activity_id, position=position, item_version_id=version.id)
            for position, version in enumerate(versions)
        )
        session.flush()

    def url(self, activity: Activity, enrolment_id: int) -> str:
        """Return the path of the quiz's page."""
        return url_for("attempts.quiz", enrolment_id=enrolment_id, activity_id=activity.id)


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if not str(key).startswith("__")}


def _settings_problems(definition: dict[str, Any]) -> list[str]:
    unknown = sorted(set(definition) - KEYS)
    found = [f"has the unknown key {key!r}." for key in unknown]
    whole = {
        "draw": (0, 200),
        "max_attempts": (1, 100),
        "pass_percent": (0, 100),
        "time_limit_minutes": (1, 24 * 60),
    }
    for key, (least, most) in whole.items():
        value = definition.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            found.append(f"'{key}' must be a whole number from {least} to {most}.")
    if definition.get("grading", "best") not in GRADINGS:
        found.append(f"'grading' must be one of {', '.join(GRADINGS)}.")
    return found
