"""What a quiz tells the course: the activity kind ``quiz``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import url_for

from assessments.items.actions import take_questions
from assessments.items.rules import question_problems
from assessments.quizzes.models import Quiz, QuizItem
from assessments.quizzes.rules import read_options
from assessments.quizzes.settings import setting_problems
from courses.activity_kinds import ArchiveError, ArchivePart, Openable
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person
from lms.sentences import N_, sentence


class QuizKind:
    """See ActivityKind."""

    name = "quiz"
    label = N_("Quiz")

    def check(self, part: ArchivePart) -> Sequence[ArchiveError]:
        """Return what is wrong with the quiz's settings and with each of its questions."""
        questions = part.definition.get("questions", [])
        found = [part.error(text, key) for key, text in setting_problems(part.definition, questions if part.whole else None)]
        first_lines: dict[str, str] = {}
        for entry in questions:
            path, line = entry.get("__path__", part.path), entry.get("__line__")
            question = _bare(entry)
            # A question without a good id was refused before; the rest of it is looked at here.
            found += [ArchiveError(path, line, text) for text in question_problems({"id": "none", **question})]
            key = str(question.get("id", ""))
            if key and key in first_lines:
                text = sentence(N_("The id '%(id)s' stands already at %(place)s."), id=key, place=first_lines[key])
                found.append(ArchiveError(path, line, text))
            first_lines.setdefault(key, f"{path}:{line}")
            image = question.get("image")
            if image is not None and str(image) not in part.media:
                text = sentence(N_("The image '%(path)s' is not in the archive."), path=str(image))
                found.append(ArchiveError(path, line, text))
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

    def url(self, activity: Openable, enrolment_id: int) -> str:
        """Return the path of the quiz's page."""
        return url_for("attempts.quiz", enrolment_id=enrolment_id, activity_id=activity.id)


def _bare(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if not str(key).startswith("__")}
