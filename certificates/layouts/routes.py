"""Layouts: looking at them, uploading, trying out, choosing."""

from __future__ import annotations

import io
import json

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.documents.rendering import Order, render_pdf
from certificates.layouts import actions, queries
from certificates.layouts.access import layout_for, layout_version_for
from certificates.layouts.forms import ChoiceForm, UploadForm
from certificates.layouts.missing import list_missing
from certificates.layouts.models import Layout
from certificates.layouts.rules import FIELDS, PLACES, fault_sentence
from certificates.layouts.samples import ISSUED_AT, KINDS, LANGUAGES, NAMES, sample_facts
from certificates.permissions import CertificatePermission
from courses.cohorts.access import cohort_for
from courses.cohorts.models import Cohort
from lms.addresses import row_number
from lms.clock import now
from lms.files.queries import get_content
from lms.frame.filters import say
from lms.permissions import requires
from lms.printing.isolation import LayoutFaultError
from lms.sentences import Refusal
from lms.settings import current_config

bp = Blueprint("layouts", __name__, template_folder="templates")
READ, MANAGE = CertificatePermission.READ_CERTIFICATES, CertificatePermission.MANAGE_LAYOUTS


@bp.get("/layouts")
@requires(READ)
def list_layouts() -> str:
    """Every layout, and where a new one is added."""
    return render_template("layouts/list_layouts.html", layouts=queries.list_layouts(), may_manage=current_user.may(MANAGE))


@bp.get("/layouts/new")
@requires(MANAGE)
def new() -> str:
    """How a layout is made, and the form that adds it."""
    return render_template("layouts/new.html", form=UploadForm(), layouts=queries.list_usable_layouts(), fields=FIELDS)


@bp.post("/layouts/new")
@requires(MANAGE)
def add() -> str | Response | tuple[str, int]:
    """Add a layout."""
    form = UploadForm()
    added = _upload(form, None)
    if added is None:
        page = render_template("layouts/new.html", form=form, layouts=queries.list_usable_layouts(), fields=FIELDS)
        return page, 422
    return redirect(url_for(".layout", slug=added.slug))


@bp.get("/layouts/<slug>")
@requires(READ)
def layout(slug: str) -> str:
    """A layout, its versions, and samples of it."""
    return _show(layout_for(current_user, slug, READ), UploadForm())


@bp.post("/layouts/<slug>")
@requires(MANAGE)
def add_version(slug: str) -> str | Response | tuple[str, int]:
    """Add a version to a layout."""
    found = layout_for(current_user, slug, MANAGE)
    form = UploadForm()
    if _upload(form, found) is None:
        return _show(found, form), 422
    return redirect(url_for(".layout", slug=slug))


@bp.post("/layouts/<slug>/withdraw")
@requires(MANAGE)
def withdraw(slug: str) -> Response:
    """Offer a layout no longer."""
    actions.withdraw_layout(layout_for(current_user, slug, MANAGE), actor=current_user, at=now())
    flash(_("The layout is offered no longer. What was issued with it stays as it is."), "success")
    return redirect(url_for(".list_layouts"))


@bp.get("/layouts/versions/<int:version_id>.zip")
@requires(READ)
def download(version_id: int) -> Response:
    """A version's files, to work on."""
    version = layout_version_for(current_user, version_id, READ)
    name = f"{version.layout.slug}-{version.number}.zip"
    content = io.BytesIO(get_content(version.archive_sha256))
    return send_file(content, mimetype="application/zip", as_attachment=True, download_name=name)


@bp.get("/layouts/versions/<int:version_id>/preview.pdf")
@requires(READ)
def preview(version_id: int) -> Response | tuple[str, int]:
    """A sample, printed now: ``kind``, ``language`` and the number of a ``name``."""
    version = layout_version_for(current_user, version_id, READ)
    config = current_config()
    kind, language = request.args.get("kind", ""), request.args.get("language", "")
    number = request.args.get("name", 0, type=row_number)
    facts = sample_facts(
        kind=kind if kind in KINDS else KINDS[0],
        language=language if language in LANGUAGES else LANGUAGES[0],
        name=NAMES[number] if 0 <= number < len(NAMES) else NAMES[0],
        issuer=config.institution_name,
        base_url=config.base_url,
    )
    order = Order(facts, ISSUED_AT)
    try:
        pdf = render_pdf(order.facts, issued_at=order.issued_at, layout=queries.get_layout_files(version))
    except LayoutFaultError as error:
        said = fault_sentence(error.fault.value, error.detail)
        return render_template("layouts/broken.html", version=version, said=said), 422
    return send_file(io.BytesIO(pdf), mimetype="application/pdf", download_name=f"{facts['serial']}.pdf")


@bp.get("/cohorts/<int:cohort_id>/layouts")
@requires(READ)
def cohort(cohort_id: int) -> str:
    """What a cohort's documents are printed with, and for whom something is missing."""
    found = cohort_for(current_user, cohort_id, READ)
    chosen = {place: one.slug for place, one in queries.list_choices(found).items()}
    form = ChoiceForm(layouts=queries.list_usable_layouts(), data={**chosen, "seen": json.dumps(chosen)})
    return _show_cohort(found, form)


@bp.post("/cohorts/<int:cohort_id>/layouts")
@requires(MANAGE)
def choose(cohort_id: int) -> str | Response | tuple[str, int]:
    """Choose."""
    found = cohort_for(current_user, cohort_id, MANAGE)
    usable = queries.list_usable_layouts()
    form = ChoiceForm(layouts=usable)
    if not form.validate_on_submit():
        return _show_cohort(found, form), 422
    by_slug = {one.slug: one for one in usable}
    wanted = {place: by_slug.get(form[place].data or "") for place in PLACES}
    try:
        actions.choose_layouts(found, wanted, seen=form.what_was_seen(), actor=current_user, at=now())
    except Refusal as refusal:  # refused before anything was written
        form.form_errors = [*form.form_errors, say(refusal.sentence)]
        form.seen.data = json.dumps({place: one.slug for place, one in queries.list_choices(found).items()})
        return _show_cohort(found, form), 409
    flash(_("The layouts are chosen. What has been printed already stays as it is."), "success")
    return redirect(url_for(".cohort", cohort_id=found.id))


def _upload(form: UploadForm, of: Layout | None) -> Layout | None:
    if not form.validate_on_submit():
        return None
    try:
        version = actions.upload_layout(form.archive.data.read(), layout=of, actor=current_user, at=now())
    except Refusal as refusal:
        form.archive.errors = [say(refusal.sentence)]
        return None
    flash(_("The layout is there and is being tried out. That takes a few seconds."), "success")
    return version.layout


def _show(found: Layout, form: UploadForm) -> str:
    return render_template(
        "layouts/layout.html",
        layout=found,
        form=form,
        may_manage=current_user.may(MANAGE),
        names=NAMES,
        kinds=KINDS,
        languages=LANGUAGES,
        fault_sentence=fault_sentence,
        fields=FIELDS,
    )


def _show_cohort(found: Cohort, form: ChoiceForm) -> str:
    in_force = {kind: queries.find_version_for(found, kind) for kind in KINDS}
    return render_template(
        "layouts/cohort.html",
        cohort=found,
        form=form,
        in_force=in_force,
        missing=list_missing(found, at=now()),
        may_manage=current_user.may(MANAGE),
    )
