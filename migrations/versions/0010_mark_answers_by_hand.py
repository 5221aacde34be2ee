"""Let attempts wait for marks, and keep files that are handed in as answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column and the table."""
    # No batch: SQLite adds columns in place, and a table that others refer to cannot be made anew.
    op.add_column("attempts", sa.Column("unmarked", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index(
        "ix_attempts_unmarked",
        "attempts",
        ["id"],
        sqlite_where=sa.text("unmarked > 0"),
        postgresql_where=sa.text("unmarked > 0"),
    )
    op.create_table(
        "attempt_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_attempt_files_attempt_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_attempt_files_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_files")),
        sa.UniqueConstraint(
            *("attempt_id", "slot", "sha256", "filename"), name=op.f("uq_attempt_files_attempt_id_slot_sha256_filename")
        ),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("attempt_files")
    op.drop_index("ix_attempts_unmarked", "attempts")
    op.drop_column("attempts", "unmarked")
