"""Mend a question and everything that was scored with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from assessments.attempts.actions import current_result, record_result, record_scoring, record_waiting
from assessments.attempts.models import Attempt
from assessments.attempts.queries import list_attempts
from assessments.attempts.scoring import tries, unfinished, waiting
from assessments.events import ResultsRepaired
from assessments.exchange.written import meaningful
from assessments.items.actions import content_hash
from assessments.items.models import ItemRepair, ItemVersion
from assessments.items.rules import DROPPED, FULL_POINTS, REPAIRED, bare, reword, texts_of
from assessments.quizzes.models import QuizItem
from assessments.quizzes.queries import get_terms
from assessments.repair.mail import queue_repaired_mail
from assessments.repair.queries import DryRun, find_standing, list_attempts_of, list_pools_with, try_repair
from assessments.repair.rules import Kind, RepairReason, summary
from courses.cohorts.models import Enrolment
from courses.progress.actions import Verb, record_progress
from courses.progress.queries import states_of
from courses.progress.rules import ActivityState
from lms.audit.actions import record_audit
from lms.db import session
from lms.events import publish
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import Refusal


def mended_version(old: ItemVersion, kind: Kind, definition: dict[str, Any] | None = None) -> ItemVersion:
    """Return the version that would take the place of ``old``; it is not stored. ``definition`` is the one with the new key.

    Taking back makes a version that is what the last standing repair found. Raises Refusal when nothing changes, also where
    the same key would only be written in another way, or when a quiz would be left without a question.
    """
    if kind is Kind.KEY:
        new = definition
    elif kind is Kind.TAKE_BACK:
        taken_back = find_standing(old)
        if taken_back is None:
            raise Refusal(RepairReason.NOTHING_TO_TAKE_BACK)
        # The key as it was, in the words of now.
        before = taken_back.from_version.definition
        new = reword(old.type, before, texts_of(old.type, old.definition, like=before))
    else:
        new = bare(old.definition) | {REPAIRED: FULL_POINTS if kind is Kind.FULL_POINTS else DROPPED}
    if new is None or new == old.definition or (kind is Kind.KEY and _means_the_same(old, new)):
        raise Refusal(RepairReason.NOTHING_CHANGED)
    if kind is Kind.DROP and any({one.id for one in pool} <= {old.id} for _quiz, pool in list_pools_with(old)):
        raise Refusal(RepairReason.LAST_QUESTION)
    return ItemVersion(item_id=old.item_id, type=old.type, definition=new, sha256=content_hash(old.type, new))


def _means_the_same(old: ItemVersion, new: dict[str, Any]) -> bool:
    """Say whether a definition is only written in another way: a form writes out anew how an earlier version said its key."""
    return meaningful({"type": old.type} | old.definition) == meaningful({"type": old.type} | new)


def repair_item(
    old: ItemVersion,
    new: ItemVersion,
    kind: Kind,
    *,
    never_lower: bool,
    reason: str,
    actor: Person,
    at: datetime,
    shown: str | None = None,
) -> tuple[ItemRepair, DryRun]:
    """Put ``new`` in the place of ``old``, everywhere and for everybody, and return what was done. Raises Refusal.

    With ``shown``, the fingerprint of a dry run that somebody looked at, it is done only if it does just that. Scarce: a
    version is repaired once (unique). Every attempt that contains it is scored again from its steps; the old
    scoring stays in its log. Results that change get a new line in the ledger, their people a mail; issued certificates
    are only flagged.
    """
    with session.begin_nested():
        repair = put_in_place(old, new, kind, never_lower=never_lower, reason=reason, actor=actor, at=at)
        taken_back = find_standing(old) if kind is Kind.TAKE_BACK else None
        run = try_repair(old, new, never_lower=never_lower, taken_back=taken_back, hold=True)
        if shown is not None and shown != run.fingerprint(new, never_lower=never_lower):
            raise Refusal(RepairReason.CHANGED_MEANWHILE)
    for one in run.rescorings:
        record_scoring(one.attempt, one.state, one.scoring, at=at, repair=repair)
    nudge("count_statistics")
    _record_results(run, repair, actor, at)
    repair.outcome = summary(run.effects) | {"kept": run.kept, "running": run.running}
    record_audit("item_repaired", repair, actor=actor, at=at, kind=kind.value, item=old.item.key, **repair.outcome)
    session.flush()
    return repair, run


def put_in_place(
    old: ItemVersion, new: ItemVersion, kind: Kind, *, never_lower: bool, reason: str, actor: Person, at: datetime
) -> ItemRepair:
    """Store ``new`` and put it in the place of ``old`` in every quiz, for attempts that begin from now on. Raises Refusal.

    Scarce: a version has one successor (unique), whether it is repaired or worded anew.
    """
    number = session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == old.item_id)) or 0
    new.number, new.created_at, new.created_by_id = number + 1, at, actor.id
    repair = ItemRepair(
        from_version_id=old.id, kind=kind.value, never_lower=never_lower, reason=reason, at=at, actor_id=actor.id, outcome={}
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(new)
            session.flush()
            repair.to_version_id = new.id
            session.add(repair)
            session.flush()
    except IntegrityError:
        raise Refusal(RepairReason.REPAIRED_ALREADY) from None
    # It keeps its place in every pool, also when it is not asked any more: whoever takes the repair back finds it there.
    for place in session.scalars(select(QuizItem).where(QuizItem.item_version_id == old.id)):
        place.item_version = new
    session.flush()
    return repair


def _record_results(run: DryRun, repair: ItemRepair, actor: Person, at: datetime) -> None:
    changed = {(effect.enrolment_id, effect.quiz_id): effect for effect in run.effects if effect.changed}
    for key, attempts in list_attempts_of(set(changed)).items():
        last = attempts[-1]
        result = current_result(attempts, last.quiz)
        record_result(last, attempts, result, grader=actor, actor=actor, at=at, reason=repair.reason)
        queue_repaired_mail(last, changed[key], taken_back=repair.kind == Kind.TAKE_BACK, at=at)
    if changed:
        ids = {enrolment_id for enrolment_id, _quiz in changed}
        enrolments = list(session.scalars(select(Enrolment).where(Enrolment.id.in_(ids))))
        publish(ResultsRepaired(enrolments=enrolments, reason=repair.reason, actor=actor, at=at))
    rescored = {(one.attempt.enrolment_id, one.attempt.quiz_id) for one in run.rescorings}
    _record_tries(rescored - set(changed), actor, at)
    _record_waits(rescored, actor, at)


def _record_tries(pairs: set[tuple[int, int]], actor: Person, at: datetime) -> None:
    """Say where the result stays as it was whether tries are left: an attempt without any question is none."""
    states = states_of({enrolment_id for enrolment_id, _quiz in pairs})
    for (enrolment_id, quiz_id), attempts in list_attempts_of(pairs).items():
        state, last = states[enrolment_id].get(quiz_id), attempts[-1]
        if state is ActivityState.DONE:
            continue
        most, (taken, _last) = last.quiz.max_attempts, tries(attempts)
        if most is not None and taken >= most:
            most = get_terms(last.quiz, last.enrolment, at).max_attempts  # exceptions can only grant more
        left = most is None or taken < most
        if left and state is ActivityState.FAILED:
            record_progress(last.enrolment, last.quiz.activity, Verb.REOPENED, actor=actor, at=at)
        elif not left and state is not ActivityState.FAILED and not waiting(attempts) and not _runs(last):
            record_progress(last.enrolment, last.quiz.activity, Verb.FAILED, actor=actor, at=at)


def _record_waits(pairs: set[tuple[int, int]], actor: Person, at: datetime) -> None:
    """Say of which quizzes nothing waits for a mark any more, or something does again."""
    states = states_of({enrolment_id for enrolment_id, _quiz in pairs})
    for (enrolment_id, quiz_id), attempts in list_attempts_of(pairs).items():
        if waiting(attempts) or states[enrolment_id].get(quiz_id) is ActivityState.HANDED_IN:
            record_waiting(list_attempts(enrolment_id, quiz_id), actor=actor, at=at)


def _runs(attempt: Attempt) -> bool:
    attempts = list_attempts(attempt.enrolment_id, attempt.quiz_id)
    return bool(unfinished(attempts))
