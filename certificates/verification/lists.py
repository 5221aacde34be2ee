"""Answering a whole list: as a page, as JSON for machines, or as a sealed receipt."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime

from flask import Response, jsonify, make_response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.exceptions import TooManyRequests

from assessments.exchange.decoding import decode
from assessments.exchange.reasons import Unreadable, Why
from certificates.verification.actions import look_up
from certificates.verification.answers import Line, tell_list
from certificates.verification.pages import page_language, show
from certificates.verification.rules import MOST_LINES, read_list
from lms.errors.answers import json_error, wants_json
from lms.frame.filters import number
from lms.institution.seal import SealError
from lms.limits import Limiter
from lms.printing.rendering import PrintingImpossibleError
from lms.printing.reports import print_report
from lms.sentences import N_

#: Printing takes a processor for seconds: strangers have one receipt made at a time in each process.
PRINTING = threading.Lock()

#: Why a list is not checked at all.
PROBLEMS = {
    "empty": N_("There is nothing in it to check."),
    "no_text": N_(
        "The chosen file is no text. What can be read is a CSV or a text file with one document a line; a workbook is saved as "
        "“CSV UTF-8” in the spreadsheet program."
    ),
    "too_many": N_("It has %(count)s lines. At most 500 can be checked at once: please divide it."),
}


def answer_list(receipts: Limiter, address: str, *, at: datetime) -> Response:
    """Return the answer to the list that the running request brings; each miss counts as a guess of this address.

    Raises TooManyRequests.
    """
    problem: str | None
    try:
        text = _given_text()
        inquiries = read_list(text)
        problem = "empty" if not inquiries else "too_many" if len(inquiries) > MOST_LINES else None
    except Unreadable:
        text, inquiries, problem = request.form.get("list", ""), [], "no_text"
    if problem:
        with force_locale(page_language()):
            said = _(PROBLEMS[problem], count=number(len(inquiries)))
        if wants_json():
            return json_error(422, problem, said, most=MOST_LINES)
        return show("verification/many.html", 422, typed=text, lines=None, problem=problem, said=said)
    receipt = bool(request.form.get("receipt")) and not wants_json()
    wait = receipts.wait(address) if receipt else 0
    if wait:
        raise TooManyRequests(retry_after=wait)
    looked_up = look_up(inquiries, address, at=at)
    if looked_up.wait:
        raise TooManyRequests(retry_after=looked_up.wait)
    lines = tell_list(inquiries, looked_up.found, misses=looked_up.misses, at=at)
    if wants_json():
        return jsonify(checked_at=at.isoformat(timespec="seconds"), documents=[line.as_json() for line in lines])
    if receipt:
        return _receipt(lines, at=at)
    counts = Counter(line.told.state.value if line.told else line.problem for line in lines)
    return show("verification/many.html", typed=text, lines=lines, problem=None, counts=counts, at=at)


def _given_text() -> str:
    """Return the list that was sent. Raises Unreadable for a file that is no text."""
    if request.is_json:
        try:
            given = request.get_json(silent=True)
        except RecursionError:  # brackets in brackets in brackets
            return ""
        documents = given.get("documents", []) if isinstance(given, dict) else given
        return "\n".join(str(one) for one in documents if one) if isinstance(documents, list) else ""
    uploaded = request.files.get("file")
    return "\n".join([request.form.get("list", ""), _text_of(uploaded.read() if uploaded is not None else b"")]).strip("\n")


def _text_of(content: bytes) -> str:
    """Return a file's text, whatever its encoding. Raises Unreadable for what is none, a PDF or a workbook."""
    if content.startswith((b"%PDF-", b"PK\x03\x04")):
        raise Unreadable(Why.BINARY, at=0, line=1)
    return decode(content) if content.strip() else ""


def _receipt(lines: list[Line], *, at: datetime) -> Response:
    if not PRINTING.acquire(blocking=False):
        busy = show("verification/refused.html", 503, why="busy")
        busy.headers["Retry-After"] = "5"
        return busy
    with force_locale(page_language()):
        try:
            pdf = print_report(
                "verification/receipt.html",
                title=_("Receipt of a verification"),
                identifier=f"verification-{at:%Y%m%dT%H%M%SZ}",
                at=at,
                lines=lines,
                checked_at=at,
            )
        except (PrintingImpossibleError, SealError):
            return show("verification/refused.html", 503, why=503)
        finally:
            PRINTING.release()
    answer = make_response(pdf)
    answer.mimetype = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="verification-{at:%Y-%m-%d-%H%M}.pdf"'
    return answer
