"""Decisions about time extensions."""

from __future__ import annotations

from lms.sentences import N_, Reason, Refusal

LEAST, MOST = 100, 400


class TimeFactorReason(Reason):
    """Why a person's time cannot be set like this."""

    OUT_OF_RANGE = "out_of_range", N_("The time must be from %(least)s to %(most)s per cent of the usual time.")
    UNCHANGED = "unchanged", N_("This is the person's time already. Nothing was changed.")


def time_factor_refusal(before: int, percent: int) -> Refusal | None:
    """Return why a person's time cannot be changed from ``before`` to ``percent``, or None."""
    if not LEAST <= percent <= MOST:
        return Refusal(TimeFactorReason.OUT_OF_RANGE, least=LEAST, most=MOST)
    return Refusal(TimeFactorReason.UNCHANGED) if percent == before else None
