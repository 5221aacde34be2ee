"""What is written to coordinators about proposals."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from certificates.conferral.models import ConferralProposal
from certificates.conferral.queries import find_other_coordinators
from lms.mail.letters import Letter, absolute, queue_letter
from lms.people.models import Person

RETURNED_MAIL = "conferral_returned"


def queue_proposal_mails(proposal: ConferralProposal, *, proposed_by: Person, at: datetime) -> None:
    """Ask the other coordinators to look at a proposal."""
    cohort = proposal.cohort

    def compose() -> Letter:
        return Letter(
            subject=_("Please check a conferral: %(cohort)s", cohort=cohort.title),
            paragraphs=[
                _(
                    "%(name)s proposes to confer the results of “%(cohort)s”.",
                    name=proposed_by.full_name,
                    cohort=cohort.title,
                ),
                _("A second person has to approve before anything is issued. Please compare the list and decide."),
            ],
            link=(_("To the proposal"), absolute(url_for("conferral.cohort", cohort_id=cohort.id))),
            why=_("You get this mail because you are a coordinator."),
        )

    for person in find_other_coordinators(proposed_by):
        queue_letter(person, kind="conferral_proposed", compose=compose, at=at)


def queue_returned_mail(proposal: ConferralProposal, person: Person, *, at: datetime) -> None:
    """Tell whoever proposed that it came back. Why may name people, and so stands on the proposal's page alone."""
    cohort = proposal.cohort

    def compose() -> Letter:
        return Letter(
            subject=_("The conferral was sent back: %(cohort)s", cohort=cohort.title),
            paragraphs=[
                _("Your proposal for “%(cohort)s” was not approved. Nothing was issued.", cohort=cohort.title),
                _("The reason stands beside the proposal."),
            ],
            link=(_("To the proposal"), absolute(url_for("conferral.proposal", proposal_id=proposal.id))),
            why=_("You get this mail because you proposed this conferral."),
        )

    queue_letter(person, kind=RETURNED_MAIL, compose=compose, about=proposal, at=at)
