"""Handing in work and grading it."""

from __future__ import annotations

import io

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.assignments import access, actions, queries
from assessments.assignments.forms import SubmissionForm, grading_form
from assessments.assignments.models import Assignment, Submission
from assessments.assignments.rules import (
    MAX_FILES,
    MEDIA_TYPES,
    TOO_FEW,
    TOO_LOW,
    AssignmentReason,
    due_date,
    judge,
    may_submit,
)
from assessments.grading.models import GradeEntry
from assessments.grading.queries import next_ungraded
from assessments.permissions import AssessmentPermission
from courses.cohorts.models import Enrolment
from lms.clock import now
from lms.files.queries import get_content
from lms.files.rules import MEGABYTE, FileReason, labels
from lms.frame.filters import number, say
from lms.kept_forms.actions import forget_kept_forms
from lms.permissions import requires
from lms.sentences import Refusal
from lms.settings import current_config

bp = Blueprint("assignments", __name__, template_folder="templates")


@bp.get("/learn/<int:enrolment_id>/assignments/<int:activity_id>")
@requires(AssessmentPermission.HAND_IN)
def assignment(enrolment_id: int, activity_id: int) -> str:
    """What is asked for, what has been handed in, and the draft."""
    assignment, enrolment = access.own_assignment(current_user, enrolment_id, activity_id)
    return _render(assignment, enrolment)


@bp.post("/learn/<int:enrolment_id>/assignments/<int:activity_id>")
@requires(AssessmentPermission.HAND_IN)
def hand_in(enrolment_id: int, activity_id: int) -> str | Response:
    """Keep the draft; with the button "hand in", make it a submission. What is refused stays in the form."""
    assignment, enrolment = access.own_assignment(current_user, enrolment_id, activity_id)
    form = SubmissionForm()
    most = current_config().upload_megabytes
    uploads = [
        (file.filename, file.read(most * MEGABYTE + 1)) for file in request.files.getlist("files") if file.filename
    ]
    _draft, refused = actions.save_draft(
        assignment,
        enrolment,
        text=form.text.data or "",
        files=uploads,
        keep=request.form.getlist("keep"),
        megabytes=most,
        at=now(),
    )
    if not refused:
        forget_kept_forms(current_user, request.path)  # what was sent is in the draft
    if not refused and request.form.get("do") == "submit":
        try:
            actions.submit_assignment(assignment, enrolment, actor=current_user, at=now())
        except Refusal as refusal:
            refused = [refusal]
        else:
            flash(_("Your work has been handed in. You will get a mail when it has been graded."), "success")
            return redirect(request.path)
    if refused:
        return _render(assignment, enrolment, form, refused)
    flash(_("Your draft has been saved."), "success")
    return redirect(request.path)


@bp.get("/submissions/files/<int:file_id>")
@requires(AssessmentPermission.DOWNLOAD_SUBMISSION)
def download(file_id: int) -> Response:
    """A file that was handed in, always as a download."""
    file = access.file_for(current_user, file_id, AssessmentPermission.READ_GRADES)
    return send_file(
        io.BytesIO(get_content(file.sha256)), mimetype=file.media_type, as_attachment=True, download_name=file.filename
    )


@bp.get("/submissions/<int:submission_id>")
@requires(AssessmentPermission.READ_GRADES)
def submission(submission_id: int) -> str:
    """A submission with its rubric."""
    found = access.submission_for(current_user, submission_id, AssessmentPermission.READ_GRADES)
    return _render_grading(found)


@bp.post("/submissions/<int:submission_id>")
@requires(AssessmentPermission.GRADE)
def grade(submission_id: int) -> str | Response:
    """Grade it and go to the next one."""
    found = access.submission_for(current_user, submission_id, AssessmentPermission.GRADE)
    grades = queries.list_grades(found.assignment_id, found.enrolment_id)
    form = grading_form(found.assignment.criteria, graded=actions.grade_of(found, grades) is not None)
    if not form.validate_on_submit():
        return _render_grading(found, form)
    points = {one["id"]: int(form[f"criterion_{one['id']}"].data) for one in found.assignment.criteria}
    try:
        entry = actions.grade_submission(
            found,
            points,
            comment=form["comment"].data,
            grader=current_user,
            at=now(),
            reason=form["reason"].data if "reason" in form else "",
        )
    except Refusal as refusal:
        return _render_grading(found, form, refusal)
    _tell_grade(found, entry)
    following = next_ungraded(found.enrolment.cohort_id)
    if following:
        return redirect(url_for(".submission", submission_id=following.id))
    return redirect(url_for("grading.queue"))


def _tell_grade(found: Submission, entry: GradeEntry) -> None:
    """Say what was saved, what it comes to, and what keeps it from passing."""
    maximum = entry.score_maximum_hundredths / 100
    points = ngettext(
        "%(given)s of %(maximum)s point",
        "%(given)s of %(maximum)s points",
        1 if maximum == 1 else 2,
        given=number(entry.score_given_hundredths / 100),
        maximum=number(maximum),
    )
    name, outcome = found.enrolment.person.full_name, _("passed") if entry.passed else _("not passed yet")
    flash(
        _("The grade for %(name)s has been saved: %(points)s, %(outcome)s.", name=name, points=points, outcome=outcome),
        "success",
    )
    for reason in actions.shortfalls_of(found.assignment, entry):
        flash(say(reason), "info")


def _render(
    assignment: Assignment,
    enrolment: Enrolment,
    form: SubmissionForm | None = None,
    refused: list[Refusal] | None = None,
) -> str:
    submissions = queries.list_submissions(assignment.activity_id, enrolment.id)
    grades = queries.list_grades(assignment.activity_id, enrolment.id)
    draft = queries.find_draft(assignment.activity_id, enrolment.id)
    closed = may_submit(
        len(submissions),
        last_graded=bool(submissions) and actions.grade_of(submissions[-1], grades) is not None,
        passed=bool(grades) and grades[-1].passed,
        resubmissions=assignment.resubmissions,
        cohort_completed=enrolment.cohort.completed_at is not None,
    )
    if form is None:
        # A page without the form shows no kept text, and so does not say that it is still to be sent.
        text = draft.text if draft else ""
        form = SubmissionForm(None, text=text) if closed else SubmissionForm(text=text)
    others = _at_fields(form, refused or [])
    most = current_config().upload_megabytes
    form.files.render_kw = {
        "data-most": most,
        "data-too-large": _(
            "These files have more than %(most)s MB together. Please hand in fewer at a time.", most=most
        ),
    }
    form.keep.choices = [(file["sha256"], file["filename"]) for file in draft.files] if draft else []
    form.keep.data = [file["sha256"] for file in draft.files] if draft else []
    rounds = [
        {
            "submission": one,
            "grade": (entry := actions.grade_of(one, grades)),
            "criteria": actions.criteria_with_points(assignment, entry),
            "shortfalls": actions.shortfalls_of(assignment, entry) if entry else [],
        }
        for one in submissions
    ]
    return render_template(
        "assignments/assignment.html",
        assignment=assignment,
        enrolment=enrolment,
        form=form,
        draft=draft,
        due=due_date(enrolment.cohort.end_date, assignment.options),
        rounds=rounds,
        closed=Refusal(closed) if closed else None,
        refused=others,
        kinds=labels(MEDIA_TYPES),
        most=most,
        most_files=MAX_FILES,
    )


def _at_fields(form: SubmissionForm, refused: list[Refusal]) -> list[Refusal]:
    """Put each refusal at the field that it is about, and return those that are about none."""
    others = []
    for refusal in refused:
        if refusal.reason in {AssignmentReason.EMPTY, AssignmentReason.TOO_LONG}:
            field = form.text
        elif isinstance(refusal.reason, FileReason) or refusal.reason is AssignmentReason.TOO_MANY_FILES:
            field = form.files
        else:
            others.append(refusal)
            continue
        field.errors = [" ".join([*field.errors, say(refusal.sentence)])]  # several files are several sentences
    return others


def _render_grading(found: Submission, form: object = None, refusal: Refusal | None = None) -> str:
    grades = queries.list_grades(found.assignment_id, found.enrolment_id)
    entry = actions.grade_of(found, grades)
    if form is None:
        given = {f"criterion_{key}": str(value) for key, value in ((entry.criteria or {}) if entry else {}).items()}
        form = grading_form(
            found.assignment.criteria, graded=entry is not None, comment=entry.comment if entry else "", **given
        )
    return render_template(
        "assignments/submission.html",
        submission=found,
        form=form,
        entry=entry,
        grades=[(one, actions.shortfalls_of(found.assignment, one)) for one in grades],
        refusal=refusal,
        too_few=TOO_FEW,
        too_low=TOO_LOW,
        most=judge(
            found.assignment.criteria, {one["id"]: len(one["levels"]) - 1 for one in found.assignment.criteria}, 0, 0
        ),
        may_grade=current_user.may(AssessmentPermission.GRADE),
    )
