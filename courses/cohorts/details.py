"""The details of a cohort as a page shows them and gives them back: to notice what others changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from courses.cohorts.models import Cohort

NAMES = ("title", "begin_date", "end_date", "seats", "trainers")
Details = Mapping[str, Any]


def details_of(cohort: Cohort) -> dict[str, Any]:
    """Return what can be changed of a cohort; the trainers are their ids."""
    return {name: getattr(cohort, name) for name in NAMES[:-1]} | {
        "trainers": sorted(trainer.person_id for trainer in cohort.trainers)
    }


def pack(details: Details) -> str:
    """Return details as one hidden value."""
    return json.dumps(details, ensure_ascii=False, default=date.isoformat)


def unpack(text: str) -> Details:
    """Return the details of a hidden value; an unreadable one holds none."""
    try:
        found = json.loads(text)
        return {
            "title": str(found["title"]),
            "begin_date": date.fromisoformat(found["begin_date"]),
            "end_date": date.fromisoformat(found["end_date"]),
            "seats": int(found["seats"]),
            "trainers": sorted(map(int, found["trainers"])),
        }
    except (ValueError, TypeError, LookupError):
        return {}


def differing(details: Details, seen: Details) -> list[str]:
    """Return the names of those that are not as they were seen; where nothing was seen, nothing differs."""
    return [name for name, value in seen.items() if details[name] != value]
