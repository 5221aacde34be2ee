"""Handing a mail over: to an SMTP server, or as a file into the data folder."""

from __future__ import annotations

import os
import smtplib
import ssl
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config import Config, parse_sender
from lms.mail.models import OutboxMail
from lms.mail.rules import one_line

TIMEOUT_SECONDS = 30


class PermanentFailureError(Exception):
    """The server said that this mail will never be taken (SMTP 5xx)."""


class TemporaryFailureError(Exception):
    """It did not work now and may work later."""


def build_message(mail: OutboxMail, sender: str) -> EmailMessage:
    """Return the mail as RFC 5322 has it, with text and HTML. Raises ValueError for a sender that is none."""
    message = EmailMessage(policy=SMTP)
    message["From"] = parse_sender(sender)
    message["To"] = mail.recipient
    if mail.reply_to:
        message["Reply-To"] = Address(addr_spec=mail.reply_to)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text_body)
    message.add_alternative(mail.html_body, subtype="html")
    return message


def deliver(message: EmailMessage, config: Config, *, at: datetime) -> None:
    """Hand a mail over. Raises PermanentFailureError or TemporaryFailureError with what the server said."""
    if not config.mail_url:
        _write_file(message, config.data_dir / "mail", at)
        return
    try:
        _send(message, config.mail_url)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise (PermanentFailureError if code >= 500 else TemporaryFailureError)(_words(code, text)) from error
    except smtplib.SMTPResponseException as error:
        kind = PermanentFailureError if 550 <= error.smtp_code < 560 else TemporaryFailureError
        raise kind(_words(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise TemporaryFailureError(str(error) or type(error).__name__) from error


def _send(message: EmailMessage, url: str) -> None:
    with connect(url) as server:
        server.send_message(message)


def connect(url: str) -> smtplib.SMTP:
    """Return a connection to the SMTP server, encrypted whenever it offers that, signed in when the URL says so."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
        elif parts.username:
            server.close()
            raise smtplib.SMTPException("The mail server offers no encryption; a password is not sent in the clear.")
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def list_written(config: Config) -> dict[str, str]:
    """Return the texts of the mails that became files, by Message-ID, for developers."""
    found = {}
    for path in sorted((config.data_dir / "mail").glob("*.eml"))[-200:]:
        message = message_from_bytes(path.read_bytes(), policy=default)
        body = message.get_body(("plain",))
        found[str(message["Message-ID"])] = body.get_content() if body is not None else ""
    return found


def _write_file(message: EmailMessage, folder: Path, at: datetime) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{at:%Y%m%dT%H%M%S%f}-{message['Message-ID'].strip('<>').split('@')[0]}.eml"
    draft = folder / f".{name}"
    try:
        draft.write_bytes(bytes(message))
        os.replace(draft, folder / name)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise TemporaryFailureError(str(error)) from error


def _words(code: int, text: bytes | str) -> str:
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
