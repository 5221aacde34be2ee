"""Conferrals, certificates and what happened to them."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.cohorts.models import Cohort
from lms.db import Base


class Conferral(Base):
    """One act of conferring a cohort's results. ``protocol`` freezes everybody's result with its reasons."""

    __tablename__ = "conferrals"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    #: 1 is the conferral, 2 and on are supplements for people who completed later.
    number: Mapped[int]
    conferred_at: Mapped[datetime]
    conferred_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    protocol: Mapped[dict[str, Any]]
    #: The hash of the frozen results (see protocols.py). None: conferred before protocols were sealed.
    protocol_sha256: Mapped[str | None] = mapped_column(String(64))
    #: A stored file; empty until a worker has printed and sealed the protocol.
    protocol_pdf_sha256: Mapped[str | None] = mapped_column(String(64))

    cohort: Mapped[Cohort] = relationship()
    certificates: Mapped[list[Certificate]] = relationship(order_by="Certificate.serial", back_populates="conferral")


class ConferralProposal(Base):
    """Results frozen for another person to approve. The proposals of a cohort are numbered (unique); one is open at most."""

    __tablename__ = "conferral_proposals"
    __table_args__ = (UniqueConstraint("cohort_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohorts.id"))
    number: Mapped[int]
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    protocol: Mapped[dict[str, Any]]
    protocol_sha256: Mapped[str] = mapped_column(String(64))

    cohort: Mapped[Cohort] = relationship()
    decision: Mapped[ConferralDecision | None] = relationship(back_populates="proposal", lazy="joined")


class ConferralDecision(Base):
    """What became of a proposal: approved, returned or withdrawn. A proposal has one (its key), whoever comes first."""

    __tablename__ = "conferral_decisions"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("conferral_proposals.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")
    conferral_id: Mapped[int | None] = mapped_column(ForeignKey("conferrals.id"), unique=True)

    proposal: Mapped[ConferralProposal] = relationship(back_populates="decision")


class Certificate(Base):
    """One issued document. Everything printed is in ``snapshot_json``; nothing is read from elsewhere again.

    Issued once: an enrolment has one certificate a kind and version (unique). Serial and token are unique as well. A
    corrected certificate is a new version of the same kind that ``replaces`` the old one.
    """

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("enrolment_id", "kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conferral_id: Mapped[int] = mapped_column(ForeignKey("conferrals.id"), index=True)
    #: Emptied when the account is erased; the certificate stays verifiable.
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id", ondelete="SET NULL"))
    #: certificate (Zertifikat) or attendance (Teilnahmebescheinigung).
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    #: Unique: a document has one successor.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True, index=True)
    serial: Mapped[str] = mapped_column(String(40), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    #: What one types from the sheet: 12 signs, printed in groups of four. None before the second snapshot format.
    code: Mapped[str | None] = mapped_column(String(12), unique=True, index=True)
    issued_at: Mapped[datetime]
    valid_until_date: Mapped[date | None]
    #: Canonical JSON (sorted keys, no spaces, UTF-8), and its SHA-256.
    snapshot_json: Mapped[str] = mapped_column(Text)
    snapshot_sha256: Mapped[str] = mapped_column(String(64))
    #: Empty until a worker has rendered the PDF.
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_files.sha256"))
    #: When the personal data were lawfully erased: snapshot, hashes and PDF are gone, number, token and events stay.
    erased_at: Mapped[datetime | None]

    conferral: Mapped[Conferral] = relationship(back_populates="certificates")
    events: Mapped[list[CertificateEvent]] = relationship(order_by="CertificateEvent.id", back_populates="certificate")

    @property
    def facts(self) -> dict[str, Any]:
        """The snapshot as plain values."""
        facts: dict[str, Any] = json.loads(self.snapshot_json)
        return facts


class CertificateEvent(Base):
    """Something that happened to a certificate (see certificates/lifecycle/rules.py for the kinds). Appended."""

    __tablename__ = "certificate_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    #: For the institution only; never shown to a verifier.
    internal_note: Mapped[str] = mapped_column(Text, default="")

    certificate: Mapped[Certificate] = relationship(back_populates="events")


class ErasedResult(Base):
    """Somebody without a document whose lines in a cohort's protocols were lawfully erased: once (its key).

    Their result is frozen in no later protocol of the cohort either.
    """

    __tablename__ = "erased_results"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    #: The legal ground; it names nobody.
    reason: Mapped[str] = mapped_column(Text)


class SerialCounter(Base):
    """The last number given out of a series; the row is locked while the next one is taken, so that none is skipped."""

    __tablename__ = "serial_counters"

    series: Mapped[str] = mapped_column(String(40), primary_key=True)
    last: Mapped[int]
