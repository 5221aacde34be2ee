"""The database: engine, session, column types and the one place where a transaction is committed.

SQLAlchemy's session is the unit of work. A request is one transaction, a job says ``with transaction():``. Actions
flush, they never commit.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask.globals import app_ctx
from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Select,
    bindparam,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached, scoped_session, sessionmaker
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from lms import turns

ENGINE = "lms.engine"
SESSIONS = "lms.sessions"
_ON_COMMIT = "on_commit"
View = TypeVar("View", bound=Callable[..., Any])
Row = TypeVar("Row", bound="Base")
_TURN = "turn"
_READING = "only_reads"

# SQLite waits this long for another writer before it gives up; writes take milliseconds, so this is a jam, not a wait.
BUSY_TIMEOUT_SECONDS = 20


class UtcInstant(TypeDecorator[datetime]):
    """An aware instant. Stored in UTC; a naive datetime is refused because nobody can know what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC, aware (SQLite forgets the zone)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """The parent of all tables; constraint names are derived, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's documented class attribute
        datetime: UtcInstant,
        date: Date,
        dict[str, Any]: Json,
        list[str]: Json,
        list[int]: Json,
        list[Any]: Json,
    }


def _current_scope() -> int:
    return id(app_ctx._get_current_object())  # type: ignore[attr-defined]  # the proxied context, as Flask documents it


def _new_session() -> Session:
    made: Session = current_app.extensions[SESSIONS]()
    return made


#: The session of the running request, job or command.
session: scoped_session[Session] = scoped_session(_new_session, scopefunc=_current_scope)  # type: ignore[arg-type]  # any callable will do


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what happens inside, or roll all of it back on any exception. Not to be nested."""
    try:
        yield
        session.commit()
    except BaseException:
        session.info.pop(_ON_COMMIT, None)
        session.rollback()
        raise
    for callback in session.info.pop(_ON_COMMIT, {}).values():
        callback()


def on_commit(callback: Callable[[], None], *, once: str | None = None) -> None:
    """Call this when the running transaction is committed; it is forgotten when that is rolled back.

    Of several callbacks with the same name in ``once`` the first is called.
    """
    waiting: dict[object, Callable[[], None]] = session.info.setdefault(_ON_COMMIT, {})
    waiting.setdefault(object() if once is None else once, callback)


def lock(row: Base) -> None:
    """Hold this row until the transaction ends and read it anew, so that two writers come one after the other.

    PostgreSQL locks the row. On SQLite a writing transaction holds the whole database from its BEGIN IMMEDIATE, so that
    what it has read is still true.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.flush()  # or what was just changed here would be read over
    names, query = _to_hold(type(row))
    key = row.__mapper__.primary_key_from_instance(row)
    found = session.execute(query, {f"key_{at}": part for at, part in enumerate(key)}).one()
    for name, value in zip(names, found, strict=True):
        set_committed_value(row, name, value)


@cache
def _to_hold(kind: type[Base]) -> tuple[list[str], Select[Any]]:
    """Return the names of a table's columns, and the query that reads and holds one row: of columns, which takes a third."""
    mapper = kind.__mapper__
    names = [attribute.key for attribute in mapper.column_attrs]
    where = (column == bindparam(f"key_{at}") for at, column in enumerate(mapper.primary_key))
    return names, select(*(mapper.columns[name] for name in names)).where(*where).with_for_update()


def as_loaded(kind: type[Row], columns: Sequence[Any]) -> Row:
    """Return the object of a row that was read as columns, all of them in their order, as if the session had loaded it.

    For rows that every request reads: it takes a quarter less time. One that the session has already is returned as it is.
    """
    mapper, made = kind.__mapper__, kind()
    vars(made).update(zip(mapper.columns.keys(), columns, strict=True))
    make_transient_to_detached(made)
    present = session.identity_map.get(mapper.identity_key_from_instance(made))
    if present is not None:
        return cast("Row", present)
    session.add(made)
    return made


def name_of(row: Base) -> str:
    """Return what a row is called where others note it without a foreign key: its table and key, ``certificates:12``."""
    session.flush()  # a new row gets its key here
    key = ",".join(str(part) for part in row.__mapper__.primary_key_from_instance(row))
    return f"{row.__tablename__}:{key}"


def only_read() -> None:
    """State that what runs in this application context writes nothing, so that on SQLite it keeps nobody waiting.

    A request that is a POST, or a context of its own that is pushed to look something up.
    """
    setattr(g, _READING, True)


def make_engine(url: str, pool_size: int = 8) -> Engine:
    """Connect to SQLite (with WAL, foreign keys, and BEGIN as SQLAlchemy documents it) or PostgreSQL."""
    options: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_use_lifo": True,  # the connection used last still has in memory what the next request reads
        "json_serializer": _write_json,
    }
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"check_same_thread": False}, **options)
        event.listen(engine, "connect", _set_up_sqlite)
        file = make_url(url).database
        writing = turns.Turns(f"{file}-turns" if file and file != ":memory:" else None)
        event.listen(engine, "begin", partial(_begin_sqlite, writing))
        for name in ("checkin", "invalidate"):  # not "commit": that comes before the COMMIT itself
            event.listen(engine, name, _end_turn)
        return engine
    engine = create_engine(url, **options)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", partial(_ping_idle, engine.dialect))
    return engine


def _write_json(value: Any) -> str:
    """Write a value without spaces, and letters as themselves: logs of answers are the largest part of a database."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which a file or a hand-made request may contain
        return json.dumps(value, separators=(",", ":"))
    return text


def _note_use(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info[_USED] = time.monotonic()


def _ping_idle(dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Look whether a connection that has not been used for a while is still there; asking each time costs a round trip."""
    if time.monotonic() - record.info.get(_USED, 0) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error  # the pool throws it away and takes another


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself: savepoints would leak
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut as well
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -16000")
    cursor.close()


#: A connection that was not used for so long is looked at before it is used again.
IDLE_SECONDS = 5
_USED = "used_at"


def writes(view: View) -> View:
    """State that a route writes although it is a GET: because it is recorded that somebody looked."""
    view.writes = True  # type: ignore[attr-defined]  # read where its transaction begins
    return view


def reads_first(view: View) -> View:
    """State that a POST only reads until it calls ``begin_writing``, if ever; so long it keeps nobody waiting on SQLite."""
    view.reads_first = True  # type: ignore[attr-defined]  # read where its transaction begins
    return view


def begin_writing(*, keep: bool = False) -> bool:
    """End the reading part of a request that ``reads_first``; what follows is its transaction. Elsewhere it changes nothing.

    What was read before may have changed meanwhile: rows are fetched, and rights looked at, anew. On PostgreSQL, where
    nobody was kept waiting and each statement sees what is committed, it is the same transaction.

    With ``keep`` rows stay as they were read, for who asks whether what matters of them still holds. Returns whether others
    may have written in between.
    """
    if not _only_reads():
        return False
    setattr(g, _READING, False)
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if on_sqlite and keep:
        session.commit()  # which, other than a rollback, forgets nothing
    elif on_sqlite:
        session.rollback()  # nothing was written, so nothing is lost
    elif not keep:
        session.expire_all()
    return on_sqlite


def _only_reads() -> bool:
    said = g.get(_READING) if has_app_context() else None
    if said is not None:
        return bool(said)
    if not has_request_context():
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "reads_first", False):
        return True
    return request.method in {"GET", "HEAD", "OPTIONS"} and not getattr(view, "writes", False)


def _begin_sqlite(writing: turns.Turns, connection: Connection) -> None:
    # A reading request takes no lock. Everything else takes the write lock at once: a transaction that reads first and
    # writes later could otherwise find that somebody else wrote in between, and would have to fail.
    if _only_reads():
        connection.connection.cursor().execute("BEGIN")  # which cannot fail, and need not go through SQLAlchemy
        return
    if _TURN not in connection.info and writing.take(BUSY_TIMEOUT_SECONDS):
        connection.info[_TURN] = writing
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _end_turn(_connection: object, record: ConnectionPoolEntry, *_more: object) -> None:
    writing: turns.Turns | None = record.info.pop(_TURN, None)
    if writing is not None:
        writing.end()


def init_app(app: Flask, url: str, pool_size: int) -> None:
    """Give the application its engine, and each request its transaction."""
    engine = make_engine(url, pool_size)
    app.extensions[ENGINE] = engine
    app.extensions[SESSIONS] = sessionmaker(engine, expire_on_commit=False)
    dispatch = app.dispatch_request

    def dispatch_in_transaction() -> Any:
        try:
            with transaction():
                return dispatch()
        finally:
            # An answer may still read, an error's page for instance; what is noted beside it must not wait for that.
            only_read()

    app.dispatch_request = dispatch_in_transaction  # type: ignore[method-assign]  # one wrapper instead of a hierarchy
    turns.work_in_turn(app, turns.AT_ONCE[engine.dialect.name])

    @app.teardown_request
    def end_reading(_error: BaseException | None) -> None:
        g.pop(_READING, None)

    @app.teardown_appcontext
    def remove_session(_error: BaseException | None) -> None:
        session.remove()
