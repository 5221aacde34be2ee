"""What participants read."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as WerkzeugResponse

from courses.archive.media import media_type
from courses.content.access import enrolment_to_learn, get_file, get_lesson, version_for
from courses.content.documents import read_document, read_survey
from courses.content.rules import closed_reason
from courses.permissions import CoursePermission
from courses.progress.actions import complete_lesson
from courses.progress.actions import reopen_lesson as reopen
from courses.progress.outline import STATE_KINDS, STATE_WORDS, activity_url, find_neighbours, list_lines, list_modules
from courses.progress.queries import list_activities, standings_of, states_of
from courses.progress.rules import ActivityState
from lms.clock import now
from lms.files.queries import get_content
from lms.permissions import requires

bp = Blueprint("content", __name__, template_folder="templates")

#: A picture of a course may show itself and nothing else, even when it is opened by itself.
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@bp.get("/learn/<int:enrolment_id>")
@requires(CoursePermission.LEARN)
def course(enrolment_id: int) -> str:
    """The course as a list of things to do, module by module."""
    enrolment = enrolment_to_learn(current_user, enrolment_id, outline=True)
    [standing] = standings_of([enrolment])
    modules = list_modules(standing)
    at = now()
    lines = {module.position: list_lines(standing, module.activities, at) for module in modules}
    return render_template(
        "content/course.html",
        enrolment=enrolment,
        standing=standing,
        modules=modules,
        lines=lines,
        words=STATE_WORDS,
        kinds=STATE_KINDS,
        now=at,
    )


@bp.get("/learn/<int:enrolment_id>/lessons/<slug>")
@requires(CoursePermission.LEARN)
def lesson(enrolment_id: int, slug: str) -> str:
    """A lesson, like an article."""
    enrolment = enrolment_to_learn(current_user, enrolment_id)
    found = get_lesson(enrolment.cohort.version_id, slug)
    activities = list_activities([enrolment.cohort.version_id])[enrolment.cohort.version_id]
    before, after = find_neighbours(activities, found.activity_id)
    cohort = enrolment.cohort
    return render_template(
        "content/lesson.html",
        enrolment=enrolment,
        lesson=found,
        activity=found.activity,
        before=before,
        after=after,
        activity_url=activity_url,
        module=next(one.module for one in activities if one.id == found.activity_id),
        done=states_of([enrolment.id])[enrolment.id].get(found.activity_id) is ActivityState.DONE,
        closed=closed_reason(begin_date=cohort.begin_date, today=now().astimezone(ZoneInfo(cohort.zone)).date()),
    )


@bp.post("/learn/<int:enrolment_id>/lessons/<slug>")
@requires(CoursePermission.LEARN)
def read_on(enrolment_id: int, slug: str) -> WerkzeugResponse:
    """Note that the lesson was read, and go on."""
    enrolment = enrolment_to_learn(current_user, enrolment_id)
    found = get_lesson(enrolment.cohort.version_id, slug)
    complete_lesson(enrolment, found.activity, actor=current_user, at=now())
    activities = list_activities([enrolment.cohort.version_id])[enrolment.cohort.version_id]
    _before, after = find_neighbours(activities, found.activity_id)
    if after is None or "stay" in request.form:
        return redirect(url_for(".course", enrolment_id=enrolment.id))
    return redirect(activity_url(after, enrolment.id))


@bp.post("/learn/<int:enrolment_id>/lessons/<slug>/reopen")
@requires(CoursePermission.LEARN)
def reopen_lesson(enrolment_id: int, slug: str) -> WerkzeugResponse:
    """Take back that the lesson was read."""
    enrolment = enrolment_to_learn(current_user, enrolment_id)
    found = get_lesson(enrolment.cohort.version_id, slug)
    reopen(enrolment, found.activity, actor=current_user, at=now())
    return redirect(url_for(".lesson", enrolment_id=enrolment.id, slug=slug))


@bp.get("/content/<int:version_id>")
@requires(CoursePermission.PREVIEW_COURSE)
def version(version_id: int) -> str:
    """A course version as its staff look through it."""
    found = version_for(current_user, version_id)
    return render_template("content/version.html", version=found, activities=list_activities([version_id])[version_id])


@bp.get("/content/<int:version_id>/lessons/<slug>")
@requires(CoursePermission.PREVIEW_COURSE)
def preview_lesson(version_id: int, slug: str) -> str:
    """A lesson as its staff look at it."""
    found = version_for(current_user, version_id)
    shown = get_lesson(version_id, slug)
    return render_template("content/preview_lesson.html", version=found, lesson=shown, activity=shown.activity)


@bp.get("/content/<int:version_id>/glossary")
@requires(CoursePermission.READ_CONTENT)
def glossary(version_id: int) -> str:
    """The words of a course."""
    found = version_for(current_user, version_id)
    words = sorted(found.outline.get("glossary", []), key=lambda word: word["term"].casefold())
    return render_template("content/glossary.html", version=found, words=words)


@bp.get("/content/<int:version_id>/pages/<name>")
@requires(CoursePermission.READ_CONTENT)
def page(version_id: int, name: str) -> str:
    """A page of a course that stands alone."""
    found = version_for(current_user, version_id)
    title, html = read_document(found, f"pages/{name}.md")
    return render_template("content/page.html", version=found, title=title, html=html)


@bp.get("/content/<int:version_id>/peer-review/<name>")
@requires(CoursePermission.READ_CONTENT)
def peer_review_form(version_id: int, name: str) -> str:
    """The form for reading one another's work."""
    found = version_for(current_user, version_id)
    _title, html = read_document(found, f"assignments/{name}.md")
    return render_template("content/page.html", version=found, title=_("Reading one another's work"), html=html)


@bp.get("/content/<int:version_id>/plans/<slug>")
@requires(CoursePermission.PREVIEW_COURSE)
def plan(version_id: int, slug: str) -> str:
    """The plan of a live session, for those who hold it."""
    found = version_for(current_user, version_id)
    live = next(
        (live for live in found.outline.get("live_sessions", []) if live["id"] == slug and "plan" in live), None
    )
    if live is None:
        abort(404)
    _title, html = read_document(found, live["plan"])
    return render_template("content/page.html", version=found, title=live["title"], html=html)


@bp.get("/content/<int:version_id>/surveys/<name>")
@requires(CoursePermission.PREVIEW_COURSE)
def survey(version_id: int, name: str) -> str:
    """An evaluation questionnaire, to look through and to print."""
    found = version_for(current_user, version_id)
    return render_template("content/survey.html", version=found, survey=read_survey(found, f"surveys/{name}.yaml"))


@bp.get("/content/<int:version_id>/media/<name>")
@requires(CoursePermission.READ_CONTENT)
def media(version_id: int, name: str) -> Response:
    """A picture or document of a course."""
    found = version_for(current_user, version_id)
    file = get_file(found.id, f"media/{name}")
    kind = media_type(name)
    # A version never changes, so neither does its file.
    headers = {
        "Content-Security-Policy": MEDIA_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=31536000, immutable",
    }
    if not kind.startswith("image/"):
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response = (
        Response(status=304) if request.if_none_match.contains(file.sha256) else Response(get_content(file.sha256))
    )
    response.content_type = kind
    response.set_etag(file.sha256)
    response.headers.update(headers)
    return response
