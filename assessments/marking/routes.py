"""Marking the answers of an attempt by hand."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts.models import Attempt
from assessments.marking import actions, queries
from assessments.marking.forms import marking_form
from assessments.marking.rules import attempt_refusal, read_marks
from assessments.marking.views import answers_to_mark
from assessments.permissions import AssessmentPermission
from assessments.supervision.access import attempt_in_charge
from lms.clock import now
from lms.frame.filters import say
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("marking", __name__, template_folder="templates")


@bp.route("/attempts/<int:attempt_id>/marks", methods=["GET", "POST"])
@requires(AssessmentPermission.GRADE)
def attempt(attempt_id: int) -> str | Response:
    """The answers that a person marks, each with points and a comment; then the next attempt that waits."""
    found = attempt_in_charge(current_user, attempt_id, AssessmentPermission.GRADE)
    answers, given, most = answers_to_mark(found)
    form = marking_form(answers)
    if form.validate_on_submit():
        maxima = {answer.slot: answer.question["maximum"] for answer in answers}
        typed = {field.name: field.data or "" for field in form if field.name.count("_") == 1}
        marks, problems = read_marks(typed, maxima)
        for name, problem in problems:
            form[name].errors = [*form[name].errors, say(problem.sentence)]
        if not problems:
            try:
                marked = actions.mark_answers(found, marks, grader=current_user, at=now())
            except Refusal as refused:  # the marks before it are taken back with it
                form.form_errors.append(say(refused.sentence))
            else:
                return _go_on(found, marked)
    actors = {line.mark.actor_id for answer in answers for line in answer.history if line.mark.actor_id}
    return render_template(
        "marking/attempt.html",
        attempt=found,
        answers=answers,
        given=given,
        most=most,
        form=form,
        refusal=attempt_refusal(found.submitted_at, found.voided_at),
        names=queries.name_people(actors),
    )


def _go_on(found: Attempt, marked: list[int]) -> Response:
    if not marked:
        flash(_("Nothing has changed. Please give points for an answer."))
        return redirect(url_for(".attempt", attempt_id=found.id))
    if found.unmarked:
        flash(_("The marks have been saved. Some answers of this attempt still wait."), "success")
        return redirect(url_for(".attempt", attempt_id=found.id))
    flash(_("The marks for %(name)s have been saved.", name=found.enrolment.person.full_name), "success")
    following = queries.next_unmarked(found.enrolment.cohort_id)
    return redirect(url_for(".attempt", attempt_id=following) if following else url_for("grading.queue"))
