"""Make definitions of what other systems say about a question, exactly or not at all; every format builds with these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.exchange.limits import check_tags
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.items.interactions.answers import MAX_ANSWERS, one_correct
from assessments.items.interactions.categorising import MAX_CATEGORIES, MAX_MEMBERS
from assessments.items.interactions.matching import MAX_PAIRS
from assessments.items.interactions.ordering import MAX_STEPS
from assessments.items.interactions.typed import accepts_everything
from assessments.items.interactions.typed_numbers import bounds

Number = int | float
_NUMBER = re.compile(r"[+-]?(\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?")
#: Percentages are written with at most five decimals; thirds then miss by this much.
_NEARLY = 0.002
_DIFFICULTY = re.compile(r"difficulty:([123])")


@dataclass(frozen=True)
class Given:
    """An answer as another system has it: text, percentage of the points, feedback; ``tolerance`` of a number."""

    text: str
    percent: Number = 0
    feedback: str = ""
    tolerance: str = "0"


def number(text: str) -> Number:
    """Return a number as it is written, whole where it has no point. Raises NotTaken for anything else."""
    bare = text.strip().replace("\u2212", "-")
    if not _NUMBER.fullmatch(bare):
        raise NotTaken(Why.BAD_NUMBER, text=shortened(text))
    if re.fullmatch(r"[+-]?\d{1,15}", bare):
        return int(bare)
    value = float(bare)
    if abs(value) >= 1e15 or Fraction(str(value)) != Fraction(bare):
        raise NotTaken(Why.BAD_NUMBER, text=shortened(text))
    return value


def percentage(text: str) -> Number:
    """Return a percentage; whole where it is."""
    try:
        value = number(text)
    except NotTaken:
        raise NotTaken(Why.BAD_PERCENT, percent=shortened(text)) from None
    if not -100 <= value <= 100:
        raise NotTaken(Why.BAD_PERCENT, percent=shortened(text))
    return int(value) if value == int(value) else value


def choice(answers: Sequence[Given], *, single: bool, shuffle: bool = True) -> dict[str, Any]:
    """Return what a choice question has besides its prompt."""
    _check_answers([answer.text for answer in answers])
    made = _single(answers) if single else _multiple(answers)
    return made if shuffle else made | {"shuffle": False}


def options(given: Sequence[Given]) -> dict[str, Any]:
    """Return what a gap has that is chosen from a list: its options, and the first that is right; others can be as well."""
    listed = choice(given, single=True)["answers"]
    tables = [{key: value for key, value in answer.items() if key != "correct"} for answer in listed]
    right = next(answer["text"] for answer in listed if answer.get("correct"))
    return {"options": [one if "percent" in one else plainest(one) for one in tables], "correct": right}


def all_or_nothing(answers: Sequence[Given], *, shuffle: bool = True) -> dict[str, Any]:
    """Return a multiple choice whose points need just the right answers."""
    _check_answers([answer.text for answer in answers])
    if not any(answer.percent > 0 for answer in answers):
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    made = {
        "type": "multiple_choice",
        "answers": [_answer(answer, correct=answer.percent > 0) for answer in answers],
        "scoring": "all_or_nothing",
    }
    return made if shuffle else made | {"shuffle": False}


def _single(answers: Sequence[Given]) -> dict[str, Any]:
    if any(answer.percent < 0 for answer in answers):
        raise NotTaken(Why.NEGATIVE)
    if not any(answer.percent == 100 for answer in answers):
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    made = [_answer(answer, correct=False) | ({"percent": answer.percent} if answer.percent else {}) for answer in answers]
    return {"type": "single_choice", "answers": one_correct(made)}


def _multiple(answers: Sequence[Given]) -> dict[str, Any]:
    right = [answer for answer in answers if answer.percent > 0]
    if not right:
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    total = sum(answer.percent for answer in right)
    if abs(total - 100) > 0.01:
        raise NotTaken(Why.BAD_SUM, sum=f"{total:.5g}")
    made = [_answer(answer, correct=answer.percent > 0) for answer in answers]
    if is_penalty([answer.percent for answer in answers]):
        return {"type": "multiple_choice", "answers": made, "scoring": "penalty"}
    for entry, answer in zip(made, answers, strict=True):
        if answer.percent:
            entry["percent"] = answer.percent
    return {"type": "multiple_choice", "answers": made, "scoring": "weighted"}


def is_penalty(percents: Sequence[Number]) -> bool:
    """Say whether weights are those of the scoring ``penalty``: right answers share 100, wrong ones take as much."""
    right = sum(1 for percent in percents if percent > 0)
    return right > 0 and all(abs(abs(percent) - 100 / right) <= _NEARLY for percent in percents)


def _answer(answer: Given, *, correct: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"text": answer.text}
    if correct:
        entry["correct"] = True
    if answer.feedback.strip():
        entry["feedback"] = answer.feedback
    return entry


def _check_answers(texts: Sequence[str], least: int = 2, most: int = MAX_ANSWERS) -> None:
    if len(texts) < least:
        raise NotTaken(Why.FEW_ANSWERS, least=least)
    if len(texts) > most:
        raise NotTaken(Why.MANY_ANSWERS, most=most)
    seen = set()
    for position, text in enumerate(texts, start=1):
        if not text.strip():
            raise NotTaken(Why.EMPTY_ANSWER, number=position)
        if text.strip() in seen:
            raise NotTaken(Why.SAME_ANSWERS, text=shortened(text))
        seen.add(text.strip())


def true_false(*, correct: bool, when_true: str = "", when_false: str = "") -> dict[str, Any]:
    """Return what a true/false question has besides its prompt."""
    made: dict[str, Any] = {"type": "true_false", "correct": correct}
    return (
        made
        | ({"feedback_true": when_true} if when_true.strip() else {})
        | ({"feedback_false": when_false} if when_false.strip() else {})
    )


def short_text(answers: Sequence[Given], *, case_sensitive: bool) -> dict[str, Any]:
    """Return what a short text has besides its prompt."""
    made: dict[str, Any] = {"type": "short_text", "accepted": accepted(answers)}
    return made | ({"case_sensitive": True} if case_sensitive else {})


def accepted(answers: Sequence[Given]) -> list[Any]:
    """Return the expected texts of a typed answer, in their order, since the first that matches counts there as here."""
    kept = _expected(answers)
    for answer in kept:
        if "\\*" in answer.text:
            raise NotTaken(Why.LITERAL_STAR, text=shortened(answer.text))
    if not any(answer.percent == 100 for answer in kept):
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    return [plainest({"text": answer.text} | _said(answer)) for answer in kept]


def numerical(answers: Sequence[Given], units: Sequence[tuple[str, Number]] = ()) -> dict[str, Any]:
    """Return what a number has besides its prompt, tolerances being absolute; the first with all points is its value."""
    kept = _expected(answers)
    otherwise = kept.pop() if kept and accepts_everything(kept[-1].text) else None
    listed = [{"value": number(answer.text), "tolerance": number(answer.tolerance)} | _said(answer) for answer in kept]
    for one, answer in zip(listed, kept, strict=True):
        if one["tolerance"] < 0:
            raise NotTaken(Why.BAD_NUMBER, text=answer.tolerance)
    place = next((place for place, answer in enumerate(kept) if answer.percent == 100), None)
    if place is None:
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    main, before, after = listed[place], listed[:place], listed[place + 1 :]
    least, most = bounds(main)
    for one, answer in zip(before, kept, strict=False):
        low, high = bounds(one)
        if low <= most and high >= least:  # it would count before the main one, which comes first here
            raise NotTaken(Why.TAKES_FROM_OTHERS, text=shortened(answer.text))
    others = [plainest(one) for one in before + after]
    made: dict[str, Any] = {"type": "numerical"} | main
    if others:
        made["other_values"] = others
    if otherwise:
        made["feedback_otherwise"] = otherwise.feedback
    return made | ({"units": [{"name": name, "factor": factor} for name, factor in units]} if units else {})


def _said(answer: Given) -> dict[str, Any]:
    points = {"percent": answer.percent} if answer.percent != 100 else {}
    return points | ({"feedback": answer.feedback} if answer.feedback.strip() else {})


def _expected(answers: Sequence[Given]) -> list[Given]:
    """Return the answers to compare with, without those at the end that say nothing. Raises NotTaken."""
    kept = [answer for answer in answers if answer.text.strip() or answer.percent or answer.feedback.strip()]
    while kept and not kept[-1].percent and not kept[-1].feedback.strip():
        kept.pop()
    for answer in kept:
        if answer.percent < 0:
            raise NotTaken(Why.NEGATIVE)
        if not answer.text.strip():
            raise NotTaken(Why.EMPTY_RIGHT_ANSWER)
        if accepts_everything(answer.text):
            if answer.percent:
                raise NotTaken(Why.STAR_COUNTS, text=shortened(answer.text))
            if answer is not kept[-1]:
                raise NotTaken(Why.TAKES_FROM_OTHERS, text=shortened(answer.text))
    return kept


def plainest(entry: dict[str, Any]) -> Any:
    """Return an expected answer without what only says the default; a table that holds nothing but a text is that text."""
    usual = {"percent": 100, "tolerance": 0, "tolerance_kind": "absolute"}
    kept = {key: value for key, value in entry.items() if value != usual.get(key)}
    return kept["text"] if set(kept) == {"text"} else kept


def from_range(low: str, high: str) -> tuple[str, str]:
    """Return the middle and the tolerance of a range, exactly."""
    least, most = Fraction(str(number(low))), Fraction(str(number(high)))
    if least > most:
        raise NotTaken(Why.BAD_NUMBER, text=f"{low}..{high}")
    return decimal((least + most) / 2), decimal((most - least) / 2)


def decimal(value: Fraction) -> str:
    """Return a fraction as a decimal number. Raises NotTaken when it has none of at most 15 places."""
    for places in range(16):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            text = digits if not places else f"{digits[:-places]}.{digits[-places:]}"
            return f"-{text}" if value < 0 else text
    raise NotTaken(Why.BAD_NUMBER, text=str(value))


def matching(pairs: Sequence[tuple[str, str]], *, shuffle: bool = True) -> dict[str, Any]:
    """Return a matching, or a sorting into categories where a right-hand text has several left ones.

    An empty left text makes its right one a distractor. Every pair counts the same in both. Not to ``shuffle`` is kept where
    a definition can say so; what is chosen from is always mixed here, or its order would give the answers away.
    """
    lefts = [left for left, _right in pairs if left.strip()]
    nothing = [right for left, right in pairs if not left.strip()]
    if twice := next((right for right in nothing if nothing.count(right) > 1), None):
        raise NotTaken(Why.SAME_ANSWERS, text=shortened(twice))
    if any(not right.strip() for _left, right in pairs):
        raise NotTaken(Why.EMPTY_RIGHT_ANSWER)
    if len(set(lefts)) != len(lefts):
        raise NotTaken(Why.PAIRS)
    rights = list(dict.fromkeys(right for _left, right in pairs))
    if len([right for left, right in pairs if left.strip()]) == len({right for left, right in pairs if left.strip()}):
        _check_answers(lefts, 2, MAX_PAIRS)
        distractors = [right for left, right in pairs if not left.strip()]
        _check_answers([right for _left, right in pairs], 2, MAX_PAIRS + 50)
        made: dict[str, Any] = {
            "type": "matching",
            "pairs": [{"left": left, "right": right} for left, right in pairs if left.strip()],
        }
        made |= {} if shuffle else {"shuffle": False}
        return made | ({"distractors": distractors} if distractors else {})
    _check_answers(lefts, 2, MAX_MEMBERS)
    _check_answers(rights, 2, MAX_CATEGORIES)
    members = {right: [left for left, one in pairs if one == right and left.strip()] for right in rights}
    return {"type": "categorising", "categories": [{"name": name, "members": members[name]} for name in rights]}


def ordering(steps: Sequence[str], scoring: str) -> dict[str, Any]:
    """Return what an ordering has besides its prompt."""
    _check_answers(steps, 3, MAX_STEPS)
    made: dict[str, Any] = {"type": "ordering", "steps": list(steps)}
    return made if scoring == "pairs" else made | {"scoring": scoring}


def question(
    prompt: str, made: dict[str, Any], *, explanation: str = "", tags: Sequence[str] = (), points: Number = 1
) -> dict[str, Any]:
    """Put a question together; a tag ``difficulty:2`` is its difficulty."""
    if not prompt.strip():
        raise NotTaken(Why.NO_PROMPT)
    whole: dict[str, Any] = {"type": made["type"], "prompt": prompt}
    if explanation.strip():
        whole["explanation"] = explanation
    words = []
    check_tags(list(tags))
    for tag in dict.fromkeys(tag.strip() for tag in tags if tag.strip()):
        if found := _DIFFICULTY.fullmatch(tag):
            if "difficulty" in whole:
                raise NotTaken(Why.PART_TWICE, part="difficulty")
            whole["difficulty"] = int(found[1])
        else:
            words.append(tag)
    if words:
        whole["tags"] = words
    if points != int(points) or not 1 <= points <= 100:
        raise NotTaken(Why.BAD_POINTS, points=points)
    if points != 1:
        whole["points"] = int(points)
    return whole | {key: value for key, value in made.items() if key != "type"}
