"""Take districts and municipalities from their official lists."""

from __future__ import annotations

import csv
from pathlib import Path

from lms.db import session
from lms.municipalities.models import District, Municipality

DATA = Path(__file__).parent / "data"


def import_municipalities(
    districts: Path = DATA / "districts_bb.csv", municipalities: Path = DATA / "municipalities_bb_2021.csv"
) -> tuple[int, int]:
    """Take both lists (``key,name,kind`` and ``ags,name``); return how many of each there are now.

    Saying it twice changes nothing; a changed name is taken over; nothing is deleted. Raises ValueError with file and
    line for a key that is not eight digits or has no district.
    """
    for row in _rows(districts):
        session.merge(District(key=row["key"], name=row["name"], kind=row["kind"]))
    session.flush()
    keys = set(session.scalars(District.__table__.select().with_only_columns(District.key)))
    for line, row in enumerate(_rows(municipalities), start=2):
        ags = row["ags"]
        if len(ags) != 8 or not ags.isascii() or not ags.isdigit() or ags[:5] not in keys:
            raise ValueError(
                f"{municipalities.name}:{line}: {ags!r} is not the key of a municipality in a known district."
            )
        session.merge(Municipality(ags=ags, name=row["name"], district_key=ags[:5]))
    session.flush()
    return session.query(District).count(), session.query(Municipality).count()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
