"""Note what a layout fails at when documents are printed with it, so that the office can be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.add_column("printings", sa.Column("fault", JSON, nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("printings", "fault")
