"""Taking a quiz."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts import access, actions, queries
from assessments.attempts.models import Attempt
from assessments.attempts.rules import State, counting_result, may_start, may_write
from assessments.attempts.views import corrections_view, question_view, review_view
from assessments.items.interactions.registry import get_interaction
from assessments.items.queries import get_item_versions
from assessments.permissions import AssessmentPermission
from lms.clock import now
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("attempts", __name__, template_folder="templates")
MAX_DEVICE = 22


@bp.get("/learn/<int:enrolment_id>/quizzes/<int:activity_id>")
@requires(AssessmentPermission.TAKE_QUIZ)
def quiz(enrolment_id: int, activity_id: int) -> str:
    """The quiz's own page: what awaits one, what one has reached, and one button."""
    quiz, enrolment = access.own_quiz(current_user, enrolment_id, activity_id)
    attempts = queries.list_attempts(enrolment.id, quiz.activity_id)
    running = next(
        (one for one in attempts if one.submitted_at is None and may_write(None, one.due_at, now()) is None), None
    )
    done = [(one.score_hundredths or 0, one.score_maximum_hundredths or 0) for one in attempts if one.submitted_at]
    refused = may_start(len(attempts), quiz.max_attempts, cohort_completed=enrolment.cohort.completed_at is not None)
    return render_template(
        "attempts/quiz.html",
        quiz=quiz,
        enrolment=enrolment,
        attempts=attempts,
        running=running,
        result=counting_result(done, quiz.grading, quiz.pass_percent),
        refusal=Refusal(refused, max_attempts=quiz.max_attempts) if refused else None,
    )


@bp.post("/learn/<int:enrolment_id>/quizzes/<int:activity_id>/attempts")
@requires(AssessmentPermission.TAKE_QUIZ)
def start(enrolment_id: int, activity_id: int) -> Response:
    """Start an attempt, or go on with the open one."""
    quiz, enrolment = access.own_quiz(current_user, enrolment_id, activity_id)
    attempt = actions.start_attempt(quiz, enrolment, actor=current_user, at=now())
    first_open = next(iter(queries.get_state(attempt).open_slots), 0)
    return redirect(url_for(".question", attempt_id=attempt.id, number=first_open + 1))


@bp.get("/attempts/<int:attempt_id>/questions/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def question(attempt_id: int, number: int) -> str | Response:
    """One question."""
    attempt = access.own_attempt(current_user, attempt_id)
    if may_write(attempt.submitted_at, attempt.due_at, now()):
        return redirect(url_for(".result", attempt_id=attempt.id))
    return render_question(attempt, queries.get_state(attempt), number)


@bp.post("/attempts/<int:attempt_id>/questions/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def save_question(attempt_id: int, number: int) -> Response:
    """Save the question's answer and go where the pressed button says; this is the way without JavaScript."""
    attempt = access.own_attempt(current_user, attempt_id)
    state = _save_posted(attempt, number - 1)
    if "flag" in request.form:
        actions.flag_question(attempt, number - 1, flag=request.form["flag"] == "1", at=now())
        return redirect(url_for(".question", attempt_id=attempt.id, number=number))
    target = request.form.get("go", "next")
    if target.isascii() and target.isdigit() and 1 <= int(target) <= len(state.slots):
        return redirect(url_for(".question", attempt_id=attempt.id, number=int(target)))
    if target == "summary" or number >= len(state.slots):
        return redirect(url_for(".summary", attempt_id=attempt.id))
    return redirect(url_for(".question", attempt_id=attempt.id, number=number + 1))


@bp.post("/attempts/<int:attempt_id>/answers/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def save_answer(attempt_id: int, number: int) -> dict[str, Any]:
    """Save an answer while the person goes on; what the page's script calls. Answers with what stands now."""
    attempt = access.own_attempt(current_user, attempt_id)
    state = _save_posted(attempt, number - 1)
    return {
        "saved": True,
        "number": number,
        "answered": [slot + 1 for slot in range(len(state.slots)) if slot not in state.open_slots],
        "open": len(state.open_slots),
    }


@bp.get("/attempts/<int:attempt_id>/summary")
@requires(AssessmentPermission.TAKE_QUIZ)
def summary(attempt_id: int) -> str | Response:
    """What is answered, open and flagged, before handing in."""
    attempt = access.own_attempt(current_user, attempt_id)
    if may_write(attempt.submitted_at, attempt.due_at, now()):
        return redirect(url_for(".result", attempt_id=attempt.id))
    return render_template("attempts/summary.html", attempt=attempt, state=queries.get_state(attempt))


@bp.post("/attempts/<int:attempt_id>/submit")
@requires(AssessmentPermission.TAKE_QUIZ)
def submit(attempt_id: int) -> Response:
    """Hand the attempt in."""
    attempt = access.own_attempt(current_user, attempt_id)
    actions.submit_attempt(attempt, actor=current_user, at=now())
    flash(_("Your answers have been handed in."), "success")
    return redirect(url_for(".result", attempt_id=attempt.id))


@bp.get("/attempts/<int:attempt_id>/result")
@requires(AssessmentPermission.TAKE_QUIZ)
def result(attempt_id: int) -> str | Response:
    """The result with explanations."""
    attempt = access.own_attempt(current_user, attempt_id)
    if attempt.submitted_at is None:
        if may_write(None, attempt.due_at, now()) is None:
            return redirect(url_for(".summary", attempt_id=attempt.id))
        return render_template("attempts/waiting.html", attempt=attempt)
    state = queries.get_state(attempt)
    return render_template(
        "attempts/result.html",
        attempt=attempt,
        state=state,
        corrections=corrections_view(state),
        questions=review_view(state, get_item_versions([slot.item_version_id for slot in state.slots])),
        may_retry=may_start(
            queries.count_attempts(attempt.enrolment_id, attempt.quiz_id),
            attempt.quiz.max_attempts,
            cohort_completed=attempt.enrolment.cohort.completed_at is not None,
        )
        is None,
    )


def render_question(attempt: Attempt, state: State, number: int) -> str:
    """Show a question with its saved answer. Aborts with 404 when the attempt has no such question."""
    if not 1 <= number <= len(state.slots):
        abort(404)
    slot = state.slots[number - 1]
    version = get_item_versions([slot.item_version_id])[slot.item_version_id]
    return render_template(
        "attempts/question.html",
        attempt=attempt,
        state=state,
        number=number,
        question=question_view(version, slot, state.responses.get(number - 1)),
    )


def _save_posted(attempt: Attempt, slot: int) -> State:
    state = actions.lock_state(attempt)
    if not 0 <= slot < len(state.slots):
        abort(404)
    version_id = state.slots[slot].item_version_id
    version = get_item_versions([version_id])[version_id]
    response = get_interaction(version.type).read(version.definition, "answer", request.form)
    counter = request.form.get("counter", "")
    return actions.save_response(
        attempt,
        slot,
        response,
        at=now(),
        device=request.form.get("device", "")[:MAX_DEVICE] or None,
        counter=int(counter) if counter.isascii() and counter.isdigit() and len(counter) < 10 else None,
        state=state,
    )
