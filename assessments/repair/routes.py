"""Mending a question: say what, see what it would do, do it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.events import CertificatesAsked
from assessments.items.models import ItemVersion
from assessments.items.queries import find_successors, list_repairs
from assessments.permissions import AssessmentPermission
from assessments.repair import access, actions, keys, queries
from assessments.repair.forms import RepairForm
from assessments.repair.rules import Kind, RepairReason, summary
from lms.clock import now
from lms.events import publish
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("repair", __name__, template_folder="templates")


@bp.route("/questions/<int:version_id>/repair", methods=["GET", "POST"])
@requires(AssessmentPermission.REPAIR_ITEM)
def question(version_id: int) -> str | Response:
    """Mend a question: the first post shows the dry run, the second one does what it showed."""
    version = access.question_to_repair(current_user, version_id)
    successor = find_successors([version.id]).get(version.id)
    if successor is not None:
        flash(_("This question was repaired before. This is its present version."))
        return redirect(url_for(".question", version_id=successor))
    form = RepairForm()
    if not keys.is_mendable(version.type, version.definition):
        form.offer_no_key()
    if not form.validate_on_submit():
        return _render(version, form)
    kind = Kind(form.kind.data)
    try:
        new = _mended(version, kind)
        if request.form.get("step") == "apply":
            repair, run = actions.repair_item(version, new, kind, never_lower=form.never_lower.data,
                                              reason=(form.reason.data or "").strip(), actor=current_user, at=now())  # fmt: skip
            counts = summary(run.effects)
            flash(
                _("The question is repaired. %(changed)s results have changed.", changed=counts["changed"]), "success"
            )
            return redirect(url_for(".question", version_id=repair.to_version_id))
        run = queries.try_repair(version, new, never_lower=form.never_lower.data)
    except Refusal as refusal:
        return _render(version, form, refusal=refusal)
    return _render(version, form, run=run)


def _mended(version: ItemVersion, kind: Kind) -> ItemVersion:
    if kind is not Kind.KEY:
        return actions.mended_version(version, kind)
    definition, problems = keys.mended(version.type, version.definition, request.form)
    if problems:
        said = {
            "no_answer": _("At least one answer must be right."),
            "no_reason": _("One reason must be right."),
            "no_text": _("At least one text must be accepted."),
            "bad_value": _("The value must be a number."),
            "bad_tolerance": _("The tolerance must be a number from 0 on."),
        }
        raise Refusal(RepairReason.BAD_KEY, problems=" ".join(said[problem] for problem in dict.fromkeys(problems)))
    return actions.mended_version(version, kind, definition)


def _render(
    version: ItemVersion, form: RepairForm, *, run: queries.DryRun | None = None, refusal: Refusal | None = None
) -> str:
    names = {}
    certificates: dict[int, list[str]] = {}
    if run is not None:
        ids = [effect.enrolment_id for effect in run.effects if effect.changed]
        names = queries.get_enrolments(ids)
        for answer in publish(CertificatesAsked(ids)):
            certificates |= answer
    mendable = keys.is_mendable(version.type, version.definition)
    if not form.is_submitted():
        form.kind.data = Kind.KEY.value if mendable else Kind.FULL_POINTS.value
    return render_template(
        "repair/question.html",
        version=version,
        definition=keys.mended(version.type, version.definition, request.form)[0]
        if form.is_submitted() and mendable
        else version.definition,
        mendable=mendable,
        as_typed=keys.as_typed,
        form=form,
        run=run,
        counts=summary(run.effects) if run else None,
        changed=[effect for effect in run.effects if effect.changed] if run else [],
        names=names,
        certificates=certificates,
        refusal=refusal,
        repairs=list_repairs([version.item_id]),
        quizzes=queries.list_quizzes_with(version.item_id),
    )
