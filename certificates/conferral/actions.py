"""Confer a cohort's results: one person proposes, another one approves, and everything is issued at once or nothing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from certificates.conferral.issuing import issue_certificate, issue_day, take_serials
from certificates.conferral.mail import queue_proposal_mails, queue_returned_mail
from certificates.conferral.models import Conferral, ConferralDecision, ConferralProposal
from certificates.conferral.protocols import PROTOCOL_FORMAT, list_changes, protocol_hash
from certificates.conferral.queries import (
    count_conferrals,
    count_proposals,
    find_decision,
    find_open_proposal,
    list_erased_enrolments,
    list_settled_enrolments,
)
from certificates.conferral.rules import add_months, refuse_approval, refuse_proposal, refuse_return, refuse_withdrawal
from certificates.conferral.snapshots import draft_facts
from certificates.events import CohortConferred
from certificates.layouts.missing import list_frozen_lacks
from certificates.readiness.queries import Line, last_day_of, list_readiness
from courses.cohorts.models import Cohort
from courses.progress.rules import Achievement
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.events import publish
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import N_, Reason, Refusal, Sentence, sentence
from lms.settings import current_config


def propose_conferral(
    cohort: Cohort,
    *,
    actor: Person,
    at: datetime,
    signatories: Sequence[dict[str, str]],
    place: str,
    valid_months: int | None = None,
) -> ConferralProposal:
    """Freeze everybody's result, and what would be printed for those who have no document yet, for approval.

    Where nobody earned a document, the first conferral of a cohort closes it with a protocol that says so.

    Scarce: a cohort has one open proposal. The numbers of its proposals are unique and the cohort is locked, so that of
    two at once the second finds the first. Raises Refusal.
    """
    lock(cohort)
    lines = protocol_lines(cohort, signatories, place)
    new = sum(line["facts"] is not None for line in lines)
    _refuse_if(
        refuse_proposal(
            completed=cohort.completed_at is not None,
            signatories=signatories,
            new=new,
            open_proposal=find_open_proposal(cohort) is not None,
            people=len(lines),
            conferred=count_conferrals(cohort) > 0,
        )
    )
    protocol = {
        "format": PROTOCOL_FORMAT,
        "number": count_conferrals(cohort) + 1,
        "course": cohort.version.title,
        "cohort": cohort.title,
        "begin_date": cohort.begin_date.isoformat(),
        "end_date": last_day_of(cohort).isoformat(),
        "place": place,
        "signatories": [dict(one) for one in signatories],
        "valid_months": valid_months,
        "documents": new,
        "proposed_by": actor.full_name,
        "proposed_at": at.isoformat(timespec="seconds"),
        "lines": lines,
    }
    proposal = ConferralProposal(
        cohort=cohort,
        number=count_proposals(cohort) + 1,
        proposed_at=at,
        proposed_by_id=actor.id,
        protocol=protocol,
        protocol_sha256=protocol_hash(protocol),
    )
    session.add(proposal)
    record_audit(
        "conferral_proposed",
        proposal,
        actor=actor,
        at=at,
        cohort=cohort.id,
        documents=new,
        sha256=proposal.protocol_sha256,
    )
    return proposal


def submit_for_approval(proposal: ConferralProposal, *, actor: Person, at: datetime) -> None:
    """Tell the other coordinators that a proposal waits for one of them."""
    queue_proposal_mails(proposal, proposed_by=actor, at=at)


def approve_proposal(proposal: ConferralProposal, *, boxes: bool = False, actor: Person, at: datetime) -> Conferral:
    """Issue everything that was proposed: all of it or, by an exception, nothing. Raises Refusal.

    ``boxes``: it is known which documents lack something or come out with empty boxes, and they are issued all the same.
    Scarce: one decision a proposal (its key), one document an enrolment and kind (unique), and serial numbers without
    gaps. The cohort is locked, so that what comes at the same time comes one after the other and finds it decided.
    """
    cohort = proposal.cohort
    lock(cohort)
    lock(proposal)  # somebody's line may have been erased since it was read
    decided = find_decision(proposal) is not None
    new = list_new(proposal)
    lacks = [] if decided or boxes else lacks_of(proposal, at=at)
    _refuse_if(
        refuse_approval(
            decided=decided,
            new=len(new),
            closing=is_closing(proposal),
            own=proposal.proposed_by_id == actor.id,
            four_eyes=current_config().four_eyes == "on",
            unprintable=len(lacks),
            intact=protocol_hash(proposal.protocol) == proposal.protocol_sha256,
            changes=0 if decided else len(changes_since(proposal)),
        ),
        what=[sentence(N_("%(name)s: %(lacks)s"), name=name, lacks=list(what)) for name, what in lacks],
    )
    serials = take_serials(cohort.zone, len(new), at=at) if new else []
    conferral = Conferral(
        cohort=cohort,
        number=count_conferrals(cohort) + 1,
        conferred_at=at,
        conferred_by_id=actor.id,
        protocol={
            **proposal.protocol,
            "approval": {
                "by": actor.full_name,
                "at": at.isoformat(timespec="seconds"),
                "serials": {str(line["enrolment"]): serial for line, serial in zip(new, serials, strict=True)},
            },
        },
        protocol_sha256=proposal.protocol_sha256,
    )
    session.add(conferral)
    session.flush()
    months = proposal.protocol["valid_months"]
    valid_until = add_months(issue_day(cohort, at), months) if months else None
    for line, serial in zip(new, serials, strict=True):
        issue_certificate(
            conferral,
            line["facts"],
            enrolment_id=line["enrolment"],
            serial=serial,
            valid_until=valid_until,
            actor=actor,
            at=at,
        )
    _decide(proposal, "approved", actor=actor, at=at, conferral_id=conferral.id)
    record_audit("cohort_conferred", conferral, actor=actor, at=at, cohort=cohort.id, documents=len(new))
    publish(CohortConferred(conferral=conferral, at=at))
    nudge("render_due_certificates")
    nudge("print_due_protocols")
    return conferral


def return_proposal(proposal: ConferralProposal, *, reason: str, actor: Person, at: datetime) -> None:
    """Send a proposal back to whoever made it; a new one can be made then. Raises Refusal."""
    lock(proposal.cohort)
    _refuse_if(refuse_return(decided=find_decision(proposal) is not None, reason=reason))
    _decide(proposal, "returned", actor=actor, at=at, reason=reason.strip())
    record_audit("conferral_returned", proposal, actor=actor, at=at)
    proposer = session.get(Person, proposal.proposed_by_id) if proposal.proposed_by_id else None
    if proposer is not None and proposer.id != actor.id:
        queue_returned_mail(proposal, proposer, at=at)


def withdraw_proposal(proposal: ConferralProposal, *, actor: Person, at: datetime) -> None:
    """Take one's own proposal back. Raises Refusal."""
    lock(proposal.cohort)
    _refuse_if(refuse_withdrawal(decided=find_decision(proposal) is not None, own=proposal.proposed_by_id == actor.id))
    _decide(proposal, "withdrawn", actor=actor, at=at)
    record_audit("conferral_withdrawn", proposal, actor=actor, at=at)


def confer_cohort(
    cohort: Cohort,
    *,
    actor: Person,
    at: datetime,
    signatories: Sequence[dict[str, str]],
    place: str,
    valid_months: int | None = None,
    boxes: bool = False,
) -> Conferral:
    """Propose and approve by one person; refused where two are needed (LMS_FOUR_EYES). Raises Refusal."""
    # Asked first: a caller that catches the refusal must not keep the proposal.
    _refuse_if(refuse_approval(decided=False, own=True, four_eyes=current_config().four_eyes == "on", new=1))
    with session.begin_nested():  # for the same reason
        proposal = propose_conferral(
            cohort, actor=actor, at=at, signatories=signatories, place=place, valid_months=valid_months
        )
        return approve_proposal(proposal, boxes=boxes, actor=actor, at=at)


def list_new(proposal: ConferralProposal) -> list[dict[str, Any]]:
    """Return the frozen lines that a document is to be issued for."""
    return [line for line in proposal.protocol["lines"] if line.get("facts")]


def is_closing(proposal: ConferralProposal) -> bool:
    """Say whether a proposal closes a cohort in which nobody earned a document."""
    return proposal.protocol.get("documents") == 0


def lacks_of(proposal: ConferralProposal, *, at: datetime) -> list[tuple[str, Sequence[Sentence]]]:
    """Return whose proposed document lacks something or cannot be printed as it should be, with what, by name."""
    drafts = [line["facts"] for line in list_new(proposal)]
    return list_frozen_lacks(proposal.cohort, drafts, months=proposal.protocol["valid_months"], at=at)


def changes_since(proposal: ConferralProposal) -> list[Sentence]:
    """Return what has changed since a proposal was made, one sentence each."""
    frozen = proposal.protocol
    current = protocol_lines(proposal.cohort, frozen["signatories"], frozen["place"])
    return list_changes(frozen["lines"], current)


def protocol_lines(cohort: Cohort, signatories: Sequence[dict[str, str]], place: str) -> list[dict[str, Any]]:
    """Return everybody's result as plain values; ``facts`` are what is to be printed, None: nothing is to be issued.

    Whose document was lawfully erased is left out: the name must not come back in a supplement.
    """
    lines = list_readiness(cohort)
    issued, erased = list_settled_enrolments(cohort, lines), list_erased_enrolments(cohort)
    return [
        _protocol_line(cohort, line, issued, signatories, place)
        for line in lines
        if line.standing.enrolment.id not in erased
    ]


def _protocol_line(
    cohort: Cohort, line: Line, issued: set[int], signatories: Sequence[dict[str, str]], place: str
) -> dict[str, Any]:
    enrolment = line.standing.enrolment
    new = line.achievement is not Achievement.NONE and enrolment.id not in issued
    return {
        "salt": secrets.token_hex(16),
        "enrolment": enrolment.id,
        "name": enrolment.person.full_name,
        "achievement": line.achievement.value,
        "has_document": enrolment.id in issued,
        "rules": [
            {"kind": result.kind.value, "state": result.state.value, "value": result.value, "target": result.target}
            for result in line.standing.results
        ],
        "facts": draft_facts(cohort, line, signatories=signatories, place=place) if new else None,
    }


def _decide(
    proposal: ConferralProposal,
    kind: str,
    *,
    actor: Person,
    at: datetime,
    reason: str = "",
    conferral_id: int | None = None,
) -> None:
    decision = ConferralDecision(kind=kind, at=at, actor_id=actor.id, reason=reason, conferral_id=conferral_id)
    proposal.decision = decision
    session.flush()


def _refuse_if(reason: Reason | None, **values: Any) -> None:
    if reason is not None:
        raise Refusal(reason, **values)
