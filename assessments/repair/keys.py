"""What of a question can be mended: its key and nothing else, so that every answer given keeps its meaning.

Responses name answers by their position. Wording, order and number of the answers therefore stay; a question whose key
is its order or its pairs (matching, ordering, categorising) can be given to everybody or dropped.
"""

from __future__ import annotations

import copy
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import numerical

#: These have a key that can be changed by itself.
MENDABLE = frozenset({"single_choice", "multiple_choice", "true_false", "short_text", "numerical", "gaps"})


def is_mendable(type_name: str, definition: dict[str, Any]) -> bool:
    """Say whether a question has a key that can be changed by itself; answers with weights have none."""
    return type_name in MENDABLE and not any("percent" in answer for answer in definition.get("answers", []))


def mended(type_name: str, definition: dict[str, Any], form: MultiDict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the definition with the key of the posted form, and what is wrong with it. The given one is not touched."""
    new = copy.deepcopy(definition)
    problems: list[str] = []
    if type_name in {"single_choice", "multiple_choice"}:
        right = set(form.getlist("right"))
        for position, answer in enumerate(new["answers"]):
            answer.pop("correct", None)
            if str(position) in right:
                answer["correct"] = True
        if not right:
            problems.append("no_answer")
    elif type_name == "true_false":
        new["correct"] = form.get("right") == "true"
        if "reasons" in new:
            for position, reason in enumerate(new["reasons"]):
                reason.pop("correct", None)
                if form.get("reason") == str(position):
                    reason["correct"] = True
            if not any(reason.get("correct") for reason in new["reasons"]):
                problems.append("no_reason")
    elif type_name == "short_text":
        new["accepted"] = _lines(form.get("accepted", ""))
        if not any(text.strip("* ") for text in new["accepted"]):
            problems.append("no_text")
    elif type_name == "numerical":
        for key in ("value", "tolerance"):
            typed = form.get(key, "").strip()
            if typed == as_typed(new.get(key, 0)):
                continue  # what the form came with stays to the last digit
            numbers = numerical.readings(typed)
            if len(numbers) == 2 and typed.startswith("0"):
                numbers = [min(numbers)]  # no thousands begin with 0
            if len(numbers) != 1 or (key == "tolerance" and numbers[0] < 0):
                problems.append(f"bad_{key}")
            else:
                exact = numbers[0]
                new[key] = int(exact) if exact.denominator == 1 else float(exact)
    elif type_name == "gaps":
        for gap in new["gaps"]:
            if "accepted" in gap:
                gap["accepted"] = _lines(form.get(f"gap-{gap['id']}", ""))
                if not gap["accepted"]:
                    problems.append("no_text")
            elif form.get(f"gap-{gap['id']}") in gap["options"]:
                gap["correct"] = form[f"gap-{gap['id']}"]
    return new, problems


def as_typed(number: float) -> str:
    """Return a number of a key as a person would type it, exactly."""
    return str(number).replace(".", ",")


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
