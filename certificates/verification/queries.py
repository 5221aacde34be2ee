"""Reads for verifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from certificates.conferral.models import Certificate, CertificateEvent, SerialCounter
from certificates.lifecycle.models import CorrectionDecision
from certificates.verification.rules import (
    Happening,
    Inquiry,
    LaterVersion,
    has_family_name,
    read_number,
    read_printed_code,
    spell_number,
)
from lms.db import session


def find_by_token(token: str) -> Certificate | None:
    """Return the certificate with this token and its events; two queries."""
    return session.scalar(
        select(Certificate).where(Certificate.token == token).options(selectinload(Certificate.events))
    )


def read_printed(text: str) -> Inquiry | None:
    """Return the code or the number that stands in an address in the place of a link; None when it is like neither.

    What is like a number here, whether it was issued or not: one query, which does not look for it.
    """
    if code := read_printed_code(text):
        return Inquiry(text, code=code)
    number = read_number(text, None)
    series = session.scalars(select(SerialCounter.series)).all()
    return number if spell_number(number.serial or "", series) else None


def find_by_pdf(sha256: str) -> Certificate | None:
    """Return the certificate whose file has this hash, with its events."""
    query = select(Certificate).where(Certificate.pdf_sha256 == sha256).options(selectinload(Certificate.events))
    return session.scalars(query.order_by(Certificate.id).limit(1)).first()


def list_later_versions(certificate: Certificate) -> list[LaterVersion]:
    """Return what replaced a certificate, what replaced that, and so on to the newest one; one query, however many.

    Whether a version corrects the one before, the decision says that it came of: a renewal has none.
    """
    later = (
        select(Certificate.id, literal(1).label("step"))
        .where(Certificate.replaces_id == certificate.id)
        .cte("later", recursive=True)
    )
    after = aliased(Certificate)
    later = later.union_all(select(after.id, later.c.step + 1).join(later, after.replaces_id == later.c.id))
    rows = session.execute(
        select(Certificate, CertificateEvent.kind, CertificateEvent.at, CorrectionDecision.request_id)
        .join(later, later.c.id == Certificate.id)
        .join(CertificateEvent, CertificateEvent.certificate_id == Certificate.id)
        .outerjoin(CorrectionDecision, CorrectionDecision.successor_id == Certificate.id)
        .order_by(later.c.step, CertificateEvent.id)
    )
    happened: dict[Certificate, list[Happening]] = {}
    corrections: set[int] = set()
    for one, kind, at, request_id in rows:
        happened.setdefault(one, []).append(Happening(kind, at))
        if request_id is not None:
            corrections.add(one.id)
    return [
        LaterVersion(
            one.serial, one.token, one.facts.get("issue_date"), one.valid_until_date, events, one.id in corrections
        )
        for one, events in happened.items()
    ]


def find_inquired(inquiries: Sequence[Inquiry]) -> list[Certificate | None]:
    """Return the certificate of each inquiry, or None; whatever is asked, it is the same work.

    A number counts with its family name only; a wrong name is the same as an unknown number. It may be written without
    its signs or with others, as long as one document alone can be meant.
    """
    tokens = [one.token for one in inquiries if one.token]
    codes = [one.code for one in inquiries if one.code]
    series = session.scalars(select(SerialCounter.series)).all()
    spelled = {one.serial: spell_number(one.serial, series) for one in inquiries if one.serial}
    serials = {*spelled, *(spelling for spellings in spelled.values() for spelling in spellings)}
    asked = or_(Certificate.token.in_(tokens), Certificate.code.in_(codes), Certificate.serial.in_(serials))
    found = session.scalars(select(Certificate).where(asked)).all()
    # Asked for as many documents as there are inquiries, whatever was found: otherwise the time of a second query would
    # tell a wrong name from an unknown number. Not joined: each snapshot would come once for each event.
    ids = [one.id for one in found] + [0] * (len(inquiries) - len(found))
    events: dict[int, list[CertificateEvent]] = defaultdict(list)
    happened = select(CertificateEvent).where(CertificateEvent.certificate_id.in_(ids)).order_by(CertificateEvent.id)
    for event in session.scalars(happened):
        events[event.certificate_id].append(event)
    for one in found:
        set_committed_value(one, "events", events[one.id])
    by_key = {key: one for one in found for key in (one.token, one.code, one.serial) if key}
    for serial, spellings in spelled.items():
        meant = [by_key[one] for one in spellings if one in by_key]
        if serial not in by_key and len(meant) == 1:
            by_key[serial] = meant[0]
    return [by_key.get(one.token or one.code or "") or _named(one, by_key.get(one.serial or "")) for one in inquiries]


def _named(inquiry: Inquiry, certificate: Certificate | None) -> Certificate | None:
    if inquiry.serial is None:
        return None
    if certificate is not None and any(event.kind == "erased" for event in certificate.events):
        return certificate  # there is no name left to compare with, and nothing left to tell
    # A number nobody has costs the same comparison.
    facts = certificate.facts if certificate is not None else {}
    fits = has_family_name(facts.get("name") or "–", inquiry.family_name or "")
    return certificate if fits else None
