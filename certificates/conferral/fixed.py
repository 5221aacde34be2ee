"""What a conferral makes unchangeable, told to the room of cohorts."""

from __future__ import annotations

from certificates.conferral.queries import count_conferrals
from certificates.conferral.rules import ConferralReason
from courses.events import CohortFixedAsked


def answer_fixed(asked: CohortFixedAsked) -> ConferralReason | None:
    """Answer that issued documents carry the cohort's title and days, if there are any."""
    return ConferralReason.CONFERRED if count_conferrals(asked.cohort) else None
