"""What was issued for somebody, told to their start page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from certificates.conferral.models import Certificate
from certificates.lifecycle.actions import today_of
from certificates.lifecycle.queries import state_of
from certificates.takeaway.queries import list_issued, list_without_document
from certificates.verification.rules import CertificateState
from courses.events import Award, AwardsAsked
from lms.sentences import N_, Sentence, sentence

_NAMES = {"certificate": N_("Certificate"), "attendance": N_("Confirmation of attendance")}
_TITLES = {
    "certificate": N_("Congratulations on your certificate"),
    "attendance": N_("Your confirmation of attendance is here"),
}


def answer_awards(asked: AwardsAsked) -> list[Award]:
    """Answer with the document that counts for each enrolment: valid before ended, certificate before attendance."""
    today = today_of(asked.at)
    best: dict[int | None, tuple[tuple[bool, bool, datetime, int], Certificate, CertificateState]] = {}
    for one in list_issued(asked.enrolment_ids):
        state = state_of(one, today)
        if state in (CertificateState.REPLACED, CertificateState.ERASED):
            continue
        rank = (state is not CertificateState.REVOKED, one.kind == "certificate", one.issued_at, one.id)
        if one.enrolment_id not in best or rank > best[one.enrolment_id][0]:
            best[one.enrolment_id] = rank, one, state
    without = [one for one in asked.enrolment_ids if one not in best]
    return [
        *(_award(one, state) for _rank, one, state in best.values()),
        *(_without_document(*one) for one in (list_without_document(without) if without else [])),
    ]


def _without_document(enrolment_id: int, conferred_at: datetime, erased: bool) -> Award:
    """Say that nothing more comes: otherwise whoever got nothing would wait for a mail for ever."""
    title, text = N_("The results have been conferred"), N_(
        "The results of your cohort were conferred on %(date)s. No document was issued for you. What was missing, the rules "
        "below say; if you do not agree, please turn to the programme office."
    )
    if erased:
        title, text = N_("The data of your document have been erased"), N_(
            "A document was issued for you. Its data have been erased lawfully since, and it can no longer be verified."
        )
    links = [(N_("To my certificates"), url_for("documents.certificates"))] if erased else []
    return Award(enrolment_id, sentence(title), sentence(text, date=today_of(conferred_at)), links)


def _award(one: Certificate, state: CertificateState) -> Award:
    page = url_for("documents.certificates")
    links = [(N_("To my certificates"), page)]
    title = sentence(_TITLES[one.kind])
    if state is CertificateState.REVOKED:
        title = sentence(N_("Your document was revoked"))
    elif one.pdf_sha256:
        links = [
            (N_("Download the PDF"), url_for("documents.download", certificate_id=one.id)),
            (N_("Share the link"), url_for("documents.certificates", _anchor=f"share-{one.id}")),
        ]
    return Award(one.enrolment_id or 0, title, _text(one, state), links)


def _text(one: Certificate, state: CertificateState) -> Sentence:
    values: dict[str, Any] = {"kind": sentence(_NAMES[one.kind]), "serial": one.serial, "date": today_of(one.issued_at)}
    if state is CertificateState.EXPIRED:
        return sentence(
            N_("%(kind)s No. %(serial)s, issued on %(date)s, valid until %(end)s"), **values, end=one.valid_until_date
        )
    if state is CertificateState.VALID and not one.pdf_sha256:
        return sentence(N_("%(kind)s No. %(serial)s, issued on %(date)s; it is being printed."), **values)
    return sentence(N_("%(kind)s No. %(serial)s, issued on %(date)s"), **values)
