"""Statistics of a quiz from sums: an attempt can be added and taken away again, and cohorts can be added up.

All points are hundredths. Discrimination is the correlation between the points of a question and those of the rest of the
attempt, as shares of what could be had; alpha is Cronbach's, which supposes that everybody got the same questions.
Source: Lord and Novick, Statistical Theories of Mental Test Scores, 1968, chapters 4 and 15.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.attempts.rules import Step, StepKind
from assessments.items.interactions.parts import Part

#: Fewer first attempts than these say nothing about a question, or about a quiz.
ENOUGH = 10
#: Where fewer people than these got all of a question, or lost something, one of them would decide its discrimination.
EACH_SIDE = 3
#: A break longer than this is not time spent on a question.
LONGEST_SECONDS = 600
BINS = 10
MOST_TEXTS = 30
MOST_LETTERS = 120
OTHERS = "…"


@dataclass(frozen=True)
class Answer:
    """One question of one attempt: what it gave of how much, what was answered in words, and the seconds spent on it."""

    version_id: int
    given: int
    maximum: int
    parts: Sequence[Part]
    seconds: int


def seconds_by_slot(steps: Sequence[Step]) -> dict[int, int]:
    """Return the seconds spent on each question: from the step before an answer to the answer, long breaks left out."""
    spent: dict[int, int] = {}
    before: datetime | None = None
    for step in steps:
        if step.kind == StepKind.ANSWERED and step.slot is not None and before is not None:
            passed = round((step.at - before).total_seconds())
            if 0 <= passed <= LONGEST_SECONDS:
                spent[step.slot] = spent.get(step.slot, 0) + passed
        before = step.at
    return spent


def add_attempt(figures: Mapping[str, Any], answers: Sequence[Answer], sign: int = 1) -> dict[str, Any]:
    """Return the figures with an attempt's answers added, or taken away with ``sign`` -1. Shapes:

    ``{"attempts", "bins": [10 counts of attempts by tenth of the points], "total", "squares",
    "items": {version id: {"n", "maximum", "given", "squares", "share", "share_squares", "rest", "rest_squares", "product",
    "seconds", "timed", "answered", "texts": {text: [count, right]}}}}``. An item with ``n`` 0 is left out; a text can have 0.
    """
    new = {
        "attempts": figures.get("attempts", 0) + sign,
        "bins": list(figures.get("bins", [0] * BINS)),
        "total": figures.get("total", 0),
        "squares": figures.get("squares", 0),
        "items": dict(figures.get("items", {})),
    }
    given, maximum = sum(one.given for one in answers), sum(one.maximum for one in answers)
    new["total"] += sign * given
    new["squares"] += sign * given * given
    if maximum:
        new["bins"][min(BINS - 1, given * BINS // maximum)] += sign
    for one in answers:
        if not one.maximum:
            continue  # a dropped question says nothing any more
        counted = _add_answer(new["items"].get(str(one.version_id), {}), one, given, maximum, sign)
        if counted["n"]:
            new["items"][str(one.version_id)] = counted
        else:
            new["items"].pop(str(one.version_id), None)
    return new


def _add_answer(item: Mapping[str, Any], answer: Answer, given: int, maximum: int, sign: int) -> dict[str, Any]:
    # Shares are kept as whole ten-thousandths, so that taking away leaves exactly what was before.
    share = answer.given * 10_000 // answer.maximum
    rest_maximum = maximum - answer.maximum
    rest = (given - answer.given) * 10_000 // rest_maximum if rest_maximum else 0
    amounts = {
        "n": 1,
        "given": answer.given,
        "squares": answer.given * answer.given,
        "share": share,
        "share_squares": share * share,
        "rest": rest,
        "rest_squares": rest * rest,
        "product": share * rest,
        "seconds": answer.seconds,
        "timed": int(answer.seconds > 0),
        "answered": int(bool(answer.parts)),
    }
    counted: dict[str, Any] = {key: item.get(key, 0) + sign * amount for key, amount in amounts.items()}
    counted["maximum"] = answer.maximum
    counted["texts"] = _add_texts(item.get("texts", {}), answer.parts, sign)
    return counted


def _add_texts(texts: Mapping[str, Any], parts: Iterable[Part], sign: int) -> dict[str, Any]:
    # While some are counted together no name comes or goes, not even one that nobody has any more: so a text is taken away
    # from where it was counted.
    new = {text: list(value) for text, value in texts.items()}
    for part in parts:
        if part.right is None:
            continue
        text = part.text[:MOST_LETTERS]
        if text not in new and (sign < 0 or OTHERS in new or len(new) >= MOST_TEXTS):
            text = OTHERS
        new[text] = [new.get(text, [0, 0])[0] + sign, int(part.right and text != OTHERS)]
        if new.get(OTHERS, [0])[0] <= 0:
            new = {text: value for text, value in new.items() if value[0] > 0}
    return new


def add_figures(every: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of several cohorts' figures."""
    result: dict[str, Any] = {"attempts": 0, "bins": [0] * BINS, "total": 0, "squares": 0, "items": {}}
    for figures in every:
        for key in ("attempts", "total", "squares"):
            result[key] += figures.get(key, 0)
        result["bins"] = [a + b for a, b in zip(result["bins"], figures.get("bins", [0] * BINS), strict=True)]
        for version_id, item in figures.get("items", {}).items():
            _add_item(result["items"].setdefault(version_id, {"texts": {}}), item, {})
    return result


def join_versions(
    figures: Mapping[str, Any], present: Mapping[str, str], words: Mapping[str, Mapping[str, Part]]
) -> dict[str, Any]:
    """Return figures in which the versions of a question are one item, under the version that stands now.

    ``present`` has that for every version. ``words`` has for a version what a part that was counted as this text is called now,
    and whether that is right now; a text that is missing there stays, as whatever was typed does.
    """
    items: dict[str, Any] = {}
    for version_id in sorted(figures["items"], key=int):  # the newest comes last, and what it says is right stays
        into = items.setdefault(present[version_id], {"texts": {}})
        _add_item(into, figures["items"][version_id], words.get(version_id, {}))
    return dict(figures) | {"items": items}


def _add_item(into: dict[str, Any], item: Mapping[str, Any], words: Mapping[str, Part]) -> None:
    for key, value in item.items():
        if key == "texts":
            for text, (count, right) in value.items():
                if (part := words.get(text)) is not None:
                    text, right = part.text[:MOST_LETTERS], int(part.right is True)
                into["texts"][text] = [into["texts"].get(text, [0, 0])[0] + count, right]
        else:
            into[key] = value if key == "maximum" else into.get(key, 0) + value


@dataclass(frozen=True)
class ItemFigures:
    """What is said about one question. ``facility`` and ``answered`` are shares from 0 to 1; None: too few to say."""

    n: int
    facility: float
    discrimination: float | None
    answered: float
    seconds: float | None
    #: (text, count, right), the most frequent first.
    texts: list[tuple[str, int, bool]]

    @property
    def doubtful(self) -> str | None:
        """Name what should make one look at the question: ``reversed``, ``weak``, ``hard`` or ``easy``."""
        if self.n < ENOUGH:
            return None
        if self.discrimination is not None and self.discrimination < -0.2:
            return "reversed"
        if self.facility < 0.2:
            return "hard"
        if self.discrimination is not None and self.discrimination < 0.15 and self.facility < 0.95:
            return "weak"
        return "easy" if self.facility > 0.95 else None


def describe_item(item: Mapping[str, Any]) -> ItemFigures:
    """Return what a question's sums say."""
    n = item["n"]
    texts = sorted(((text, count, bool(right)) for text, (count, right) in item["texts"].items() if count),
                   key=lambda one: (one[0] == OTHERS, -one[1], one[0]))  # fmt: skip
    return ItemFigures(
        n=n,
        facility=item["share"] / n / 10_000,
        discrimination=_correlation(item) if n >= ENOUGH and _is_mixed(item) else None,
        answered=item["answered"] / n,
        seconds=item["seconds"] / item["timed"] if item["timed"] else None,
        texts=texts,
    )


def _is_mixed(item: Mapping[str, Any]) -> bool:
    """Say whether the points that were got and those that were lost are each those of some people."""
    got: float = item["share"] / 10_000
    lost: float = item["n"] - got
    return min(got, lost) >= EACH_SIDE


def _correlation(item: Mapping[str, Any]) -> float | None:
    n = item["n"]
    covariance = n * item["product"] - item["share"] * item["rest"]
    spread = (n * item["share_squares"] - item["share"] ** 2) * (n * item["rest_squares"] - item["rest"] ** 2)
    return float(covariance / math.sqrt(spread)) if spread > 0 else None


def mean_maximum(figures: Mapping[str, Any]) -> float | None:
    """Return how many points could be had in an attempt on average; draws can differ. None without attempts."""
    n = figures.get("attempts", 0)
    return sum(item["n"] * item["maximum"] for item in figures["items"].values()) / n / 100 if n else None


def alpha(figures: Mapping[str, Any]) -> float | None:
    """Return Cronbach's alpha; None when people got different questions, or too few took part, or all reached the same."""
    n, items = figures.get("attempts", 0), figures.get("items", {})
    if n < ENOUGH or len(items) < 2 or any(item["n"] != n for item in items.values()):
        return None
    variance = n * figures["squares"] - figures["total"] ** 2
    if variance <= 0:
        return None
    within = sum(n * item["squares"] - item["given"] ** 2 for item in items.values())
    return float(len(items) / (len(items) - 1) * (1 - within / variance))
