"""Receipts: ask for one, fetch it, have one validated."""

from __future__ import annotations

import io

from flask import Blueprint, redirect, render_template, send_file, url_for
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts.access import own_attempt
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state
from assessments.attempts.review import review_of
from assessments.permissions import AssessmentPermission
from assessments.receipts import access, actions, queries
from assessments.receipts.forms import ValidationForm
from assessments.receipts.rules import Contents
from assessments.receipts.validation import repair_reasons, since, validate_receipt
from lms.clock import now
from lms.files.queries import get_content
from lms.permissions import requires

bp = Blueprint("receipts", __name__, template_folder="templates")


@bp.get("/attempts/<int:attempt_id>/receipt")
@requires(AssessmentPermission.TAKE_QUIZ)
def receipt(attempt_id: int) -> str | Response:
    """The receipts for one's own attempt, and a button for one that says how it stands now."""
    attempt = own_attempt(current_user, attempt_id)
    receipts = queries.list_receipts(attempt.id)
    if attempt.submitted_at is None and not receipts:
        return redirect(url_for("attempts.result", attempt_id=attempt.id))
    contents = _contents(attempt)
    newest = receipts[0] if receipts else None
    later = since(newest, attempt) if newest else []
    standing = get_state(attempt).length, str(contents)
    return render_template(
        "receipts/receipt.html",
        attempt=attempt,
        receipts=receipts,
        contents=contents,
        later=later,
        reasons=repair_reasons(later),
        can_ask=attempt.submitted_at is not None and (newest is None or (newest.steps, newest.shown) != standing),
        waiting=any(one.file_sha256 is None for one in receipts),
    )


@bp.post("/attempts/<int:attempt_id>/receipt")
@requires(AssessmentPermission.TAKE_QUIZ)
def ask(attempt_id: int) -> Response:
    """Ask for a receipt; asking twice gives the same one."""
    attempt = own_attempt(current_user, attempt_id)
    actions.ask_for_receipt(attempt, _contents(attempt), language=str(get_locale()), actor=current_user, at=now())
    return redirect(url_for(".receipt", attempt_id=attempt.id))


@bp.get("/receipts/<int:receipt_id>.pdf")
@requires(AssessmentPermission.TAKE_QUIZ)
def download(receipt_id: int) -> Response:
    """The sealed PDF."""
    found = access.own_receipt(current_user, receipt_id)
    return send_file(
        io.BytesIO(get_content(found.file_sha256 or "")),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{found.number}.pdf",
    )


@bp.route("/receipts", methods=["GET", "POST"])
@requires(AssessmentPermission.VALIDATE_RECEIPT)
def validate() -> str | tuple[str, int]:
    """Say whether a file is a receipt of this platform and whether the records still agree with it. Nothing is kept."""
    form = ValidationForm()
    if not form.validate_on_submit():
        return render_template("receipts/validate.html", form=form, found=None), 422 if form.is_submitted() else 200
    found = validate_receipt(current_user, form.file.data.read())
    return render_template("receipts/validate.html", form=form, found=found, filename=form.file.data.filename)


def _contents(attempt: Attempt) -> Contents:
    return Contents.of(review_of(attempt.quiz, attempt.enrolment.cohort, now()).shows(attempt))
