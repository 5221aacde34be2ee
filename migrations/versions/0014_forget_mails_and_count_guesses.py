"""Note what a mail is about, whose results were erased, and how many guesses an asker has left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("outbox_mails", sa.Column("about", sa.String(length=60), nullable=True))
    op.create_index(op.f("ix_outbox_mails_about"), "outbox_mails", ["about"])
    op.create_table(
        "erased_results",
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_erased_results_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_erased_results_enrolment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_erased_results")),
    )
    op.create_table(
        "guess_counts",
        sa.Column("asker", sa.String(length=64), nullable=False),
        sa.Column("remaining", sa.Double(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("asker", name=op.f("pk_guess_counts")),
    )
    op.create_index(op.f("ix_guess_counts_at"), "guess_counts", ["at"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("guess_counts")
    op.drop_table("erased_results")
    op.drop_index(op.f("ix_outbox_mails_about"), "outbox_mails")
    op.drop_column("outbox_mails", "about")
