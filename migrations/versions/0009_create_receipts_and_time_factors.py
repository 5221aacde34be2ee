"""Create receipts for attempts, and the record of longer times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "attempt_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.SmallInteger(), nullable=False),
        sa.Column("shown", sa.String(length=20), nullable=False),
        sa.Column("log_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_attempt_receipts_attempt_id")),
        sa.ForeignKeyConstraint(["file_sha256"], ["stored_files.sha256"], name=op.f("fk_attempt_receipts_file_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_receipts")),
        sa.UniqueConstraint("attempt_id", "steps", "shown", name=op.f("uq_attempt_receipts_attempt_id_steps_shown")),
    )
    op.create_index(
        "ix_attempt_receipts_due",
        "attempt_receipts",
        ["id"],
        sqlite_where=sa.text("file_sha256 IS NULL"),
        postgresql_where=sa.text("file_sha256 IS NULL"),
    )
    op.create_table(
        "time_factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_time_factors_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_time_factors_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_factors")),
    )
    op.create_index(op.f("ix_time_factors_person_id"), "time_factors", ["person_id"])


def downgrade() -> None:
    """Take the tables away."""
    op.drop_table("time_factors")
    op.drop_table("attempt_receipts")
