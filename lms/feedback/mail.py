"""What is written to those who read feedback."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from lms.feedback.rules import ANSWER_WITHIN, Feedback, Kind, reply_address
from lms.frame.filters import date_text
from lms.mail.letters import Addressee, Letter, queue_letter_to
from lms.people.models import Person
from lms.sentences import N_
from lms.settings import current_config

#: Nothing that somebody typed stands in a subject.
SUBJECTS = {
    Kind.BARRIER: N_("Feedback: a barrier"),
    Kind.FAULT: N_("Feedback: something is wrong"),
    Kind.PRAISE: N_("Feedback: praise or an idea"),
}


def queue_feedback_mail(feedback: Feedback, reader: Addressee, *, asker: Person | None, key: str, at: datetime) -> None:
    """Write feedback to one reader. It is its writer's, if signed in: it goes when they are erased; else its reader's."""
    answer_to = reply_address(feedback.email) if feedback.email else None

    def compose() -> Letter:
        told = [_("Somebody has written to you through the feedback form of the learning platform.")]
        if feedback.page:
            told.append(_("Page: %(page)s", page=feedback.page))
        if answer_to:
            told.append(_("Please answer to %(email)s: simply reply to this mail.", email=feedback.email))
        elif feedback.email:
            told.append(_("Please answer to %(email)s.", email=feedback.email))
        else:
            told.append(_("No address was given, so no answer is expected."))
        if feedback.kind == Kind.BARRIER and feedback.email:
            last = at.astimezone(ZoneInfo(current_config().zone)).date() + ANSWER_WITHIN
            told.append(_("The accessibility statement promises an answer by %(date)s.", date=date_text(last)))
        return Letter(
            subject=_(SUBJECTS[feedback.kind]),
            paragraphs=told,
            quote=feedback.text,
            why=_("You get this mail because you read the feedback about the learning platform."),
        )

    queue_letter_to(
        reader,
        person=asker or reader.person,
        kind="feedback",
        compose=compose,
        reply_to=answer_to,
        key=key,
        at=at,
    )
