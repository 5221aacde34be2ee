"""Pages for strangers, which stand by themselves: one request, no cookie read or set, nothing from anywhere else.

Style and script stand in the page and are allowed by their hashes, so that a page is the same for everybody and can be kept
by caches. The language is part of the address.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from flask import Response, make_response, render_template, request, url_for
from flask_babel import force_locale
from markupsafe import Markup

from certificates.credentials.issuing import public_address
from certificates.documents.words import document_words
from lms.frame.assets import BUILT, load_manifest
from lms.preferences.choices import LANGUAGES
from lms.settings import current_config

_BRAND = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='6' "
    "fill='%23171a2b'/%3E%3Cpath d='M8 9l8 15 8-15' fill='none' stroke='%23fff' stroke-width='4'/%3E%3C/svg%3E"
)


def show(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page in the language that the address names."""
    language = page_language()
    style, script = inlined("verification/verify.page.css", "style"), inlined("verification/verify.js", "script")
    with force_locale(language):
        answer = make_response(
            render_template(
                template,
                style=style[0],
                script=script[0],
                language=language,
                other_language=(other := next(one for one in LANGUAGES if one != language)),
                other_address=_address_in(other),
                brand=_BRAND,
                institution=current_config().institution_name,
                link=link_to,
                words=document_words,
                public_address=public_address,
                **values,
            ),
            status,
        )
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style[1]}; script-src {script[1]}; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return answer


def page_language() -> str:
    """Return the language that the address names, or the institution's."""
    named = request.args.get("lang", "")
    return named if named in LANGUAGES else current_config().language


def link_to(endpoint: str, **values: Any) -> str:
    """Return an address that keeps the language."""
    if "lang" not in values and request.args.get("lang") in LANGUAGES:
        values["lang"] = request.args["lang"]
    return url_for(f"verification.{endpoint}", **values)


#: What is shown as the answer to a form has no page of its own: another language leads to the page of the form.
_FORM_PAGES = {"check_file_of": "verify", "check_any_file": "number", "find_number": "number", "check_many": "many"}


def _address_in(language: str) -> str:
    """Return where the page that is shown can be read in another language."""
    endpoint = (request.endpoint or "").rpartition(".")[2]
    page = _FORM_PAGES.get(endpoint)
    return link_to(page, lang=language, **(request.view_args or {})) if page else f"{quote(request.path)}?lang={language}"


@lru_cache(maxsize=4)
def inlined(name: str, tag: str) -> tuple[Markup, str]:
    """Return a built asset as an element, and the source that allows it in a policy (CSP 3, 2.3.1)."""
    content = (BUILT / load_manifest()[name]).read_text("utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    kind = ' type="module"' if tag == "script" else ""
    return Markup(f"<{tag}{kind}>{content}</{tag}>"), f"'sha256-{digest}'"  # noqa: S704 - built from our own sources
