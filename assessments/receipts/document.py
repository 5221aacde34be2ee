"""What a receipt says, as plain values, and its file. Nothing here writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup

from assessments.attempts.models import Attempt
from assessments.attempts.queries import list_steps
from assessments.attempts.rules import State, Step, StepKind, fold
from assessments.items.interactions.registry import get_interaction
from assessments.items.models import ItemVersion
from assessments.items.queries import get_item_versions
from assessments.items.rendering import answer_words, say_part
from assessments.items.rules import maximum
from assessments.receipts.actions import subject_of
from assessments.receipts.models import Receipt
from assessments.receipts.queries import get_receipt
from assessments.receipts.rules import Claim, Contents, canonical_log
from lms.mail.letters import absolute
from lms.markdown import render_inline, render_markdown
from lms.printing.rendering import AttachedFile
from lms.printing.reports import print_report

CLAIM_FILE, LOG_FILE = "receipt.json", "log.json"


@dataclass(frozen=True)
class Asked:
    """A question of the attempt: what stood there, what was answered, and when that was saved."""

    number: int
    #: Safe HTML without links and pictures.
    prompt: Markup
    #: What one could choose from, in the order in which it was shown; empty where one typed.
    choices: list[Markup]
    #: The answer in words; empty when there is none.
    answer: list[str]
    saved_at: datetime | None
    #: Hundredths of a point; None: not said, or not marked yet.
    given: int | None
    maximum: int


def prepare_receipt(receipt_id: int) -> Callable[[], bytes]:
    """Read what a receipt says and return what prints it, which needs no database any more."""
    receipt = get_receipt(receipt_id)
    steps = list_steps(receipt.attempt)[: receipt.steps]
    with force_locale(receipt.language):
        values = _values(receipt, steps)
    attached = attached_files(receipt, receipt.attempt, steps)
    number, language, at = receipt.number, receipt.language, receipt.created_at

    def print_it() -> bytes:
        with force_locale(language):
            return print_report(
                "receipts/document.html",
                title=gettext("Receipt for an attempt"),
                identifier=number,
                at=at,
                attached=attached,
                **values,
            )

    return print_it


def _values(receipt: Receipt, steps: list[Step]) -> dict[str, Any]:
    attempt, contents = receipt.attempt, Contents.read(receipt.shown)
    cohort, activity = attempt.enrolment.cohort, attempt.quiz.activity
    state, pending = fold(steps), _pending(steps)
    return {
        "person": attempt.enrolment.person.full_name,
        "course": cohort.version.title,
        "cohort": cohort.title,
        "module": activity.module.title if activity.module else "",
        "quiz": activity.title,
        "number": attempt.number,
        "zone": cohort.zone,
        "clock": lambda at: at.astimezone(ZoneInfo(cohort.zone)).strftime("%H:%M:%S"),
        "started_at": steps[0].at,
        "due_at": attempt.due_at,
        "submitted_at": state.submitted_at,
        "overdue": _was_overdue(steps),
        "voided_at": state.voided_at,
        "contents": contents,
        "pending": len(pending),
        "questions": list_asked(state, steps, contents, pending),
        "pass_percent": attempt.quiz.pass_percent,
        "steps": receipt.steps,
        "log_sha256": receipt.log_sha256,
        "log_file": LOG_FILE,
        "validate_url": absolute(url_for("receipts.validate")),
    }


def attached_files(receipt: Receipt, attempt: Attempt, steps: list[Step]) -> list[AttachedFile]:
    """Return what the file carries: its claim, and the log itself where the answers may be shown."""
    contents = Contents.read(receipt.shown)
    claim = Claim(receipt.number, attempt.id, receipt.steps, contents, receipt.log_sha256)
    attached = [AttachedFile(CLAIM_FILE, claim.written(), "What this receipt claims about the log")]
    if contents.answers:
        log = canonical_log(subject_of(attempt), steps, points=contents.points)
        attached.append(AttachedFile(LOG_FILE, log, "The log of the attempt; its SHA-256 is the printed one"))
    return attached


def list_asked(state: State, steps: list[Step], contents: Contents, pending: frozenset[int]) -> list[Asked]:
    """Return the questions of an attempt in its order; prompts and answers are empty where they may not be shown."""
    drawn = fold(steps[:1]).slots  # a repair changes what an answer is worth, not what was asked
    versions = get_item_versions({slot.item_version_id for slot in (*drawn, *state.slots)})
    saved = {number: steps[sequence].at for number, (sequence, _device) in state.stamps.items()}
    asked = []
    for number, slot in enumerate(drawn):
        version, response = versions[slot.item_version_id], state.responses.get(number)
        known = contents.points and number < len(state.scores) and number not in pending
        asked.append(
            Asked(
                number=number + 1,
                prompt=_plain(version.definition["prompt"]) if contents.answers else Markup(),
                choices=_choices(version, slot.order) if contents.answers else [],
                answer=answer_words(version, response) if contents.answers and response is not None else [],
                saved_at=saved.get(number),
                given=state.scores[number] if known else None,
                maximum=maximum(versions[state.slots[number].item_version_id].definition),
            )
        )
    return asked


def _plain(text: str) -> Markup:
    return Markup(render_markdown(text, lambda _kind, _address: None))  # noqa: S704 - made by lms.markdown


def _choices(version: ItemVersion, order: tuple[int, ...]) -> list[Markup]:
    parts = get_interaction(version.type).options(version.definition, order)
    return [Markup(render_inline(say_part(part))) for part in parts]  # noqa: S704 - made by lms.markdown


def _pending(steps: list[Step]) -> frozenset[int]:
    """Return the questions that waited for a mark at the last scoring."""
    last = next((step for step in reversed(steps) if step.kind == StepKind.SCORED), None)
    return frozenset((last.payload or {}).get("pending", ())) if last else frozenset()


def _was_overdue(steps: list[Step]) -> bool:
    last = next((step for step in reversed(steps) if step.kind == StepKind.SUBMITTED), None)
    return bool(last and (last.payload or {}).get("overdue"))
