"""Verifying certificates: without an account, without cookies, with every printed fact."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from certificates.conferral.models import Certificate
from certificates.documents.words import document_words
from certificates.verification import queries
from certificates.verification.forms import NumberForm
from certificates.verification.rules import TOKEN, CertificateState, Happening, Limiter, fold_events
from lms.clock import now
from lms.permissions import public
from lms.settings import current_config
from lms.signin.routes import wants_json

bp = Blueprint("verification", __name__, template_folder="templates")
_pages = Limiter(per_minute=120)
_numbers = Limiter(per_minute=12)


@bp.before_request
def slow_down() -> None:
    """Make guessing slow: the form of numbers more than the links, whose tokens cannot be guessed anyway."""
    limiter = _numbers if request.method == "POST" else _pages
    wait = limiter.wait(request.remote_addr or "")
    if wait:
        raise TooManyRequests(retry_after=wait)


@bp.after_request
def stay_private(response: Response) -> Response:
    """Keep search engines, other sites and the browser's history of referrers out of it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/verify/<token>")
@public
def verify(token: str) -> BaseResponse:
    """Show what is printed and whether it is valid; JSON where that is asked for."""
    as_json = token.endswith(".json") or wants_json()
    token = token.removesuffix(".json")
    certificate = queries.find_by_token(token) if TOKEN.fullmatch(token) else None
    if certificate is None:
        answer = jsonify(state="unknown") if as_json else make_response(render_template("verification/unknown.html"))
        answer.status_code = 404
        return answer
    state = _state(certificate)
    if as_json:
        answer = jsonify(state)
    else:
        facts = state["facts"]
        answer = make_response(
            render_template(
                "verification/verify.html",
                state=state,
                facts=facts,
                certificate=certificate,
                words=document_words(facts) if facts else {},
                zone=ZoneInfo(current_config().zone),
            )
        )
    # The page changes with the state and the language only; asking again costs next to nothing.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Accept, Cookie"
    answer.set_etag(
        hashlib.sha256(
            json.dumps(
                [state, as_json, request.cookies.get("language"), request.cookies.get("theme")], default=str
            ).encode()
        ).hexdigest()[:32]
    )
    return answer.make_conditional(request)


@bp.get("/verify")
@public
def number() -> str:
    """The form to type a number into."""
    return render_template("verification/number.html", form=NumberForm(formdata=None), unknown=False)


@bp.post("/verify")
@public
def find_number() -> str | BaseResponse | tuple[str, int]:
    """Go to the certificate with this number and family name; a wrong name is answered like an unknown number."""
    form = NumberForm()
    if form.validate_on_submit():
        certificate = queries.find_by_serial(form.serial.data or "")
        if certificate is not None and _has_name(certificate.facts.get("name", ""), form.family_name.data or ""):
            return redirect(url_for(".verify", token=certificate.token))
        return render_template("verification/number.html", form=form, unknown=True), 404
    return render_template("verification/number.html", form=form, unknown=False), 422


def _state(certificate: Certificate) -> dict[str, Any]:
    today = now().astimezone(ZoneInfo(current_config().zone)).date()
    events = [Happening(event.kind, event.at) for event in certificate.events]
    state, since = fold_events(events, certificate.valid_until_date, today)
    successor = queries.find_successor(certificate) if state is CertificateState.REPLACED else None
    # What was replaced or erased shows no more than necessary.
    shown = state not in {CertificateState.REPLACED, CertificateState.ERASED}
    return {
        "state": state.value,
        "since": since.isoformat() if since else None,
        "serial": certificate.serial,
        "facts": certificate.facts if shown else None,
        "snapshot_sha256": certificate.snapshot_sha256 if shown else None,
        "pdf_sha256": certificate.pdf_sha256 if shown else None,
        "replaced_by": url_for(".verify", token=successor.token) if successor else None,
    }


def _has_name(name: str, typed: str) -> bool:
    def fold(text: str) -> list[str]:
        plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss").replace("ł", "l"))
        return "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one)).split()

    wanted, words = fold(typed), fold(name)
    return bool(wanted) and words[-len(wanted) :] == wanted and len("".join(wanted)) >= 2


class CookielessVerification(SecureCookieSessionInterface):
    """The verification pages set no cookie: who looks at a certificate is nobody's business."""

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        """Save the session on every other page."""
        if request.endpoint != "verification.verify":
            super().save_session(app, session, response)
