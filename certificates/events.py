"""The events of the package ``certificates``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from certificates.conferral.models import Conferral


@dataclass(frozen=True)
class CohortConferred:
    """A cohort's results were conferred and its certificates issued."""

    conferral: Conferral
    at: datetime
