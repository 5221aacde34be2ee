"""Note when a sign-in was last seen and who asks for links; empty the mails that have been sent."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("sign_ins", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    sign_ins = sa.table("sign_ins", sa.column("ended_at"), sa.column("seen_at", sa.DateTime(timezone=True)))
    # Nobody who is at work now is signed out by the upgrade.
    op.execute(sign_ins.update().where(sign_ins.c.ended_at.is_(None)).values(seen_at=datetime.now(UTC)))
    op.create_table(
        "link_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
    )
    op.create_index("ix_link_requests_account_at", "link_requests", ["account_hash", "at"])
    op.create_index("ix_link_requests_address_at", "link_requests", ["address", "at"])
    mails = sa.table("outbox_mails", sa.column("sent_at"), sa.column("text_body"), sa.column("html_body"))
    op.execute(mails.update().where(mails.c.sent_at.is_not(None)).values(text_body="", html_body=""))


def downgrade() -> None:
    """Take back; the emptied mails stay empty."""
    op.drop_index("ix_link_requests_address_at", "link_requests")
    op.drop_index("ix_link_requests_account_at", "link_requests")
    op.drop_table("link_requests")
    op.drop_column("sign_ins", "seen_at")
