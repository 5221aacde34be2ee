"""What was written: a file, and by name what it could not say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from assessments.exchange.making import Number, is_penalty, plainest
from assessments.exchange.reasons import NotTaken, Why, named
from assessments.items.interactions.answers import one_correct
from assessments.items.interactions.gaps import full_options
from lms.markdown import list_html
from lms.sentences import Sentence

Definition = dict[str, Any]
Piece = TypeVar("Piece")
#: Fetches a picture's bytes by its address.
Load = Callable[[str], bytes]

#: A key that says just this says nothing.
DEFAULTS: dict[str, Any] = {
    "points": 1,
    "shuffle": True,
    "case_sensitive": False,
    "ignore_diacritics": False,
    "tolerance": 0,
    "tolerance_kind": "absolute",
    "units": [],
    "other_values": [],
    "other_solutions": [],
    "single": False,
    "distractors": [],
    "tags": [],
}
_SCORINGS = {"multiple_choice": "partial", "ordering": "pairs"}
#: The list of which one answer is chosen, by type.
ONE_CHOSEN = {"single_choice": "answers", "true_false": "reasons"}
_ANSWER_DEFAULTS = {"correct": False, "percent": 0}


@dataclass(frozen=True)
class Written:
    """A file in some format, the ids of the questions in it, and (id, reason) of those that are not."""

    content: bytes
    ending: str
    written: list[str]
    refused: list[tuple[str, Sentence]]

    @classmethod
    def of(
        cls,
        questions: Iterable[Definition],
        one: Callable[[Definition], Piece],
        *,
        join: Callable[[list[Piece]], bytes],
        ending: str,
    ) -> Self:
        """Write each question by ``one`` and put them together by ``join``."""
        pieces, written, refused = [], [], []
        for question in questions:
            try:
                pieces.append(one(question))
            except NotTaken as no:
                refused.append((question["id"], no.sentence))
            else:
                written.append(question["id"])
        return cls(join(pieces), ending, written, refused)


def meaningful(question: Definition) -> Definition:
    """Return a definition without the keys that only say the default: two that mean the same are then the same."""
    defaults = DEFAULTS | {"scoring": _SCORINGS.get(question["type"])}
    kept = {key: value for key, value in question.items() if key not in defaults or value != defaults[key]}
    for key in ("answers", "reasons"):
        if key in kept:
            kept[key] = [
                {name: value for name, value in answer.items() if value != _ANSWER_DEFAULTS.get(name)}
                for answer in kept[key]
            ]
    if (key := ONE_CHOSEN.get(question["type"], "")) in kept:
        kept[key] = one_correct(kept[key])
    for key in ("accepted", "other_values"):
        if key in kept:
            kept[key] = _telling(kept[key])
    if not kept.get("other_values", True):
        del kept["other_values"]
    if "gaps" in kept:
        kept["gaps"] = [
            gap | ({"accepted": _telling(gap["accepted"])} if "accepted" in gap else _first_right(gap))
            for gap in kept["gaps"]
        ]
    if kept.get("scoring") == "weighted" and is_penalty([answer.get("percent", 0) for answer in kept["answers"]]):
        kept["scoring"] = "penalty"
        kept["answers"] = [
            {name: value for name, value in answer.items() if name != "percent"} for answer in kept["answers"]
        ]
    return kept


def _telling(expected: list[Any]) -> list[Any]:
    """Return expected answers without those at the end that give nothing and say nothing: without them it is the same."""
    kept = [plainest(entry) if isinstance(entry, dict) else entry for entry in expected]
    while kept and isinstance(kept[-1], dict) and kept[-1].get("percent") == 0 and "feedback" not in kept[-1]:
        kept.pop()
    return kept


def _first_right(gap: Definition) -> Definition:
    """Return the options of a gap without percentages that say nothing, and the first of those that give all points as right."""
    full = full_options(gap)
    tables = [one if isinstance(one, dict) else {"text": one} for one in gap["options"]]
    kept = [{key: value for key, value in one.items() if key in ("text", "feedback") or 0 < value < 100} for one in tables]
    for one in kept:
        if one["text"] in full[1:]:
            one["percent"] = 100
    return {"options": [one if "percent" in one else plainest(one) for one in kept], "correct": full[0]}


def refuse_keys(question: Definition, keys: Collection[str], format_name: str) -> None:
    """Refuse a question that has one of these keys with anything but its default."""
    for key in sorted(keys):
        if key in question and question[key] != DEFAULTS.get(key):
            raise NotTaken(Why.CANNOT_KEEP, format=format_name, part=named(key))


def refuse_html(text: str, format_name: str) -> None:
    """Refuse Markdown with signs of HTML, which Moodle would read as HTML and we show as it is typed."""
    if "<" in text and list_html(text):
        raise NotTaken(Why.CANNOT_KEEP, format=format_name, part=named("html"))


def meta_tags(question: Definition) -> list[str]:
    """Return the tags with the difficulty among them, which no format has a place for."""
    difficulty = [f"difficulty:{question['difficulty']}"] if "difficulty" in question else []
    return difficulty + list(question.get("tags", []))


def weights(question: Definition, format_name: str) -> list[Number]:
    """Return each answer's percentage, for formats that add them up. Raises NotTaken for other ways of scoring."""
    answers = question["answers"]
    if question["type"] == "single_choice":
        return [100 if answer.get("correct") else answer.get("percent", 0) for answer in answers]
    scoring = question.get("scoring", "partial")
    if scoring == "weighted":
        return [answer.get("percent", 0) for answer in answers]
    if scoring != "penalty":
        raise NotTaken(Why.CANNOT_SCORE, format=format_name, scoring=named(f"by {scoring}"))
    right = sum(1 for answer in answers if answer.get("correct"))
    each: Number = 100 // right if 100 % right == 0 else round(100 / right, 5)
    return [each if answer.get("correct") else -each for answer in answers]
