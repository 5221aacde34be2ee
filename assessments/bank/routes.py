"""The item bank: a course's questions to find, to try, and to take out of use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from assessments.bank import access, actions, queries
from assessments.bank.rules import DIFFICULTIES, KEY_NAMES, STATES, TYPE_NAMES, Filter, changed_keys
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.rendering import preview_order, question_view
from assessments.items.rules import score_response
from assessments.permissions import AssessmentPermission
from assessments.repair import access as repairs
from assessments.wording.queries import list_earlier_wordings
from assessments.wording.rules import Change, list_changes
from lms.addresses import page_number, row_number
from lms.clock import now
from lms.permissions import requires

bp = Blueprint("bank", __name__, template_folder="templates")

WORDS: dict[str, Any] = {"type_names": TYPE_NAMES, "difficulties": DIFFICULTIES, "states": STATES}


def posted_filter() -> Filter:
    """Return the filter in the page's address; what is not one there narrows nothing."""
    values = request.args
    difficulty = values.get("difficulty", "")
    return Filter(
        search=values.get("q", "").strip()[:200],
        tag=values.get("tag", "")[:200],
        type=values.get("type", "") if values.get("type") in TYPE_NAMES else "",
        difficulty=int(difficulty) if difficulty in {"1", "2", "3"} else 0,
        state=values.get("state", "active") if values.get("state") in STATES else "active",
    )


@bp.get("/bank")
@requires(AssessmentPermission.READ_BANK)
def courses() -> str | Response:
    """The courses whose banks one may open; with one course, its bank."""
    found = access.list_courses_for(current_user, AssessmentPermission.READ_BANK)
    if len(found) == 1:
        return redirect(url_for(".items", slug=found[0].slug))
    ids = [course.id for course in found]
    return render_template(
        "bank/courses.html", courses=found, counts=queries.count_items(ids), titles=queries.newest_titles(ids)
    )


@bp.get("/bank/<slug>")
@requires(AssessmentPermission.READ_BANK)
def items(slug: str) -> str:
    """A course's questions, searched and filtered."""
    course = access.bank_of(current_user, slug, AssessmentPermission.READ_BANK)
    wanted = posted_filter()
    page = page_number()
    found = queries.find_items(course, wanted, page)
    return render_template(
        "bank/items.html",
        course=course,
        title=queries.newest_titles([course.id]).get(course.id, course.slug),
        found=found,
        wanted=wanted,
        used=queries.count_quizzes([version.item_id for version in found.versions]),
        page=page,
        pages=-(-found.total // queries.PAGE) or 1,
        may_manage=current_user.may(AssessmentPermission.MANAGE_BANK),
        **WORDS,
    )


@bp.route("/bank/items/<int:item_id>", methods=["GET", "POST"])
@requires(AssessmentPermission.READ_BANK)
def item(item_id: int) -> str:
    """A question as participants see it, to try; its history and where it is used. Posting tries an answer, nothing is kept."""
    found = access.item_in(current_user, item_id, AssessmentPermission.READ_BANK)
    versions = queries.list_versions(found)
    number = request.args.get("version", type=row_number)
    shown = next((one for one, _author in versions if one.number == (number or versions[0][0].number)), None)
    if shown is None:
        raise NotFound
    by_number = {one.number: one for one, _author in versions}
    history = [
        (one, author, *(_changes(by_number.get(one.number - 1), one) if one.number > 1 else ([], [])))
        for one, author in versions
    ]
    may_change = current_user.may(AssessmentPermission.REPAIR_ITEM)
    concerns_others = may_change and repairs.concerns_others(current_user, found.id)
    return render_template(
        "bank/item.html",
        item=found,
        version=shown,
        newest=versions[0][0],
        history=history,
        uses=queries.list_uses(found),
        question=_tried(shown),
        tried=request.method == "POST",
        by_hand=get_interaction(shown.type).MANUAL,
        key_names=KEY_NAMES,
        title=queries.newest_titles([found.course_id]).get(found.course_id, found.course.slug),
        may_manage=current_user.may(AssessmentPermission.MANAGE_BANK),
        may_change=may_change and not concerns_others,
        concerns_others=concerns_others,
        earlier=list_earlier_wordings(versions[0][0]),
        **WORDS,
    )


@bp.post("/bank/items/<int:item_id>/retire")
@requires(AssessmentPermission.MANAGE_BANK)
def retire(item_id: int) -> Response:
    """Take a question out of use."""
    found = access.item_in(current_user, item_id, AssessmentPermission.MANAGE_BANK)
    actions.retire_item(found, actor=current_user, at=now())
    flash(_("The question is retired. Quizzes that have it go on asking it."), "success")
    return redirect(url_for(".item", item_id=found.id))


@bp.post("/bank/items/<int:item_id>/restore")
@requires(AssessmentPermission.MANAGE_BANK)
def restore(item_id: int) -> Response:
    """Bring a retired question back."""
    found = access.item_in(current_user, item_id, AssessmentPermission.MANAGE_BANK)
    actions.restore_item(found, actor=current_user, at=now())
    flash(_("The question is in use again."), "success")
    return redirect(url_for(".item", item_id=found.id))


def _changes(before: ItemVersion | None, after: ItemVersion) -> tuple[list[str], list[Change]]:
    """Return the keys in which a version differs from the one before it, and its texts old and new."""
    if before is None:
        return [], []
    keys = changed_keys({"type": before.type} | before.definition, {"type": after.type} | after.definition)
    return keys, list_changes((before.type, before.definition), (after.type, after.definition))


def _tried(version: ItemVersion) -> dict[str, Any]:
    """Return the question with the posted answer and its score."""
    interaction = get_interaction(version.type)
    order = preview_order(version.type, version.definition, version.id)
    response = None
    if request.method == "POST" and not interaction.MANUAL:
        response = interaction.read(version.definition, "answer", request.form)
    view = question_view(version, order, response, media=queries.media_address(version.item))
    return view | {"given": score_response(version.type, version.definition, response)}
