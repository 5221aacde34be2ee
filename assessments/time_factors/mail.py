"""What is written to people about their time."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from lms.frame.filters import percent as percent_text
from lms.mail.letters import Letter, absolute, queue_letter
from lms.people.models import Person


def queue_time_factor_mail(person: Person, percent: int, *, at: datetime) -> None:
    """Tell a person how much time they have from now on."""

    def compose() -> Letter:
        if percent == 100:
            said = _("Your time extension has ended: from now on you have the usual time at quizzes.")
        else:
            said = _(
                "You have a time extension: from now on %(percent)s of the usual time at quizzes.",
                percent=percent_text(percent),
            )
        return Letter(
            subject=_("Your time extension at quizzes"),
            paragraphs=[
                said,
                _("This holds for time limits and for closing times, also in an attempt that you have begun."),
            ],
            link=(_("To the overview"), absolute("/")),
            why=_("You get this mail because the programme office has set your time extension."),
        )

    queue_letter(person, kind="time_factor_set", compose=compose, at=at)
