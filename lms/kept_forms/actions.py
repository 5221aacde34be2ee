"""Texts that outlive an expired sign-in: kept from the refused request, and back in the form afterwards."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Request, current_app, request
from sqlalchemy import delete
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from lms.addresses import row_number, safe_path, split_address
from lms.db import session
from lms.kept_forms.models import KeptForm
from lms.people.models import Person

#: Never kept: what protects the form, and what nobody may read.
_NEVER = ("csrf_token", "password", "current", "kept", "kept_path")
#: Stands among the fields for files that were chosen: they are not kept, and that is said.
FILES = "kept_files"
LIFETIME = timedelta(days=7)


def posted_fields(posted: Request) -> list[tuple[str, str]]:
    """Return what a request carried as text, without passwords and tokens, and whether there were files (``FILES``)."""
    fields = [(name, value) for name, value in posted.form.items(multi=True) if name not in (*_NEVER, FILES)]
    return [*fields, (FILES, "yes")] if any(file.filename for file in posted.files.values()) else fields


def form_page(posted: Request) -> str:
    """Return the path of the page that shows the form which this request came from."""
    if _shows_a_page(posted.path):
        return posted.path
    parts = split_address(posted.referrer or "")
    if parts.netloc == posted.host and _shows_a_page(parts.path):
        return parts.path
    return "/"


def pack(fields: list[tuple[str, str]]) -> str:
    """Return fields as one hidden value."""
    return json.dumps(fields, ensure_ascii=False)


def unpack(text: str) -> list[tuple[str, str]]:
    """Return the fields of a hidden value; an unreadable one holds none."""
    try:
        pairs = json.loads(text)
        return [(str(name), str(value)) for name, value in pairs if name not in _NEVER]
    except (ValueError, TypeError):
        return []


def what_is_kept(fields: list[tuple[str, str]]) -> tuple[bool, bool]:
    """Return whether there is something written or chosen among kept fields, and whether there had been files."""
    text = any(value.strip() for name, value in fields if name not in (FILES, "do"))  # "do" is the button that was pressed
    return text, any(name == FILES for name, _value in fields)


def keep_form(person: Person, path: str, fields: list[tuple[str, str]], *, at: datetime) -> str:
    """Keep a form for this person and return the address where it comes back."""
    safe = safe_path(path)
    if not any(what_is_kept(fields)):
        return safe
    kept = KeptForm(
        person_id=person.id, path=safe[:2000], fields={"pairs": [list(pair) for pair in fields]}, kept_at=at
    )
    session.add(kept)
    session.flush()
    return f"{safe}?{urlencode({'kept': kept.id})}"


def find_kept_fields(person: Person) -> MultiDict[str, str] | None:
    """Return what this person had written into the form of the running GET request, if that was kept."""
    number = request.args.get("kept", 0, type=row_number)
    kept = session.get(KeptForm, number) if number and request.method == "GET" else None
    if kept is None or kept.person_id != person.id or kept.path != request.path:
        return None
    return MultiDict([(name, value) for name, value in kept.fields["pairs"]])


def forget_kept_forms(person: Person, path: str) -> None:
    """Delete what was kept for a form that has been sent now."""
    session.execute(delete(KeptForm).where(KeptForm.person_id == person.id, KeptForm.path == path))


def forget_old_forms(*, now: datetime) -> None:
    """Delete kept forms that nobody came back to."""
    session.execute(delete(KeptForm).where(KeptForm.kept_at < now - LIFETIME))


def _shows_a_page(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        return False
    try:
        adapter.match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return False
    return True
