"""Create layouts, their choices and the state of printing; keep the certificates of seals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lms.db import Json

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "seal_certificates",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("is_development", sa.Boolean(), nullable=False),
        sa.Column("chain_pem", sa.Text(), nullable=False),
        sa.Column("first_used_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_seal_certificates")),
    )
    op.create_table(
        "layouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("is_shipped", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layouts")),
        sa.UniqueConstraint("slug", name=op.f("uq_layouts_slug")),
    )
    op.create_table(
        "layout_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("archive_sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", instant, nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("tried_at", instant, nullable=True),
        sa.Column("faults", Json, nullable=False),
        sa.ForeignKeyConstraint(["layout_id"], ["layouts.id"], name=op.f("fk_layout_versions_layout_id")),
        sa.ForeignKeyConstraint(
            ["archive_sha256"], ["stored_files.sha256"], name=op.f("fk_layout_versions_archive_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["people.id"], name=op.f("fk_layout_versions_added_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout_versions")),
        sa.UniqueConstraint("layout_id", "number", name=op.f("uq_layout_versions_layout_id_number")),
    )
    op.create_table(
        "layout_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("layout_id", sa.Integer(), nullable=False),
        sa.Column("chosen_at", instant, nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_layout_choices_course_id")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_layout_choices_cohort_id")),
        sa.ForeignKeyConstraint(["layout_id"], ["layouts.id"], name=op.f("fk_layout_choices_layout_id")),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["people.id"], name=op.f("fk_layout_choices_chosen_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout_choices")),
        sa.UniqueConstraint("course_id", "kind", name=op.f("uq_layout_choices_course_id_kind")),
        sa.UniqueConstraint("cohort_id", "kind", name=op.f("uq_layout_choices_cohort_id_kind")),
    )
    op.create_table(
        "printings",
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("layout_version_id", sa.Integer(), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=20), nullable=True),
        sa.Column("printed_at", instant, nullable=True),
        sa.Column("seal_fingerprint", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["certificate_id"], ["certificates.id"], name=op.f("fk_printings_certificate_id")),
        sa.ForeignKeyConstraint(
            ["layout_version_id"], ["layout_versions.id"], name=op.f("fk_printings_layout_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["seal_fingerprint"], ["seal_certificates.fingerprint"], name=op.f("fk_printings_seal_fingerprint")
        ),
        sa.PrimaryKeyConstraint("certificate_id", name=op.f("pk_printings")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("printings", "layout_choices", "layout_versions", "layouts", "seal_certificates"):
        op.drop_table(table)
