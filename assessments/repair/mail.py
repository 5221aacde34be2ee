"""What is written to people whose result a repair changes."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from assessments.attempts.models import Attempt
from assessments.repair.rules import Effect
from lms.mail.letters import Letter, absolute, queue_letter


def queue_repaired_mail(attempt: Attempt, effect: Effect, *, at: datetime) -> None:
    """Tell the person that a question was mended; points stay behind the sign-in."""
    title = attempt.quiz.activity.title
    path = url_for("attempts.result", attempt_id=attempt.id)

    def compose() -> Letter:
        said = {
            "passed": _("With the correction you have now passed."),
            "failed": _(
                "With the correction the quiz is not passed any more. Please get in touch if you have questions."
            ),
            "": _("Whether you have passed does not change."),
        }
        return Letter(
            subject=_("A question of “%(title)s” was corrected", title=title),
            paragraphs=[
                _(
                    "A question of the quiz “%(title)s” had a fault. We have corrected it and scored all answers anew.",
                    title=title,
                ),
                said[effect.crosses],
                _("The page shows the old and the new result with the reason."),
            ],
            link=(_("Look at the result"), absolute(path)),
            why=_("You get this mail because you have taken this quiz."),
        )

    queue_letter(attempt.enrolment.person, kind="result_repaired", compose=compose, at=at)
