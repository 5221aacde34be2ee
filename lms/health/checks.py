"""Everything that can be wrong with an installation, one check each: it returns what is well, or raises what is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from lms.clock import now
from lms.db import session
from lms.frame.assets import load_manifest
from lms.institution.seal import SealError, load_seal
from lms.jobs.queries import find_last_beat, list_faults
from lms.jobs.registry import QUEUE
from lms.mail.models import OutboxMail
from lms.mail.transport import build_message, connect
from lms.migration import schema_is_current
from lms.printing.rendering import load_weasyprint
from lms.sentences import N_, Sentence, plain_sentence, sentence
from lms.settings import current_config

SILENT_AFTER = timedelta(minutes=2)
FEWEST_MEGABYTES = 500
#: What has not been tried for that long is not to be done any more.
FAULTS_COUNT_FOR = timedelta(days=1)
CLOCK_TOLERANCE = timedelta(seconds=30)


class ProblemError(Exception):
    """Something is not well; ``said`` says what to do."""

    def __init__(self, said: Sentence) -> None:
        """Say it to people as a Sentence, and to logs in English."""
        super().__init__(plain_sentence(said))
        self.said = said


@dataclass(frozen=True)
class Finding:
    """What a check found; when it is ``wrong``, ``said`` says what to do, when it ``waits``, what for."""

    name: str
    said: Sentence
    wrong: bool = False
    waits: bool = False

    @property
    def good(self) -> str:
        """What is well, in English; empty when it is not, or when nobody knows."""
        return "" if self.wrong or self.waits else plain_sentence(self.said)

    @property
    def problem(self) -> str:
        """What to do, in English; empty when all is well."""
        return "" if self.good else plain_sentence(self.said)


def check_database() -> Sentence:
    """Reach the database."""
    try:
        connection = session.connection()
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        session.rollback()
        config, told = current_config(), _first_line(getattr(error, "orig", None) or error)
        if config.database_url:
            said = N_("The database does not answer (%(error)s). Please look at LMS_DATABASE_URL and start what it names.")
            raise ProblemError(sentence(said, error=told)) from error
        said = N_(
            "The database in %(folder)s cannot be opened (%(error)s). Please look at LMS_DATA_DIR and at who owns this folder."
        )
        raise ProblemError(sentence(said, error=told, folder=str(config.data_dir))) from error
    version = ".".join(map(str, connection.dialect.server_version_info or ()))
    return _plainly(f"{connection.dialect.name} {version}".strip())


def check_migrations() -> Sentence:
    """Compare the schema with the code."""
    if not schema_is_current(session.connection()):
        raise ProblemError(sentence(N_("The schema is not up to date. Please run: lms migrate")))
    return sentence(N_("up to date"))


def check_pango() -> Sentence:
    """Load WeasyPrint with all of its libraries."""
    return _plainly(f"WeasyPrint {load_weasyprint().__version__}")


def check_assets() -> Sentence:
    """Look for the built styles and scripts."""
    return sentence(N_("%(n)s file"), N_("%(n)s files"), n=len(load_manifest()))


def check_data_dir() -> Sentence:
    """Write into the data folder."""
    folder = current_config().data_dir
    probe = folder / f".check-{os.getpid()}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
        free = os.statvfs(folder)
    except OSError as error:
        said = N_(
            "This user cannot write into %(folder)s (%(error)s). Please give the folder to the user that runs lms, or name "
            "another one in LMS_DATA_DIR."
        )
        raise ProblemError(sentence(said, folder=str(folder), error=_cause(error))) from error
    megabytes = free.f_bavail * free.f_frsize // 1_000_000
    told: dict[str, Any] = {"megabytes": megabytes, "folder": str(folder)}
    if megabytes < FEWEST_MEGABYTES:
        raise ProblemError(sentence(N_("Only %(megabytes)s MB are free in %(folder)s. Please make room."), **told))
    return sentence(N_("%(megabytes)s MB free in %(folder)s"), **told)


def check_mail() -> Sentence:
    """Make a mail as it would be sent, and say hello to the mail server."""
    config, at = current_config(), now()
    url = config.mail_url
    sample = OutboxMail(
        recipient="nobody@localhost", subject="-", text_body="-", html_body="-", created_at=at, message_id="<check@localhost>"
    )
    build_message(sample, config.mail_from)
    if not url:
        return sentence(N_("mails become files in the data folder"))
    try:
        with connect(url) as server:
            server.noop()
    except (OSError, ValueError) as error:  # what goes wrong in SMTP is an OSError as well
        said = N_("The mail server %(server)s does not take mails (%(error)s). Please look at LMS_MAIL_URL.")
        address = urlsplit(url).netloc.rpartition("@")[2]
        raise ProblemError(sentence(said, server=address, error=_cause(error))) from error
    return sentence(N_("the mail server answers"))


def check_outbox() -> Sentence:
    """Look for mails that nobody tries any more."""
    given_up = session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.gave_up_at.is_not(None))) or 0
    if given_up:
        raise ProblemError(
            sentence(
                N_("%(n)s mail could not be delivered and is not tried any more. Please see to it under “Mails”."),
                N_("%(n)s mails could not be delivered and are not tried any more. Please see to them under “Mails”."),
                n=given_up,
            )
        )
    return sentence(N_("no mail was given up"))


def check_seal() -> Sentence:
    """Load the institution's key; without it documents wait."""
    config = current_config()
    try:
        seal = load_seal()
    except SealError as error:
        said = N_("%(error)s Until then issued documents wait for their PDF; nothing is lost.")
        raise ProblemError(sentence(said, error=str(error))) from error
    end = seal.valid_until.date()
    if seal.valid_until - now() < timedelta(days=30):
        raise ProblemError(sentence(N_("The seal's certificate ends on %(day)s. Please get a new one."), day=end))
    if seal.is_development and config.environment == "production":
        raise ProblemError(
            sentence(N_("The seal's key is a development key, which proves nothing to others. Please set your own."))
        )
    told: dict[str, Any] = {"subject": seal.subject, "algorithm": seal.algorithm, "day": end}
    if seal.is_development:
        return sentence(N_("%(subject)s (%(algorithm)s, development key), until %(day)s"), **told)
    if config.seal_timestamp_url:
        said = N_("%(subject)s (%(algorithm)s), until %(day)s, timestamps by %(address)s")
        return sentence(said, address=config.seal_timestamp_url, **told)
    return sentence(N_("%(subject)s (%(algorithm)s), until %(day)s"), **told)


def check_clock() -> Sentence:
    """Compare this machine's clock with the database's."""
    if session.get_bind().dialect.name != "postgresql":
        return _plainly(now())
    difference = abs(session.scalar(text("SELECT clock_timestamp()")).astimezone(UTC) - now())
    seconds = round(difference.total_seconds(), 1)
    if difference > CLOCK_TOLERANCE:
        raise ProblemError(
            sentence(N_("This machine and the database differ by %(seconds)s s. Please set up NTP."), seconds=seconds)
        )
    return sentence(N_("%(seconds)s s beside the database"), seconds=seconds)


def check_queue() -> Sentence:
    """Open the queue."""
    try:
        return sentence(N_("%(n)s waiting"), n=len(current_app.extensions[QUEUE].huey))
    except Exception as error:  # each kind of queue has its own
        said = N_(
            "The queue does not answer (%(error)s). Please look at LMS_QUEUE_URL and start what it names. "
            "Until then the work waits in its tables; nothing is lost."
        )
        raise ProblemError(sentence(said, error=_first_line(error))) from error


def check_jobs() -> Sentence:
    """Look for work that fails again and again."""
    faults = list_faults(since=now() - FAULTS_COUNT_FOR)
    if not faults:
        return sentence(N_("nothing fails"))
    first = faults[0]
    raise ProblemError(
        sentence(
            N_(
                "%(work)s has failed once since %(since)s, last by %(error)s. The log says more; it is tried again until "
                "it succeeds. %(others)s"
            ),
            N_(
                "%(work)s has failed %(n)s times since %(since)s, last by %(error)s. The log says more; it is tried again "
                "until it succeeds. %(others)s"
            ),
            n=first.times,
            work=f"{first.work} (row {first.row_id})" if first.row_id else first.work,
            since=first.first_at,
            error=first.error,
            others=[sentence(N_("Other work that fails: %(count)s."), count=len(faults) - 1)] if len(faults) > 1 else [],
        )
    )


def check_scheduler() -> Sentence:
    """Look for the scheduler's sign of life."""
    return _alive("scheduler", "lms scheduler")


def check_worker() -> Sentence:
    """Look for a worker's sign of life."""
    return _alive("worker:", "lms worker")


CHECKS: dict[str, Callable[[], Sentence]] = {
    N_("database"): check_database,
    N_("migrations"): check_migrations,
    N_("pango"): check_pango,
    N_("assets"): check_assets,
    N_("data folder"): check_data_dir,
    N_("mail"): check_mail,
    N_("outbox"): check_outbox,
    N_("seal"): check_seal,
    N_("clock"): check_clock,
    N_("queue"): check_queue,
    N_("jobs"): check_jobs,
    N_("scheduler"): check_scheduler,
    N_("worker"): check_worker,
}


#: What an administrator's start page tells: a few queries, and nothing that takes long.
QUICK = ("outbox", "queue", "jobs", "scheduler", "worker")


#: What a check asks first: while that is not well, it could only say the same again.
NEEDED = {"migrations": "database", "clock": "database"} | dict.fromkeys(("outbox", "jobs", "scheduler", "worker"), "migrations")


def run_checks(names: tuple[str, ...] = tuple(CHECKS)) -> list[Finding]:
    """Run the named checks; one that fails keeps none from running but those that need what is wrong."""
    found: list[Finding] = []
    needed = NEEDED if current_config().queue_url else NEEDED | {"queue": "database"}
    for name in names:
        if any(one.name == needed.get(name) and not one.good for one in found):
            found.append(Finding(name, sentence(N_("not looked at before the database is in order")), waits=True))
            continue
        try:
            found.append(Finding(name, CHECKS[name]()))
        except ProblemError as error:
            found.append(Finding(name, error.said, wrong=True))
        except Exception as error:  # whatever goes wrong is the finding
            session.rollback()
            found.append(Finding(name, _plainly(_first_line(error)), wrong=True))
    return found


def _alive(name: str, command: str) -> Sentence:
    last = find_last_beat(name)
    if last is None:
        raise ProblemError(
            sentence(N_("No sign of life so far. Please start: %(command)s (or lms serve)"), command=command)
        )
    if last < now() - SILENT_AFTER:
        said = N_("No sign of life since %(since)s. Please start: %(command)s (or lms serve)")
        raise ProblemError(sentence(said, since=last, command=command))
    return sentence(N_("last seen %(seconds)s s ago"), seconds=round((now() - last).total_seconds()))


def _cause(error: BaseException) -> str:
    """Return what went wrong without the system's number for it."""
    return getattr(error, "strerror", None) or _first_line(error)


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _plainly(told: str | datetime) -> Sentence:
    """Return what is the same in every language, or a time as each writes it."""
    return Sentence("%(told)s", {"told": told})
