"""Mark answers by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from assessments.attempts.actions import current_result, is_settled, record_result, record_scoring, record_waiting
from assessments.attempts.log import append_step, hold_results
from assessments.attempts.models import Attempt
from assessments.attempts.queries import get_state
from assessments.attempts.rules import StepKind
from assessments.attempts.scoring import score_state
from assessments.events import ResultsRepaired
from assessments.grading.queries import get_standing_grade
from assessments.items.queries import get_wordings
from assessments.items.rules import maximum, needs_mark
from assessments.marking.mail import queue_marked_mail
from assessments.marking.rules import Given, attempt_refusal, changes, mark_refusal
from lms.audit.actions import record_audit
from lms.events import publish
from lms.jobs.registry import nudge
from lms.people.models import Person


def mark_answers(attempt: Attempt, given: Mapping[int, Given], *, grader: Person, at: datetime) -> list[int]:
    """Append marks for answers by slot, and return the slots whose mark is new or changed. Raises Refusal.

    The attempt is held, so that of two people who mark at once the second meets the first one's mark and needs a reason.
    When the last answer is marked, the attempt counts and its person is told. An earlier mark stays in the log.
    """
    attempts, state = hold_results(attempt), get_state(attempt)
    refusal = attempt_refusal(attempt.submitted_at, attempt.voided_at)
    if refusal:
        raise refusal
    # The versions that the attempt was scored with: a repair that was not to lower anything has left older ones here.
    versions = get_wordings({slot.item_version_id for slot in state.slots})
    before, marked = attempt.unmarked, []
    for slot, one in sorted(given.items()):
        version = versions[state.slots[slot].item_version_id]
        markable = needs_mark(version.type, version.definition, state.responses.get(slot))
        standing = state.marks.get(slot)
        refusal = mark_refusal(slot + 1, one, standing, maximum(version.definition), markable=markable)
        if refusal:
            raise refusal
        if not changes(one, standing):
            continue
        payload = {"points": one.points, "comment": one.comment, "actor": grader.id}
        if standing is not None:
            payload["reason"] = one.reason
        append_step(attempt, state, StepKind.MARKED, at, slot=slot, payload=payload)
        marked.append(slot)
    if marked:
        record_scoring(attempt, state, score_state(state, versions, {}), at=at)
        nudge("count_statistics")
        record_audit(
            "answers_marked", attempt, actor=grader, at=at, questions=[slot + 1 for slot in marked],
            enrolment=attempt.enrolment_id,
        )  # fmt: skip
        if not attempt.unmarked:
            reason = " ".join(given[slot].reason for slot in marked if given[slot].reason)
            _settle(attempt, attempts, first=before > 0, reason=reason, grader=grader, at=at)
    return marked


def _settle(attempt: Attempt, attempts: list[Attempt], *, first: bool, reason: str, grader: Person, at: datetime) -> None:
    """Record what counts now that every answer is marked, and tell the person."""
    result = current_result(attempts, attempt.quiz)
    standing = get_standing_grade(attempt.enrolment_id, attempt.quiz_id)
    same = standing is not None and (
        standing.score_given_hundredths, standing.score_maximum_hundredths, standing.passed
    ) == (result.given, result.maximum, result.passed)  # fmt: skip
    if is_settled(attempts, attempt.quiz) and (first or not same):
        record_result(attempt, attempts, result, grader=grader, actor=grader, at=at, reason=reason)
        if standing is not None and not same:
            publish(ResultsRepaired(enrolments=[attempt.enrolment], reason=reason, actor=grader, at=at))
    record_waiting(attempts, actor=grader, at=at)
    queue_marked_mail(attempt, first=first, reason=reason, at=at)
