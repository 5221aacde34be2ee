"""Fill the gaps, typed or chosen from a list. Response: ``{"gaps": {id: text or position of the option}}``."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, typed
from assessments.items.interactions.parts import Mended, Part
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Fill the gaps")
KEYS = frozenset({"text", "gaps", "case_sensitive", "ignore_diacritics"})
MANUAL = False
TAKES_FILE = False
MARK = re.compile(r"\[\[([a-z0-9_-]{1,20})\]\]")
MAX_GAPS = 12


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    if not answers.is_text(definition.get("text")):
        return [sentence(N_("'text' must be a text with gaps such as [[a]]."))]
    gaps = definition.get("gaps")
    if not isinstance(gaps, list) or not 1 <= len(gaps) <= MAX_GAPS or not all(isinstance(gap, dict) for gap in gaps):
        return [sentence(N_("'gaps' must be a list of 1 to %(most)s gaps."), most=MAX_GAPS)]
    found = []
    for gap in gaps:
        name = str(gap.get("id"))
        typed_gap = set(gap) == {"id", "accepted"} and _texts(gap["accepted"], 1)
        chosen_gap = set(gap) == {"id", "options", "correct"} and _texts(gap["options"], 2)
        if not typed_gap and not chosen_gap:
            text = N_("Gap '%(name)s' needs either 'accepted' or 'options' and 'correct'.")
            found.append(sentence(text, name=name))
        elif typed_gap and any(map(typed.accepts_everything, gap["accepted"])):
            text = N_("An accepted text of gap '%(name)s' must be more than '*', or every answer would be right.")
            found.append(sentence(text, name=name))
        elif chosen_gap and gap["correct"] not in gap["options"]:
            found.append(sentence(N_("'correct' of gap '%(name)s' is not among its options."), name=name))
    marks = MARK.findall(definition["text"])
    names = [str(gap.get("id")) for gap in gaps]
    if sorted(marks) != sorted(names) or len(set(names)) != len(names):
        found.append(sentence(N_("Every gap must stand exactly once in 'text' and once in 'gaps'.")))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; options stay as written."""
    return []


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    filled: dict[str, str | int] = {}
    for gap in definition["gaps"]:
        value = form.get(f"{field}-{gap['id']}", "")
        if "options" in gap:
            chosen = answers.positions_in([value], len(gap["options"]))
            if chosen:
                filled[gap["id"]] = chosen[0]
        elif text := typed.tidy(value):
            filled[gap["id"]] = text
    return {"gaps": filled} if filled else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    filled = response.get("gaps")
    if set(response) != {"gaps"} or not isinstance(filled, dict) or not filled:
        return False
    by_name = {gap["id"]: gap for gap in definition["gaps"]}
    for name, value in filled.items():
        if name not in by_name:
            return False
        if "options" in by_name[name]:
            if not answers.is_position(value, len(by_name[name]["options"])):
                return False
        elif not isinstance(value, str) or not value or value != typed.tidy(value):
            return False
    return True


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; every gap counts the same."""
    right = sum(1 for gap in definition["gaps"] if _is_right(definition, gap, response["gaps"].get(gap["id"])))
    return Fraction(right, len(definition["gaps"]))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    parts = []
    for number, gap in enumerate(definition["gaps"], start=1):
        value = response["gaps"].get(gap["id"])
        if value is not None:
            shown = gap["options"][value] if "options" in gap else value
            parts.append(Part(f"{number}. {shown}", _is_right(definition, gap, value)))
    return parts


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    gaps, found = [], []
    for gap in definition["gaps"]:
        given = form.get(f"key-{gap['id']}", "")
        if "accepted" in gap:
            accepted = typed.lines(given)
            found += [one for one in typed.accepted_problems(accepted) if one not in found]
            gaps.append(gap | {"accepted": accepted})
        else:
            gaps.append(gap | ({"correct": given} if given in gap["options"] else {}))
    return definition | {"gaps": gaps}, found


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show; ``parts`` alternate between text (str) and gap (dict)."""
    filled = response["gaps"] if response else {}
    by_name = {gap["id"]: gap for gap in definition["gaps"]}
    parts: list[Any] = []
    for number, piece in enumerate(MARK.split(definition["text"])):
        if number % 2 == 0:
            parts.append(piece)
            continue
        gap = by_name[piece]
        value = filled.get(piece)
        parts.append(
            {
                "id": piece,
                "number": number // 2 + 1,
                "options": gap.get("options"),
                "value": value,
                "shown": gap["options"][value] if "options" in gap and value is not None else value,
                "right": gap["correct"] if "options" in gap else gap["accepted"][0],
                "correct": _is_right(definition, gap, value),
            }
        )
    return {"parts": parts}


def _is_right(definition: dict[str, Any], gap: dict[str, Any], value: str | int | None) -> bool:
    if value is None:
        return False
    if "options" in gap:
        return bool(gap["options"][value] == gap["correct"])
    return any(
        typed.matches(
            str(value),
            accepted,
            case_sensitive=definition.get("case_sensitive", False),
            ignore_diacritics=definition.get("ignore_diacritics", False),
        )
        for accepted in gap["accepted"]
    )


def _texts(value: object, least: int) -> bool:
    return isinstance(value, list) and len(value) >= least and all(map(answers.is_text, value))
