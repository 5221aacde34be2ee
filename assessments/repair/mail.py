"""What is written to people whose result a repair changes."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from assessments.attempts.models import Attempt
from assessments.repair.rules import Effect
from lms.mail.letters import Letter, absolute, queue_letter


def queue_repaired_mail(attempt: Attempt, effect: Effect, *, taken_back: bool, at: datetime) -> None:
    """Tell the person that a question was mended, or that this was taken back; points stay behind the sign-in."""
    title = attempt.quiz.activity.title
    path = url_for("attempts.result", attempt_id=attempt.id)

    def compose() -> Letter:
        said = {
            "passed": _("By that you have now passed."),
            "failed": _(
                "By that the quiz is not passed any more. Please get in touch if you have questions."
            ),
            "": _("Whether you have passed does not change."),
        }
        if taken_back:
            subject = _("A correction in “%(title)s” was taken back", title=title)
            what = _(
                "A correction of a question of the quiz “%(title)s” was taken back. All answers have been scored anew.",
                title=title,
            )
        else:
            subject = _("A question of “%(title)s” was corrected", title=title)
            what = _(
                "A question of the quiz “%(title)s” had a fault. We have corrected it and scored all answers anew.",
                title=title,
            )
        return Letter(
            subject=subject,
            paragraphs=[what, said[effect.crosses], _("The page tells the reason and where you stand now.")],
            link=(_("Look at the result"), absolute(path)),
            why=_("You get this mail because you have taken this quiz."),
        )

    queue_letter(attempt.enrolment.person, kind="result_repaired", compose=compose, at=at)
