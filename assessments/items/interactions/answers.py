"""Lists of answers, as the choice types have them."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions.parts import KeyProblem, Mended, Part
from lms.addresses import find_number
from lms.sentences import N_, Sentence, sentence

MAX_ANSWERS = 12
ANSWER_KEYS = frozenset({"text", "correct", "feedback"})
#: What every type says of a key with such a value.
A_TEXT = N_("'%(key)s' must be a text.")
ONE_OF = N_("'%(key)s' must be one of %(choices)s.")
TRUE_OR_FALSE = N_("'%(key)s' must be true or false.")
WHOLE_NUMBER = N_("'%(key)s' must be a whole number from %(least)s to %(most)s.")


@dataclass(frozen=True)
class Called:
    """What a list of answers is called: its key, one of them in a sentence, and two with the same text."""

    key: str
    one: str
    same: str


ANSWERS = Called("answers", N_("Answer %(number)s"), N_("Two answers have the same text."))
REASONS = Called("reasons", N_("Reason %(number)s"), N_("Two reasons have the same text."))


def within(where: Sentence, problems: Iterable[Sentence]) -> list[Sentence]:
    """Say of each problem where in the question it is."""
    return [sentence(N_("%(where)s: %(problem)s"), where=where, problem=one) for one in problems]


def answer_problems(answers: Any, *, weighted: bool = False, called: Called = ANSWERS) -> list[Sentence]:
    """Return what is wrong with a list of ``{text, correct?, feedback?}``, where it is ``weighted`` with ``percent?``."""
    if not isinstance(answers, list) or not 2 <= len(answers) <= MAX_ANSWERS:
        text = N_("'%(key)s' must be a list with 2 to %(most)s entries.")
        return [sentence(text, key=called.key, most=MAX_ANSWERS)]
    found = []
    for number, answer in enumerate(answers, start=1):
        one = sentence(called.one, number=number)
        if not isinstance(answer, dict):
            found.append(sentence(N_("%(answer)s must have a 'text'."), answer=one))
            continue
        text = N_("%(answer)s has the unknown key '%(key)s'.")
        unknown = sorted(set(map(str, answer)) - ANSWER_KEYS - ({"percent"} if weighted else set()))
        found += [sentence(text, answer=one, key=key) for key in unknown]
        if not is_text(answer.get("text")):
            found.append(sentence(N_("%(answer)s needs a 'text'."), answer=one))
        if not isinstance(answer.get("correct", False), bool):
            found.append(sentence(N_("%(answer)s: 'correct' must be true or false."), answer=one))
        if "feedback" in answer and not is_text(answer["feedback"]):
            found.append(sentence(N_("%(answer)s: 'feedback' must be a text."), answer=one))
        if weighted and not is_percent(answer.get("percent", 0)):
            found.append(sentence(N_("%(answer)s: 'percent' must be a number from -100 to 100."), answer=one))
    texts = [str(answer["text"]).strip() for answer in answers if isinstance(answer, dict) and "text" in answer]
    if len(set(texts)) != len(texts):
        found.append(sentence(called.same))
    return found


def is_right(answer: dict[str, Any]) -> bool:
    """Say whether an answer gives all points, or is one of those that make them together."""
    return answer.get("correct") is True or answer.get("percent") == 100


def correct_positions(answers: list[dict[str, Any]]) -> list[int]:
    """Return the positions of the answers that say ``correct``."""
    return [position for position, answer in enumerate(answers) if answer.get("correct") is True]


def one_correct(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return answers of which one is chosen with the first right one ``correct``, and ``percent: 100`` for others."""
    right = [position for position, answer in enumerate(answers) if is_right(answer)]
    return [
        {key: value for key, value in answer.items() if key not in ("correct", "percent")}
        | ({"correct": True} if position == right[0] else {"percent": 100})
        if position in right
        else answer
        for position, answer in enumerate(answers)
    ]


def as_parts(answers: list[dict[str, Any]]) -> list[Part]:
    """Return answers as parts, as the author wrote them."""
    return [Part(answer["text"], is_right(answer)) for answer in answers]


def with_right(answers: list[dict[str, Any]], positions: Collection[str]) -> list[dict[str, Any]]:
    """Return answers of which just those at these positions, as they are posted, are right."""
    return [
        {key: value for key, value in answer.items() if key not in ("correct", "percent")}
        | ({"correct": True} if str(position) in positions else {})
        for position, answer in enumerate(answers)
    ]


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended:
    """See Interaction.mend; for answers without points of their own (those with: ``weights.py``)."""
    new = with_right(definition["answers"], form.getlist("key-right"))
    found = [] if correct_positions(new) else [KeyProblem("key-right", sentence(N_("At least one answer must be right.")))]
    return definition | {"answers": new}, found


def shuffled(count: int, chance: random.Random, *, shuffle: bool) -> list[int]:
    """Return the positions 0 to count - 1, mixed unless the author wants them as written."""
    order = list(range(count))
    if shuffle:
        chance.shuffle(order)
    return order


def show_answers(answers: list[dict[str, Any]], order: list[int], chosen: set[int]) -> list[dict[str, Any]]:
    """Return the answers in the order of the attempt for a template."""
    return [
        {
            "position": position,
            "text": answers[position]["text"],
            "chosen": position in chosen,
            "correct": is_right(answers[position]),
            "feedback": answers[position].get("feedback", ""),
        }
        for position in order
    ]


def positions_in(values: list[str], count: int) -> list[int]:
    """Return the different valid positions among posted values, sorted; anything else is passed over."""
    return sorted({number for value in values if (number := find_number(value)) is not None and number < count})


def is_position(value: object, count: int) -> bool:
    """Say whether a value is a position in a list of this length (True and False are no numbers here)."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


def is_percent(value: object) -> bool:
    """Say whether a value is a number from -100 to 100."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -100 <= value <= 100


def share(percent: float) -> Fraction:
    """Return a percentage as a fraction, as it is written and not as the nearest binary one."""
    return Fraction(str(percent)) / 100


def is_text(value: object) -> bool:
    """Say whether a value is a text with something in it."""
    return isinstance(value, str) and bool(value.strip())
