"""Take reasons out of the audit log: they may tell of people's health, and stand where they were given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
ACTIONS = ("time_factor_set", "quiz_exception_granted", "attempt_voided", "attempt_reopened", "grade_given")


def upgrade() -> None:
    """Apply."""
    entries = sa.table("audit_entries", sa.column("id"), sa.column("action"), sa.column("details", JSON))
    connection = op.get_bind()
    with_reasons = sa.select(entries.c.id, entries.c.details).where(entries.c.action.in_(ACTIONS))
    for row in connection.execute(with_reasons).all():
        if "reason" in row.details:
            left = {key: value for key, value in row.details.items() if key != "reason"}
            connection.execute(entries.update().where(entries.c.id == row.id).values(details=left))


def downgrade() -> None:
    """Take back: the reasons stand in their own rows, where they have always been."""
