"""Let nobody have two attempts at a quiz that run at the same time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

RUNS = "submitted_at IS NULL AND voided_at IS NULL"


def upgrade() -> None:
    """Apply. Raises RuntimeError with a sentence where somebody has two, which only a person can decide about."""
    twice = op.get_bind().scalars(
        sa.text(f"SELECT max(id) FROM attempts WHERE {RUNS} GROUP BY enrolment_id, quiz_id HAVING count(*) > 1 ORDER BY 1")
    )  # fmt: skip
    numbers = ", ".join(map(str, twice))
    if numbers:
        raise RuntimeError(
            "Some people have two attempts at one quiz that run. Please take the later ones out first "
            f"(/attempts/NUMBER/void): {numbers}"
        )
    where = sa.text(RUNS)
    op.create_index(
        "uq_attempts_running", "attempts", ["enrolment_id", "quiz_id"],
        unique=True, sqlite_where=where, postgresql_where=where,
    )  # fmt: skip


def downgrade() -> None:
    """Take back."""
    op.drop_index("uq_attempts_running", "attempts")
