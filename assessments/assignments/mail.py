"""What is written to participants about their assignments."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from assessments.assignments.models import Submission
from assessments.grading.models import GradeEntry
from lms.mail.letters import Letter, absolute, queue_letter


def queue_graded_mail(submission: Submission, entry: GradeEntry, *, at: datetime) -> None:
    """Tell the participant that their work has been graded; points and comment stay behind the sign-in."""
    title = submission.assignment.activity.title
    path = url_for("assignments.assignment", enrolment_id=submission.enrolment_id, activity_id=submission.assignment_id)

    def compose() -> Letter:
        return Letter(
            subject=_("Your work “%(title)s” has been graded", title=title),
            paragraphs=[
                _("Your trainer has looked at your work “%(title)s” and left you a comment.", title=title),
                _("You have passed.")
                if entry.passed
                else _("Please read what is still missing; the page says what to do next."),
            ],
            link=(_("Read the comment"), absolute(path)),
            why=_("You get this mail because you handed in this work."),
        )

    queue_letter(submission.enrolment.person, kind="assignment_graded", compose=compose, at=at)
