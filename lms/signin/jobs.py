"""Forgetting what is no longer needed."""

from __future__ import annotations

from datetime import timedelta

from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job
from lms.jobs.rows import do_each
from lms.kept_forms.actions import forget_old_forms
from lms.mail.actions import forget_old_mails
from lms.signin.actions import forget_old_traces
from lms.signin.asking import answer_request
from lms.signin.queries import list_open_requests


@job(every=timedelta(minutes=1))
def answer_link_requests() -> None:
    """Send links to those who asked for a new password; one transaction each."""
    do_each(list_open_requests, lambda request_id: answer_request(request_id, at=now()))


@job(every=timedelta(hours=6))
def forget_sign_in_traces() -> None:
    """Delete old failed tries, sign-ins, links and kept forms; after 90 days mails that were sent or given up, whose texts are
    emptied when they are sent; after 180 days audit entries about signing in."""
    with transaction():
        forget_old_traces(now=now())
        forget_old_forms(now=now())
        forget_old_mails(now=now())
