"""What is written to people whose answers were marked by hand."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from assessments.attempts.models import Attempt
from lms.mail.letters import Letter, absolute, queue_letter


def queue_marked_mail(attempt: Attempt, *, first: bool, reason: str, at: datetime) -> None:
    """Tell the person that all their answers are marked, or that a mark was changed; points stay behind the sign-in."""
    title = attempt.quiz.activity.title
    path = url_for("attempts.result", attempt_id=attempt.id)

    def compose() -> Letter:
        said = (
            [_("Your answers in the quiz “%(title)s” have been marked. The result of attempt %(number)s now stands.",
               title=title, number=attempt.number)]
            if first
            else [_("A mark in the quiz “%(title)s” was changed, in attempt %(number)s.", title=title, number=attempt.number),
                  _("The reason: %(reason)s", reason=reason)]
        )  # fmt: skip
        return Letter(
            subject=_("Your answers in “%(title)s” are marked", title=title)
            if first
            else _("A mark in “%(title)s” was changed", title=title),
            paragraphs=said,
            link=(_("Look at the result"), absolute(path)),
            why=_("You get this mail because you have taken this quiz."),
        )

    queue_letter(attempt.enrolment.person, kind="answers_marked", compose=compose, at=at)
