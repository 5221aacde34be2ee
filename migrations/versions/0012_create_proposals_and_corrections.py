"""Create proposals and their decisions, requests for corrections, and what a conferral and an erasure leave behind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.add_column("conferrals", sa.Column("protocol_sha256", sa.String(length=64), nullable=True))
    # Without a foreign key: adding one would make the table anew on SQLite.
    op.add_column("conferrals", sa.Column("protocol_pdf_sha256", sa.String(length=64), nullable=True))
    op.add_column("certificates", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_certificates_replaces_id"), "certificates", ["replaces_id"], unique=True)
    op.create_table(
        "conferral_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("protocol", JSON, nullable=False),
        sa.Column("protocol_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohorts.id"], name=op.f("fk_conferral_proposals_cohort_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_conferral_proposals_proposed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conferral_proposals")),
        sa.UniqueConstraint("cohort_id", "number", name=op.f("uq_conferral_proposals_cohort_id_number")),
    )
    op.create_table(
        "conferral_decisions",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conferral_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_conferral_decisions_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["conferral_id"], ["conferrals.id"], name=op.f("fk_conferral_decisions_conferral_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["conferral_proposals.id"], name=op.f("fk_conferral_decisions_proposal_id")
        ),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_conferral_decisions")),
        sa.UniqueConstraint("conferral_id", name=op.f("uq_conferral_decisions_conferral_id")),
    )
    op.create_table(
        "correction_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=True),
        sa.Column("evidence_name", sa.String(length=255), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificates.id"], name=op.f("fk_correction_requests_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_sha256"], ["stored_files.sha256"], name=op.f("fk_correction_requests_evidence_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["people.id"], name=op.f("fk_correction_requests_requested_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction_requests")),
        sa.UniqueConstraint("certificate_id", "number", name=op.f("uq_correction_requests_certificate_id_number")),
    )
    op.create_table(
        "correction_decisions",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_correction_decisions_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["correction_requests.id"], name=op.f("fk_correction_decisions_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["certificates.id"], name=op.f("fk_correction_decisions_successor_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_correction_decisions")),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("correction_decisions", "correction_requests", "conferral_decisions", "conferral_proposals"):
        op.drop_table(table)
    op.drop_index(op.f("ix_certificates_replaces_id"), table_name="certificates")
    op.drop_column("certificates", "erased_at")
    op.drop_column("conferrals", "protocol_pdf_sha256")
    op.drop_column("conferrals", "protocol_sha256")
