"""The events of the package ``certificates``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from certificates.conferral.models import Certificate, Conferral


@dataclass(frozen=True)
class CohortConferred:
    """A cohort's results were conferred and its certificates issued."""

    conferral: Conferral
    at: datetime


@dataclass(frozen=True)
class CertificateErased:
    """A certificate's personal data are being erased; whoever keeps something of them lets go of it now."""

    certificate: Certificate
    at: datetime
