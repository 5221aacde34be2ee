"""What happens to documents afterwards: a smaller cohort of the year before, one document revoked, one corrected."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from certificates.conferral.actions import approve_proposal, propose_conferral
from certificates.conferral.models import Certificate, Conferral, ConferralDecision, ConferralProposal
from certificates.demo import play
from certificates.demo.people import EARLIER, FINISHED, Learner
from certificates.lifecycle.actions import revoke_certificate
from certificates.lifecycle.corrections import accept_correction, request_correction
from certificates.lifecycle.facts import correct_facts
from certificates.lifecycle.models import CorrectionRequest
from courses.cohorts.actions import complete_cohort
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import CourseVersion
from lms.db import session
from lms.files.queries import get_content
from lms.people.models import Person

EARLIER_SLUG = "herbst-2025"
EARLIER_BEGIN = date(2025, 9, 2)
SIGNATORIES = [
    {"name": "Dr. Henriette Falk", "function": "Leiterin der Programmstelle"},
    {"name": "Tomasz Wiśniewski", "function": "Kursleitung"},
]
#: When the correction and the revocation are decided: after the main cohort's conferral.
LATER = play.instant(date(2026, 7, 14), 10)


def confer_by_two(cohort: Cohort, staff: dict[str, Person], *, on: date) -> Conferral:
    """Have one coordinator propose and the other one approve, a day later."""
    proposed_at = play.instant(on, 10)
    proposal = propose_conferral(
        cohort, actor=staff["coordinator"], at=proposed_at, signatories=SIGNATORIES, place="Potsdam"
    )
    return approve_proposal(proposal, actor=staff["second_coordinator"], at=proposed_at + timedelta(days=1))


def play_earlier_cohort(version: CourseVersion, staff: dict[str, Person]) -> None:
    """Play the smaller cohort: but for one, all came to the mornings, and that is what is confirmed."""
    coordinator, trainer = staff["coordinator"], staff["trainer"]
    cohort, enrolled = play.open_cohort(
        version,
        slug=EARLIER_SLUG,
        title="Herbst 2025",
        begin=EARLIER_BEGIN,
        learners=EARLIER,
        trainers=[trainer],
        coordinator=coordinator,
    )
    end = play.instant(cohort.end_date, 9)
    play.hold_mornings(cohort, enrolled, trainer, until=end)
    complete_cohort(cohort, actor=coordinator, at=end + timedelta(days=3))
    confer_by_two(cohort, staff, on=cohort.end_date + timedelta(days=6))


def play_later_events(staff: dict[str, Person]) -> None:
    """Revoke one document, correct another one, and leave a request for the office to decide."""
    revoked, married, waiting = (_certificate_of(one) for one in (EARLIER[0], EARLIER[1], FINISHED[4]))
    revoke_certificate(
        revoked,
        reason="Die Anwesenheit war der falschen Person zugeschrieben; geklärt mit der Kursleitung.",
        actor=staff["coordinator"],
        at=LATER,
    )
    wanted = EARLIER[1].family_name + "-Sommer"
    request = request_correction(
        married,
        text=f"Ich habe geheiratet und heiße jetzt {EARLIER[1].given_name} {wanted}. Die Urkunde liegt bei.",
        evidence=("eheurkunde.pdf", b"%PDF-1.4 Eine erfundene Urkunde.\n"),
        actor=_person_of(married),
        at=LATER - timedelta(days=4),
    )
    accept_correction(
        request,
        correct_facts(
            married.facts,
            name=f"{EARLIER[1].given_name} {wanted}",
            municipality=married.facts["municipality"],
            begin_date=date.fromisoformat(married.facts["begin_date"]),
            end_date=date.fromisoformat(married.facts["end_date"]),
            live_attended=married.facts["ue"]["live_attended"],
        ),
        reason="Die Urkunde belegt den neuen Namen.",
        actor=staff["coordinator"],
        at=LATER,
    )
    request_correction(
        waiting,
        text="Mein Vorname wird mit Bindestrich geschrieben: Mehmet-Ali. So steht er auch im Ausweis.",
        actor=_person_of(waiting),
        at=LATER + timedelta(days=1),
    )


def life_paths() -> dict[str, tuple[str, dict[str, Any]]]:
    """Return endpoint and values of the pages about the life of documents, by their name in demo.json."""
    successor = session.scalars(
        select(Certificate).join(Certificate.conferral).join(Conferral.cohort)
        .where(Cohort.slug == EARLIER_SLUG, Certificate.replaces_id.is_not(None))
    ).one()  # fmt: skip
    waiting = session.scalars(select(CorrectionRequest).order_by(CorrectionRequest.id.desc()).limit(1)).one()
    own = _certificate_of(FINISHED[0])
    return {
        "verify_revoked": ("verification.verify", {"token": _certificate_of(EARLIER[0]).token}),
        "verify_replaced": ("verification.verify", {"token": _certificate_of(EARLIER[1]).token}),
        "issued": ("lifecycle.certificates", {}),
        "issued_certificate": ("lifecycle.certificate", {"certificate_id": successor.id}),
        "issued_revoked": ("lifecycle.certificate", {"certificate_id": _certificate_of(EARLIER[0]).id}),
        "correction": ("lifecycle.request", {"request_id": waiting.id}),
        "ask_correction": ("lifecycle.ask_correction", {"certificate_id": own.id}),
        "erasure": ("erasure.document", {"certificate_id": own.id}),
        "erasure_result": ("erasure.result", {"enrolment_id": _place_of(EARLIER[-1]).id}),
        "proposal": ("conferral.proposal", {"proposal_id": _proposal_of(own).id}),
        "protocol": ("conferral.protocol", {"conferral_id": own.conferral_id}),
    }


def write_protocol(finished: Cohort, folder: Path) -> str:
    """Write the finished cohort's sealed protocol beside demo.json and return where it is."""
    conferral = session.scalars(
        select(Conferral).where(Conferral.cohort_id == finished.id, Conferral.number == 1)
    ).one()
    path = folder / f"Protokoll-{finished.slug}.pdf"
    if conferral.protocol_pdf_sha256:
        path.write_bytes(get_content(conferral.protocol_pdf_sha256))
    return str(path.absolute())


def _certificate_of(learner: Learner) -> Certificate:
    """Return the first document that was issued for somebody."""
    return session.scalars(
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Enrolment.person)
        .where(Person.email == learner.email, Certificate.version == 1)
    ).one()


def _place_of(learner: Learner) -> Enrolment:
    return session.scalars(select(Enrolment).join(Enrolment.person).where(Person.email == learner.email)).one()


def _proposal_of(certificate: Certificate) -> ConferralProposal:
    """Return the proposal that a document was issued on."""
    return session.scalars(
        select(ConferralProposal)
        .join(ConferralProposal.decision)
        .where(ConferralDecision.conferral_id == certificate.conferral_id)
    ).one()


def _person_of(certificate: Certificate) -> Person:
    return session.get_one(Enrolment, certificate.enrolment_id).person
