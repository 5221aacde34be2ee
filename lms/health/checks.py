"""Everything that can be wrong with an installation, one check each."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from flask import current_app
from sqlalchemy import text

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
from lms.settings import current_config

SILENT_AFTER = timedelta(minutes=2)
#: What has not been tried for that long is not to be done any more.
FAULTS_COUNT_FOR = timedelta(days=1)
CLOCK_TOLERANCE = timedelta(seconds=30)


@dataclass(frozen=True)
class Finding:
    """What a check found: ``problem`` says what to do, and is empty when all is well."""

    name: str
    good: str = ""
    problem: str = ""


def check_database() -> str:
    """Reach the database."""
    connection = session.connection()
    connection.execute(text("SELECT 1"))
    return f"{connection.dialect.name} {'.'.join(map(str, connection.dialect.server_version_info or ()))}".strip()


def check_migrations() -> str:
    """Compare the schema with the code."""
    if not schema_is_current(session.connection()):
        raise RuntimeError("The schema is not up to date. Please run: lms migrate")
    return "up to date"


def check_pango() -> str:
    """Load WeasyPrint with all of its libraries."""
    return f"WeasyPrint {load_weasyprint().__version__}"


def check_assets() -> str:
    """Look for the built styles and scripts."""
    return f"{len(load_manifest())} files"


def check_data_dir() -> str:
    """Write into the data folder."""
    folder = current_config().data_dir
    probe = folder / f".check-{os.getpid()}"
    probe.write_bytes(b"x")
    probe.unlink()
    free = os.statvfs(folder)
    gigabytes = free.f_bavail * free.f_frsize / 1e9
    if gigabytes < 0.5:
        raise RuntimeError(f"Only {gigabytes:.1f} GB are free in {folder}. Please make room.")
    return f"{folder}, {gigabytes:.0f} GB free"


def check_mail() -> str:
    """Make a mail as it would be sent, and say hello to the mail server."""
    config, at = current_config(), now()
    url = config.mail_url
    sample = OutboxMail(
        recipient="nobody@localhost", subject="-", text_body="-", html_body="-", created_at=at, message_id="<check@localhost>"
    )
    build_message(sample, config.mail_from)
    if not url:
        return "mails become files in the data folder"
    with connect(url) as server:
        server.noop()
    return "the mail server answers"


def check_seal() -> str:
    """Load the institution's key; without it documents wait."""
    config = current_config()
    try:
        seal = load_seal()
    except SealError as error:
        raise RuntimeError(f"{error} Until then issued documents wait for their PDF; nothing is lost.") from error
    if seal.valid_until - now() < timedelta(days=30):
        raise RuntimeError(f"The seal's certificate ends on {seal.valid_until:%Y-%m-%d}. Please get a new one.")
    if seal.is_development and config.environment == "production":
        raise RuntimeError("The seal's key is a development key, which proves nothing to others. Please set your own.")
    stamped = f", timestamps by {config.seal_timestamp_url}" if config.seal_timestamp_url else ""
    kind = f"{seal.algorithm}, development key" if seal.is_development else seal.algorithm
    return f"{seal.subject} ({kind}), until {seal.valid_until:%Y-%m-%d}{stamped}"


def check_clock() -> str:
    """Compare this machine's clock with the database's."""
    if session.get_bind().dialect.name != "postgresql":
        return now().isoformat(timespec="seconds")
    difference = abs(session.scalar(text("SELECT clock_timestamp()")).astimezone(UTC) - now())
    if difference > CLOCK_TOLERANCE:
        raise RuntimeError(
            f"This machine and the database differ by {difference.total_seconds():.0f} s. Please set up NTP."
        )
    return f"{difference.total_seconds():.1f} s beside the database"


def check_queue() -> str:
    """Open the queue."""
    try:
        return f"{len(current_app.extensions[QUEUE].huey)} waiting"
    except Exception as error:  # each kind of queue has its own
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RuntimeError(
            f"The queue does not answer ({said}). Please look at LMS_QUEUE_URL and start what it names. "
            "Until then the work waits in its tables; nothing is lost."
        ) from error


def check_jobs() -> str:
    """Look for work that fails again and again."""
    faults = list_faults(since=now() - FAULTS_COUNT_FOR)
    if not faults:
        return "nothing fails"
    first = faults[0]
    what = f"{first.work} (row {first.row_id})" if first.row_id else first.work
    others = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    times = "once" if first.times == 1 else f"{first.times} times"
    raise RuntimeError(
        f"{what} has failed {times} since {first.first_at:%Y-%m-%d %H:%M} UTC, last by {first.error}{others}."
        " The log says more; it is tried again until it succeeds."
    )


def check_scheduler() -> str:
    """Look for the scheduler's sign of life."""
    return _alive("scheduler", "lms scheduler")


def check_worker() -> str:
    """Look for a worker's sign of life."""
    return _alive("worker:", "lms worker")


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "migrations": check_migrations,
    "pango": check_pango,
    "assets": check_assets,
    "data folder": check_data_dir,
    "mail": check_mail,
    "seal": check_seal,
    "clock": check_clock,
    "queue": check_queue,
    "jobs": check_jobs,
    "scheduler": check_scheduler,
    "worker": check_worker,
}


def run_checks(names: tuple[str, ...] = tuple(CHECKS)) -> list[Finding]:
    """Run the named checks; one that fails never keeps the others from running."""
    found = []
    for name in names:
        try:
            found.append(Finding(name, good=CHECKS[name]()))
        except Exception as error:  # whatever goes wrong is the finding
            session.rollback()
            found.append(Finding(name, problem=str(error).splitlines()[0] if str(error) else type(error).__name__))
    return found


def _alive(name: str, command: str) -> str:
    last = find_last_beat(name)
    if last is None or last < now() - SILENT_AFTER:
        since = f"since {last:%Y-%m-%d %H:%M} UTC" if last else "so far"
        raise RuntimeError(f"No sign of life {since}. Please start: {command} (or lms serve)")
    return f"last seen {(now() - last).total_seconds():.0f} s ago"
