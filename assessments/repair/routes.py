"""Mending a question: say what, see what it would do, do it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assessments.bank.queries import media_address, newest_titles
from assessments.events import CertificatesAsked
from assessments.items.interactions.parts import KeyProblem
from assessments.items.models import ItemVersion
from assessments.items.queries import find_present
from assessments.items.rendering import key_form
from assessments.items.rules import can_mend, is_asked, mend
from assessments.permissions import AssessmentPermission
from assessments.repair import access, actions, queries
from assessments.repair.forms import RepairForm
from assessments.repair.rules import KIND_NAMES, Kind, RepairReason, standing, summary
from lms.clock import now
from lms.events import publish
from lms.forms import kept_form_shown
from lms.frame.filters import say
from lms.kept_forms.actions import find_kept_fields
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("repair", __name__, template_folder="templates")


@bp.route("/questions/<int:version_id>/repair", methods=["GET", "POST"])
@requires(AssessmentPermission.REPAIR_ITEM)
def question(version_id: int) -> str | Response:
    """Mend a question: the first post shows the dry run, the second one does what it showed."""
    version = access.question_to_repair(current_user, version_id)
    present = find_present(version.id)
    if present != version.id:
        return _overtaken(version, access.question_to_repair(current_user, present))
    form = RepairForm()
    offered = _offer(form, version)
    if not form.is_submitted() and not kept_form_shown():
        _fill(form, offered)
    by_key = form.is_submitted() and form.kind.data == Kind.KEY
    definition, problems = (mend(version.type, version.definition, request.form) if by_key else None) or (None, [])
    entered = request.form if form.is_submitted() else find_kept_fields(current_user)
    if not form.validate_on_submit() or problems:
        return _render(version, form, entered=entered, problems=problems)
    kind, never_lower = Kind(form.kind.data), bool(form.never_lower.data)
    try:
        new = actions.mended_version(version, kind, definition)
    except Refusal as refusal:
        return _render(version, form, entered=entered, refusal=refusal)
    told = None
    if request.form.get("step") == "apply":
        try:
            return _apply(version, new, kind, form)
        except Refusal as refusal:
            if refusal.reason is not RepairReason.CHANGED_MEANWHILE:
                return _render(version, form, entered=entered, refusal=refusal)
            new, told = actions.mended_version(version, kind, definition), refusal
    taken_back = queries.find_standing(version) if kind is Kind.TAKE_BACK else None
    run = queries.try_repair(version, new, never_lower=never_lower, taken_back=taken_back)
    return _render(version, form, entered=entered, would=(new, run), refusal=told)


def _apply(version: ItemVersion, new: ItemVersion, kind: Kind, form: RepairForm) -> Response:
    """Do what the dry run has shown. Raises Refusal, also when it would be something else by now."""
    repair, run = actions.repair_item(
        version,
        new,
        kind,
        never_lower=bool(form.never_lower.data),
        reason=(form.reason.data or "").strip(),
        actor=current_user,
        at=now(),
        shown=request.form.get("outcome", ""),
    )
    counts = summary(run.effects)
    done = ngettext("Done. %(num)s result has changed.", "Done. %(num)s results have changed.", counts["changed"])
    flash(done, "success")
    return redirect(url_for(".question", version_id=repair.to_version_id))


def _offer(form: RepairForm, version: ItemVersion) -> list[str]:
    return form.offer(
        key=can_mend(version.type, version.definition), take_back=bool(standing(queries.list_chain(version)))
    )


def _overtaken(version: ItemVersion, present: ItemVersion) -> str | Response:
    """Lead to the present version; what was sent for an older one comes along, as far as it still says the same."""
    since = queries.list_since(version, present)
    sent = (request.form.get("kind"), (request.form.get("reason") or "").strip(), current_user.id)
    pressed_twice = sent == (since[0].kind, since[0].reason, since[0].actor_id)
    if request.method != "POST" or pressed_twice:
        flash(_("This question was changed since. This is its present version."))
        return redirect(url_for(".question", version_id=present.id))
    form = RepairForm()
    _offer(form, present)
    # New words leave the places by which the key's controls are named; a repair may not.
    worded = all(link.kind == Kind.WORDING for link in since)
    told = Refusal(RepairReason.WORDED_MEANWHILE if worded else RepairReason.REPAIRED_MEANWHILE)
    form.form_errors = [say(told.sentence)]
    return _render(present, form, entered=request.form if worded else None)


def _fill(form: RepairForm, offered: Sequence[str]) -> None:
    """Choose what the page's link asked for; otherwise the mildest way. What is taken back is taken back wholly."""
    wanted = request.args.get("kind")
    form.kind.data = wanted if wanted in offered else offered[0]
    form.never_lower.data = form.kind.data != Kind.TAKE_BACK


def _render(
    version: ItemVersion,
    form: RepairForm,
    *,
    entered: MultiDict[str, str] | None,
    would: tuple[ItemVersion, queries.DryRun] | None = None,
    refusal: Refusal | None = None,
    problems: Sequence[KeyProblem] = (),
) -> str:
    new, run = would or (version, None)
    names = {}
    certificates: dict[int, list[str]] = {}
    if run is not None:
        ids = [effect.enrolment_id for effect in run.effects if effect.changed]
        names = queries.get_enrolments(ids)
        for answer in publish(CertificatesAsked(ids)):
            certificates |= answer
    repairs = queries.list_chain(version)
    return render_template(
        "repair/question.html",
        version=version,
        title=newest_titles([version.item.course_id]).get(version.item.course_id, version.item.course.slug),
        mendable=can_mend(version.type, version.definition),
        keyed=key_form(version, entered, problems, media=media_address(version.item)),
        problems=problems,
        form=form,
        run=run,
        later=queries.list_later(version, new) if run else [],
        asked=is_asked(new.definition),
        outcome=run.fingerprint(new, never_lower=bool(form.never_lower.data)) if run else None,
        counts=summary(run.effects) if run else None,
        changed=[effect for effect in run.effects if effect.changed] if run else [],
        names=names,
        certificates=certificates,
        refusal=refusal,
        standing=standing(repairs),
        history=queries.list_history(version),
        kinds=KIND_NAMES,
        quizzes=queries.list_quizzes_with(version.item_id),
    )
