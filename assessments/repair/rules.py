"""What a repair does to results: pure, so that the dry run and the act are the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar

from assessments.attempts.results import Result
from assessments.items.rules import WORDING
from lms.sentences import N_, Reason


class Kind(StrEnum):
    """The ways to mend a question, and the way back; a new wording mends nothing that was answered."""

    KEY = "key"
    FULL_POINTS = "full_points"
    DROP = "drop"
    TAKE_BACK = "take_back"
    WORDING = WORDING


#: What was done, for the history.
KIND_NAMES = {
    Kind.KEY: N_("Key changed"),
    Kind.FULL_POINTS: N_("Points given to everybody"),
    Kind.DROP: N_("Question dropped"),
    Kind.TAKE_BACK: N_("Repair taken back"),
    Kind.WORDING: N_("Wording changed"),
}


class RepairReason(Reason):
    """Why a question cannot be mended like this."""

    REPAIRED_ALREADY = "repaired_already", N_("This version has been repaired already. Please repair the new one.")
    NOTHING_CHANGED = "nothing_changed", N_("The question is as it was. Please change something, or choose another way.")
    LAST_QUESTION = "last_question", N_("This is the only question of a quiz. It cannot be dropped.")
    REPAIRED_MEANWHILE = (
        "repaired_meanwhile",
        N_("Somebody has repaired this question meanwhile. The key shows what holds now, and your reason has been kept."),
    )
    WORDED_MEANWHILE = (
        "worded_meanwhile",
        N_("Somebody has worded this question anew meanwhile. Please look at it and send your entries again: they are kept."),
    )
    CHANGED_MEANWHILE = (
        "changed_meanwhile",
        N_("This is not what you were shown: your entries or the results have changed since. Please look at it again."),
    )
    NOTHING_TO_TAKE_BACK = "nothing_to_take_back", N_("There is no repair of this question that could be taken back.")


class Repair(Protocol):
    """A repair as the rules see it (see ItemRepair)."""

    @property
    def from_version_id(self) -> int:
        """The version that was repaired."""

    @property
    def to_version_id(self) -> int:
        """The version that took its place."""

    @property
    def kind(self) -> str:
        """One of Kind."""


SomeRepair = TypeVar("SomeRepair", bound=Repair)


def chain(repairs: Iterable[SomeRepair], version_id: int) -> list[SomeRepair]:
    """Return the repairs and new wordings that led to a version, the oldest first."""
    by_result = {repair.to_version_id: repair for repair in repairs}
    found = []
    while version_id in by_result:
        found.append(by_result[version_id])
        version_id = found[-1].from_version_id
    return found[::-1]


def standing(repairs: Iterable[SomeRepair]) -> list[SomeRepair]:
    """Return the repairs of a chain that have not been taken back; the last of them is the one that can be."""
    left: list[SomeRepair] = []
    for repair in repairs:
        if repair.kind == Kind.TAKE_BACK:
            del left[-1:]
        elif repair.kind != Kind.WORDING:
            left.append(repair)
    return left


@dataclass(frozen=True)
class Effect:
    """What a repair does to one person's result in one quiz."""

    enrolment_id: int
    quiz_id: int
    before: Result
    after: Result

    @property
    def changed(self) -> bool:
        """Whether points or the most there can be differ."""
        return self.before != self.after

    @property
    def crosses(self) -> str:
        """``passed`` or ``failed`` when the repair moves the person over the pass mark, otherwise empty."""
        if self.before.passed == self.after.passed:
            return ""
        return "passed" if self.after.passed else "failed"


def keeps(before: tuple[int, int], after: tuple[int, int], *, never_lower: bool) -> bool:
    """Say whether an attempt keeps its old scoring, each (given, maximum): because the new share would be smaller."""
    return never_lower and share(after) < share(before)


def share(points: tuple[int, int]) -> Fraction:
    """Return the share of the points; of nothing it is nothing."""
    given, maximum = points
    return Fraction(given, maximum) if maximum else Fraction(0)


def summary(effects: Sequence[Effect]) -> dict[str, int]:
    """Return how many people are concerned, changed, newly passed and newly failed."""
    return {
        "concerned": len(effects),
        "changed": sum(effect.changed for effect in effects),
        "passed": sum(effect.crosses == "passed" for effect in effects),
        "failed": sum(effect.crosses == "failed" for effect in effects),
    }


def fingerprint(content_hash: str, effects: Sequence[Effect], *, never_lower: bool, kept: int) -> str:
    """Return what tells one outcome of a repair from another: the mended question and what it does to whom."""
    told = (content_hash, never_lower, kept, sorted(map(repr, effects)))
    return hashlib.sha256(repr(told).encode()).hexdigest()
