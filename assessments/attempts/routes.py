"""Taking a quiz: its own page, the way through an attempt, and the result."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from assessments.attempts import access, actions, log, queries
from assessments.attempts.models import Attempt
from assessments.attempts.posted import read_age, read_question_number, read_response, read_sender
from assessments.attempts.results import counting_result, is_passed
from assessments.attempts.review import review_during, review_of
from assessments.attempts.rules import (
    State,
    is_overtaken,
    is_running,
    may_start,
)
from assessments.attempts.scoring import is_empty, scores_of, tries, waiting
from assessments.attempts.views import (
    corrections_view,
    question_view,
    review_view,
    seconds_left,
    settled_points,
    standing_view,
)
from assessments.items.interactions.registry import get_interaction
from assessments.items.queries import get_item_versions, get_wordings
from assessments.permissions import AssessmentPermission
from assessments.quizzes.queries import count_asked, get_terms, list_pool
from assessments.quizzes.rules import Shown, read_options
from lms.clock import now
from lms.db import begin_writing, reads_first
from lms.files.queries import get_content
from lms.files.rules import FileReason
from lms.frame.filters import say
from lms.kept_forms.actions import find_kept_fields, forget_kept_forms
from lms.permissions import requires
from lms.sentences import Refusal

bp = Blueprint("attempts", __name__, template_folder="templates")


@bp.get("/learn/<int:enrolment_id>/quizzes/<int:activity_id>")
@requires(AssessmentPermission.TAKE_QUIZ)
def quiz(enrolment_id: int, activity_id: int) -> str:
    """The quiz's own page: what awaits one, what one has reached, and one button."""
    quiz, enrolment = access.own_quiz(current_user, enrolment_id, activity_id)
    attempts = queries.list_attempts(enrolment.id, quiz.activity_id)
    terms, review = get_terms(quiz, enrolment, now()), review_of(quiz, enrolment.cohort, now())
    options, pool = read_options(quiz.options), list_pool(quiz)
    return render_template(
        "attempts/quiz.html",
        quiz=quiz,
        enrolment=enrolment,
        attempts=attempts,
        with_points={one.id for one in attempts if Shown.POINTS in review.shows(one)},
        shows_result=review.shows_points(attempts),
        empty={one.id for one in attempts if is_empty(one)},
        by_hand=any(get_interaction(one.type).MANUAL for one in pool),
        used=tries(attempts)[0],
        terms=terms,
        pause_minutes=options.pause_minutes,
        questions=count_asked(quiz, pool),
        running=next((one for one in attempts if is_running(one, now())), None),
        result=counting_result(scores_of(attempts), quiz.grading, quiz.pass_percent),
        waiting=waiting(attempts),
        refusal=may_start(terms, *tries(attempts), now()),
    )


@bp.post("/learn/<int:enrolment_id>/quizzes/<int:activity_id>/attempts")
@reads_first
@requires(AssessmentPermission.TAKE_QUIZ)
def start(enrolment_id: int, activity_id: int) -> Response:
    """Start an attempt, or go on with the open one."""
    quiz, enrolment = access.quiz_to_start(current_user, enrolment_id, activity_id)
    at = now()
    attempt = actions.start_attempt(quiz, enrolment, actor=current_user, at=at)
    first_open = 0 if attempt.started_at == at else next(iter(queries.get_state(attempt).open_slots), 0)
    return redirect(_place(attempt, first_open + 1))


@bp.get("/attempts/<int:attempt_id>/questions/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def question(attempt_id: int, number: int) -> str | Response:
    """One question, or its place among all of them."""
    attempt = access.own_attempt(current_user, attempt_id)
    if not is_running(attempt, now()):
        return _too_late(attempt)
    if _one_page(attempt):
        return redirect(_place(attempt, number))
    state = queries.get_state(attempt)
    if not 1 <= number <= len(state.slots):
        abort(404)
    return _render_questions(attempt, state, [number - 1])


@bp.get("/attempts/<int:attempt_id>/questions")
@requires(AssessmentPermission.TAKE_QUIZ)
def questions(attempt_id: int) -> str | Response:
    """All questions on one page, where the quiz is set so."""
    attempt = access.own_attempt(current_user, attempt_id)
    if not is_running(attempt, now()):
        return _too_late(attempt)
    if not _one_page(attempt):
        return redirect(_place(attempt, 1))
    state = queries.get_state(attempt)
    return _render_questions(attempt, state, range(len(state.slots)))


@bp.post("/attempts/<int:attempt_id>/questions/<int:number>")
@requires(AssessmentPermission.TAKE_QUIZ)
def save_question(attempt_id: int, number: int) -> Response:
    """Save the question's answer and go where the pressed button says; this is the way without JavaScript."""
    attempt = access.attempt_to_answer(current_user.id, attempt_id)
    state = queries.get_state(attempt)
    if not 1 <= number <= len(state.slots):
        abort(404)
    if not _save_page(attempt, state, {number - 1: "answer"}):
        return redirect(_place(attempt, number))
    pressed = _press(attempt, state)
    if pressed is not None:
        return redirect(_place(attempt, pressed))
    target = request.form.get("go", "next")
    if (wanted := read_question_number(target, len(state.slots))) is not None:
        return redirect(_place(attempt, wanted))
    if target == "summary" or number >= len(state.slots):
        return redirect(url_for(".summary", attempt_id=attempt.id))
    return redirect(_place(attempt, number + 1))


@bp.post("/attempts/<int:attempt_id>/questions")
@requires(AssessmentPermission.TAKE_QUIZ)
def save_questions(attempt_id: int) -> Response:
    """Save all answers of the one page; this is the way without JavaScript."""
    attempt = access.attempt_to_answer(current_user.id, attempt_id)
    state = queries.get_state(attempt)
    if not _save_page(attempt, state, {slot: f"q{slot + 1}" for slot in range(len(state.slots))}):
        return redirect(url_for(".questions", attempt_id=attempt.id))
    pressed = _press(attempt, state)
    if pressed is not None:
        return redirect(_place(attempt, pressed))
    if request.form.get("go") == "summary":
        return redirect(url_for(".summary", attempt_id=attempt.id))
    flash(_("Your answers have been saved."), "success")
    return redirect(url_for(".questions", attempt_id=attempt.id))


@bp.post("/attempts/<int:attempt_id>/answers/<int:number>")
@reads_first
@requires(AssessmentPermission.TAKE_QUIZ)
def save_answer(attempt_id: int, number: int) -> dict[str, Any] | tuple[dict[str, Any], int]:
    """Save an answer while the person goes on; what the page's script calls. Answers with what stands now."""
    person_id = current_user.id  # read now: what was read is forgotten when the writing begins
    if request.files or "restored" in request.form:
        begin_writing()  # more than a step is written
    while True:
        attempt, state = access.log_to_answer(person_id, attempt_id)
        if not 1 <= number <= len(state.slots):
            abort(404)
        slot, (device, counter), (age, upon), at = number - 1, read_sender(), read_age(), now()
        [version] = get_wordings([state.slots[slot].item_version_id]).values()
        try:
            response = read_response(attempt_id, slot, state, version)
        except Refusal as refused:
            if not isinstance(refused.reason, FileReason):
                raise
            return {"saved": False, "number": number, "message": say(refused.sentence)}, 422
        step = actions.next_step(
            attempt, state, slot, response, at=at, device=device, counter=counter, age=age, upon=upon
        )
        # On SQLite everybody's answers wait for each other, and so only from here. If meanwhile something else came into
        # the log of this attempt, all is decided again.
        if step is None or log.append_if_next(attempt_id, state, step):
            break
    if "restored" in request.form:  # from whichever page it came
        forget_kept_forms(current_user, url_for(".question", attempt_id=attempt_id, number=number))
        forget_kept_forms(current_user, url_for(".questions", attempt_id=attempt_id))
    stale = {"stale": True} if is_overtaken(state, slot, device, counter) else {}
    return {"saved": True, "number": number, **stale, **standing_view(attempt, state, at)}


@bp.post("/attempts/<int:attempt_id>/pressed")
@requires(AssessmentPermission.TAKE_QUIZ)
def press(attempt_id: int) -> dict[str, Any]:
    """Do what a question's buttons ask for while the person goes on; what the script calls. Answers with what stands now."""
    attempt = access.attempt_to_answer(current_user.id, attempt_id)
    state = queries.get_state(attempt)
    pressed = _press(attempt, state)
    if pressed is None:
        abort(404)
    return {"number": pressed, **standing_view(attempt, state, now())}


@bp.get("/attempts/<int:attempt_id>/standing")
@requires(AssessmentPermission.TAKE_QUIZ)
def standing(attempt_id: int) -> dict[str, Any]:
    """What stands now; the page's script asks when somebody comes back to the page. Refused once it is closed."""
    attempt = access.own_attempt(current_user, attempt_id)
    actions.refuse_closed(attempt, now())
    return standing_view(attempt, queries.get_state(attempt), now())


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
    return _render_result(attempt)


def _render_result(attempt: Attempt) -> str:
    state = queries.get_state(attempt)
    quiz, enrolment = attempt.quiz, attempt.enrolment
    terms = get_terms(quiz, enrolment, now())
    attempts = queries.list_attempts(enrolment.id, quiz.activity_id)
    questions = review_view(attempt, state, get_item_versions([slot.item_version_id for slot in state.slots]))
    refusal = may_start(terms, *tries(attempts), now())
    return render_template(
        "attempts/result.html",
        attempt=attempt,
        state=state,
        shows=review_of(quiz, enrolment.cohort, now()).shows(attempt),
        empty=is_empty(attempt),
        passed=not attempt.unmarked
        and is_passed(attempt.score_hundredths or 0, attempt.score_maximum_hundredths or 0, quiz.pass_percent),
        corrections=corrections_view(state),
        questions=questions,
        settled=settled_points(questions),
        may_retry=refusal is None,
    )


@bp.get("/attempts/files/<int:file_id>")
@requires(AssessmentPermission.DOWNLOAD_SUBMISSION)
def download(file_id: int) -> Response:
    """A file that was handed in as an answer, always as a download."""
    file = access.file_for(current_user, file_id, AssessmentPermission.READ_GRADES)
    return send_file(
        io.BytesIO(get_content(file.sha256)), mimetype=file.media_type, as_attachment=True, download_name=file.filename
    )


def _render_questions(attempt: Attempt, state: State, slots: Sequence[int]) -> str:
    versions = get_item_versions({state.slots[slot].item_version_id for slot in slots})
    one_page, kept = _one_page(attempt), find_kept_fields(current_user)
    return render_template(
        "attempts/question.html",
        attempt=attempt,
        state=state,
        one_page=one_page,
        questions=[
            question_view(attempt, state, slot, versions[state.slots[slot].item_version_id],
                          field=f"q{slot + 1}" if one_page else "answer", kept=kept)
            for slot in slots
        ],
        shows=review_during(attempt.quiz, now()).shows(attempt),
        seconds_left=seconds_left(attempt.due_at, now()),
    )  # fmt: skip


def _too_late(attempt: Attempt) -> Response:
    """Go to the result, and say so when an answer comes back from an expired sign-in after the attempt was closed."""
    if any(name.startswith(("answer", "q")) for name in find_kept_fields(current_user) or ()):
        flash(_("The attempt was closed before you signed in again. What you had sent last could not be saved."), "danger")
    return redirect(url_for(".result", attempt_id=attempt.id))


def _one_page(attempt: Attempt) -> bool:
    return read_options(attempt.quiz.options).layout == "one_page"


def _place(attempt: Attempt, number: int) -> str:
    if _one_page(attempt):
        return url_for(".questions", attempt_id=attempt.id, _anchor=f"question-{number}")
    return url_for(".question", attempt_id=attempt.id, number=number)


def _save_page(attempt: Attempt, state: State, fields: dict[int, str]) -> bool:
    """Save what a page without JavaScript sends; say whether everything could be taken, and the person what could not."""
    forget_kept_forms(current_user, request.path)
    versions = get_wordings({state.slots[slot].item_version_id for slot in fields})
    device, counter = read_sender()
    good = True
    for slot, field in fields.items():
        if slot in state.checked:
            continue
        try:
            response = read_response(attempt.id, slot, state, versions[state.slots[slot].item_version_id], field)
        except Refusal as refused:
            if not isinstance(refused.reason, FileReason):
                raise
            flash(say(refused.sentence), "danger")
            good = False
        else:
            actions.save_response(attempt, slot, response, at=now(), device=device, counter=counter, state=state)
    return good


def _press(attempt: Attempt, state: State) -> int | None:
    """Do what the buttons of a question ask for, and return its number: have it checked, or flag it."""
    for name in ("check", "flag", "unflag"):
        number = read_question_number(request.form.get(name, ""), len(state.slots))
        if number is not None:
            if name == "check":
                actions.check_answer(attempt, number - 1, at=now())
            else:
                (device, counter), (age, _upon), at = read_sender(), read_age(), now()
                actions.flag_question(
                    attempt, number - 1, flag=name == "flag", at=at, device=device, counter=counter, age=age
                )
            return number
    return None
