"""Lawful erasure: finding what is meant, and confirming it twice."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.conferral.queries import list_certified_enrolments, list_erased_enrolments, list_frozen_names
from certificates.erasure import actions
from certificates.erasure.access import result_for
from certificates.erasure.forms import DocumentForm, FindForm, ResultForm
from certificates.erasure.queries import list_results_without_document
from certificates.lifecycle.access import certificate_for
from certificates.lifecycle.queries import find_by_number, list_versions
from certificates.permissions import CertificatePermission
from lms.clock import now
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("erasure", __name__, template_folder="templates")


@bp.route("/issued/erasure", methods=["GET", "POST"])
@requires(CertificatePermission.FIND_TO_ERASE)
def find() -> str | Response | tuple[str, int]:
    """Find by number or address what is to be erased; the programme office comes from the document or the proposal."""
    form = FindForm()
    if form.validate_on_submit():
        sought = form.sought.data or ""
        places = list_results_without_document(sought) if "@" in sought else []
        document = None if "@" in sought else find_by_number(sought)
        if document is not None:
            return redirect(url_for(".document", certificate_id=document.id))
        if len(places) == 1:
            return redirect(url_for(".result", enrolment_id=places[0].id))
        if places:
            return render_template("erasure/find.html", form=form, results=places)
        form.sought.errors = [
            _("Nobody with this address stands in a protocol without having got a document.")
            if "@" in sought
            else _("There is no document with this number.")
        ]
    return render_template("erasure/find.html", form=form, results=[]), 422 if form.errors else 200


@bp.route("/issued/<int:certificate_id>/erasure", methods=["GET", "POST"])
@requires(CertificatePermission.ERASE)
def document(certificate_id: int) -> str | Response | tuple[str, int]:
    """Erase what is personal about a document, after a second confirmation."""
    found = certificate_for(current_user, certificate_id, CertificatePermission.ERASE)
    form, refusal, status = DocumentForm(), None, 200
    if form.validate_on_submit():
        try:
            actions.erase_certificate(
                found, typed=form.serial.data or "", reason=form.reason.data or "", actor=current_user, at=now()
            )
        except Refusal as refused:
            refusal, status = refused, 409
        else:
            flash(_("The data of %(serial)s are erased.", serial=found.serial), "success")
            return redirect(url_for(".document", certificate_id=found.id))
    elif form.errors:
        status = 422
    page = render_template(
        "erasure/document.html",
        certificate=found,
        versions=list_versions(found),
        form=form,
        refusal=refusal,
        may_read=current_user.may(CertificatePermission.READ_CERTIFICATES),
    )
    return page, status


@bp.route("/results/<int:enrolment_id>/erasure", methods=["GET", "POST"])
@requires(CertificatePermission.ERASE)
def result(enrolment_id: int) -> str | Response | tuple[str, int]:
    """Erase the lines of somebody who got no document, after a second confirmation."""
    found = result_for(current_user, enrolment_id, CertificatePermission.ERASE)
    form, refusal, status = ResultForm(), None, 200
    if form.validate_on_submit():
        try:
            actions.erase_result(
                found, typed=form.name.data or "", reason=form.reason.data or "", actor=current_user, at=now()
            )
        except Refusal as refused:
            refusal, status = refused, 409
        else:
            flash(_("The person's lines are erased."), "success")
            return redirect(url_for(".result", enrolment_id=found.id))
    elif form.errors:
        status = 422
    page = render_template(
        "erasure/result.html",
        cohort=found.cohort,
        name=list_frozen_names([found]).get(found.id),
        erased=found.id in list_erased_enrolments(found.cohort),
        has_document=found.id in list_certified_enrolments(found.cohort),
        form=form,
        refusal=refusal,
        may_read=current_user.may(CertificatePermission.READ_CERTIFICATES),
    )
    return page, status
