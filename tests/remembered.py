"""What many tests begin with, made by the product's actions once a run; each test gets its rows back, and copies of its objects.

Making the cast takes 60 statements and their unit of work, putting its rows back a dozen.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, insert, select

from lms.db import Base, session, transaction

Made = TypeVar("Made")
Rows = dict[Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class Remembered(Generic[Made]):
    """Rows that were added to a database, and what their maker returned."""

    rows: Rows
    made: bytes

    def put_back(self) -> Made:
        """Add the rows again, in a transaction of its own, and return what was made, as it was then.

        In the database that they were made in, so that PostgreSQL has counted their keys already, and before anything else
        is added: it would take their keys on SQLite. A test names ``quiz`` before what signs somebody in.
        """
        with transaction():
            for table, rows in self.rows.items():
                session.execute(insert(table), rows)
        made: Made = pickle.loads(self.made)  # noqa: S301 - our own bytes
        return made


def remember(connection: Connection, make: Callable[[], Made]) -> Remembered[Made]:
    """Make something and note the rows that it adds; it must change none that are there."""
    before = _all_rows(connection)
    made = make()
    rows = {}
    for table, after in _all_rows(connection).items():
        assert after[: len(before[table])] == before[table], f"{table.name}: rows that were there have been changed"
        if added := after[len(before[table]) :]:
            rows[table] = added
    return Remembered(rows, pickle.dumps(made))


def _all_rows(connection: Connection) -> Rows:
    """Return the rows of every table, those before that others refer to, and each table's by their keys."""
    return {
        table: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
        for table in Base.metadata.sorted_tables
    }
