"""Create items, quizzes, attempts, assignments and grades."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_items_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_items_course_id_key")),
    )
    op.create_table(
        "item_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_item_versions_created_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_versions_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_item_versions_item_id_number")),
    )
    op.create_table(
        "assignments",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("instructions_markdown", sa.Text(), nullable=False),
        sa.Column("instructions_html", sa.Text(), nullable=False),
        sa.Column("accepts", JSON, nullable=False),
        sa.Column("criteria", JSON, nullable=False),
        sa.Column("pass_points", sa.Integer(), nullable=False),
        sa.Column("minimum_per_criterion", sa.Integer(), nullable=False),
        sa.Column("resubmissions", sa.Integer(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_assignments_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_assignments")),
    )
    op.create_table(
        "grade_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("score_given_hundredths", sa.Integer(), nullable=False),
        sa.Column("score_maximum_hundredths", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("criteria", JSON, nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_grade_entries_activity_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_grade_entries_enrolment_id")),
        sa.ForeignKeyConstraint(
            ["graded_by_id"], ["people.id"], name=op.f("fk_grade_entries_graded_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_entries")),
    )
    op.create_index(op.f("ix_grade_entries_activity_id"), "grade_entries", ["activity_id"], unique=False)
    op.create_index(
        "ix_grade_entries_enrolment_id_activity_id", "grade_entries", ["enrolment_id", "activity_id"], unique=False
    )
    op.create_table(
        "quizzes",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=True),
        sa.Column("pass_percent", sa.Integer(), nullable=False),
        sa.Column("grading", sa.String(length=10), nullable=False),
        sa.Column("time_limit_seconds", sa.Integer(), nullable=True),
        sa.Column("options", JSON, nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_quizzes_activity_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_quizzes")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score_hundredths", sa.Integer(), nullable=True),
        sa.Column("score_maximum_hundredths", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_attempts_enrolment_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.activity_id"], name=op.f("fk_attempts_quiz_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("enrolment_id", "quiz_id", "number", name=op.f("uq_attempts_enrolment_id_quiz_id_number")),
    )
    op.create_index(op.f("ix_attempts_quiz_id"), "attempts", ["quiz_id"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.activity_id"], name=op.f("fk_drafts_assignment_id")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_drafts_enrolment_id")),
        sa.PrimaryKeyConstraint("assignment_id", "enrolment_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "quiz_items",
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["item_version_id"], ["item_versions.id"], name=op.f("fk_quiz_items_item_version_id")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.activity_id"], name=op.f("fk_quiz_items_quiz_id")),
        sa.PrimaryKeyConstraint("quiz_id", "position", name=op.f("pk_quiz_items")),
    )
    op.create_index(op.f("ix_quiz_items_item_version_id"), "quiz_items", ["item_version_id"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.activity_id"], name=op.f("fk_submissions_assignment_id")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolments.id"], name=op.f("fk_submissions_enrolment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint(
            "assignment_id", "enrolment_id", "round", name=op.f("uq_submissions_assignment_id_enrolment_id_round")
        ),
    )
    op.create_index(op.f("ix_submissions_enrolment_id"), "submissions", ["enrolment_id"], unique=False)
    op.create_table(
        "attempt_steps",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=True),
        sa.Column("device", sa.String(length=22), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("payload", JSON, nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_attempt_steps_attempt_id")),
        sa.PrimaryKeyConstraint("attempt_id", "sequence", name=op.f("pk_attempt_steps")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "submission_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_submission_files_sha256")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_submission_files_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_files")),
    )
    op.create_index(op.f("ix_submission_files_submission_id"), "submission_files", ["submission_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_submission_files_submission_id"), table_name="submission_files")
    op.drop_table("submission_files")
    op.drop_table("attempt_steps")
    op.drop_index(op.f("ix_submissions_enrolment_id"), table_name="submissions")
    op.drop_table("submissions")
    op.drop_index(op.f("ix_quiz_items_item_version_id"), table_name="quiz_items")
    op.drop_table("quiz_items")
    op.drop_table("drafts")
    op.drop_index(op.f("ix_attempts_quiz_id"), table_name="attempts")
    op.drop_table("attempts")
    op.drop_table("quizzes")
    op.drop_index("ix_grade_entries_enrolment_id_activity_id", table_name="grade_entries")
    op.drop_index(op.f("ix_grade_entries_activity_id"), table_name="grade_entries")
    op.drop_table("grade_entries")
    op.drop_table("assignments")
    op.drop_table("item_versions")
    op.drop_table("items")
