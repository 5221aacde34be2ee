"""What every test can have: an application on a migrated database, a transaction that leaves no trace, the cast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import sessionmaker

from config import Config
from lms.db import ENGINE, SESSIONS, session
from lms.jobs.registry import JOBS, QUEUE
from lms.migration import migrate
from tests import postgresql
from tests.cast import Cast, make_cast
from wsgi import create_app


def pytest_addoption(parser: pytest.Parser) -> None:
    """Choose the database that the whole run uses."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


class RecordingQueue:
    """Stands in for the queue inside one test: remembers what was nudged, and runs it when the test says so."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.huey = self.names  # what waits, as the check of the queue counts it

    def enqueue(self, name: str) -> None:
        """Remember a nudge."""
        self.names.append(name)

    def run_all(self) -> None:
        """Run what was nudged, as a worker would."""
        while self.names:
            JOBS[self.names.pop(0)].run()


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database of this run's kind; empty for SQLite in the data folder."""
    if request.config.getoption("--database") == "sqlite":
        yield ""
    else:
        with postgresql.database() as url:
            yield url


@pytest.fixture(scope="session")
def app(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application on a migrated database."""
    made = create_app(test_config(tmp_path_factory.mktemp("data"), database_url))
    migrate(made.extensions[ENGINE])
    yield made
    made.extensions[ENGINE].dispose()


def test_config(data_dir: Path, database_url: str) -> Config:
    """The settings that tests use."""
    return Config(
        environment="test",
        data_dir=data_dir,
        database_url=database_url,
        institution_name="Testinstitut",
        contact_mail="buero@example.org",
        secret_key="t" * 40,
        four_eyes="off",  # tests of four eyes turn them on
    )


test_config.__test__ = False  # type: ignore[attr-defined]  # a function of this name is not a test


@pytest.fixture
def own_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, where transactions are real."""
    if request.config.getoption("--database") == "sqlite":
        yield from _made(create_app(test_config(tmp_path, "")))
    else:
        with postgresql.database() as url:
            yield from _made(create_app(test_config(tmp_path, url)))


def _made(app: Flask) -> Iterator[Flask]:
    migrate(app.extensions[ENGINE])
    app.extensions[QUEUE] = RecordingQueue()
    yield app
    app.extensions[ENGINE].dispose()


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """One connection with an outer transaction that is rolled back: commits inside become savepoints."""
    engine: Engine = app.extensions[ENGINE]
    with engine.connect() as made:
        outer = made.begin()
        usual = app.extensions[SESSIONS]
        app.extensions[SESSIONS] = sessionmaker(made, expire_on_commit=False, join_transaction_mode="create_savepoint")
        yield made
        app.extensions[SESSIONS] = usual
        outer.rollback()


@pytest.fixture
def queue(app: Flask) -> Iterator[RecordingQueue]:
    """The queue of this test."""
    usual = app.extensions[QUEUE]
    app.extensions[QUEUE] = made = RecordingQueue()
    yield made
    app.extensions[QUEUE] = usual


@pytest.fixture
def database(app: Flask, connection: Connection, queue: RecordingQueue) -> Iterator[Flask]:
    """An application context with a session whose work leaves no trace."""

    def forget(_sender: Flask, **_values: object) -> None:
        # Requests run inside this context; without this the second browser of a test would be the first one's person.
        for name in list(g):
            g.pop(name)

    with app.app_context(), request_started.connected_to(forget, app):
        yield app
        session.remove()


@pytest.fixture
def cast(database: Flask) -> Cast:
    """The same people in every test, in a small course with a cohort each."""
    return make_cast()


@pytest.fixture
def client(app: Flask, connection: Connection, queue: RecordingQueue) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


class Queries(list[str]):
    """The statements that were sent, without the ones that only open and close transactions."""


@pytest.fixture
def count_queries(connection: Connection) -> object:
    """A context manager that collects the statements sent inside it."""

    @contextmanager
    def collect() -> Iterator[Queries]:
        seen = Queries()

        def note(_c: object, _cu: object, statement: str, _p: object, _x: object, _m: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return collect
