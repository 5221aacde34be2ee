"""Conferring a cohort: proposing, approving, and the protocol."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral import access, actions, queries
from certificates.conferral.forms import ClosingForm, ConferralForm, DecisionForm
from certificates.conferral.models import Conferral, ConferralProposal
from certificates.conferral.previews import draft_for, print_preview
from certificates.conferral.protocols import ACHIEVEMENTS
from certificates.conferral.rules import parse_signatories, refuse_approval
from certificates.documents.queries import get_printing_progress
from certificates.layouts.missing import list_missing
from certificates.layouts.rules import fault_sentence
from certificates.lifecycle.actions import today_of
from certificates.lifecycle.queries import state_of
from certificates.permissions import CertificatePermission
from certificates.readiness.queries import list_doubts, list_readiness
from courses.cohorts.access import cohort_for
from courses.cohorts.models import Cohort
from courses.cohorts.queries import names_of
from courses.progress.rules import Achievement
from lms.addresses import row_number
from lms.clock import now
from lms.db import reads_first
from lms.files.queries import find_content
from lms.frame.filters import say
from lms.health.checks import run_checks
from lms.permissions import requires
from lms.printing.isolation import LayoutFaultError
from lms.printing.rendering import PrintingImpossibleError
from lms.sentences import Refusal
from lms.settings import current_config

bp = Blueprint("conferral", __name__, template_folder="templates")


@bp.get("/cohorts/<int:cohort_id>/conferral")
@requires(CertificatePermission.READ_CERTIFICATES)
def cohort(cohort_id: int) -> str:
    """Who would get what, what waits for approval, what has been issued, and the serious button."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.READ_CERTIFICATES)
    return _render(found, _new_form())


@bp.post("/cohorts/<int:cohort_id>/conferral")
@requires(CertificatePermission.CONFER)
def confer(cohort_id: int) -> str | Response | tuple[str, int]:
    """Propose, or confer at once where one person may."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.CONFER)
    form: ConferralForm | ClosingForm = ClosingForm() if request.form.get("do") == "close" else ConferralForm()
    if not form.validate_on_submit():
        return _render(found, form), 422
    printed: dict[str, Any] = {"signatories": [], "place": ""}
    if isinstance(form, ConferralForm):
        printed = {
            "signatories": form.signatories(),
            "place": form.place.data or "",
            "valid_months": form.valid_months.data,
        }
    made: Conferral | ConferralProposal
    try:
        if _four_eyes():
            made = actions.propose_conferral(found, actor=current_user, at=now(), **printed)
        else:
            boxes = isinstance(form, ConferralForm) and form.boxes.data
            made = actions.confer_cohort(found, actor=current_user, at=now(), boxes=boxes, **printed)
    except Refusal as refusal:
        return _render(found, form, refusal), 409
    if isinstance(made, ConferralProposal):
        actions.submit_for_approval(made, actor=current_user, at=now())
        flash(_("The results are frozen. Another coordinator has to approve before anything is issued."), "success")
        return redirect(url_for(".proposal", proposal_id=made.id))
    _tell_issued(made)
    return redirect(url_for(".cohort", cohort_id=found.id))


@bp.route("/cohorts/<int:cohort_id>/conferral/preview", methods=["GET", "POST"])
@reads_first
@requires(CertificatePermission.CONFER)
def preview(cohort_id: int) -> Response | tuple[str, int]:
    """A person's document as it would be printed with what stands in the form; nothing is issued."""
    found = cohort_for(current_user, cohort_id, CertificatePermission.CONFER)
    if request.method == "GET":  # the way back after signing in again
        return redirect(url_for(".cohort", cohort_id=found.id))
    form = ConferralForm()
    person = request.form.get("person", 0, type=row_number)
    draft = draft_for(found, person, signatories=form.signatories(), place=(form.place.data or "")[:80])
    months = form.valid_months.data if form.valid_months.validate(form) else None
    return _show_preview(found, draft, months)


@bp.get("/proposals/<int:proposal_id>/preview/<int:enrolment_id>.pdf")
@requires(CertificatePermission.READ_CERTIFICATES)
def preview_proposed(proposal_id: int, enrolment_id: int) -> Response | tuple[str, int]:
    """A person's document as it was proposed; nothing is issued."""
    found = access.proposal_for(current_user, proposal_id, CertificatePermission.READ_CERTIFICATES)
    drafts = {line.get("enrolment"): line.get("facts") for line in found.protocol["lines"]}
    return _show_preview(found.cohort, drafts.get(enrolment_id), found.protocol["valid_months"])


@bp.get("/proposals/<int:proposal_id>")
@requires(CertificatePermission.READ_CERTIFICATES)
def proposal(proposal_id: int) -> str:
    """What was proposed, what has changed since, and what was decided."""
    found = access.proposal_for(current_user, proposal_id, CertificatePermission.READ_CERTIFICATES)
    return _render_proposal(found, DecisionForm())


@bp.post("/proposals/<int:proposal_id>")
@requires(CertificatePermission.CONFER)
def decide(proposal_id: int) -> str | Response | tuple[str, int]:
    """Approve, send back or withdraw."""
    found = access.proposal_for(current_user, proposal_id, CertificatePermission.CONFER)
    form = DecisionForm()
    if not form.validate_on_submit():
        return _render_proposal(found, form), 422
    try:
        if request.form.get("do") == "approve":
            if not form.sure.data:
                form.sure.errors = [_("Please confirm that you have compared the list.")]
                return _render_proposal(found, form), 422
            _tell_issued(actions.approve_proposal(found, boxes=form.boxes.data, actor=current_user, at=now()))
        elif request.form.get("do") == "return":
            actions.return_proposal(found, reason=form.reason.data or "", actor=current_user, at=now())
            flash(_("The proposal has been sent back. Nothing was issued."), "success")
        elif request.form.get("do") == "withdraw":
            actions.withdraw_proposal(found, actor=current_user, at=now())
            flash(_("The proposal has been withdrawn. Nothing was issued."), "success")
        else:
            abort(400)
    except Refusal as refusal:
        return _render_proposal(found, form, refusal), 409
    return redirect(url_for(".cohort", cohort_id=found.cohort_id))


@bp.get("/conferrals/<int:conferral_id>/protocol.pdf")
@requires(CertificatePermission.READ_CERTIFICATES)
def protocol(conferral_id: int) -> Response:
    """The sealed protocol."""
    found = access.conferral_for(current_user, conferral_id, CertificatePermission.READ_CERTIFICATES)
    content = find_content(found.protocol_pdf_sha256)
    if content is None:  # not printed yet, or a line was erased a moment ago
        abort(404)
    return send_file(
        io.BytesIO(content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{_('Protocol')}-{found.cohort.slug}-{found.number}.pdf",
    )


def _show_preview(cohort: Cohort, draft: dict[str, Any] | None, months: int | None) -> Response | tuple[str, int]:
    if draft is None:
        abort(404)
    try:
        pdf = print_preview(cohort, draft, months=months, at=now())
    except LayoutFaultError as error:
        said = say(fault_sentence(error.fault.value, error.detail))
        return render_template("conferral/no_preview.html", cohort=cohort, said=said), 422
    except PrintingImpossibleError:
        said = _("This installation cannot print at the moment. The administrators can see why.")
        return render_template("conferral/no_preview.html", cohort=cohort, said=said), 503
    answer = send_file(io.BytesIO(pdf), mimetype="application/pdf", download_name=f"{_('Sample')}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _four_eyes() -> bool:
    return current_config().four_eyes == "on"


def _tell_issued(conferral: Conferral) -> None:
    count = len(conferral.certificates)
    if not count:
        flash(_("The conferral is closed. No document was issued; the sealed protocol is being made."), "success")
        return
    flash(
        ngettext("%(num)s document has been issued.", "%(num)s documents have been issued.", count)
        + " "
        + _("They are being rendered and sent now."),
        "success",
    )


def _new_form() -> ConferralForm:
    first, second = [*parse_signatories(current_config().signatories), {}, {}][:2]
    return ConferralForm(
        first_name=first.get("name"),
        first_function=first.get("function"),
        second_name=second.get("name"),
        second_function=second.get("function"),
    )


def _render(found: Cohort, form: ConferralForm | ClosingForm, refusal: Refusal | None = None) -> str:
    lines = list_readiness(found)
    issued = queries.list_settled_enrolments(found, lines)
    erased = queries.list_erased_enrolments(found) - issued
    waiting = [line for line in lines if line.standing.enrolment.id not in issued | erased]
    conferrals = queries.list_conferrals(found)
    progress = get_printing_progress(found)
    held_up = progress.done < progress.total or any(
        one.protocol_sha256 and not one.protocol_pdf_sha256 for one in conferrals
    )
    # What keeps the worker from printing is looked for only while something waits.
    problems = [one.said for one in run_checks(("seal", "data folder")) if one.wrong] if held_up else []
    today = today_of(now())
    return render_template(
        "conferral/cohort.html",
        cohort=found,
        # Somebody may have earned a document since the page was shown, or nobody any more: then the other form is there.
        form=form if isinstance(form, ConferralForm) else _new_form(),
        closing=form if isinstance(form, ClosingForm) else ClosingForm(),
        refusal=refusal,
        new={kind.value: [line for line in waiting if line.achievement is kind] for kind in Achievement},
        outdated=queries.list_outdated(found, lines) if conferrals else [],
        left_out=sum(line.standing.enrolment.id in erased for line in lines),
        conferrals=conferrals,
        states={one.id: state_of(one, today) for conferral in conferrals for one in conferral.certificates},
        proposal=queries.find_open_proposal(found),
        decided=queries.list_decided_proposals(found),
        progress=replace(progress, problem=None) if problems else progress,
        problems=problems,
        doubts=list_doubts(found, waiting, at=now()) if found.completed_at else [],
        missing=list_missing(found, at=now()) if found.completed_at else [],
        may_confer=current_user.may(CertificatePermission.CONFER),
        four_eyes=_four_eyes(),
        reload=request.path,
    )


def _render_proposal(found: ConferralProposal, form: DecisionForm, refusal: Refusal | None = None) -> str:
    own = found.proposed_by_id == current_user.id
    decision = queries.find_decision(found)
    closing = actions.is_closing(found)
    if closing:
        form.sure.label.text = _("I have compared the list. Nobody gets a document.")
    return render_template(
        "conferral/proposal.html",
        proposal=found,
        protocol=found.protocol,
        cohort=found.cohort,
        form=form,
        refusal=refusal,
        decision=decision,
        decided_by=names_of([decision.actor_id]).get(decision.actor_id) if decision and decision.actor_id else None,
        changes=[] if decision else actions.changes_since(found),
        doubts=[] if decision else list_doubts(found.cohort, list_readiness(found.cohort), at=now()),
        missing=[] if decision else actions.lacks_of(found, at=now()),
        closing=closing,
        achievements=ACHIEVEMENTS,
        documented=queries.list_certified_enrolments(found.cohort),
        own=own,
        may_confer=current_user.may(CertificatePermission.CONFER),
        may_erase=current_user.may(CertificatePermission.ERASE),
        approval=refuse_approval(
            decided=decision is not None,
            own=own,
            four_eyes=_four_eyes(),
            new=len(actions.list_new(found)),
            closing=closing,
        ),
        others=queries.find_other_coordinators(current_user) if own and _four_eyes() else None,
    )
