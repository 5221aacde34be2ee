"""Fill the gaps, typed or chosen from a list. Response: ``{"gaps": {id: text or position of the option}}``."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, expected, typed
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Markup, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Fill the gaps")
KEYS = frozenset({"text", "gaps", "case_sensitive", "ignore_diacritics"})
MANUAL = False
TAKES_FILE = False
MARK = re.compile(r"\[\[([a-z0-9_-]{1,20})\]\]")
MAX_GAPS = 12


def _keep_gaps(definition: dict[str, Any], text: str) -> Sentence | None:
    if sorted(MARK.findall(text)) == sorted(MARK.findall(definition["text"])):
        return None
    marks = ", ".join(f"[[{gap['id']}]]" for gap in definition["gaps"])
    return sentence(N_("Every gap must stand in the text once, and no other: %(marks)s"), marks=marks)


WORDINGS: tuple[Texts, ...] = (
    PROMPT,
    Texts("text", N_("Text with gaps"), Markup.PLAIN, refuse=_keep_gaps),
    Texts(
        "gaps.*.options.*",
        N_("Gap %(number)s, option %(inner)s"),
        Markup.PLAIN,
        called="id",
        kin="options",
        by_list=True,
        right="correct",
    ),
    Texts("gaps.*.accepted.*.feedback", N_("Gap %(number)s, feedback for answer %(inner)s"), called="id", optional=True),
    EXPLANATION,
)


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
        typed_gap = set(gap) == {"id", "accepted"}
        chosen_gap = set(gap) == {"id", "options", "correct"} and _texts(gap["options"], 2)
        if not typed_gap and not chosen_gap:
            text = N_("Gap '%(name)s' needs either 'accepted' or 'options' and 'correct'.")
            found.append(sentence(text, name=name))
        elif typed_gap:
            where = sentence(N_("Gap '%(name)s'"), name=name)
            found += answers.within(where, expected.problems(gap["accepted"]))
        elif gap["correct"] not in gap["options"]:
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
    shares = (_share(definition, gap, response["gaps"].get(gap["id"])) for gap in definition["gaps"])
    return sum(shares, Fraction(0)) / len(definition["gaps"])


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    parts = []
    for number, gap in enumerate(definition["gaps"], start=1):
        value = response["gaps"].get(gap["id"])
        if value is not None:
            shown = gap["options"][value] if "options" in gap else value
            parts.append(Part(f"{number}. {shown}", _share(definition, gap, value) == 1))
    return parts


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    gaps, found = [], []
    for gap in definition["gaps"]:
        if "accepted" in gap:
            accepted, problems = expected.mend(gap["accepted"], form, f"key-{gap['id']}")
            found += problems
            gaps.append(gap | {"accepted": accepted})
        else:
            given = form.get(f"key-{gap['id']}", "")
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
        share, found = _share(definition, gap, value), _found(definition, gap, value)
        parts.append(
            {
                "id": piece,
                "number": number // 2 + 1,
                "options": gap.get("options"),
                "value": value,
                "shown": gap["options"][value] if "options" in gap and value is not None else value,
                "right": gap["correct"] if "options" in gap else expected.full_texts(gap["accepted"])[0],
                "correct": share == 1,
                "partly": 0 < share < 1,
                "feedback": found.feedback if found else "",
            }
        )
    return {"parts": parts}


def _found(definition: dict[str, Any], gap: dict[str, Any], value: str | int | None) -> expected.Expected | None:
    if value is None or "options" in gap:
        return None
    return expected.find(definition, gap["accepted"], str(value))


def _share(definition: dict[str, Any], gap: dict[str, Any], value: str | int | None) -> Fraction:
    if "options" in gap:
        return Fraction(value is not None and gap["options"][value] == gap["correct"])
    found = _found(definition, gap, value)
    return found.share if found else Fraction(0)


def _texts(value: object, least: int) -> bool:
    return isinstance(value, list) and len(value) >= least and all(map(answers.is_text, value))
