"""What waits for a grade, told to the start page and the cohort page."""

from __future__ import annotations

from collections import Counter

from flask import url_for

from assessments.grading.queries import list_ungraded, list_unmarked
from assessments.permissions import AssessmentPermission
from courses.events import CohortPage, CohortPagesAsked, Task, TasksAsked
from lms.sentences import N_, sentence


def answer_tasks(asked: TasksAsked) -> list[Task]:
    """Answer how many works and attempts wait for a grade in each cohort; two queries."""
    if not asked.person.may(AssessmentPermission.GRADE):
        return []
    wanted = {cohort.id for cohort in asked.cohorts}
    counts = Counter(one.enrolment.cohort_id for one in list_ungraded(asked.person, AssessmentPermission.GRADE))
    counts.update(one.enrolment.cohort_id for one in list_unmarked(asked.person, AssessmentPermission.GRADE))
    return [
        Task(
            cohort_id,
            sentence(N_("One work is waiting for a grade."), N_("%(n)s works are waiting for a grade."), n=count),
            url_for("grading.queue"),
        )
        for cohort_id, count in counts.items()
        if cohort_id in wanted
    ]


def answer_pages(asked: CohortPagesAsked) -> list[CohortPage]:
    """Answer with the gradebook and the quizzes, if the person may see them."""
    if not asked.person.may(AssessmentPermission.READ_GRADES):
        return []
    return [
        CohortPage(N_("Grades"), url_for("grading.gradebook", cohort_id=asked.cohort.id)),
        CohortPage(N_("Quizzes"), url_for("quizzes.cohort_quizzes", cohort_id=asked.cohort.id)),
    ]
