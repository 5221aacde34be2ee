"""The audit log, for reading."""

from __future__ import annotations

from math import ceil

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lms.addresses import page_number
from lms.audit import queries
from lms.audit.words import action_words, detail_words, subject_words
from lms.collation import collation_key
from lms.permissions import CorePermission, requires

bp = Blueprint("audit", __name__, template_folder="templates")


@bp.get("/audit")
@requires(CorePermission.READ_AUDIT)
def entries() -> str:
    """Who did what, when, on what, from which address."""
    action, person = request.args.get("action", "")[:60], request.args.get("person", "")[:100]
    page = page_number()
    found, total = queries.list_entries(action=action, person=person, page=page)
    return render_template(
        "audit/entries.html",
        entries=found,
        names=queries.find_names(found),
        total=total,
        action=action,
        person=person,
        page=page,
        pages=ceil(total / queries.PAGE),
        actions=sorted(
            ((one, _(action_words(one))) for one in queries.list_actions()), key=lambda one: collation_key(one[1])
        ),
        action_words=action_words,
        subject_words=subject_words,
        detail_words=detail_words,
    )
