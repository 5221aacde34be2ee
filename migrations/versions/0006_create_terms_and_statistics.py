"""Create windows, exceptions and statistics of quizzes; let attempts be voided and counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables and columns."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE attempt_steps ALTER COLUMN payload TYPE json USING payload::json")
    # No batch: SQLite adds columns in place, and a table that others refer to cannot be made anew.
    op.add_column("attempts", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attempts", sa.Column("counted_steps", sa.SmallInteger(), nullable=True))
    op.add_column("attempts", sa.Column("recount", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE attempts SET recount = (submitted_at IS NOT NULL)")
    op.create_index(
        "ix_attempts_recount", "attempts", ["id"], sqlite_where=sa.text("recount"), postgresql_where=sa.text("recount")
    )
    op.create_table(
        "quiz_windows",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_quiz_windows_cohort_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.activity_id"], name=op.f("fk_quiz_windows_quiz_id")),
        sa.PrimaryKeyConstraint("quiz_id", "cohort_id", name=op.f("pk_quiz_windows")),
    )
    op.create_table(
        "quiz_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["people.id"], name=op.f("fk_quiz_exceptions_author_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_quiz_exceptions_enrolment_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.activity_id"], name=op.f("fk_quiz_exceptions_quiz_id")),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["people.id"], name=op.f("fk_quiz_exceptions_revoked_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_exceptions")),
    )
    op.create_index(op.f("ix_quiz_exceptions_enrolment_id"), "quiz_exceptions", ["enrolment_id"])
    op.create_table(
        "quiz_statistics",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_quiz_statistics_cohort_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.activity_id"], name=op.f("fk_quiz_statistics_quiz_id")),
        sa.PrimaryKeyConstraint("quiz_id", "cohort_id", name=op.f("pk_quiz_statistics")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("quiz_statistics", "quiz_exceptions", "quiz_windows"):
        op.drop_table(table)
    op.drop_index("ix_attempts_recount", "attempts")
    for column in ("recount", "counted_steps", "voided_at"):
        op.drop_column("attempts", column)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE attempt_steps ALTER COLUMN payload TYPE jsonb USING payload::jsonb")
