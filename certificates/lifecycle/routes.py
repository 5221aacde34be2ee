"""The life of documents: for the office what can be done with each, for its owner a request and the switch."""

from __future__ import annotations

import io

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask import request as http
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral.models import Certificate
from certificates.conferral.rules import attendance_needed
from certificates.lifecycle import access, actions, corrections, queries
from certificates.lifecycle.facts import FIXED_REASONS, Change, list_corrections
from certificates.lifecycle.forms import AmendForm, DecisionForm, RequestForm, decision_form
from certificates.lifecycle.models import CorrectionRequest
from certificates.lifecycle.rules import (
    EventKind,
    LifeReason,
    is_flagged,
    refuse_decision,
    refuse_renewal,
    refuse_request,
    refuse_revocation,
)
from certificates.lifecycle.words import EVENT_WORDS
from certificates.permissions import CertificatePermission
from certificates.readiness.queries import find_readiness
from certificates.verification.rules import is_concealed
from courses.cohorts.queries import names_of
from lms.addresses import page_number
from lms.clock import now
from lms.files.queries import find_content
from lms.frame.filters import say
from lms.permissions import requires
from lms.sentences import Refusal
from lms.settings import current_config

bp = Blueprint("lifecycle", __name__, template_folder="templates")


@bp.get("/issued")
@requires(CertificatePermission.READ_CERTIFICATES)
def certificates() -> str:
    """Everything that was issued, to search in."""
    search, page = http.args.get("q", "")[:100], page_number()
    found, total, pages = queries.list_certificates(search, page)
    today = actions.today_of(now())
    return render_template(
        "lifecycle/certificates.html",
        certificates=found,
        states={one.id: queries.state_of(one, today) for one in found},
        search=search,
        total=total,
        page=page,
        pages=pages,
    )


@bp.get("/issued/<int:certificate_id>")
@requires(CertificatePermission.READ_CERTIFICATES)
def certificate(certificate_id: int) -> str:
    """A document with its whole history, and what can be done with it."""
    found = access.certificate_for(current_user, certificate_id, CertificatePermission.READ_CERTIFICATES)
    return _render_certificate(found, AmendForm())


@bp.post("/issued/<int:certificate_id>")
@requires(CertificatePermission.AMEND)
def amend(certificate_id: int) -> str | Response | tuple[str, int]:
    """Revoke, renew, or say that a flagged document stays as it is."""
    found = access.certificate_for(current_user, certificate_id, CertificatePermission.AMEND)
    form, do = AmendForm(), http.form.get("do")
    if not form.validate_on_submit():
        return _render_certificate(found, form), 422
    reason = form.reason.data or ""
    try:
        if do == "revoke":
            actions.revoke_certificate(found, reason=reason, actor=current_user, at=now())
            flash(_("%(serial)s is revoked. Its page says so from now on.", serial=found.serial), "success")
        elif do == "keep":
            actions.settle_flag(found, reason=reason, actor=current_user, at=now())
            flash(_("Noted: %(serial)s stays as it is.", serial=found.serial), "success")
        elif do == "renew":
            if form.months.data is None:
                form.months.errors = [_("Please say for how many months.")]
                return _render_certificate(found, form), 422
            found = corrections.renew_certificate(
                found, months=form.months.data, reason=reason, actor=current_user, at=now()
            )
            flash(_("%(serial)s is issued and replaces the document before.", serial=found.serial), "success")
        else:
            abort(400)
    except Refusal as refusal:
        return _render_certificate(found, form, refusal), 409
    return redirect(url_for(".certificate", certificate_id=found.id))


@bp.route("/issued/<int:certificate_id>/correction", methods=["GET", "POST"])
@requires(CertificatePermission.AMEND)
def correct(certificate_id: int) -> str | Response | tuple[str, int]:
    """Ask for a correction on behalf of the person."""
    found = access.certificate_for(current_user, certificate_id, CertificatePermission.AMEND)
    made = _take_request(found, RequestForm(), by_office=True)
    return made if not isinstance(made, CorrectionRequest) else redirect(url_for(".request", request_id=made.id))


@bp.get("/corrections/<int:request_id>")
@requires(CertificatePermission.READ_CERTIFICATES)
def request(request_id: int) -> str:
    """A request with its evidence, and the facts to correct."""
    found = access.request_for(current_user, request_id, CertificatePermission.READ_CERTIFICATES)
    return _render_request(found, _decision_form(found))


@bp.post("/corrections/<int:request_id>")
@requires(CertificatePermission.AMEND)
def decide(request_id: int) -> str | Response | tuple[str, int]:
    """Show what would change, issue the corrected version, or say why not."""
    found = access.request_for(current_user, request_id, CertificatePermission.AMEND)
    form, do = _decision_form(found), http.form.get("do")
    reason, reject = http.form.get("reason", ""), do == "reject"
    if not form.validate_on_submit() and (not reject or form.reason.errors):
        return _render_request(found, form), 422
    if do == "edit":  # back from what would change
        return _render_request(found, form)
    facts = found.certificate.facts
    act = corrections.accept_correction if do == "accept" else corrections.check_correction
    try:
        if reject or not facts:
            corrections.reject_correction(found, reason=reason, actor=current_user, at=now())
            flash(_("The document stays as it is. The person gets a mail with your reason."), "success")
            return redirect(url_for(".certificate", certificate_id=found.certificate_id))
        made = act(
            found,
            form.corrected(facts, current_config().institution_name),
            reason=reason,
            boxes=form.boxes.data,
            actor=current_user,
            at=now(),
        )
    except Refusal as refusal:
        return _render_request(found, form, refusal), 409
    if not isinstance(made, Certificate):
        return _render_request(found, form, changes=list_corrections(facts, made))
    flash(_("%(serial)s is issued and replaces the document before.", serial=made.serial), "success")
    return redirect(url_for(".certificate", certificate_id=made.id))


@bp.get("/corrections/<int:request_id>/evidence")
@requires(CertificatePermission.READ_CERTIFICATES)
def evidence(request_id: int) -> Response:
    """The file that was sent along, always as a download."""
    found = access.request_for(current_user, request_id, CertificatePermission.READ_CERTIFICATES)
    content = find_content(found.evidence_sha256)
    if content is None:  # none was sent along, or it was erased a moment ago
        abort(404)
    return send_file(
        io.BytesIO(content), "application/octet-stream", as_attachment=True, download_name=found.evidence_name
    )


@bp.route("/certificates/<int:certificate_id>/correction", methods=["GET", "POST"])
@requires(CertificatePermission.KEEP_CERTIFICATE)
def ask_correction(certificate_id: int) -> str | Response | tuple[str, int]:
    """Ask for a correction of one's own document."""
    found = access.own_certificate(current_user, certificate_id)
    made = _take_request(found, RequestForm(), by_office=False)
    if not isinstance(made, CorrectionRequest):
        return made
    flash(_("Your request has arrived. The programme office decides, and you get a mail."), "success")
    return redirect(url_for("documents.certificates"))


@bp.post("/certificates/<int:certificate_id>/visibility")
@requires(CertificatePermission.KEEP_CERTIFICATE)
def set_visibility(certificate_id: int) -> Response:
    """Have the public page of one's own document show the state only, or everything again."""
    found = access.own_certificate(current_user, certificate_id)
    concealed = http.form.get("concealed") == "1"
    try:
        actions.set_concealed(found, concealed=concealed, actor=current_user, at=now())
    except Refusal as refusal:
        flash(say(refusal.sentence), "warning")
        return redirect(url_for("documents.certificates"))
    if concealed:
        flash(_("The public page now shows only the state of the document."), "success")
    else:
        flash(_("The public page now shows every printed fact again."), "success")
    return redirect(url_for("documents.certificates"))


def _take_request(found: Certificate, form: RequestForm, *, by_office: bool) -> CorrectionRequest | tuple[str, int]:
    refusal, status = None, 200
    if form.validate_on_submit():
        file = http.files.get("evidence")
        try:
            return corrections.request_correction(
                found,
                text=form.text.data or "",
                evidence=(file.filename, file.read()) if file and file.filename else None,
                by_office=by_office,
                actor=current_user,
                at=now(),
            )
        except Refusal as refused:
            refusal, status = refused, 409
    elif form.errors:
        status = 422
    state = queries.state_of(found, actions.today_of(now()))
    blocked = refuse_request(state, text="-", open_request=queries.has_open_request(found), by_office=by_office)
    page = render_template(
        "lifecycle/ask.html",
        certificate=found,
        form=form,
        refusal=refusal,
        blocked=blocked,
        by_office=by_office,
        requests=queries.list_requests([found]),
    )
    return page, status


def _render_certificate(found: Certificate, form: AmendForm, refusal: Refusal | None = None) -> str:
    today = actions.today_of(now())
    state = queries.state_of(found, today)
    kinds = [event.kind for event in found.events]
    versions = queries.list_versions(found)
    requests = queries.list_requests(versions)
    people = {event.actor_id for event in found.events} | {one.requested_by_id for one in requests}
    return render_template(
        "lifecycle/certificate.html",
        certificate=found,
        facts=found.facts,
        state=state,
        versions=versions,
        states={one.id: queries.state_of(one, today) for one in versions},
        requests=requests,
        names=names_of(person for person in people if person is not None),
        words=EVENT_WORDS,
        flags=[event for event in found.events if event.kind == "flagged"] if is_flagged(kinds) else [],
        today_line=find_readiness(found.enrolment_id) if is_flagged(kinds) else None,
        concealed=is_concealed(kinds),
        replaced=EventKind.REPLACED in kinds,
        form=form,
        refusal=refusal,
        may_amend=current_user.may(CertificatePermission.AMEND),
        may_erase=current_user.may(CertificatePermission.ERASE) and found.erased_at is None,
        may_revoke=refuse_revocation(state, "-") is None,
        may_renew=refuse_renewal(state, found.valid_until_date, "-") is None,
        may_correct=refuse_request(
            state, text="-", open_request=False, by_office=True, has_successor=versions[-1] is not found
        )
        is None,
    )


def _decision_form(found: CorrectionRequest) -> DecisionForm:
    facts = found.certificate.facts
    return decision_form(facts, current_config().institution_name) if facts else DecisionForm()


def _render_request(
    found: CorrectionRequest, form: DecisionForm, refusal: Refusal | None = None, changes: list[Change] | None = None
) -> str:
    decision = queries.find_decision(found)
    people = {found.requested_by_id, decision.actor_id if decision else None}
    blocked: LifeReason | None = refuse_decision(
        queries.state_of(found.certificate, actions.today_of(now())),
        decided=decision is not None,
        own=found.requested_by_id == current_user.id,
        four_eyes=current_config().four_eyes == "on",
        reason="-",
        has_successor=queries.has_successor(found.certificate),
    )
    facts = found.certificate.facts
    return render_template(
        "lifecycle/request.html",
        request_=found,
        certificate=found.certificate,
        facts=facts,
        needed=attendance_needed(facts) if facts else None,
        decision=decision,
        names=names_of(person for person in people if person is not None),
        blocked=say(blocked.text) if blocked and not decision else None,
        form=form,
        refusal=refusal,
        changes=changes,
        fixed=FIXED_REASONS,
        institution=current_config().institution_name,
        may_amend=current_user.may(CertificatePermission.AMEND),
    )
