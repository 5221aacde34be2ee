"""What waits for the programme office, told to the start page and the cohort page."""

from __future__ import annotations

from flask import url_for

from certificates.conferral.queries import list_open_proposals
from certificates.lifecycle.queries import list_flagged, list_open_requests
from certificates.permissions import CertificatePermission
from courses.events import Task, TasksAsked
from lms.sentences import N_, sentence
from lms.settings import current_config


def answer_tasks(asked: TasksAsked) -> list[Task]:
    """Answer with proposals to approve, corrections to decide and flags to look at; three queries."""
    if not asked.person.may(CertificatePermission.CONFER):
        return []
    ids = [cohort.id for cohort in asked.cohorts]
    titles = {cohort.id: cohort.title for cohort in asked.cohorts}
    four_eyes = current_config().four_eyes == "on"
    proposals = [
        Task(
            proposal.cohort_id,
            sentence(N_("A conferral is waiting for approval: %(cohort)s."), cohort=titles[proposal.cohort_id]),
            url_for("conferral.cohort", cohort_id=proposal.cohort_id),
        )
        for proposal in list_open_proposals(ids)
        if not (four_eyes and proposal.proposed_by_id == asked.person.id)
    ]
    requests = [
        Task(
            request.certificate.conferral.cohort_id,
            sentence(N_("A correction is asked for: %(serial)s."), serial=request.certificate.serial),
            url_for("lifecycle.request", request_id=request.id),
        )
        for request in list_open_requests(ids)
        if not (four_eyes and request.requested_by_id == asked.person.id)
    ]
    flags = [
        Task(
            cohort_id,
            sentence(N_("A result behind %(serial)s has changed."), serial=serial),
            url_for("lifecycle.certificate", certificate_id=certificate_id),
        )
        for cohort_id, certificate_id, serial in list_flagged(ids)
    ]
    return [*proposals, *requests, *flags]
