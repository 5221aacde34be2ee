"""Verifying documents: without an account, without cookies, with every printed fact."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge, TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from certificates.conferral.rules import read_code
from certificates.verification import queries
from certificates.verification.actions import look_up
from certificates.verification.answers import BARE, Line, Told, seal_is_development, tell
from certificates.verification.files import FileVerdict, check_file, read_upload
from certificates.verification.lists import answer_list
from certificates.verification.memory import CACHE_CONTROL
from certificates.verification.pages import link_to, page_language, show
from certificates.verification.picture import draw_picture
from certificates.verification.rules import TOKEN, Inquiry, read_number
from lms.clock import now
from lms.db import only_read
from lms.errors.answers import is_told_as_json, json_error
from lms.forms import csrf
from lms.frame.filters import filesize
from lms.limits import Limiter
from lms.permissions import public
from lms.sentences import N_

bp = Blueprint("verification", __name__, template_folder="templates")
#: These forms carry nobody's authority: there is no sign-in and no cookie that a foreign page could misuse.
csrf.exempt(bp)

#: A certificate is 50 KB; a report of a whole cohort, which can be checked as well, some hundred.
MOST_UPLOAD_BYTES = 5 * 1024 * 1024
MOST_LIST_BYTES = 256 * 1024
pages = Limiter(per_minute=120)
files = Limiter(per_minute=20)
lists = Limiter(per_minute=10)
receipts = Limiter(per_minute=2)
#: How often, and how much at once.
LIMITS = {
    "verification.check_many": (lists, MOST_LIST_BYTES),
    "verification.check_file_of": (files, MOST_UPLOAD_BYTES),
    "verification.check_any_file": (files, MOST_UPLOAD_BYTES),
}

#: Why nothing was looked at, by status.
REFUSED = {
    403: N_("This form can only be sent from its own page."),
    413: N_("What you sent is larger than %(most)s. No document of ours is so large."),
    429: N_("Please wait a minute and then try again."),
}


@bp.before_request
def keep_guests_in_order() -> None:
    """Slow down whoever asks without end, refuse what is too large before it is read, and what a foreign page sends."""
    only_read()
    address = request.remote_addr or ""
    limiter, most = LIMITS.get(request.endpoint or "", (pages, MOST_LIST_BYTES))
    wait = limiter.wait(address)
    if wait:
        raise TooManyRequests(retry_after=wait)
    if request.method == "POST":
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise Forbidden
        request.max_content_length = most
        if (request.content_length or 0) > most:
            raise RequestEntityTooLarge


@bp.after_request
def stay_private(response: Response) -> Response:
    """Keep search engines, other sites and the browser's history of referrers out of it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.errorhandler(TooManyRequests)
@bp.errorhandler(RequestEntityTooLarge)
@bp.errorhandler(Forbidden)
def refuse(error: TooManyRequests | RequestEntityTooLarge | Forbidden) -> Response:
    """Say why not, in the frame of these pages."""
    status, most = error.code or 400, LIMITS.get(request.endpoint or "", (pages, MOST_LIST_BYTES))[1]
    with force_locale(page_language()):
        said = _(REFUSED[status], most=filesize(most))
    if is_told_as_json():
        answer = json_error(status, error.name.lower().replace(" ", "_"), said)
    else:
        answer = show("verification/refused.html", status, why=status, said=said)
    if isinstance(error, TooManyRequests) and error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, RequestEntityTooLarge):
        answer.headers["Connection"] = "close"
    return answer


@bp.get("/verify/<token>")
@public
def verify(token: str) -> BaseResponse:
    """Show what is printed and whether it is valid; JSON where that is asked for."""
    as_json = is_told_as_json()
    asked = token.removesuffix(".json")
    told = _find(asked)
    if told is None and (typed := queries.read_printed(asked)):
        # Whether it was issued is told for a code or a number with its name only, and at the price of a guess.
        if as_json:
            return jsonify(Line(typed, None, "name_missing" if typed.needs_name else "not_checked").as_json())
        fields = {"code": asked} if typed.code else {"serial": asked}
        return show("verification/number.html", typed=fields, problem=None, verdict=None, asked=True)
    if told is None:
        answer = jsonify(state="unknown") if as_json else show("verification/unknown.html")
        answer.status_code = 404
        return answer
    return _for_all(jsonify(told.as_json()) if as_json else _page(told))


@bp.get("/verify/<token>/picture.png")
@public
def picture(token: str) -> BaseResponse:
    """The picture that a shared link brings along; it shows no more than the page, and no state, since it is kept elsewhere."""
    told = _find(token)
    if told is None:
        abort(404)
    answer = make_response(draw_picture(told.facts if told.state not in BARE else None, page_language()))
    answer.mimetype = "image/png"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _for_all(answer)


@bp.post("/verify/<token>/file")
@public
def check_file_of(token: str) -> Response:
    """Check an uploaded file against this document, and forget it."""
    told = _find(token)
    if told is None:
        return show("verification/unknown.html", 404)
    content = read_upload(request.files)
    return _page(told, check_file(content, told, at=now()))


@bp.get("/verify/<token>/file")
@public
def file_page_of(token: str) -> BaseResponse:
    """Whoever opens the address of an answer anew, as phones do, gets the page it was asked on."""
    return redirect(link_to("verify", token=token))


@bp.get("/verify/file")
@public
def file_page() -> BaseResponse:
    """Whoever opens the address of an answer anew gets the page of the form."""
    return redirect(link_to("number"))


@bp.get("/verify")
@public
def number() -> Response:
    """The forms: a code, a number with its name, or a file."""
    return show("verification/number.html", typed={}, problem=None, verdict=None)


@bp.post("/verify")
@public
def find_number() -> BaseResponse:
    """Go to the document with this code, or this number and family name; a wrong name is answered like an unknown number."""
    typed = {name: request.form.get(name, "").strip()[:100] for name in ("code", "serial", "family_name")}
    code = read_code(typed["code"])
    inquiry = Inquiry(typed["code"], code=code) if code else read_number(typed["serial"], typed["family_name"])
    by_code = bool(typed["code"]) or "serial" not in request.form
    if inquiry.code is None and (by_code or not typed["serial"] or not typed["family_name"]):
        problem = "code" if by_code else "serial" if not typed["serial"] else "family_name"
        return show("verification/number.html", 422, typed=typed, problem=problem, verdict=None)
    answer = look_up([inquiry], request.remote_addr or "", at=now())
    if answer.wait:
        raise TooManyRequests(retry_after=answer.wait)
    found = answer.found[0]
    if found is None:
        return show("verification/number.html", 404, typed=typed, problem="unknown", verdict=None)
    return redirect(link_to("verify", token=found.token))


@bp.post("/verify/file")
@public
def check_any_file() -> Response:
    """Find out what an uploaded file is, and forget it."""
    return show(
        "verification/number.html",
        typed={},
        problem=None,
        verdict=check_file(read_upload(request.files), None, at=now()),
    )


@bp.get("/verify/many")
@public
def many() -> Response:
    """The form for a whole list."""
    return show("verification/many.html", typed="", lines=None, problem=None)


@bp.post("/verify/many")
@public
def check_many() -> BaseResponse:
    """Check a list: as a page, as JSON, or as a sealed receipt."""
    return answer_list(receipts, request.remote_addr or "", at=now())


def _find(token: str) -> Told | None:
    certificate = queries.find_by_token(token) if TOKEN.fullmatch(token) else None
    return tell(certificate, at=now()) if certificate is not None else None


def _page(told: Told, verdict: FileVerdict | None = None) -> Response:
    return show(
        "verification/verify.html",
        told=told,
        facts=told.facts,
        certificate=told.certificate,
        development=seal_is_development(),
        verdict=verdict,
        most=MOST_UPLOAD_BYTES,
    )


def _for_all(answer: Response) -> BaseResponse:
    """Let everybody keep it for a moment, and ask again by its hash: it is the same for all."""
    answer.headers["Cache-Control"] = CACHE_CONTROL
    answer.headers["Vary"] = "Accept, Accept-Encoding"
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:32], weak=True)
    return answer.make_conditional(request)
