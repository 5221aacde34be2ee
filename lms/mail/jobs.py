"""Sending mails."""

from __future__ import annotations

import logging
from datetime import timedelta

from lms.clock import now
from lms.db import transaction
from lms.jobs.registry import job
from lms.mail.models import OutboxMail
from lms.mail.queries import claim_due_mail, find_claimed_mail
from lms.mail.rules import pause_after
from lms.mail.transport import PermanentFailureError, TemporaryFailureError, build_message, deliver
from lms.settings import current_config

log = logging.getLogger(__name__)
#: While a worker talks to the mail server, nobody else takes the mail; if the worker dies, it is due again after this.
CLAIM = timedelta(minutes=5)


@job(every=timedelta(minutes=1))
def send_due_mails() -> None:
    """Send what is due, one after the other. A mail is claimed in one transaction and settled in another, so that no
    database lock is held while a mail server makes us wait. A worker that dies in between may send that mail twice,
    with the same Message-ID; none is lost."""
    while True:
        with transaction():
            mail = claim_due_mail(now())
            if mail is None:
                return
            mail.next_try_at = now() + CLAIM
            mail.tries += 1
        error, final = _hand_over(mail)
        with transaction():
            claimed = find_claimed_mail(mail.id)
            if claimed is not None:
                _settle(claimed, mail.tries, error, final=final)


def _hand_over(mail: OutboxMail) -> tuple[str, bool]:
    """Return why a mail could not be handed over, and whether it never will; nothing: it was.

    Its claim is committed already: whatever is wrong with this mail, it waits longer each time and keeps none of the
    others waiting.
    """
    try:
        deliver(build_message(mail, current_config().mail_from), current_config(), at=now())
    except PermanentFailureError as failure:
        return str(failure), True
    except TemporaryFailureError as failure:
        return str(failure), False
    except Exception as fault:  # of this mail, or of the program
        log.exception("A mail could not be made or handed over", extra={"mail": mail.id})
        return f"{type(fault).__name__}: {fault}", False
    return "", False


def _settle(mail: OutboxMail, tries: int, error: str, *, final: bool) -> None:
    mail.last_error = error
    if not error:
        mail.sent_at = now()
        mail.text_body = mail.html_body = ""  # it may hold a link that sets a password
        return
    pause = None if final else pause_after(tries)
    if pause is None:
        mail.gave_up_at = now()
        log.error("A mail could not be delivered", extra={"mail": mail.id, "error": error})
    else:
        mail.next_try_at = now() + pause
