"""Hand feedback over to its readers."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from lms.db import session
from lms.feedback.mail import queue_feedback_mail
from lms.feedback.queries import list_readers
from lms.feedback.rules import Feedback, FeedbackReason
from lms.people.models import Person
from lms.sentences import Refusal


def send_feedback(feedback: Feedback, *, draft: str, asker: Person | None, at: datetime) -> None:
    """Write feedback to everybody who reads it. Raises Refusal when there is nobody.

    Scarce: one mail a draft and reader, so that a double click sends one. The mail's key decides; a draft that was changed
    and sent again is another message.
    """
    readers = list_readers()
    if not readers:
        raise Refusal(FeedbackReason.NOBODY)
    for reader in readers:
        key = json.dumps([draft, feedback.kind, feedback.text, feedback.page, feedback.email, reader.address])
        try:
            with session.begin_nested():
                queue_feedback_mail(feedback, reader, asker=asker, key=key, at=at)
                session.flush()
        except IntegrityError:
            continue  # it is on its way already
