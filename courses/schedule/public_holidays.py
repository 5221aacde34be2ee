"""Public holidays of Brandenburg."""

from __future__ import annotations

from datetime import date

import holidays


def public_holidays(first: date, last: date) -> frozenset[date]:
    """Return the public holidays from ``first`` to ``last``, both included."""
    days = holidays.country_holidays("DE", subdiv="BB", years=range(first.year, last.year + 1))
    return frozenset(day for day in days if first <= day <= last)
