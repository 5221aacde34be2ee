"""The foundation holds: schema, transaction, cast."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, select

from lms.db import session, transaction
from lms.people.models import Person
from migrations.tables import metadata
from tests.cast import Cast


def test_the_migrations_build_what_the_models_say(connection: Connection) -> None:
    ours = {"compare_type": True, "include_name": lambda name, _kind, _parents: not (name or "").startswith("huey_")}
    context = MigrationContext.configure(connection, opts=ours)
    assert compare_metadata(context, metadata) == []


def test_a_savepoint_does_not_leak(cast: Cast) -> None:
    try:
        with transaction():
            cast.participant.given_name = "Anders"
            session.flush()
            raise RuntimeError
    except RuntimeError:
        pass
    assert session.scalar(select(Person.given_name).where(Person.id == cast.participant.id)) == "Petra"


def test_a_test_leaves_no_trace(database: Flask) -> None:
    assert session.scalar(select(Person.id)) is None
