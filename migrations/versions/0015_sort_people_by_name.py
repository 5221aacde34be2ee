"""Keep the key by which people are sorted and found, so that "Šěracka" stands at S on every database."""

from __future__ import annotations

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


def upgrade() -> None:
    """Apply."""
    op.add_column("people", sa.Column("sort_name", KEY, nullable=False, server_default=""))
    people = sa.table("people", sa.column("id"), sa.column("family_name"), sa.column("given_name"), sa.column("sort_name"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(people.c.id, people.c.family_name, people.c.given_name)).all():
        key = f"{_key(row.family_name)}\t{_key(row.given_name)}"
        connection.execute(people.update().where(people.c.id == row.id).values(sort_name=key))
    op.create_index(op.f("ix_people_sort_name"), "people", ["sort_name"])


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_people_sort_name"), "people")
    op.drop_column("people", "sort_name")


def _key(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(LETTERS).split())
