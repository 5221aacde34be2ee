"""Bring the database's schema up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

SCRIPTS = Path(__file__).parent.parent / "migrations"
# Any number will do, as long as every process that migrates uses the same one.
_ADVISORY_LOCK = 72_40_20_12


def migrate(engine: Engine) -> None:
    """Run all migrations that are due, in one transaction; two that start together come one after the other."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        command.upgrade(_alembic(connection), "head")


def schema_is_current(connection: Connection) -> bool:
    """Say whether the database has exactly the schema of this code."""
    return current_revision(connection) == ScriptDirectory.from_config(_alembic(connection)).get_current_head()


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database's schema; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
