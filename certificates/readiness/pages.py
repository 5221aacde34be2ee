"""The certificates' pages about a cohort, told to the cohort page."""

from __future__ import annotations

from flask import url_for

from certificates.permissions import CertificatePermission
from courses.events import CohortPage, CohortPagesAsked
from lms.sentences import N_


def answer_pages(asked: CohortPagesAsked) -> list[CohortPage]:
    """Answer with readiness and conferral, as far as the person may see them."""
    pages = []
    if asked.person.may(CertificatePermission.READ_READINESS):
        pages.append(CohortPage(N_("Readiness"), url_for("readiness.cohort", cohort_id=asked.cohort.id)))
    if asked.person.may(CertificatePermission.READ_CERTIFICATES):
        pages.append(CohortPage(N_("Conferral"), url_for("conferral.cohort", cohort_id=asked.cohort.id)))
        pages.append(CohortPage(N_("Layouts"), url_for("layouts.cohort", cohort_id=asked.cohort.id)))
    return pages
