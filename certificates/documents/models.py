"""How far the printing of an issued document is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.conferral.models import Certificate
from certificates.layouts.models import LayoutVersion
from lms.db import Base


class Printing(Base):
    """The printing of one certificate, from when a worker first took it up.

    ``due_at`` is when it may be taken up (again). A worker that takes it up moves this on by the time that the work can
    take at most, so that nobody else takes it meanwhile, and somebody does when the worker has died.
    """

    __tablename__ = "printings"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), primary_key=True)
    #: Chosen at the first try and kept: printing again gives the same pages. As long as nothing is printed, one that failed
    #: gives way to the one in force (``retries.py``).
    layout_version_id: Mapped[int] = mapped_column(ForeignKey("layout_versions.id"))
    due_at: Mapped[datetime]
    tries: Mapped[int]
    #: Why the last try failed (a PrintingReason); None: it did not.
    problem: Mapped[str | None] = mapped_column(String(20))
    #: What was wrong where it was the layout: a LayoutFault and a detail.
    fault: Mapped[list[Any] | None]
    printed_at: Mapped[datetime | None]
    #: The certificate of the seal that the document carries.
    seal_fingerprint: Mapped[str | None] = mapped_column(ForeignKey("seal_certificates.fingerprint"))

    certificate: Mapped[Certificate] = relationship()
    layout_version: Mapped[LayoutVersion] = relationship()
