"""Printing in batches: nothing twice, nothing lost, whatever happens to a worker; and what the office is told meanwhile."""

from __future__ import annotations

import dataclasses
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from certificates.conferral.models import Certificate, CertificateEvent, Conferral
from certificates.documents.models import Printing
from certificates.documents.queries import get_printing_progress
from certificates.documents.rules import BATCH, PrintingReason, seconds_left
from courses.cohorts.models import Cohort
from lms.clock import now
from lms.db import ENGINE, session, transaction
from lms.files.queries import get_content
from lms.health.checks import run_checks
from lms.institution.development import make_development_key
from lms.institution.inspection import inspect_seal
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.printing.isolation import LayoutFault, LayoutFaultError
from lms.settings import CONFIG
from tests.cast import NOW
from tests.certificates.conftest import PEOPLE

#: As modules whose functions these tests replace.
actions: Any = import_module("certificates.documents.actions")
jobs: Any = import_module("certificates.documents.jobs")
protocols: Any = import_module("certificates.conferral.jobs")
PHASES = ["before the batch is taken", "while the batch is being taken", "after the batch is taken", "after printing",
          "while a document is being kept", "between two documents"]  # fmt: skip


def run(app: Flask) -> None:
    """Run the job, as a worker does, in a moment when everything is due again."""
    with app.app_context():
        with transaction():
            session.execute(update(Printing).values(due_at=NOW))
        jobs.render_due_certificates()


def everything_is_there_once(app: Flask) -> None:
    """Be sure that each document was kept and sent once, and holds."""
    with app.app_context():
        certificates = session.scalars(select(Certificate)).all()
        assert len(certificates) == PEOPLE
        for one in certificates:
            report = inspect_seal(get_content(one.pdf_sha256 or ""))
            assert (report.own, report.intact, report.whole_file) == (True, True, True)
        count = select(func.count())
        assert session.scalar(count.select_from(CertificateEvent).where(CertificateEvent.kind == "rendered")) == PEOPLE
        assert session.scalar(count.select_from(OutboxMail).where(OutboxMail.kind == "certificate_ready")) == PEOPLE
        assert session.scalar(count.select_from(Printing).where(Printing.printed_at.is_(None))) == 0


def die(*_arguments: Any, **_named: Any) -> Any:
    """End like a machine whose plug is pulled."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(function: Any, calls: int = 1) -> Any:
    """Return the function, which kills the process after so many calls."""
    made = []

    def call(*arguments: Any, **named: Any) -> Any:
        result = function(*arguments, **named)
        made.append(1)
        return die() if len(made) == calls else result

    return call


@pytest.mark.usefixtures("short_print")
@pytest.mark.parametrize("phase", PHASES)
def test_kill_9_of_a_worker(phase: str, conferred: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    name, replacement = {
        "before the batch is taken": ("take_batch", die),
        "while the batch is being taken": ("take_batch", die_after(jobs.take_batch)),
        "after the batch is taken": ("load_seal", die),
        "after printing": ("render_batch", die_after(jobs.render_batch)),
        "while a document is being kept": ("keep_document", die_after(jobs.keep_document)),
        "between two documents": ("keep_document", die_after(jobs.keep_document, calls=2)),
    }[phase]
    with monkeypatch.context() as patched:
        patched.setattr(jobs, name, replacement)
        a_worker_dies(conferred, jobs.render_due_certificates)
    run(conferred)
    everything_is_there_once(conferred)


def a_worker_dies(app: Flask, job: Callable[[], None]) -> None:
    """Run a job in a process of its own, and be sure that it was killed."""
    app.extensions[ENGINE].dispose()  # no connection is shared with the worker
    worker = os.fork()
    if worker == 0:
        with suppress(BaseException), app.app_context():
            job()
        os._exit(1)
    _pid, status = os.waitpid(worker, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.usefixtures("short_print")
@pytest.mark.parametrize("phase", ["before printing", "after printing", "while it is being kept"])
def test_kill_9_while_a_protocol_is_printed(phase: str, conferred: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = protocols.prepare_protocol
    name, replacement = {
        "before printing": ("prepare_protocol", lambda _conferral: die),
        "after printing": ("prepare_protocol", lambda conferral: die_after(prepared(conferral))),
        "while it is being kept": ("keep_protocol", die_after(protocols.keep_protocol)),
    }[phase]
    with monkeypatch.context() as patched:
        patched.setattr(protocols, name, replacement)
        a_worker_dies(conferred, protocols.print_due_protocols)
    with conferred.app_context():
        kept = select(Conferral.protocol_pdf_sha256)
        assert session.scalars(kept).all() == [None]
        protocols.print_due_protocols()
        [sha256] = session.scalars(kept).all()
        report = inspect_seal(get_content(sha256 or ""))
        assert (report.own, report.intact, report.whole_file) == (True, True, True)


def test_a_batch_that_a_living_worker_holds_is_left_alone(conferred: Flask) -> None:
    with conferred.app_context():
        with transaction():
            first = jobs.take_batch(at=now())
        with transaction():
            second = jobs.take_batch(at=now())
        with transaction():
            later = jobs.take_batch(at=now() + timedelta(minutes=1))
    assert first is not None
    assert len(first.ids) == PEOPLE
    assert second is None
    assert later is not None
    assert list(later.ids) == list(first.ids)


def test_two_workers_share_the_work_and_do_nothing_twice(conferred: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 1)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with conferred.app_context():
                jobs.render_due_certificates()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failures == []
    everything_is_there_once(conferred)


@pytest.mark.usefixtures("short_print")
def test_a_slow_worker_that_was_overtaken_keeps_nothing_twice(conferred: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = jobs.render_batch
    overtaken: list[int] = []

    def slow(*arguments: Any, **named: Any) -> Any:
        printed = real(*arguments, **named)
        if not overtaken:
            overtaken.append(1)
            thread = threading.Thread(target=run, args=(conferred,))
            thread.start()
            thread.join(60)
        return printed

    monkeypatch.setattr(jobs, "render_batch", slow)
    with conferred.app_context():
        jobs.render_due_certificates()
    everything_is_there_once(conferred)


@pytest.fixture
def configured(conferred: Flask) -> Iterator[Callable[..., None]]:
    """Change settings for this test."""
    usual = conferred.extensions[CONFIG]

    def change(**settings: Any) -> None:
        conferred.extensions[CONFIG] = dataclasses.replace(usual, **settings)

    yield change
    conferred.extensions[CONFIG] = usual


@pytest.mark.usefixtures("short_print")
def test_a_lost_key_makes_documents_wait_and_its_return_goes_on(
    conferred: Flask, configured: Callable[..., None], tmp_path: Path
) -> None:
    key = tmp_path / "seal.p12"
    configured(seal_key_file=key)
    run(conferred)
    with conferred.app_context():
        cohort = session.scalars(select(Cohort)).one()
        progress = get_printing_progress(cohort)
        assert (progress.done, progress.total, progress.problem) == (0, PEOPLE, PrintingReason.SEAL)
        assert "printing of certificates (row 1) has failed once" in run_checks(("jobs",))[0].problem
        with conferred.test_request_context():
            page = conferred.jinja_env.get_template("documents/_progress.html").render(progress=progress, reload="/x")
        assert "Schlüssel des Siegels" in page
    key.write_bytes(make_development_key("Testinstitut"))
    run(conferred)
    everything_is_there_once(conferred)


def problem_of_the_cohort() -> PrintingReason | None:
    """Return what the office is told to hold up the documents."""
    return get_printing_progress(session.scalars(select(Cohort)).one()).problem


@pytest.mark.usefixtures("short_print")
def test_an_authority_that_is_away_makes_documents_wait(conferred: Flask, configured: Callable[..., None]) -> None:
    configured(seal_timestamp_url="http://127.0.0.1:9/")
    run(conferred)
    with conferred.app_context():
        assert problem_of_the_cohort() is PrintingReason.TIMESTAMP
        assert "last by TimestampError" in run_checks(("jobs",))[0].problem
    configured()
    run(conferred)
    everything_is_there_once(conferred)
    with conferred.app_context():
        assert run_checks(("jobs",))[0].good


@pytest.mark.usefixtures("short_print")
@pytest.mark.parametrize(
    ("accident", "reason"),
    [(ValueError("an accident"), PrintingReason.UNKNOWN), (LayoutFaultError(LayoutFault.BROKEN), PrintingReason.LAYOUT)],
)
def test_one_document_that_cannot_be_printed_spoils_no_others(
    conferred: Flask, monkeypatch: pytest.MonkeyPatch, accident: Exception, reason: PrintingReason
) -> None:
    real = jobs.render_batch

    def fail_second(orders: Any, **named: Any) -> Any:
        if any(order.facts["serial"].endswith("2") for order in orders):
            raise accident
        return real(orders, **named)

    monkeypatch.setattr(jobs, "render_batch", fail_second)
    run(conferred)
    with conferred.app_context():
        waiting = session.scalars(select(Certificate.serial).where(Certificate.pdf_sha256.is_(None))).all()
        assert [serial[-1] for serial in waiting] == ["2"]
        assert problem_of_the_cohort() is reason
    monkeypatch.setattr(jobs, "render_batch", real)
    run(conferred)
    everything_is_there_once(conferred)


def test_a_full_disk_leaves_everything_as_it_was(conferred: Flask) -> None:
    engine = conferred.extensions[ENGINE]
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL cannot be told to be full; there a failing statement rolls back the same way.")
    from sqlalchemy.exc import OperationalError

    engine.dispose()
    with conferred.app_context():
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar() or 0
        session.rollback()

    from sqlalchemy import event

    def fill_up(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 30}")

    event.listen(engine, "connect", fill_up)
    engine.dispose()
    with pytest.raises(OperationalError, match="full"):
        print_until_full(conferred)
    event.remove(engine, "connect", fill_up)
    engine.dispose()
    run(conferred)
    everything_is_there_once(conferred)


def print_until_full(app: Flask) -> None:
    """Print again and again on a disk with room for a hundred kilobytes."""
    with app.app_context():
        for _round in range(5):
            jobs.render_due_certificates()
            with transaction():
                session.execute(update(Printing).values(due_at=NOW))
            session.connection().exec_driver_sql("CREATE TABLE filling AS SELECT zeroblob(1000000)")


@pytest.mark.usefixtures("short_print")
def test_no_writer_waits_for_a_batch_that_is_being_printed(conferred: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    real = jobs.render_batch
    written: list[bool] = []

    def write_meanwhile(*arguments: Any, **named: Any) -> Any:
        def write() -> None:
            with conferred.app_context(), transaction():
                session.execute(update(Person).where(Person.given_name == "Karin").values(family_name="Neu"))
            written.append(True)

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(5)
        return real(*arguments, **named)

    monkeypatch.setattr(jobs, "render_batch", write_meanwhile)
    run(conferred)
    assert written == [True]


def test_how_long_it_still_takes() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    assert seconds_left(0, []) == 0
    assert seconds_left(10, []) == 5
    assert seconds_left(10, [at + timedelta(seconds=2 * number) for number in range(5)]) == 20
    assert BATCH <= 25

