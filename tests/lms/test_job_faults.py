"""A row of a job that fails keeps nobody waiting, is tried again, and is seen by ``lms check``."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lms.db import session, transaction
from lms.health.checks import run_checks
from lms.jobs.models import Heartbeat, JobFault
from lms.jobs.queue import Queue
from lms.jobs.registry import JOBS, Job
from lms.jobs.rows import do_each
from lms.settings import CONFIG
from tests.cast import NOW

#: Which rows are due, and which of them fail.
due: list[int] = []
broken: set[int] = set()


@pytest.fixture
def rows(own_app: Flask) -> Flask:
    due[:] = [1, 2, 3]
    broken.clear()
    return own_app


def act(row_id: int) -> None:
    session.add(Heartbeat(name=f"row:{row_id}", at=NOW))
    session.flush()
    if row_id in broken:
        raise ValueError("Frau Muster")


def act_in_steps(row_id: int) -> None:
    with transaction():
        act(row_id)


@pytest.mark.parametrize(("work", "in_transaction"), [(act, True), (act_in_steps, False)])
def test_a_row_that_fails_is_known_until_it_is_done(rows: Flask, work: Callable[[int], None], in_transaction: bool) -> None:
    broken.add(2)
    with rows.app_context():
        for times, said in ((1, "once"), (2, "2 times")):
            do_each(lambda: due, work, in_transaction=in_transaction)
            fault = session.scalars(select(JobFault)).one()
            assert (fault.row_id, fault.error, fault.times) == (2, "ValueError", times)
            assert session.scalars(select(Heartbeat.name).order_by(Heartbeat.name)).all() == ["row:1", "row:3"]
            problem = run_checks(("jobs",))[0].problem
            assert f"(row 2) has failed {said} since" in problem
            assert "Muster" not in problem
            due[:] = [2]
        broken.clear()
        do_each(lambda: due, work, in_transaction=in_transaction)
        assert session.scalars(select(JobFault)).all() == []
        assert run_checks(("jobs",))[0].good == "nothing fails"


def test_what_is_not_due_any_more_is_forgotten(rows: Flask) -> None:
    broken.add(2)
    with rows.app_context():
        do_each(lambda: due, act)
        due[:] = []
        do_each(lambda: due, act)
        assert session.scalars(select(JobFault)).all() == []


def test_a_job_that_fails_as_a_whole(rows: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [True]

    def run() -> None:
        if fails:
            raise RuntimeError("Frau Muster")

    job = next(iter(JOBS.values()))
    monkeypatch.setitem(JOBS, job.name, Job(job.name, run, job.every))
    queue = Queue(rows, rows.extensions[CONFIG])
    queue.run(job.name)
    with rows.app_context():
        assert run_checks(("jobs",))[0].problem.startswith(f"{job.name} has failed once")
    fails.clear()
    queue.run(job.name)
    with rows.app_context():
        assert run_checks(("jobs",))[0].good == "nothing fails"


def test_a_fault_that_cannot_be_noted_stops_nobody(rows: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_named: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("lms.jobs.rows.note_fault", full)
    broken.add(1)
    with rows.app_context():
        do_each(lambda: due, act)
        assert session.scalars(select(Heartbeat.name).order_by(Heartbeat.name)).all() == ["row:2", "row:3"]
