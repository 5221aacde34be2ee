"""Let a mail say where an answer to it goes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("outbox_mails", sa.Column("reply_to", sa.String(length=254), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("outbox_mails", "reply_to")
