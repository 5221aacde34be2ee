"""Taking a quiz."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts import access, actions, queries
from assessments.attempts.models import Attempt
from assessments.attempts.rules import State, counting_result, is_running, may_start
from assessments.attempts.scoring import scores_of, tries
from assessments.attempts.views import corrections_view, question_view, review_view
from assessments.items.interactions.registry import get_interaction
from assessments.items.queries import get_item_versions
from assessments.items.rules import score_response
from assessments.permissions import AssessmentPermission
from assessments.quizzes.queries import get_terms
from assessments.quizzes.rules import Phase, count_questions, phase, read_options, shown_in
from lms.clock import now
from lms.permissions import requires

bp = Blueprint("attempts", __name__, template_folder="templates")
MAX_DEVICE = 22


@bp.get("/learn/<int:enrolment_id>/quizzes/<int:activity_id>")
@requires(AssessmentPermission.TAKE_QUIZ)
def quiz(enrolment_id: int, activity_id: int) -> str:
    """The quiz's own page: what awaits one, what one has reached, and one button."""
    quiz, enrolment = access.own_quiz(current_user, enrolment_id, activity_id)
    attempts = queries.list_attempts(enrolment.id, quiz.activity_id)
    terms = get_terms(quiz, enrolment, now())
    options = read_options(quiz.options)
    return render_template(
        "attempts/quiz.html",
        quiz=quiz,
        enrolment=enrolment,
        attempts=attempts,
        used=tries(attempts)[0],
        terms=terms,
        pause_minutes=options.pause_minutes,
        questions=count_questions(len(quiz.pool), quiz.draw, options),
        running=next((one for one in attempts if is_running(one, now())), None),
        result=counting_result(scores_of(attempts), quiz.grading, quiz.pass_percent),
        refusal=may_start(terms, *tries(attempts), now(), cohort_completed=enrolment.cohort.completed_at is not None),
    )


@bp.post("/learn/<int:enrolment_id>/quizzes/<int:activity_id>/attempts")
@requires(AssessmentPermission.TAKE_QUIZ)
def start(enrolment_id: int, activity_id: int) -> Response:
    """Start an attempt, or go on with the open one."""
    quiz, enrolment = access.own_quiz(current_user, enrolment_id, activity_id)
    at = now()
    attempt = actions.start_attempt(quiz, enrolment, actor=current_user, at=at)
    first_open = 0 if attempt.started_at == at else next(iter(queries.get_state(attempt).open_slots), 0)
    return redirect(url_for(".question", attempt_id=attempt.id, number=first_open + 1))


@bp.get("/attempts/<int:attempt_id>/questions/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def question(attempt_id: int, number: int) -> str | Response:
    """One question."""
    attempt = access.own_attempt(current_user, attempt_id)
    if not is_running(attempt, now()):
        return redirect(url_for(".result", attempt_id=attempt.id))
    return render_question(attempt, queries.get_state(attempt), number)


@bp.post("/attempts/<int:attempt_id>/questions/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def save_question(attempt_id: int, number: int) -> Response:
    """Save the question's answer and go where the pressed button says; this is the way without JavaScript."""
    attempt = access.attempt_to_answer(current_user, attempt_id)
    state = queries.get_state(attempt)
    if number - 1 not in state.checked:
        state = _save_posted(attempt, number - 1, state)
    if "check" in request.form:
        actions.check_answer(attempt, number - 1, at=now())
        return redirect(url_for(".question", attempt_id=attempt.id, number=number))
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
    attempt = access.attempt_to_answer(current_user, attempt_id)
    state = _save_posted(attempt, number - 1, queries.get_state(attempt))
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
    if not is_running(attempt, now()):
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
        if is_running(attempt, now()):
            return redirect(url_for(".summary", attempt_id=attempt.id))
        return render_template("attempts/waiting.html", attempt=attempt)
    state = queries.get_state(attempt)
    quiz, enrolment = attempt.quiz, attempt.enrolment
    terms = get_terms(quiz, enrolment, now())
    attempts = queries.list_attempts(enrolment.id, quiz.activity_id)
    shows = shown_in(read_options(quiz.options), phase(attempt.submitted_at, terms.closes_at, now()))
    return render_template(
        "attempts/result.html",
        attempt=attempt,
        state=state,
        shows=shows,
        corrections=corrections_view(state),
        questions=review_view(state, get_item_versions([slot.item_version_id for slot in state.slots])),
        may_retry=may_start(
            terms, *tries(attempts), now(), cohort_completed=enrolment.cohort.completed_at is not None
        )
        is None,
    )  # fmt: skip


def render_question(attempt: Attempt, state: State, number: int) -> str:
    """Show a question with its saved answer. Aborts with 404 when the attempt has no such question."""
    if not 1 <= number <= len(state.slots):
        abort(404)
    slot = state.slots[number - 1]
    version = get_item_versions([slot.item_version_id])[slot.item_version_id]
    shows = shown_in(read_options(attempt.quiz.options), Phase.DURING)
    question = question_view(version, slot, state.responses.get(number - 1))
    checked = number - 1 in state.checked
    if checked:
        question["given"] = score_response(version.type, version.definition, state.responses.get(number - 1))
    return render_template(
        "attempts/question.html",
        attempt=attempt,
        state=state,
        number=number,
        question=question,
        shows=shows,
        checked=checked,
    )


def _save_posted(attempt: Attempt, slot: int, state: State) -> State:
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
