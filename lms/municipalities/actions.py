"""Take districts and municipalities from their official lists."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import select

from lms.db import session
from lms.municipalities.models import District, Municipality

DATA = Path(__file__).parent / "data"
DISTRICTS = DATA / "districts_bb.csv"
MUNICIPALITIES = DATA / "municipalities_bb_2021.csv"


def import_municipalities(
    districts: Path = DISTRICTS, municipalities: Path = MUNICIPALITIES
) -> tuple[int, int]:
    """Take both lists (``key,name,kind`` and ``ags,name``); return how many of each there are now.

    Saying it twice changes nothing; a changed name is taken over; nothing is deleted. Raises ValueError with file and
    line for a key that is not eight digits or has no district, and for what is no such list.
    """
    for row in _rows(districts, "key", "name", "kind"):
        session.merge(District(key=row["key"], name=row["name"], kind=row["kind"]))
    session.flush()
    keys = set(session.scalars(District.__table__.select().with_only_columns(District.key)))
    for line, row in enumerate(_rows(municipalities, "ags", "name"), start=2):
        ags = row["ags"]
        if len(ags) != 8 or not ags.isascii() or not ags.isdigit() or ags[:5] not in keys:
            raise ValueError(
                f"{municipalities.name}:{line}: {ags!r} is not the key of a municipality in a known district."
            )
        session.merge(Municipality(ags=ags, name=row["name"], district_key=ags[:5]))
    session.flush()
    return session.query(District).count(), session.query(Municipality).count()


def has_municipalities() -> bool:
    """Say whether any municipality is there."""
    return session.scalar(select(Municipality.ags).limit(1)) is not None


def _rows(path: Path, *columns: str) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path.name} is no list in UTF-8 with commas: {error}.") from error
    for line, row in enumerate(rows, start=2):
        if not all((row.get(column) or "").strip() for column in columns):
            raise ValueError(f"{path.name}:{line}: Each line has {', '.join(columns)}, as the first line says.")
    if not rows:
        raise ValueError(f"{path.name} holds no line below {','.join(columns)}.")
    return rows
