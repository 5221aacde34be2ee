"""Taking in a course by the browser."""

from __future__ import annotations

from tempfile import NamedTemporaryFile

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from courses.activity_kinds import ArchiveError
from courses.archive.actions import import_draft
from courses.archive.checking import check_archive
from courses.archive.drafts import CourseDraft
from courses.archive.forms import ArchiveForm
from courses.archive.reading import MEGABYTE, read_uploaded
from courses.permissions import CoursePermission
from lms.clock import now
from lms.db import begin_writing, reads_first
from lms.permissions import requires
from lms.settings import current_config

bp = Blueprint("archive", __name__, template_folder="templates")


@bp.route("/courses/import", methods=["GET", "POST"])
@reads_first
@requires(CoursePermission.MANAGE_COURSE)
def import_course() -> str | Response | tuple[str, int]:
    """Take a course from a ZIP, whole or not at all. It is checked before anything is written; ``do=check`` stops there."""
    form, most = ArchiveForm(), current_config().upload_megabytes
    errors: list[ArchiveError] = []
    # Not validate_on_submit, which writes: a file is never among what was kept.
    if form.is_submitted() and form.validate():
        content = form.file.data.read(most * MEGABYTE + 1)
        if len(content) > most * MEGABYTE:
            form.file.errors = [_("The file has more than %(most)s MB.", most=most)]
        else:
            draft, errors = _check(form.file.data.filename or "", content)
            if draft is not None and request.form.get("do") == "check":
                flash(_("“%(title)s” is without errors. Nothing was imported.", title=draft.title), "success")
                return redirect(url_for(".import_course"))
            if draft is not None:
                return _import(draft)
    page = render_template("archive/import_course.html", form=form, errors=errors, most=most)
    return (page, 422) if form.errors or errors else page


def _check(name: str, content: bytes) -> tuple[CourseDraft | None, list[ArchiveError]]:
    with NamedTemporaryFile(suffix=".zip") as file:  # a ZIP is read from its end
        file.write(content)
        file.flush()
        found = read_uploaded(file.name, name)
    return check_archive(found.files, found.errors)


def _import(draft: CourseDraft) -> Response:
    begin_writing()
    if not current_user.may(CoursePermission.MANAGE_COURSE):  # meanwhile taken away
        abort(403)
    imported = import_draft(draft, actor=current_user, at=now())
    words = {"title": imported.version.title, "number": imported.version.number}
    if imported.created:
        flash(_("“%(title)s” is imported as version %(number)s. New cohorts can use it.", **words), "success")
    else:
        flash(_("Nothing has changed: this is version %(number)s of “%(title)s”, which is there already.", **words))
    return redirect(url_for("content.version", version_id=imported.version.id))
