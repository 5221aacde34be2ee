"""How a quiz and its questions do."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_login import current_user

from assessments.permissions import AssessmentPermission
from assessments.quizzes.access import quiz_of
from assessments.statistics import queries
from assessments.statistics.rules import EACH_SIDE, ENOUGH, alpha, mean_maximum
from assessments.statistics.views import bars
from courses.cohorts.access import list_cohorts_for
from lms.permissions import requires

bp = Blueprint("statistics", __name__, template_folder="templates")


@bp.get("/cohorts/<int:cohort_id>/quizzes/<int:activity_id>/statistics")
@requires(AssessmentPermission.READ_STATISTICS)
def quiz(cohort_id: int, activity_id: int) -> str:
    """The figures of a quiz in a cohort, or in all the person's cohorts of the same course version (``?all=1``)."""
    quiz, cohort = quiz_of(current_user, cohort_id, activity_id, AssessmentPermission.READ_STATISTICS)
    every = [
        one
        for one in list_cohorts_for(current_user, AssessmentPermission.READ_STATISTICS)
        if one.version_id == cohort.version_id
    ]
    chosen = every if "all" in request.args else [cohort]
    figures = queries.get_figures(quiz.activity_id, [one.id for one in chosen])
    return render_template(
        "statistics/quiz.html",
        quiz=quiz,
        cohort=cohort,
        every=every,
        chosen=chosen,
        figures=figures,
        mean=figures["total"] / figures["attempts"] / 100 if figures["attempts"] else None,
        most=mean_maximum(figures),
        alpha=alpha(figures),
        bars=bars(figures["bins"]),
        questions=queries.list_questions(figures),
        enough=ENOUGH,
        each_side=EACH_SIDE,
        waiting=queries.count_waiting(quiz.activity_id, [one.id for one in chosen]),
        may_repair=current_user.may(AssessmentPermission.REPAIR_ITEM),
    )
