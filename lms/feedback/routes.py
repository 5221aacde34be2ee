"""The feedback form, for everybody, and what thanks for it."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from lms.clock import now
from lms.errors.answers import wants_json
from lms.feedback.actions import send_feedback
from lms.feedback.forms import FeedbackForm
from lms.feedback.rules import (
    ANSWER_WITHIN,
    LEFT_OUT,
    MOST_CHARACTERS,
    Feedback,
    FeedbackReason,
    Kind,
    same_site_path,
    without_tokens,
)
from lms.limits import Limiter
from lms.permissions import public
from lms.sentences import Refusal
from lms.settings import current_config
from lms.signin import routes as signin

bp = Blueprint("feedback", __name__, template_folder="templates")
#: Ten an hour: enough for a town hall behind one address, too few to fill somebody's mailbox.
messages = Limiter(per_minute=10 / 60, burst=10)


@bp.get("/feedback")
@public
def write() -> str:
    """The form; the page it was opened from and one's own address stand in it."""
    given = {
        "kind": request.args.get("kind"),
        "page": same_site_path(request.args.get("page", "")),
        "email": current_user.email if current_user.is_authenticated else "",
    }
    return _page(FeedbackForm(data=given))


@bp.post("/feedback")
@public
def send() -> str | Response | tuple[str, int]:
    """Send it on."""
    form = FeedbackForm()
    if not form.validate_on_submit():
        return _page(form), 422
    asker = current_user if current_user.is_authenticated else None
    wait = messages.wait(f"person:{asker.id}" if asker else request.remote_addr or "")
    if wait:
        refusal = Refusal(FeedbackReason.TOO_MANY, minutes=ceil(wait / 60))
        answer = make_response(_page(form, refusal=refusal), 429)
        answer.headers["Retry-After"] = str(wait)
        return answer
    page = form.page.data or ""
    feedback = Feedback(Kind(form.kind.data), form.text.data or "", page, form.email.data or "")
    try:
        send_feedback(feedback, draft=form.draft.data or "", asker=asker, at=now())
    except Refusal as refusal:
        return _page(form, refusal=refusal), 409
    return redirect(url_for(".thanks", page=same_site_path(page) or None))


@bp.get("/feedback/thanks")
@public
def thanks() -> str:
    """Thanks, and the way back."""
    page = same_site_path(request.args.get("page", ""))
    return render_template(
        "feedback/thanks.html", back=page if page and LEFT_OUT not in page else None, weeks=ANSWER_WITHIN.days // 7
    )


@bp.errorhandler(CSRFError)
def ask_again(error: CSRFError) -> Any:
    """Answer a form whose token has expired: a stranger cannot sign in again, so the text stays in the form."""
    if current_user.is_authenticated or wants_json():
        return signin.ask_again(error)
    return _page(FeedbackForm(), again=True), 400


@bp.app_template_global()
def feedback_page() -> str | None:
    """Return the path of the shown page for the footer's link."""
    if request.blueprint == bp.name:
        return same_site_path(request.args.get("page", "")) or None
    return same_site_path(without_tokens(request.path)) or None


def _page(form: FeedbackForm, *, refusal: Refusal | None = None, again: bool = False) -> str:
    return render_template(
        "feedback/write.html",
        form=form,
        refusal=refusal,
        again=again,
        office=current_config().contact_mail,
        weeks=ANSWER_WITHIN.days // 7,
        most=MOST_CHARACTERS,
    )
