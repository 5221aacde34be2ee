"""A cohort's quizzes for those in charge: when they are open, who has other terms, and how they go."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts.queries import find_last_closing, list_attempts_by_enrolment
from assessments.attempts.review import is_closed_for_all
from assessments.attempts.scoring import is_empty
from assessments.permissions import AssessmentPermission
from assessments.quizzes import access, actions, queries
from assessments.quizzes.forms import ExceptionForm, WindowForm, pack_window, unpack_window, window_values
from assessments.quizzes.rules import Phase, QuizReason, read_options, shown_in
from courses.cohorts.access import cohort_for
from lms.addresses import row_number
from lms.clock import now
from lms.frame.filters import say
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("quizzes", __name__, template_folder="templates")


@bp.get("/cohorts/<int:cohort_id>/quizzes")
@requires(AssessmentPermission.READ_ATTEMPT)
def cohort_quizzes(cohort_id: int) -> str:
    """All quizzes of a cohort."""
    cohort = cohort_for(current_user, cohort_id, AssessmentPermission.READ_ATTEMPT)
    return render_template(
        "quizzes/cohort_quizzes.html",
        cohort=cohort,
        quizzes=queries.list_quizzes(cohort),
        at=now(),
        may_grant_time=current_user.may(AssessmentPermission.GRANT_TIME),
    )


@bp.get("/cohorts/<int:cohort_id>/quizzes/<int:activity_id>")
@requires(AssessmentPermission.READ_ATTEMPT)
def cohort_quiz(cohort_id: int, activity_id: int) -> str:
    """A quiz in a cohort: its terms, the exceptions from them, and everybody's attempts."""
    quiz, cohort = access.quiz_of(current_user, cohort_id, activity_id, AssessmentPermission.READ_ATTEMPT)
    enrolments, at = queries.list_enrolments(cohort), now()
    exceptions = queries.list_exceptions(quiz.activity_id, [one.id for one in enrolments])
    options, pool = read_options(quiz.options), queries.list_pool(quiz)
    attempts = list_attempts_by_enrolment(quiz.activity_id, [one.id for one in enrolments])
    return render_template(
        "quizzes/cohort_quiz.html",
        quiz=quiz,
        cohort=cohort,
        window=queries.get_window(quiz.activity_id, cohort.id),
        questions=queries.count_asked(quiz, pool),
        pool=pool,
        taken_out=len(quiz.pool) - len(pool),
        options=options,
        review={when: shown_in(options, when) for when in Phase},
        enrolments=enrolments,
        attempts=attempts,
        empty={one.id for own in attempts.values() for one in own if is_empty(one)},
        exceptions=exceptions,
        terms=queries.terms_by_enrolment(quiz, cohort, enrolments, exceptions, at),
        last_closing=find_last_closing(quiz, cohort, at),
        closed_for_all=is_closed_for_all(quiz, cohort, at),
        at=at,
        may_manage=current_user.may(AssessmentPermission.MANAGE_ATTEMPT),
        may_repair=current_user.may(AssessmentPermission.REPAIR_ITEM),
    )


@bp.route("/cohorts/<int:cohort_id>/quizzes/<int:activity_id>/window", methods=["GET", "POST"])
@requires(AssessmentPermission.MANAGE_ATTEMPT)
def window(cohort_id: int, activity_id: int) -> str | Response:
    """Say when the cohort can take the quiz."""
    quiz, cohort = access.quiz_of(current_user, cohort_id, activity_id, AssessmentPermission.MANAGE_ATTEMPT)
    form = WindowForm(**window_values(queries.get_window(quiz.activity_id, cohort.id), cohort.zone))
    if form.validate_on_submit():
        try:
            seen = unpack_window(form.seen.data or "")
            actions.set_window(quiz, cohort, form.window(cohort.zone), seen=seen, actor=current_user, at=now())
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
            if refused.reason is QuizReason.OVERTAKEN:
                form.seen.data = pack_window(queries.get_window(quiz.activity_id, cohort.id))
        else:
            flash(_("The times of the quiz are set."), "success")
            return redirect(url_for(".cohort_quiz", cohort_id=cohort.id, activity_id=activity_id))
    return render_template("quizzes/window.html", quiz=quiz, cohort=cohort, form=form)


@bp.route("/cohorts/<int:cohort_id>/quizzes/<int:activity_id>/exceptions/new", methods=["GET", "POST"])
@requires(AssessmentPermission.MANAGE_ATTEMPT)
def create_exception(cohort_id: int, activity_id: int) -> str | Response:
    """Grant one person other terms."""
    quiz, cohort = access.quiz_of(current_user, cohort_id, activity_id, AssessmentPermission.MANAGE_ATTEMPT)
    enrolments = {one.id: one for one in queries.list_enrolments(cohort)}
    form = ExceptionForm(enrolment=request.args.get("enrolment", type=row_number))
    form.enrolment.choices = [
        (one.id, f"{one.person.family_name}, {one.person.given_name}") for one in enrolments.values()
    ]
    if form.validate_on_submit():
        try:
            actions.grant_exception(quiz, enrolments[form.enrolment.data], form.allowance(cohort.zone),
                                    reason=(form.reason.data or "").strip(), actor=current_user, at=now())  # fmt: skip
        except Refusal as refused:  # refused before anything was written
            form.form_errors.append(say(refused.sentence))
        else:
            flash(_("The exception is granted."), "success")
            return redirect(url_for(".cohort_quiz", cohort_id=cohort.id, activity_id=activity_id))
    return render_template("quizzes/create_exception.html", quiz=quiz, cohort=cohort, form=form)


@bp.post("/quiz-exceptions/<int:exception_id>/revoke")
@requires(AssessmentPermission.MANAGE_ATTEMPT)
def revoke_exception(exception_id: int) -> Response:
    """Take an exception back."""
    exception = access.exception_in_charge(current_user, exception_id)
    actions.revoke_exception(exception, actor=current_user, at=now())
    flash(_("The exception is taken back. What was done on its terms stays."))
    return redirect(
        url_for(".cohort_quiz", cohort_id=exception.enrolment.cohort_id, activity_id=exception.quiz_id)
    )  # fmt: skip
