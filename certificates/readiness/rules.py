"""What somebody still lacks, and the next step that mends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from courses.progress.rules import RuleResult, RuleState
from lms.sentences import N_, Sentence, sentence


class LackKind(StrEnum):
    """What can be missing: something of a rule, or the word of the person that their name is right."""

    ATTENDANCE = "attendance"
    LESSONS = "lessons"
    QUIZZES = "quizzes"
    ASSIGNMENTS = "assignments"
    MARK = "mark"
    GRADE = "grade"
    NAME = "name"


#: What is missing, in a word or two: for the line of a list that has many people in it.
IN_SHORT = {
    LackKind.ATTENDANCE: N_("attendance"),
    LackKind.LESSONS: N_("lessons"),
    LackKind.QUIZZES: N_("quizzes"),
    LackKind.ASSIGNMENTS: N_("project"),
    LackKind.MARK: N_("a mark for answers"),
    LackKind.GRADE: N_("a grade for the project"),
    LackKind.NAME: N_("a confirmed name"),
}


@dataclass(frozen=True)
class Lack:
    """Something that keeps a person from the certificate: what, and who does what about it.

    ``final``: nothing can be done any more. ``own_step`` is said to the person, ``office_step`` to those in charge.
    """

    kind: LackKind
    what: Sentence
    office_step: Sentence
    own_step: Sentence
    final: bool


_STEPS = {
    LackKind.ATTENDANCE: (
        N_("Mark the attendance of the sessions that are still open."),
        N_("Please come to the live sessions that are still open."),
    ),
    LackKind.LESSONS: (N_("The participant reads the open lessons."), N_("Please read the open lessons.")),
    LackKind.QUIZZES: (N_("The participant takes the open quizzes."), N_("Please take the open quizzes.")),
    LackKind.MARK: (
        N_("A quiz waits for a mark: the trainer marks the answers."),
        N_("You have handed in your answers. They wait for a mark by the trainers."),
    ),
    LackKind.ASSIGNMENTS: (N_("The participant hands in the project."), N_("Please hand in your project.")),
    LackKind.GRADE: (
        N_("A work has been handed in: the trainer grades it."),
        N_("You have handed in your work. It is being graded."),
    ),
    LackKind.NAME: (
        N_("The participant checks the name in their account. It is printed as it stands otherwise."),
        N_("Please check how your name is written: this is how it will be printed."),
    ),
}
_FINAL = N_("This can no longer be reached in this cohort.")
#: What cannot be done any more once the teaching is finished, unless it is opened again.
_CLOSED_KINDS = frozenset({LackKind.QUIZZES, LackKind.ASSIGNMENTS})
_CLOSED = (
    N_("The teaching is finished. If the participant shall still do this, open it again on the cohort's page."),
    N_("The teaching of your cohort is finished. If you want to catch up on this, please write to the programme office."),
)


def list_lacks(
    results: Sequence[RuleResult],
    *,
    name_confirmed: bool,
    ungraded: bool,
    unmarked: bool = False,
    completed: bool = False,
) -> list[Lack]:
    """Return everything that is missing for the certificate, in the order of the rules; empty: ready.

    ``ungraded``: a work waits for a grade; ``unmarked``: every quiz that is still open waits for a mark; ``completed``: the
    teaching is finished.
    """
    lacks = []
    for result in results:
        if result.state is RuleState.MET:
            continue
        final = result.state is RuleState.NOT_MET
        kind = LackKind(result.kind.value)
        if kind is LackKind.ASSIGNMENTS and ungraded and not final:
            kind = LackKind.GRADE
        if kind is LackKind.QUIZZES and unmarked and not final:
            kind = LackKind.MARK
        office, own = (_FINAL, _FINAL) if final else _STEPS[kind]
        if completed and kind in _CLOSED_KINDS and not final:
            (office, own), final = _CLOSED, True
        lacks.append(Lack(kind, result.text, sentence(office), sentence(own), final))
    if not name_confirmed:
        office, own = _STEPS[LackKind.NAME]
        what = sentence(N_("The name has not been confirmed."))
        lacks.append(Lack(LackKind.NAME, what, sentence(office), sentence(own), final=False))
    return lacks


#: The activities that something missing is about.
ACTIVITY_KINDS = {
    LackKind.LESSONS: "lesson",
    LackKind.QUIZZES: "quiz",
    LackKind.MARK: "quiz",
    LackKind.ASSIGNMENTS: "assignment",
    LackKind.GRADE: "assignment",
    LackKind.ATTENDANCE: "live_session",
}


def last_day(end_date: date, completed_date: date | None) -> date:
    """Return the last day of a cohort as it is printed: the planned one, or the one on which teaching ended before it."""
    return end_date if completed_date is None else min(end_date, completed_date)


@dataclass(frozen=True)
class Teaching:
    """What became of a cohort's plan: its days, and the live units (UE) that the course states and that count.

    ``cancelled`` counts the sessions called off, ``undated_ue`` the units of the course's sessions that never got a date,
    ``unmarked`` the sessions held in which somebody lacks a mark.
    """

    today: date
    end_date: date
    completed_date: date | None
    course_ue: int
    planned_ue: int
    cancelled: int = 0
    undated_ue: int = 0
    unmarked: int = 0


def list_warnings(teaching: Teaching) -> list[Sentence]:
    """Return what should be looked at before anything is issued; it does not keep from conferring."""
    said = []
    printed = last_day(teaching.end_date, teaching.completed_date)
    if printed < teaching.end_date:
        text = N_(
            "The cohort was planned until %(planned)s, but its teaching was completed on %(printed)s. The documents will "
            "state %(printed)s as its end."
        )
        said.append(sentence(text, planned=teaching.end_date, printed=printed))
    elif teaching.today < teaching.end_date:
        said.append(sentence(N_("The cohort still lasts until %(day)s."), day=teaching.end_date))
    if teaching.planned_ue != teaching.course_ue:
        text = N_("The course provides for %(course)s UE in live sessions; the documents will state %(planned)s UE.")
        why = sentence(text, course=teaching.course_ue, planned=teaching.planned_ue)
        if teaching.cancelled:
            one = N_("One live session was cancelled. %(why)s")
            many = N_("%(n)s live sessions were cancelled. %(why)s")
            why = sentence(one, many, n=teaching.cancelled, why=why)
        said.append(why)
    if teaching.undated_ue:
        text = N_("%(ue)s UE of the course's live sessions never got a date. They count as planned and as not attended.")
        said.append(sentence(text, ue=teaching.undated_ue))
    if teaching.unmarked:
        one = N_("In one live session the attendance of somebody has not been entered.")
        many = N_("In %(n)s live sessions the attendance of somebody has not been entered.")
        said.append(sentence(one, many, n=teaching.unmarked))
    return said
