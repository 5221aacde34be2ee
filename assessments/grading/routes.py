"""What needs grading, and the gradebook."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from assessments.grading import queries
from assessments.permissions import AssessmentPermission
from courses.cohorts.access import cohort_for
from lms.permissions import requires

bp = Blueprint("grading", __name__, template_folder="templates")


@bp.get("/grading")
@requires(AssessmentPermission.GRADE)
def queue() -> str:
    """What waits for a grade."""
    return render_template(
        "grading/queue.html",
        submissions=queries.list_ungraded(current_user, AssessmentPermission.GRADE),
        attempts=queries.list_unmarked(current_user, AssessmentPermission.GRADE),
    )


@bp.get("/cohorts/<int:cohort_id>/grades")
@requires(AssessmentPermission.READ_GRADES)
def gradebook(cohort_id: int) -> str:
    """A cohort's grades."""
    cohort = cohort_for(current_user, cohort_id, AssessmentPermission.READ_GRADES)
    return render_template("grading/gradebook.html", cohort=cohort, book=queries.get_gradebook(cohort))
