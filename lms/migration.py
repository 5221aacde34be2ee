"""Bring the database's schema up to date."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from lms.db import ENGINE, session, transaction
from lms.municipalities.actions import has_municipalities, import_municipalities

SCRIPTS = Path(__file__).parent.parent / "migrations"
# Any number will do, as long as every process that migrates uses the same one.
_ADVISORY_LOCK = 72_40_20_12


def migrate(engine: Engine, to: str = "head") -> None:
    """Run all migrations that are due, in one transaction; two that start together come one after the other.

    ``to`` is the revision to reach.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        command.upgrade(_alembic(connection), to)


def schema_is_current(connection: Connection) -> bool:
    """Say whether the database has exactly the schema of this code."""
    return current_revision(connection) == ScriptDirectory.from_config(_alembic(connection)).get_current_head()


def lacks_schema(error: DatabaseError) -> bool:
    """Say whether a statement failed because a table or a column is not there (yet)."""
    said = str(error.orig)
    return "no such table" in said or "no such column" in said or isinstance(error.orig, UndefinedTable | UndefinedColumn)


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database's schema; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Bring the database's schema up to date, and bring the municipalities that come along when there are none."""
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Do what is left to do of a database's setting up, and say it; where nothing is, say nothing."""
    engine = current_app.extensions[ENGINE]
    with engine.connect() as connection:
        current = schema_is_current(connection)
    if not current:
        migrate(engine)
    with transaction():
        # As above: two that start together come one after the other.
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        if not has_municipalities():
            districts, municipalities = import_municipalities()
            click.echo(f"{districts} districts and {municipalities} municipalities are there.")
    if not current:
        click.echo("The database is up to date.")
