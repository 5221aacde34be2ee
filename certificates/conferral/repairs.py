"""What a repaired question means for issued certificates: a note beside them, nothing else."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from assessments.events import CertificatesAsked, ResultsRepaired
from certificates.conferral.models import Certificate, CertificateEvent
from lms.db import session


def answer_certificates(asked: CertificatesAsked) -> dict[int, list[str]]:
    """Answer with the serial numbers by enrolment."""
    serials: dict[int, list[str]] = defaultdict(list)
    query = (
        select(Certificate.enrolment_id, Certificate.serial)
        .where(Certificate.enrolment_id.in_(asked.enrolment_ids))
        .order_by(Certificate.serial)
    )
    for enrolment_id, serial in session.execute(query):
        if enrolment_id is not None:
            serials[enrolment_id].append(serial)
    return dict(serials)


def flag_certificates(repaired: ResultsRepaired) -> None:
    """Append to each certificate concerned that a result behind it changed; the office decides what follows.

    The certificates are held, the oldest first as in erasing, so that neither waits for the other for ever; one that was
    erased while this waited for it gets no note any more.
    """
    ids = [enrolment.id for enrolment in repaired.enrolments]
    query = select(Certificate).where(Certificate.enrolment_id.in_(ids), Certificate.erased_at.is_(None))
    for certificate in session.scalars(query.order_by(Certificate.id).with_for_update(of=Certificate)).all():
        session.add(
            CertificateEvent(
                certificate_id=certificate.id,
                kind="flagged",
                at=repaired.at,
                actor_id=repaired.actor.id,
                internal_note=repaired.reason,
            )
        )
    session.flush()
