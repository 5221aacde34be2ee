"""Add the code that one types from a certificate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("certificates", sa.Column("code", sa.String(length=12), nullable=True))
    op.create_index(op.f("ix_certificates_code"), "certificates", ["code"], unique=True)


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_certificates_code"), table_name="certificates")
    op.drop_column("certificates", "code")
