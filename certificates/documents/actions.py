"""Make the documents of issued certificates: take a batch up, print and seal it, keep it.

Taking up and keeping are transactions, printing and sealing are not: a batch takes seconds, and nobody waits for the
database meanwhile. Whatever happens in between leaves the certificates as they were, and they are due again when the
time for the batch is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from certificates.conferral.models import Certificate, CertificateEvent
from certificates.documents.attachments import list_attachments
from certificates.documents.mail import queue_certificate_mail
from certificates.documents.models import Printing
from certificates.documents.queries import WAITING, get_certificates, list_due
from certificates.documents.rendering import Order
from certificates.documents.retries import take_layouts_in_force
from certificates.documents.rules import BATCH, HOLD, HOLD_ISOLATED, PAUSES, PrintingReason
from certificates.layouts.actions import keep_shipped_layouts
from certificates.layouts.files import LayoutFiles
from certificates.layouts.models import LayoutVersion
from certificates.layouts.queries import find_version_for, get_layout_files, is_outdated
from courses.cohorts.models import Enrolment
from lms.db import lock, session
from lms.files.actions import store_file
from lms.institution.actions import keep_seal_certificate
from lms.institution.keys import Seal


@dataclass(frozen=True)
class Batch:
    """Documents of one conferral, kind and layout that a worker has taken up, as plain values."""

    version_id: int
    layout: LayoutFiles
    ids: Sequence[int]
    orders: Sequence[Order]

    def split(self) -> list[Batch]:
        """Return the same documents, each alone."""
        return [replace(self, ids=[one], orders=[order]) for one, order in zip(self.ids, self.orders, strict=True)]


def take_batch(*, at: datetime) -> Batch | None:
    """Take up the next documents that are due; None: there are none. Scarce: each is taken up by one worker at a time."""
    due = list_due(at, BATCH)
    if not due:
        return None
    in_force = _version_for(due[0][0], at=at)
    printings = [known or _begin_printing(certificate, in_force, at=at) for certificate, known in due]
    for printing in printings:
        if printing.problem == PrintingReason.LAYOUT.value:  # nothing is printed with the one that failed
            printing.layout_version = in_force
    version = printings[0].layout_version
    layout = get_layout_files(version)
    taken = [
        (certificate, printing)
        for (certificate, _known), printing in zip(due, printings, strict=True)
        if printing.layout_version is version
    ]
    for _certificate, printing in taken:
        printing.due_at = at + (HOLD if layout.trusted else HOLD_ISOLATED)
        printing.tries += 1
    session.flush()
    return Batch(
        version.id,
        layout,
        [certificate.id for certificate, _printing in taken],
        [Order(certificate.facts, certificate.issued_at) for certificate, _printing in taken],
    )


def attach_files(batch: Batch) -> Batch:
    """Return the batch with what its files carry. Raises SealError: a credential is signed with the institution's key."""
    certificates = get_certificates(batch.ids)
    return replace(
        batch,
        orders=[
            replace(order, attached=tuple(list_attachments(certificates[one])))
            for one, order in zip(batch.ids, batch.orders, strict=True)
        ],
    )


def keep_document(
    certificate_id: int, sealed: bytes, seal: Seal, *, version_id: int, at: datetime, still_open: Sequence[int] = ()
) -> None:
    """Keep a certificate's PDF with its hash, and tell its owner; once it is there, or erased meanwhile, nothing happens.

    ``version_id`` is the layout's that it was printed with, whatever was chosen meanwhile; ``still_open`` are the others of
    the batch, which the worker goes on holding.
    """
    certificate = session.get_one(Certificate, certificate_id)
    lock(certificate)
    if certificate.pdf_sha256 is not None or certificate.erased_at is not None:
        return
    printing = session.get_one(Printing, certificate_id)
    certificate.pdf_sha256 = store_file(sealed, at=at).sha256
    printing.printed_at, printing.problem, printing.fault = at, None, None
    printing.layout_version_id = version_id
    printing.seal_fingerprint = keep_seal_certificate(seal, at=at)
    certificate.events.append(CertificateEvent(kind="rendered", at=at))
    enrolment = session.get(Enrolment, certificate.enrolment_id) if certificate.enrolment_id else None
    ended = {"revoked", "replaced"} & {event.kind for event in certificate.events}
    if enrolment is not None and not ended:  # nobody is congratulated on what holds no longer
        queue_certificate_mail(certificate, enrolment.person, at=at)
        certificate.events.append(CertificateEvent(kind="mailed", at=at))
    session.execute(update(Printing).where(Printing.certificate_id.in_(still_open)).values(due_at=at + HOLD))
    session.flush()


def put_off(batch: Batch, reason: PrintingReason, *, at: datetime, fault: Sequence[str] | None = None) -> None:
    """Note why documents could not be printed, and when they are due again. They are as valid as before.

    ``fault`` says what is wrong with the layout. Where another one is in force meanwhile, they are due at once, with that.
    """
    there = select(Certificate.id).where(Certificate.id.in_(batch.ids), *WAITING)
    session.execute(
        update(Printing)
        .where(Printing.certificate_id.in_(there), Printing.layout_version_id == batch.version_id)
        .values(problem=reason.value, fault=list(fault) if fault else None, due_at=at + PAUSES[reason])
    )
    if reason is PrintingReason.LAYOUT:
        take_layouts_in_force(at=at)


def _begin_printing(certificate: Certificate, version: LayoutVersion, *, at: datetime) -> Printing:
    printing = Printing(
        certificate=certificate, layout_version=version, due_at=at, tries=0, problem=None, fault=None,
        printed_at=None, seal_fingerprint=None,
    )  # fmt: skip
    session.add(printing)
    session.flush()
    return printing


def _version_for(certificate: Certificate, *, at: datetime) -> LayoutVersion:
    cohort = certificate.conferral.cohort
    version = find_version_for(cohort, certificate.kind)
    if version is None or is_outdated(version):  # the product is new here, or has been updated
        keep_shipped_layouts(at=at)
        version = find_version_for(cohort, certificate.kind)
    if version is None:
        raise RuntimeError("The layouts that come along with the product are missing.")
    return version
