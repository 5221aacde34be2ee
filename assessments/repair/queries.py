"""Reads for repairs: whom does a repair concern, and what would it change?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from assessments.attempts.models import Attempt, AttemptStep
from assessments.attempts.queries import list_steps_by_attempt
from assessments.attempts.results import Result, counting_result
from assessments.attempts.rules import State, Step, StepKind, fold
from assessments.attempts.scoring import Scoring, points_of, score_state, scores_of
from assessments.items.models import ItemRepair, ItemVersion
from assessments.items.queries import Wording, get_item_versions, get_wordings, list_repairs
from assessments.items.rules import is_asked
from assessments.quizzes.models import Quiz, QuizItem
from assessments.quizzes.queries import Pooled, count_asked, list_pool, list_whole_pool
from assessments.repair.rules import Effect, chain, fingerprint, keeps, standing
from courses.cohorts.actions import hold_enrolments
from courses.cohorts.models import Enrolment
from courses.content.models import Activity
from lms.db import session
from lms.people.models import Person


@dataclass(frozen=True)
class Rescoring:
    """A submitted attempt that contains the question, and what it is worth with the mended one."""

    attempt: Attempt
    state: State
    scoring: Scoring


@dataclass(frozen=True)
class DryRun:
    """What a repair would do: attempts that get a new scoring, effects on results, attempts that keep the old one."""

    rescorings: list[Rescoring]
    effects: list[Effect]
    kept: int
    running: int

    def fingerprint(self, new: ItemVersion, *, never_lower: bool) -> str:
        """Return what tells this outcome from another; attempts that still run do not count."""
        return fingerprint(new.sha256, self.effects, never_lower=never_lower, kept=self.kept)


def list_quizzes_with(item_id: int) -> list[Quiz]:
    """Return the quizzes whose pool has some version of an item, with their activity and course version."""
    query = (
        select(Quiz)
        .join(Quiz.activity)
        .join(QuizItem, QuizItem.quiz_id == Quiz.activity_id)
        .join(ItemVersion, ItemVersion.id == QuizItem.item_version_id)
        .options(contains_eager(Quiz.activity).joinedload(Activity.version))
        .where(ItemVersion.item_id == item_id)
        .order_by(Quiz.activity_id)
    )
    return list(session.scalars(query).unique())


def list_chain(version: ItemVersion) -> list[ItemRepair]:
    """Return the repairs and new wordings that led to a version, the oldest first."""
    return chain(list_repairs([version.item_id]), version.id)


def list_since(version: ItemVersion, present: ItemVersion) -> list[ItemRepair]:
    """Return the repairs and new wordings that led from a version to the one that stands now, the oldest first."""
    links = list_chain(present)
    return links[next((place for place, link in enumerate(links) if link.from_version_id == version.id), 0) :]


def list_history(version: ItemVersion) -> list[tuple[ItemRepair, str]]:
    """Return the repairs and new wordings that led to a version, the newest first, each with the name of who did it."""
    repairs = list_chain(version)[::-1]
    people = session.scalars(select(Person).where(Person.id.in_([one.actor_id for one in repairs if one.actor_id])))
    names = {person.id: person.full_name for person in people} if repairs else {}
    return [(one, names.get(one.actor_id or 0, "")) for one in repairs]


def list_pools_with(version: ItemVersion) -> list[tuple[Quiz, list[Pooled]]]:
    """Return every quiz that has a version in its pool, with what attempts that begin now can be asked."""
    return [
        (quiz, list_pool(quiz))
        for quiz in list_quizzes_with(version.item_id)
        if any(one.item_version_id == version.id for one in quiz.pool)
    ]


@dataclass(frozen=True)
class Later:
    """How many questions an attempt at a quiz is asked that begins before a repair, and one that begins after it."""

    quiz: Quiz
    before: int
    after: int


def list_later(old: ItemVersion, new: ItemVersion) -> list[Later]:
    """Return what changes for attempts that begin after ``new`` has taken the place of ``old``, by quiz."""
    found = []
    for quiz, pool in list_pools_with(old):
        mended = [one for one in list_whole_pool(quiz) if is_asked(new.definition if one.id == old.id else one.definition)]
        found.append(Later(quiz, count_asked(quiz, pool), count_asked(quiz, mended)))
    return found


def find_standing(version: ItemVersion) -> ItemRepair | None:
    """Return the repair of a version that can be taken back, if there is one."""
    return next(iter(standing(list_chain(version))[-1:]), None)


def try_repair(
    old: ItemVersion,
    new: ItemVersion,
    *,
    never_lower: bool,
    taken_back: ItemRepair | None = None,
    hold: bool = False,
) -> DryRun:
    """Return what happens when ``new``, stored or not, takes the place of ``old``. Some queries, whatever the size.

    When that takes a repair back, everybody gets what stood before it: who had been promised an older version keeps it.
    With ``hold`` the attempts are held until the transaction ends, so that nobody marks or hands in meanwhile.
    """
    # An attempt names the version that it was asked; repairs since then have put others in its place.
    repairs = list_chain(old)
    ancestors = {old.id} | {repair.from_version_id for repair in repairs}
    attempts = _attempts_with(ancestors, hold=hold)
    logs = list_steps_by_attempt([attempt.id for attempt in attempts])
    states = {attempt_id: fold(log) for attempt_id, log in logs.items()}
    concerned = [attempt for attempt in attempts if attempt.submitted_at is not None]
    stand_in = new.id or 0
    successors = {attempt.id: dict.fromkeys(ancestors, stand_in) for attempt in concerned}
    if taken_back is not None:
        since = {repair.to_version_id for repair in repairs[repairs.index(taken_back) :]}
        successors = {
            attempt.id: _stood_before(taken_back, since, logs[attempt.id], states[attempt.id], stand_in)
            for attempt in concerned
        }
    drawn = {slot.item_version_id for attempt in concerned for slot in states[attempt.id].slots}
    before_it = {version_id for replaced in successors.values() for version_id in replaced.values()}
    versions = get_wordings(drawn | before_it - {stand_in}) | {stand_in: Wording(new.type, new.definition)}
    rescorings, kept = [], 0
    for attempt in concerned:
        if not successors[attempt.id]:
            continue  # the repair had left this one alone
        scoring = score_state(states[attempt.id], versions, successors[attempt.id])
        before = (attempt.score_hundredths or 0, attempt.score_maximum_hundredths or 0)
        if keeps(before, (scoring.given, scoring.maximum), never_lower=never_lower):
            kept += 1
        else:
            rescorings.append(Rescoring(attempt, states[attempt.id], scoring))
    running = len(attempts) - len(concerned)
    return DryRun(rescorings, _effects(concerned, rescorings), kept, running)


def get_enrolments(ids: list[int]) -> dict[int, Enrolment]:
    """Return enrolments with their person, by id."""
    query = select(Enrolment).options(joinedload(Enrolment.person)).where(Enrolment.id.in_(ids))
    return {enrolment.id: enrolment for enrolment in session.scalars(query)}


def list_attempts_of(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], list[Attempt]]:
    """Return the submitted attempts by (enrolment, quiz), in their order."""
    found: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    query = (
        select(Attempt)
        .where(
            Attempt.submitted_at.is_not(None),
            Attempt.voided_at.is_(None),
            Attempt.enrolment_id.in_({enrolment for enrolment, _quiz in pairs}),
            Attempt.quiz_id.in_({quiz for _enrolment, quiz in pairs}),
        )
        .order_by(Attempt.number)
    )
    for attempt in session.scalars(query):
        if (attempt.enrolment_id, attempt.quiz_id) in pairs:
            found[attempt.enrolment_id, attempt.quiz_id].append(attempt)
    return found


def _attempts_with(version_ids: set[int], *, hold: bool) -> list[Attempt]:
    item_ids = {version.item_id for version in get_item_versions(version_ids).values()}
    courses = select(Activity.version_id).join(Quiz, Quiz.activity_id == Activity.id).join(
        QuizItem, QuizItem.quiz_id == Quiz.activity_id
    ).join(ItemVersion, ItemVersion.id == QuizItem.item_version_id).where(ItemVersion.item_id.in_(item_ids))  # fmt: skip
    draws = session.execute(
        select(AttemptStep.attempt_id, AttemptStep.payload)
        .join(Attempt, Attempt.id == AttemptStep.attempt_id)
        .join(Activity, Activity.id == Attempt.quiz_id)
        .where(AttemptStep.sequence == 0, Activity.version_id.in_(courses))
    )
    ids = [
        attempt_id
        for attempt_id, payload in draws
        if payload and any(version_id in version_ids for version_id, _order in payload["draw"])
    ]
    query = (
        select(Attempt)
        .options(
            joinedload(Attempt.quiz).joinedload(Quiz.activity),
            joinedload(Attempt.enrolment).joinedload(Enrolment.person),
            joinedload(Attempt.enrolment).joinedload(Enrolment.cohort),
        )
        .where(Attempt.id.in_(ids))
        .order_by(Attempt.id)
    )
    if hold:
        hold_enrolments(Enrolment.id.in_(select(Attempt.enrolment_id).where(Attempt.id.in_(ids))))
        query = query.with_for_update(of=Attempt).execution_options(populate_existing=True)
    return list(session.scalars(query))


def _stood_before(
    taken_back: ItemRepair, since: set[int], log: list[Step], state: State, stand_in: int
) -> dict[int, int]:
    """Return which version comes in the place of which one in an attempt when a repair is taken back; nothing: none does.

    ``since`` are the versions that the repair and those after it made. ``stand_in`` has the definition that it found.
    """
    place = next((number for number, slot in enumerate(state.slots) if slot.item_version_id in since), None)
    if place is None:
        return {}
    scored = None
    for sequence, step in enumerate(log):
        if step.kind == StepKind.SUBMITTED:
            scored = None  # what is handed in again is scored with what holds then, whatever was promised before
        elif step.kind == StepKind.SCORED and (step.payload or {}).get("repair") == taken_back.id:
            scored = sequence
    found = taken_back.from_version_id if scored is None else fold(log[:scored]).slots[place].item_version_id
    return {state.slots[place].item_version_id: stand_in if found == taken_back.from_version_id else found}


def _effects(concerned: list[Attempt], rescorings: list[Rescoring]) -> list[Effect]:
    # None stands for an attempt that waits for marks: it counts for nothing, before or after.
    scored = {
        one.attempt.id: None if one.scoring.pending else (one.scoring.given, one.scoring.maximum) for one in rescorings
    }
    quizzes = {attempt.quiz_id: attempt.quiz for attempt in concerned}
    effects = []
    nothing = Result(0, 0, passed=False)
    for (enrolment_id, quiz_id), attempts in list_attempts_of({(a.enrolment_id, a.quiz_id) for a in concerned}).items():
        quiz = quizzes[quiz_id]
        before = counting_result(scores_of(attempts), quiz.grading, quiz.pass_percent)
        mended = [scored[one.id] if one.id in scored else points_of(one) for one in attempts]
        after = counting_result(mended, quiz.grading, quiz.pass_percent)
        if after is not None or not any(points is None for points in mended):
            effects.append(Effect(enrolment_id, quiz_id, before or nothing, after or nothing))
    return effects
