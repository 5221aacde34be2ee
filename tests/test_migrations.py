"""Migrations meet databases that are in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command

from assessments.attempts.models import AttemptStep
from assessments.attempts.queries import STEP_COLUMNS, read_steps
from assessments.attempts.rules import Step
from lms import migration
from lms.db import ENGINE
from lms.migration import SCRIPTS, migrate
from tests.conftest import NewDatabase, test_config
from wsgi import create_app

#: The first release's schema; from here on every migration must keep what is there.
FIRST = "0004"


def a_value(column: sa.Column[Any]) -> Any:
    """Return something that fits a column; keys are 1, or "1" where they are texts."""
    kind = column.type.python_type
    if kind is str:
        return "1"
    day = date(2026, 1, 1)
    made: dict[type, Any] = {
        int: 1, bool: True, bytes: b"1", float: 1.0, dict: {}, object: {}, date: day, datetime: datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    return made[kind]


def fill(connection: sa.Connection) -> dict[str, int]:
    """Put one row that refers to all others into every table, and return how many rows each has."""
    tables = sa.MetaData()
    tables.reflect(connection)
    counts = {}
    for table in tables.sorted_tables:
        if table.name == "alembic_version" or table.name.startswith("huey_"):
            continue
        row = {}
        for column in table.columns:
            own = any(key.column.table is table for key in column.foreign_keys)
            if not own and (not column.nullable or column.foreign_keys):
                row[column.name] = a_value(column)
        connection.execute(table.insert().values(row))
        counts[table.name] = 1
    return counts


def test_every_migration_keeps_what_is_there(tmp_path: Path, new_database: NewDatabase) -> None:
    engine = create_app(test_config(tmp_path, new_database(tmp_path, migrated=False))).extensions[ENGINE]
    try:
        migrate(engine, FIRST)
        with engine.begin() as connection:
            counts = fill(connection)
        assert len(counts) > 30
        migrate(engine)
        with engine.connect() as connection:
            for name, count in counts.items():
                assert connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) == count, name
    finally:
        engine.dispose()


def test_reasons_leave_the_audit_log_and_the_rest_stays(tmp_path: Path, new_database: NewDatabase) -> None:
    engine = create_app(test_config(tmp_path, new_database(tmp_path, migrated=False))).extensions[ENGINE]
    try:
        migrate(engine, "0017")
        tables = sa.MetaData()
        tables.reflect(engine, only=["audit_entries"], resolve_fks=False)
        entries = tables.tables["audit_entries"]
        usual = {"at": datetime(2026, 1, 1, tzinfo=UTC), "subject_type": "people", "subject_id": "1"}
        with engine.begin() as connection:
            for action in ("time_factor_set", "certificate_erased"):
                details = {"percent": 150, "reason": "Sehbehinderung"}
                connection.execute(entries.insert().values(action=action, details=details, **usual))
        migrate(engine)
        with engine.connect() as connection:
            left = connection.execute(sa.select(entries.c.details).order_by(entries.c.id)).scalars().all()
        assert left == [{"percent": 150}, {"percent": 150, "reason": "Sehbehinderung"}]
    finally:
        engine.dispose()


def test_migrations_are_one_chain_in_the_order_of_their_names() -> None:
    names = sorted(path.name[:4] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))
    assert names == [f"{number:04}" for number in range(1, len(names) + 1)]
    for before, name in pairwise(names):
        text = next((SCRIPTS / "versions").glob(f"{name}_*.py")).read_text("utf-8")
        assert f'down_revision = "{before}"' in text


def test_the_texts_of_sent_mails_go_and_those_that_wait_stay(tmp_path: Path, new_database: NewDatabase) -> None:
    engine = create_app(test_config(tmp_path, new_database(tmp_path, migrated=False))).extensions[ENGINE]
    at = datetime(2026, 9, 1, tzinfo=UTC)
    try:
        migrate(engine, "0017")
        mails = sa.Table("outbox_mails", sa.MetaData(), autoload_with=engine)
        with engine.begin() as connection:
            for name, sent_at in (("sent", at), ("waiting", None)):
                row = {"message_id": name, "kind": "invitation", "recipient": "a@example.org", "subject": "Einladung",
                       "text_body": "Link", "html_body": "Link", "created_at": at, "next_try_at": at, "tries": 0,
                       "sent_at": sent_at, "last_error": ""}  # fmt: skip
                connection.execute(mails.insert().values(row))
        migrate(engine)
        with engine.connect() as connection:
            rows = connection.execute(sa.select(mails.c.message_id, mails.c.text_body, mails.c.html_body)).all()
        assert sorted(map(tuple, rows)) == [("sent", "", ""), ("waiting", "Link", "Link")]
    finally:
        engine.dispose()


def test_two_attempts_that_run_are_named_before_they_are_forbidden(tmp_path: Path, new_database: NewDatabase) -> None:
    engine = create_app(test_config(tmp_path, new_database(tmp_path, migrated=False))).extensions[ENGINE]
    try:
        migrate(engine, "0021")
        with engine.begin() as connection:
            fill(connection)
            attempts = sa.Table("attempts", sa.MetaData(), autoload_with=connection)
            row = connection.execute(sa.select(attempts)).one()._asdict()
            connection.execute(attempts.insert().values(row | {"id": 7, "number": 2}))
        with pytest.raises(RuntimeError, match=r"void\): 7$"):
            migrate(engine)
        with engine.begin() as connection:
            connection.execute(attempts.update().where(attempts.c.id == 7).values(voided_at=row["started_at"]))
        migrate(engine)
    finally:
        engine.dispose()


def test_logs_are_read_as_they_were_and_written_out_again(tmp_path: Path, new_database: NewDatabase) -> None:
    engine = create_app(test_config(tmp_path, new_database(tmp_path, migrated=False))).extensions[ENGINE]
    at = datetime(2026, 9, 1, tzinfo=UTC)
    told = [
        Step("started", at, payload={"draw": [[1, [0, 1]]]}),
        Step("answered", at, 0, "one", 1, {"response": {"choice": 1}}),
        Step("answered", at, 0, "one", 2, {"response": None}),
        Step("answered", at, 0, None, None, {"response": {"choice": 0}, "age": 3}),
        Step("answered", at, 0, "two", 1, {"edit": [0, 1, "x"]}),
        Step("submitted", at),
    ]
    try:
        migrate(engine, "0020")
        with engine.begin() as connection:
            fill(connection)
            steps = sa.Table("attempt_steps", sa.MetaData(), autoload_with=connection)
            connection.execute(steps.delete())
            written = [{"attempt_id": 1, "sequence": number, **vars(step)} for number, step in enumerate(told)]
            connection.execute(steps.insert(), written)
        migrate(engine)
        log = sa.select(*STEP_COLUMNS).order_by(sa.text("sequence"))
        with engine.begin() as connection:
            assert list(read_steps(connection.execute(log))) == told
            later = {"attempt_id": 1, "sequence": 6, **vars(told[1]), "device": "", "counter": 3}
            connection.execute(sa.insert(AttemptStep).values(later))
            assert list(read_steps(connection.execute(log)))[-1] == replace(told[1], device="two", counter=3)
        with engine.begin() as connection:
            command.downgrade(migration._alembic(connection), "0020")
            rows = connection.execute(sa.select(steps).order_by(steps.c.sequence)).mappings().all()
        there = [{**row, "at": row["at"].replace(tzinfo=UTC)} for row in rows]  # SQLite forgets the zone
        assert there == [*written, later | {"device": "two"}]
    finally:
        engine.dispose()
