"""Create repairs of questions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "item_repairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("to_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("never_lower", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("outcome", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_item_repairs_actor_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["from_version_id"], ["item_versions.id"], name=op.f("fk_item_repairs_from_version_id")
        ),
        sa.ForeignKeyConstraint(["to_version_id"], ["item_versions.id"], name=op.f("fk_item_repairs_to_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_repairs")),
        sa.UniqueConstraint("from_version_id", name=op.f("uq_item_repairs_from_version_id")),
        sa.UniqueConstraint("to_version_id", name=op.f("uq_item_repairs_to_version_id")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("item_repairs")
