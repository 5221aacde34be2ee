"""A question's texts, each in its field: look at them as participants would, save them, tell what others changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from assessments.bank.queries import list_uses, list_versions, media_address, newest_titles
from assessments.items.models import Item, ItemVersion
from assessments.items.rendering import preview_order, question_view
from assessments.items.rules import can_mend, list_wordings, reword, texts_of
from assessments.permissions import AssessmentPermission
from assessments.repair.access import item_to_change
from assessments.wording import queries
from assessments.wording.actions import reword_item
from assessments.wording.forms import PREFIX, WordingForm, form_for
from assessments.wording.rules import WordingReason, is_overtaken, list_changes, tidy, typed_texts
from lms.addresses import find_number, row_number
from lms.clock import now
from lms.forms import kept_form_shown
from lms.frame.filters import say
from lms.kept_forms.actions import find_kept_fields
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("wording", __name__, template_folder="templates")


@bp.route("/bank/items/<int:item_id>/wording", methods=["GET", "POST"])
@requires(AssessmentPermission.REPAIR_ITEM)
def edit(item_id: int) -> str | Response:
    """Every text of a question to edit; one button shows the question with them, the other one saves them."""
    item = item_to_change(current_user, item_id)
    version = queries.get_newest(item)
    taken_up = _taken_up(version)
    form = form_for(version, texts_of(version.type, taken_up.definition))
    seen = queries.find_version(item, find_number(form.seen.data or "")) or version
    if form.is_submitted() or kept_form_shown():
        texts = typed_texts(form.wordings, form.typed())
        if is_overtaken(texts_of(seen.type, seen.definition), texts_of(version.type, version.definition), texts):
            return _told(item, version, form, seen)
    if not form.validate_on_submit():
        return _render(item, version, form, taken_up=taken_up)
    if request.form.get("step") == "preview":
        return _render(item, version, form, preview=_preview(item, version, form))
    try:
        made = reword_item(item, form.typed(), seen=seen, actor=current_user, at=now())
    except Refusal as refused:  # refused before anything was written
        form.form_errors.append(say(refused.sentence))
        if refused.reason is WordingReason.OVERTAKEN:
            version = queries.get_newest(item)
        return _render(item, version, form)
    if made is not None:
        flash(_("The new wording is in use, as version %(number)s of the question.", number=made.number), "success")
    elif seen.number != version.number:
        flash(_("The question says this already, in version %(number)s.", number=version.number))
    else:
        flash(_("Nothing was changed, and so there is no new version."))
    return redirect(url_for("bank.item", item_id=item.id))


def _taken_up(version: ItemVersion) -> ItemVersion:
    """Return the version whose texts the fields begin with: an earlier one that the page's link names, or what stands."""
    number = request.args.get("from", type=row_number)
    if number is None:
        return version
    found = next((one for one in queries.list_earlier(version) if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def _told(item: Item, version: ItemVersion, form: WordingForm, seen: ItemVersion) -> str:
    """Show what somebody else changed meanwhile. What was typed stays in its field, or beside the form where that is gone."""
    before = texts_of(seen.type, seen.definition)
    own: list[tuple[str, str]] = []
    form.form_errors = [*form.form_errors, say(Refusal(WordingReason.OVERTAKEN).sentence)]
    if seen in queries.list_earlier(version):
        form.fill_again(before)
    else:
        own = _own_texts(seen)
        form.fill_anew()
    changes = list_changes((seen.type, seen.definition), (version.type, version.definition))
    return _render(item, version, form, meanwhile=changes, own=own, author=list_versions(item)[0][1])


def _own_texts(seen: ItemVersion) -> list[tuple[str, str]]:
    """Return the texts that were typed for a version, with their labels, without those that it had."""
    typed: Mapping[str, str] = request.form if request.method == "POST" else find_kept_fields(current_user) or {}
    return [
        (say(one.label), typed[PREFIX + one.name])
        for one in list_wordings(seen.type, seen.definition)
        if tidy(typed.get(PREFIX + one.name, one.text)) != tidy(one.text)
    ]


def _preview(item: Item, version: ItemVersion, form: WordingForm) -> dict[str, Any]:
    """Return the question with the texts of the form, as an attempt would ask it."""
    definition = reword(version.type, version.definition, typed_texts(form.wordings, form.typed()))
    shown = ItemVersion(item_id=item.id, type=version.type, definition=definition)
    order = preview_order(version.type, definition, version.id)
    return question_view(shown, order, None, field="preview", media=media_address(item)) | {
        "guidance": definition.get("guidance", "")
    }


def _render(item: Item, version: ItemVersion, form: WordingForm, **more: Any) -> str:
    uses = list_uses(item)
    given: dict[str, Any] = {"preview": None, "meanwhile": [], "own": [], "author": None, "taken_up": version} | more
    return render_template(
        "wording/edit.html",
        item=item,
        version=version,
        form=form,
        prefix=PREFIX,
        mendable=can_mend(version.type, version.definition),
        asked_in=[use.quiz for use in uses if use.version_number == version.number],
        older_in=[use.quiz for use in uses if use.version_number != version.number],
        title=newest_titles([item.course_id]).get(item.course_id, item.course.slug),
        **given,
    )
