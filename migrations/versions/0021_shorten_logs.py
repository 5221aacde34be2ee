"""Store the kind of a step as one letter. Answers and devices that are written shorter now are read as they were, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LETTERS = {
    "started": "s", "answered": "a", "flagged": "f", "checked": "c", "submitted": "h", "scored": "p", "marked": "m",
    "voided": "v", "reopened": "r",
}  # fmt: skip


STEPS = sa.table(
    "attempt_steps",
    sa.column("attempt_id", sa.Integer),
    sa.column("sequence", sa.SmallInteger),
    sa.column("kind", sa.String),
    sa.column("device", sa.String),
    sa.column("payload", sa.JSON),
)


def upgrade() -> None:
    """Apply."""
    _rename(LETTERS)


def downgrade() -> None:
    """Take back; what was written shorter is written out."""
    _rename({letter: word for word, letter in LETTERS.items()})
    connection, last = op.get_bind(), None
    for step in connection.execute(sa.select(STEPS).order_by(STEPS.c.attempt_id, STEPS.c.sequence)).all():
        last = step.device or (None if step.sequence == 0 else last)
        payload = {"response": step.payload[0]} if isinstance(step.payload, list) else step.payload
        if step.device == "" or payload is not step.payload:
            here = (STEPS.c.attempt_id == step.attempt_id, STEPS.c.sequence == step.sequence)
            device = last if step.device == "" else step.device
            connection.execute(STEPS.update().where(*here).values(device=device, payload=payload))


def _rename(names: dict[str, str]) -> None:
    op.execute(STEPS.update().where(STEPS.c.kind.in_(names)).values(kind=sa.case(names, value=STEPS.c.kind)))
