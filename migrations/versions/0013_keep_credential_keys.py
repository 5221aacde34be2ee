"""Keep the public keys that credentials have been signed with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "credential_keys",
        sa.Column("thumbprint", sa.String(length=64), nullable=False),
        sa.Column(
            "jwk",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("thumbprint", name=op.f("pk_credential_keys")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("credential_keys")
