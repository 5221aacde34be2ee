"""Decisions about receipts: what one may say, what is hashed, and what a file that comes back is worth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from assessments.attempts.rules import Step, StepKind
from assessments.quizzes.rules import Shown
from lms.sentences import N_, Reason

#: Steps that say what an answer is worth. ``marked`` is one that a person gave.
TELLING = frozenset({StepKind.SCORED.value, "marked"})


@dataclass(frozen=True)
class Contents:
    """What a receipt says besides when: the answers, and what they are worth. A quiz's review options decide."""

    answers: bool
    points: bool

    def __str__(self) -> str:
        """Return it as it is kept and printed."""
        return ",".join(name for name in ("answers", "points") if getattr(self, name))

    @classmethod
    def read(cls, text: str) -> Contents:
        """Return it from what ``str`` made."""
        names = text.split(",")
        return cls("answers" in names, "points" in names)

    @classmethod
    def of(cls, shown: Collection[Shown]) -> Contents:
        """Return what a receipt may say when a review shows this."""
        return cls(Shown.OWN_ANSWERS in shown, Shown.POINTS in shown)


@dataclass(frozen=True)
class Subject:
    """The attempt that a log belongs to; numbers that never change."""

    attempt: int
    quiz: int
    enrolment: int
    number: int


def canonical_log(subject: Subject, steps: Sequence[Step], *, points: bool) -> bytes:
    """Return a log in the one form that is hashed: JSON with sorted keys and no spaces, in UTF-8.

    Times are UTC to the microsecond. Steps that would tell the points are left out unless these are shown: from a hash
    over them the points could be found by trying. Who of the staff did something is left out as well.
    """
    kept = []
    for sequence, step in enumerate(steps):
        if step.kind in TELLING and not points:
            continue
        payload = {key: value for key, value in (step.payload or {}).items() if key != "actor"}
        every = {
            "sequence": sequence,
            "kind": str(step.kind),
            "at": step.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "slot": step.slot,
            "device": step.device,
            "counter": step.counter,
            "payload": payload or None,
        }
        kept.append({key: value for key, value in every.items() if value is not None})
    content = {
        "format": 1,
        "attempt": subject.attempt,
        "quiz": subject.quiz,
        "enrolment": subject.enrolment,
        "number": subject.number,
        "steps": kept,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def log_hash(log: bytes) -> str:
    """Return the SHA-256 of a canonical log in hex."""
    return hashlib.sha256(log).hexdigest()


@dataclass(frozen=True)
class Claim:
    """What a receipt's file claims about the log."""

    receipt: str
    attempt: int
    steps: int
    contents: Contents
    log_sha256: str

    def written(self) -> bytes:
        """Return it as the JSON that the file carries."""
        content = {
            "format": 1,
            "receipt": self.receipt,
            "attempt": self.attempt,
            "steps": self.steps,
            "shown": str(self.contents),
            "log_sha256": self.log_sha256,
        }
        return json.dumps(content, indent=1).encode()


def read_claim(content: bytes) -> Claim | None:
    """Return the claim of a file that ``Claim.written`` made, None for anything else."""
    try:
        read: Any = json.loads(content)
        if read["format"] != 1:
            return None
        return Claim(
            str(read["receipt"]),
            int(read["attempt"]),
            int(read["steps"]),
            Contents.read(str(read["shown"])),
            str(read["log_sha256"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


class Verdict(Reason):
    """What a file that comes back is worth: one sentence each."""

    GENUINE = "genuine", N_("The seal is intact, and the platform's records are what the receipt says.")
    CONTINUED = (
        "continued",
        N_("The seal is intact, and the records of that time are what the receipt says. More has happened since then."),
    )
    UNSEALED = (
        "unsealed",
        N_("This file carries no seal. It is not a receipt of this platform, or not the file itself."),
    )
    CUT_SHORT = (
        "cut_short",
        N_("The end of this file is missing, as after a download that broke off. Please take it from the platform again."),
    )
    CHANGED = "changed", N_("The file was changed after it had been sealed. What it says cannot be relied on.")
    APPENDED = (
        "appended",
        N_("Something was added to the file after it had been sealed. Please have the original file validated."),
    )
    FOREIGN = "foreign", N_("The seal is intact, but it is not this institution's. It is the seal of %(signer)s.")
    NO_RECEIPT = "no_receipt", N_("The seal is intact and ours, but this document is not a receipt for an attempt.")
    OTHERS = (
        "others",
        N_("The seal is intact and ours. Only the person themselves and those in charge of their cohort see the rest."),
    )
    DIFFERENT = (
        "different",
        N_(
            "The seal is intact, but the platform's records are not what the receipt says. Please tell the programme office."
        ),
    )

    @property
    def good(self) -> bool:
        """Whether the receipt can be relied on."""
        return self in {Verdict.GENUINE, Verdict.CONTINUED}


def judge_seal(*, sealed: bool, intact: bool, whole_file: bool, own: bool) -> Verdict | None:
    """Return why the file cannot be relied on, or None when its seal is good (see lms/institution/inspection.py)."""
    if not sealed:
        return Verdict.UNSEALED
    if not intact:
        return Verdict.CHANGED
    if not own:
        return Verdict.FOREIGN
    return None if whole_file else Verdict.APPENDED


def judge_log(claim: Claim, subject: Subject, steps: Sequence[Step]) -> Verdict:
    """Return what the claim is worth beside the log as it is now."""
    then = canonical_log(subject, steps[: claim.steps], points=claim.contents.points)
    if len(steps) < claim.steps or log_hash(then) != claim.log_sha256:
        return Verdict.DIFFERENT
    return Verdict.CONTINUED if len(steps) > claim.steps else Verdict.GENUINE


class Later(StrEnum):
    """What can have happened to an attempt after its receipt."""

    REPAIRED = "repaired"
    SCORED = "scored"
    MARKED = "marked"
    REOPENED = "reopened"
    ANSWERED = "answered"
    SUBMITTED = "submitted"
    VOIDED = "voided"


@dataclass(frozen=True)
class LaterStep:
    """Something that happened after a receipt; ``reason`` is the staff's, ``repair`` names the one behind a scoring."""

    kind: Later
    at: datetime
    reason: str = ""
    repair: int | None = None
    count: int = 1


def later_steps(steps: Sequence[Step], after: int) -> list[LaterStep]:
    """Return what happened after the first ``after`` steps; answers in a row are one."""
    found: list[LaterStep] = []
    for step in steps[after:]:
        payload = step.payload or {}
        kind = Later(step.kind) if step.kind in list(Later) else None
        if step.kind == StepKind.SCORED and payload.get("repair"):
            kind = Later.REPAIRED
        if kind is None:
            continue
        if kind is Later.ANSWERED and found and found[-1].kind is Later.ANSWERED:
            found[-1] = LaterStep(kind, step.at, count=found[-1].count + 1)
        else:
            found.append(LaterStep(kind, step.at, str(payload.get("reason", "")), payload.get("repair")))
    return found
