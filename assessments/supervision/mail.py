"""What is written to people whose attempt staff has changed."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from assessments.attempts.models import Attempt
from lms.mail.letters import Letter, absolute, queue_letter


def queue_voided_mail(attempt: Attempt, *, reason: str, at: datetime) -> None:
    """Tell the person that an attempt does not count any more."""
    title = attempt.quiz.activity.title
    path = url_for("attempts.quiz", enrolment_id=attempt.enrolment_id, activity_id=attempt.quiz_id)

    def compose() -> Letter:
        return Letter(
            subject=_("An attempt at “%(title)s” was taken out", title=title),
            paragraphs=[
                _("Attempt %(number)s at the quiz “%(title)s” does not count any more, neither as a try nor as a result.",
                  number=attempt.number, title=title),
                _("The reason: %(reason)s", reason=reason),
            ],
            link=(_("To the quiz"), absolute(path)),
            why=_("You get this mail because you have taken this quiz."),
        )  # fmt: skip

    queue_letter(attempt.enrolment.person, kind="attempt_voided", compose=compose, at=at)


def queue_reopened_mail(attempt: Attempt, *, reason: str, at: datetime) -> None:
    """Tell the person that they can go on with an attempt."""
    title = attempt.quiz.activity.title
    path = url_for("attempts.quiz", enrolment_id=attempt.enrolment_id, activity_id=attempt.quiz_id)

    def compose() -> Letter:
        return Letter(
            subject=_("You can go on with “%(title)s”", title=title),
            paragraphs=[
                _("Attempt %(number)s at the quiz “%(title)s” is open again. Your answers are as you left them.",
                  number=attempt.number, title=title),
                _("The reason: %(reason)s", reason=reason),
            ],
            link=(_("To the quiz"), absolute(path)),
            why=_("You get this mail because you have taken this quiz."),
        )  # fmt: skip

    queue_letter(attempt.enrolment.person, kind="attempt_reopened", compose=compose, at=at)
