"""Questions in and out: a file, its dry run, its taking; a format, what it can say, the file."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from assessments.bank import access
from assessments.bank.queries import list_items, newest_titles
from assessments.bank.routes import WORDS, posted_filter
from assessments.exchange import actions, queries
from assessments.exchange.entries import MEGABYTE
from assessments.exchange.formats.registry import NAMES, WRITERS
from assessments.exchange.forms import UploadForm
from assessments.exchange.limits import MAX_QUESTIONS
from assessments.exchange.writing import write_questions
from assessments.exchange.written import Written
from assessments.permissions import AssessmentPermission
from courses.archive.media import media_type
from courses.content.models import Course
from courses.content.routes import MEDIA_POLICY
from lms.clock import now
from lms.db import begin_writing, reads_first
from lms.files.queries import get_content
from lms.permissions import requires
from lms.sentences import read_sentence
from lms.settings import current_config

bp = Blueprint("exchange", __name__, template_folder="templates")


@bp.route("/bank/<slug>/import", methods=["GET", "POST"])
@requires(AssessmentPermission.MANAGE_BANK)
def upload(slug: str) -> str | WerkzeugResponse:
    """Choose a file. It is kept, and its dry run shown."""
    course = access.bank_of(current_user, slug, AssessmentPermission.MANAGE_BANK)
    form = UploadForm()
    most = current_config().upload_megabytes
    if form.validate_on_submit():
        content = form.file.data.read(most * MEGABYTE + 1)
        if 0 < len(content) <= most * MEGABYTE:
            kept = actions.keep_import(
                course,
                file_name=form.file.data.filename or "",
                content=content,
                format_name=form.format.data or "",
                actor=current_user,
                at=now(),
            )
            return redirect(url_for(".dry_run", import_id=kept.id))
        form.file.errors = [_("The file has more than %(most)s MB.", most=most) if content else _("The file is empty.")]
    imports = queries.list_imports(course.id)
    return render_template(
        "exchange/upload.html",
        course=course,
        title=_title(course),
        form=form,
        imports=imports,
        most=most,
        count=MAX_QUESTIONS,
    )


@bp.get("/bank/imports/<int:import_id>")
@requires(AssessmentPermission.MANAGE_BANK)
def dry_run(import_id: int) -> str:
    """What a file holds: each question, taken or refused; after the taking, what was done with it."""
    kept = access.import_in(current_user, import_id, AssessmentPermission.MANAGE_BANK)
    if kept.outcome is not None:
        lines = kept.outcome["entries"]
        counts = {name: sum(1 for one in lines if (one["change"] or "refused") == name) for name in _CHANGES}
        reading = None
    else:
        reading = actions.read_import(kept, megabytes=current_config().upload_megabytes)
        planned = queries.plan_entries(kept.course_id, reading)
        lines = [actions.stored_entry(one) for one in planned]
        counts = actions.count_changes(planned)
    for line in lines:
        line["said"] = read_sentence(line["reason"]) if line["reason"] else None
    return render_template(
        "exchange/dry_run.html",
        kept=kept,
        course=kept.course,
        title=_title(kept.course),
        lines=lines,
        counts=counts,
        failed=reading is not None and reading.failed,
        format_name=NAMES.get(reading.format, "") if reading else NAMES.get(kept.format, ""),
        **WORDS,
    )


_CHANGES = ("new", "changed", "same", "refused")


@bp.post("/bank/imports/<int:import_id>/apply")
@reads_first
@requires(AssessmentPermission.MANAGE_BANK)
def apply(import_id: int) -> WerkzeugResponse:
    """Take what can be taken of a kept file. It is read before anything is written."""
    kept = access.import_in(current_user, import_id, AssessmentPermission.MANAGE_BANK)
    reading = actions.read_import(kept, megabytes=current_config().upload_megabytes)
    begin_writing()
    kept = access.import_in(current_user, import_id, AssessmentPermission.MANAGE_BANK)
    if actions.apply_import(kept, reading, actor=current_user, at=now()):
        flash(_("The questions are in the item bank."), "success")
    else:
        flash(_("This file was taken before. Nothing has changed."))
    return redirect(url_for(".dry_run", import_id=kept.id))


@bp.get("/bank/<slug>/export")
@requires(AssessmentPermission.READ_BANK)
def export(slug: str) -> str:
    """Choose a format; with one chosen, what it can say and what it cannot, before the file is fetched."""
    course = access.bank_of(current_user, slug, AssessmentPermission.READ_BANK)
    wanted = posted_filter()
    chosen = request.args.get("format", "")
    written = _write(course, chosen) if chosen in WRITERS else None
    return render_template(
        "exchange/export.html",
        course=course,
        title=_title(course),
        wanted=wanted,
        count=len(list_items(course, wanted)),
        formats={name: NAMES[name] for name in WRITERS},
        chosen=chosen,
        written=written,
    )


@bp.get("/bank/<slug>/export/file")
@requires(AssessmentPermission.READ_BANK)
def export_file(slug: str) -> Response:
    """The file with the questions that the chosen format can say."""
    course = access.bank_of(current_user, slug, AssessmentPermission.READ_BANK)
    chosen = request.args.get("format", "")
    if chosen not in WRITERS:
        abort(404)
    written = _write(course, chosen)
    kind = {"qti": "application/zip", "moodle-xml": "application/xml"}.get(chosen, "text/plain")
    name = f"{course.slug}.{written.ending}"
    return Response(
        written.content,
        content_type=kind if chosen == "qti" else f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


@bp.get("/pictures/<name>")
@requires(AssessmentPermission.SEE_PICTURE)
def picture(name: str) -> Response:
    """A picture of a question. Its name is its hash: nobody finds it who has not seen the question."""
    found = queries.find_picture(name)
    if found is None:
        abort(404)
    answer = (
        Response(status=304) if request.if_none_match.contains(found.sha256) else Response(get_content(found.sha256))
    )
    answer.content_type = media_type(name)
    answer.set_etag(found.sha256)
    answer.headers.update(
        {
            "Content-Security-Policy": MEDIA_POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=31536000, immutable",
        }
    )
    return answer


def _write(course: Course, format_name: str) -> Written:
    versions = list_items(course, posted_filter())
    return write_questions(queries.questions_for(course.id, versions, format_name), format_name, queries.load_picture)


def _title(course: Course) -> str:
    return newest_titles([course.id]).get(course.id, course.slug)
