"""Every error as a page in the person's language, or as JSON where JSON was asked for."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import escape
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from lms.db import session
from lms.errors.answers import is_told_as_json, json_error
from lms.frame.filters import say
from lms.sentences import N_, Refusal
from lms.settings import current_config

log = logging.getLogger(__name__)

#: Title and text by status; a class of hundred stands for those that have none of their own.
WORDS = {
    400: (N_("This did not work"), N_("The request was incomplete. Please go back, reload the page and try again.")),
    401: (N_("Please sign in"), N_("You have to be signed in for this page.")),
    403: (
        N_("Not for you"),
        N_("Your account has no permission for this page. The programme office can tell you who has."),
    ),
    404: (N_("Not found"), N_("There is no such page, or it is not for you. Please check the address.")),
    405: (N_("Not possible this way"), N_("This address can only be used by a button on its page.")),
    409: (N_("Not possible now"), N_("The state has changed in the meantime. Please go back and look again.")),
    410: (N_("No longer there"), N_("What was here has been removed.")),
    413: (N_("Too large"), N_("What you sent is larger than %(most)s MB. Please choose a smaller file.")),
    429: (N_("Too many requests"), N_("Please wait a moment and then try again.")),
    500: (
        N_("Something went wrong"),
        N_("This is our fault. What had been saved before is safe. Please try again in a moment."),
    ),
    507: (
        N_("No room left"),
        N_(
            "The server has no room left, so nothing was saved just now. Please tell the programme office, and try again later."
        ),
    ),
    503: (
        N_("For a moment not available"),
        N_("The system is busy or being maintained. What had been saved before is safe. Please try again in a moment."),
    ),
}

#: What SQLite and PostgreSQL say when the disk is full.
_FULL = ("disk is full", "No space left on device")


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(DataError, show_impossible_data)
    app.register_error_handler(OperationalError, show_database_trouble)
    app.register_error_handler(Exception, show_bug)


def show_http_error(error: HTTPException) -> Response:
    """Answer an HTTP error."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    answer = _answer(status, *_words(status), code=error.name.lower().replace(" ", "_"))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def show_refusal(refusal: Refusal) -> Response:
    """Answer what a rule refused: its sentence, and the way back."""
    return _answer(409, _("Not possible now"), say(refusal.sentence), code=refusal.reason.value)


def show_impossible_data(error: DataError) -> Response:
    """Answer what holds something that the database cannot take: PostgreSQL has no text with a zero byte."""
    log.warning("The database could not take what was sent", exc_info=error)
    text = N_("What was sent holds signs or numbers that cannot be stored. Please go back and check it.")
    return _answer(400, WORDS[400][0], text, code="impossible_data")


def show_database_trouble(error: OperationalError) -> Response:
    """Answer when the database cannot be reached or stays locked."""
    log.error("The database is in trouble", exc_info=error)
    if any(words in str(error.orig) for words in _FULL):
        return _answer(507, *_words(507), code="no_room")
    answer = _answer(503, *_words(503), code="database_unavailable")
    answer.headers["Retry-After"] = "10"
    return answer


def show_bug(error: Exception) -> Response:
    """Answer a fault of the program: it is logged whole and told without details."""
    log.error("A request failed", exc_info=error, extra={"path": request.path, "method": request.method})
    return show_http_error(InternalServerError())


def _words(status: int) -> tuple[str, str]:
    title, text = WORDS.get(status) or WORDS[400 if status < 500 else 500]
    return _(title), _(text, most=current_config().upload_megabytes)


def _answer(status: int, title: str, text: str, *, code: str) -> Response:
    """Answer with words as they are to be read: what people wrote may stand in them, and a per cent sign with it."""
    if is_told_as_json():
        return json_error(status, code, text)
    return make_response(_page(title, text), status)


def _page(title: str, text: str) -> str:
    signed_in = _is_signed_in()
    back = request.referrer if request.referrer and request.referrer.startswith(request.host_url) else None
    label = _("Back") if back else _("To the overview") if signed_in else _("To the start page")
    number = g.get("request_id", "")
    try:
        return render_template(
            "frame/error.html", title=title, text=text, request_id=number, next_label=label, next_href=back or "/"
        )
    except Exception:  # even without assets or database there has to be an answer
        log.exception("An error page could not be rendered")
        help_ = _("If you need help, please tell the programme office this number: %(request_id)s", request_id=number)
        return (
            f'<!doctype html><html lang="{get_locale()}"><title>{escape(title)}</title><h1>{escape(title)}</h1>'
            f'<p>{escape(text)}</p><p><a href="{escape(back or "/")}">{escape(label)}</a></p><p>{escape(help_)}</p></html>'
        )


def _is_signed_in() -> bool:
    try:
        return bool(current_user.is_authenticated)
    except Exception:  # the database may be what is broken
        session.rollback()
        return False
