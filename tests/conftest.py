"""What every test can have: an application on a migrated database, a transaction that leaves no trace, the cast."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask, g, request_started
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.orm import sessionmaker

from config import Config
from lms import turns
from lms.db import ENGINE, SESSIONS, session
from lms.jobs.registry import JOBS, QUEUE
from lms.migration import migrate
from lms.signin import passwords
from tests import postgresql
from tests.cast import Cast, make_cast
from tests.remembered import Remembered, remember
from wsgi import create_app

# How long an example takes is the machine's affair; timing belongs in "make bench".
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Races are to be as wild as they can get: here nobody waits for a place before they work.
turns.AT_ONCE = dict.fromkeys(turns.AT_ONCE, 1000)

#: The file that begins; it needs the demonstration.
FIRST = "test_crashes.py"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Choose the database that the whole run uses, and whether the pages are kept as pictures."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.addoption("--screenshots", action="store_true", help="put every page into tests/screenshots")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would be said twice, and let what takes longest begin.

    A test without a database, or marked ``once``, says the same on every kind of it: it runs on SQLite's turn only. The
    demonstration takes a minute to make: one worker does it in its first file, and the others do something else meanwhile.
    """
    if config.getoption("--database") != "sqlite":
        again = [
            item
            for item in items
            if "new_database" in getattr(item, "fixturenames", ()) and item.get_closest_marker("once") is None
        ]
        config.hook.pytest_deselected(items=list(set(items) - set(again)))
        items[:] = again
    items.sort(key=lambda item: item.path.name != FIRST)


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from going through thousands of tests and modules again and again."""
    gc.collect()
    gc.freeze()


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


#: Makes a database of this run's kind for an installation with this data folder, and returns its URL, which is empty for
#: SQLite in the data folder. ``migrated=False`` leaves it empty; ``like`` copies that of another installation, which is
#: closed, instead of the migrated one.
NewDatabase = Callable[..., str]


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewDatabase]:
    """Make databases; the migrations run once, and every other database is a copy."""
    folder = tmp_path_factory.mktemp("migrated")
    if request.config.getoption("--database") == "sqlite":
        _migrate(test_config(folder, ""))

        def copy_file(data_dir: Path, *, migrated: bool = True, like: Config | None = None) -> str:
            if migrated:
                shutil.copy((like.data_dir if like else folder) / "lms.db", data_dir)
            return ""

        yield copy_file
    else:
        with postgresql.server(durable=False) as server:
            _migrate(test_config(folder, server.new_database("migrated")))
            numbers = count(1)

            def copy_template(_data_dir: Path, *, migrated: bool = True, like: Config | None = None) -> str:
                usual = "migrated" if migrated else "template0"
                source = str(make_url(like.database_url).database) if like else usual
                return server.new_database(f"test_{next(numbers)}", like=source)

            yield copy_template


def _migrate(config: Config) -> None:
    engine = create_app(config).extensions[ENGINE]
    migrate(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def app(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole application on a migrated database."""
    folder = tmp_path_factory.mktemp("data")
    made = create_app(test_config(folder, new_database(folder)))
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


@contextmanager
def open_app(config: Config) -> Iterator[Flask]:
    """Yield an application whose queue only remembers, and leave no connection to its database."""
    made = create_app(config)
    made.extensions[QUEUE] = RecordingQueue()
    yield made
    made.extensions[ENGINE].dispose()


@pytest.fixture
def own_app(new_database: NewDatabase, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database of its own, where transactions are real."""
    with open_app(test_config(tmp_path, new_database(tmp_path))) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def strong_hasher() -> Iterator[PasswordHasher]:
    """The hasher of passwords, which takes a tenth of a second by intent; all tests that don't ask about it have a quick one."""
    strong = passwords._hasher
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_NOBODY", quick.hash("a password that nobody has"))
        yield strong


@contextmanager
def rolled_back(app: Flask) -> Iterator[Connection]:
    """Yield one connection with an outer transaction that is rolled back: commits inside become savepoints."""
    engine: Engine = app.extensions[ENGINE]
    with engine.connect() as made:
        outer = made.begin()
        usual = app.extensions[SESSIONS]
        app.extensions[SESSIONS] = sessionmaker(made, expire_on_commit=False, join_transaction_mode="create_savepoint")
        yield made
        app.extensions[SESSIONS] = usual
        outer.rollback()


@pytest.fixture
def connection(app: Flask) -> Iterator[Connection]:
    """One connection whose work leaves no trace."""
    with rolled_back(app) as made:
        yield made


@contextmanager
def recording_queue(app: Flask) -> Iterator[RecordingQueue]:
    """Give the application a queue that only remembers."""
    usual = app.extensions[QUEUE]
    app.extensions[QUEUE] = made = RecordingQueue()
    yield made
    app.extensions[QUEUE] = usual


@pytest.fixture
def queue(app: Flask) -> Iterator[RecordingQueue]:
    """The queue of this test."""
    with recording_queue(app) as made:
        yield made


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


@pytest.fixture(scope="session")
def remembered_cast(app: Flask) -> Remembered[Cast]:
    """The cast as it was made first."""
    with rolled_back(app) as connection, recording_queue(app), app.app_context():
        return remember(connection, make_cast)


@pytest.fixture
def cast(remembered_cast: Remembered[Cast], database: Flask) -> Cast:
    """The same people in every test, in a small course with a cohort each."""
    return put_back_cast(remembered_cast)


def put_back_cast(remembered: Remembered[Cast]) -> Cast:
    """Have the cast in the running session."""
    made = remembered.put_back()
    for rows in vars(made).values():
        session.add_all(rows if isinstance(rows, list) else [rows])
    return made


@contextmanager
def with_cast(app: Flask, remembered: Remembered[Cast]) -> Iterator[tuple[Connection, Cast]]:
    """Yield a connection and the cast to make something with that is to be remembered; no trace of it is left."""
    with rolled_back(app) as connection, recording_queue(app), app.app_context():
        yield connection, put_back_cast(remembered)


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
