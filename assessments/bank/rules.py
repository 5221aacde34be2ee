"""Decisions about a bank: what a search finds, and what has changed between two versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.items.interactions.registry import INTERACTIONS
from lms.sentences import N_

TYPE_NAMES = {name: interaction.LABEL for name, interaction in INTERACTIONS.items()}
DIFFICULTIES = {1: N_("easy"), 2: N_("medium"), 3: N_("hard")}
STATES = {"active": N_("in use"), "retired": N_("retired"), "all": N_("all"), "unexplained": N_("without explanation")}
KEY_NAMES = {
    "prompt": N_("Question"), "explanation": N_("Explanation"), "tags": N_("Tags"), "difficulty": N_("Difficulty"),
    "points": N_("Points"), "answers": N_("Answers"), "correct": N_("Right answer"), "scoring": N_("Scoring"),
    "shuffle": N_("Shuffling"), "accepted": N_("Accepted texts"), "value": N_("Value"), "tolerance": N_("Tolerance"),
    "pairs": N_("Pairs"), "distractors": N_("Texts that match nothing"), "steps": N_("Steps"), "categories": N_("Categories"),
    "text": N_("Text with gaps"), "gaps": N_("Gaps"), "reasons": N_("Reasons"), "units": N_("Units"), "repaired": N_("Repair"),
    "feedback_true": N_("Feedback for “true”"), "feedback_false": N_("Feedback for “false”"), "type": N_("Type"),
    "key": N_("Right places"), "other_solutions": N_("Further right solutions"),
    "other_values": N_("Further expected numbers"), "feedback": N_("Feedback"),
    "feedback_otherwise": N_("Feedback for anything else"), "tolerance_kind": N_("Kind of tolerance"),
    "single": N_("One area for several that are right"),
}  # fmt: skip


@dataclass(frozen=True)
class Filter:
    """What a list of items is narrowed to; empty: no matter."""

    search: str = ""
    tag: str = ""
    type: str = ""
    difficulty: int = 0
    state: str = "active"

    def values(self) -> dict[str, str]:
        """Return it as the query of an address, without what does not narrow."""
        pairs = {
            "q": self.search,
            "tag": self.tag,
            "type": self.type,
            "state": self.state if self.state != "active" else "",
        }
        return {key: value for key, value in pairs.items() if value} | (
            {"difficulty": str(self.difficulty)} if self.difficulty else {}
        )


def matches(wanted: Filter, key: str, type_name: str, definition: Mapping[str, Any], *, retired: bool) -> bool:
    """Say whether an item is among what a filter asks for."""
    if wanted.state in {"active", "retired"} and retired is not (wanted.state == "retired"):
        return False
    if wanted.state == "unexplained" and definition.get("explanation", "").strip():
        return False
    if (wanted.type and type_name != wanted.type) or (wanted.tag and wanted.tag not in definition.get("tags", [])):
        return False
    if wanted.difficulty and definition.get("difficulty", 2) != wanted.difficulty:
        return False
    return all(word in f"{key} {_words(definition)}".casefold() for word in wanted.search.casefold().split())


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return " ".join(map(_words, value.values()))
    if isinstance(value, list):
        return " ".join(map(_words, value))
    return ""


def changed_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the keys in which two versions differ, in the order of the later one."""
    return [key for key in {**after, **before} if before.get(key) != after.get(key)]
