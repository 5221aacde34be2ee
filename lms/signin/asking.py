"""Asking for a link to set a new password: noted by the page, answered by a job.

A file of its own beside ``actions.py``, because the answer writes a mail, and those who make people need no mails.
"""

from __future__ import annotations

import logging
from datetime import datetime

from lms.db import lock, session
from lms.jobs.registry import nudge
from lms.people.queries import find_person
from lms.signin.actions import make_link
from lms.signin.mail import queue_reset_mail
from lms.signin.models import LinkRequest
from lms.signin.queries import count_link_requests, has_fresh_link
from lms.signin.rules import LINK_STAYS, may_ask
from lms.signin.tokens import hash_token

log = logging.getLogger(__name__)


def ask_for_link(email: str, *, address: str, at: datetime) -> None:
    """Note that somebody wants a new password. Nothing is looked up: it takes as long whether the account exists or not.

    What is asked for too often is only logged; the person reads the same.
    """
    email = email.strip().lower()
    account_hash = hash_token(email)
    if not may_ask(*count_link_requests(account_hash=account_hash, address=address, now=at)):
        log.warning("A link was asked for too often", extra={"account": account_hash, "address": address})
        return
    session.add(LinkRequest(email=email, account_hash=account_hash, address=address, at=at))
    session.flush()
    nudge("answer_link_requests")


def answer_request(request_id: int, *, at: datetime) -> None:
    """Send a link to whoever asked, if there is such an account; one that was sent just now stays good instead.

    Scarce: the one young link. The request's row, then the person's, is held while it is looked for.
    """
    asked = session.get_one(LinkRequest, request_id)
    lock(asked)
    if asked.handled_at is not None:
        return
    person = find_person(asked.email)
    asked.handled_at, asked.email = at, ""
    session.flush()
    if person is None:
        return
    lock(person)
    if person.is_active and not has_fresh_link(person, "reset", since=at - LINK_STAYS, now=at):
        queue_reset_mail(person, make_link(person, "reset", at=at), at=at)
