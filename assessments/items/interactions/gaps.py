"""Fill the gaps, typed or chosen from a list. Response: ``{"gaps": {id: text or position of the option}}``.

The option that is ``correct`` gives all points. Another can be a table ``{text, percent?, feedback?}`` and give a part of them,
as an expected text does (see expected.py), or all where it is right as well; one that says nothing gives none. Every gap
counts by itself, so what else is right is said gap by gap and not as a whole further solution.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers, expected, typed
from assessments.items.interactions.parts import KeyProblem, Mended, Part
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
    Texts("gaps.*.options.*.feedback", N_("Gap %(number)s, feedback for option %(inner)s"), called="id", optional=True),
    Texts("gaps.*.accepted.*.feedback", N_("Gap %(number)s, feedback for answer %(inner)s"), called="id", optional=True),
    EXPLANATION,
)


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    if not answers.is_text(definition.get("text")):
        found.append(sentence(N_("'text' must be a text with gaps such as [[a]].")))
    gaps = definition.get("gaps")
    if not isinstance(gaps, list) or not 1 <= len(gaps) <= MAX_GAPS or not all(isinstance(gap, dict) for gap in gaps):
        return [*found, sentence(N_("'gaps' must be a list of 1 to %(most)s gaps."), most=MAX_GAPS)]
    for gap in gaps:
        name = str(gap.get("id"))
        typed_gap = set(gap) == {"id", "accepted"}
        chosen_gap = set(gap) == {"id", "options", "correct"} and _are_options(gap["options"])
        where = sentence(N_("Gap '%(name)s'"), name=name)
        if not typed_gap and not chosen_gap:
            text = N_("Gap '%(name)s' needs either 'accepted' or 'options' and 'correct'.")
            found.append(sentence(text, name=name))
        elif typed_gap:
            found += answers.within(where, expected.problems(gap["accepted"]))
        elif bad := _option_problems(gap):
            found += answers.within(where, bad)
        elif gap["correct"] not in option_texts(gap):
            found.append(sentence(N_("'correct' of gap '%(name)s' is not among its options."), name=name))
    if not answers.is_text(definition.get("text")):
        return found
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
            parts.append(_part(definition, number, gap, value))
    return parts


def _part(definition: dict[str, Any], number: int, gap: dict[str, Any], value: str | int) -> Part:
    shown = _option(gap, value).text if isinstance(value, int) else value
    return Part(f"{number}. {shown}", _share(definition, gap, value) == 1)


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []


def named_parts(definition: dict[str, Any]) -> list[Part]:
    """See Interaction.named_parts; the options of every gap that has some."""
    return [
        _part(definition, number, gap, place)
        for number, gap in enumerate(definition["gaps"], start=1)
        for place in range(len(gap.get("options", [])))
    ]


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend."""
    gaps, found = [], list[KeyProblem]()
    for gap in definition["gaps"]:
        if "accepted" in gap:
            accepted, problems = expected.mend(gap["accepted"], form, f"key-{gap['id']}")
            found += problems
            gaps.append(gap | {"accepted": accepted})
        else:
            gaps.append(_mended_options(gap, form, found))
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
                "options": option_texts(gap) if "options" in gap else None,
                "value": value,
                "shown": _option(gap, value).text if "options" in gap and value is not None else value,
                "right": gap["correct"] if "options" in gap else expected.shown_texts(gap["accepted"])[0],
                "others": [one for one in full_options(gap) if one != gap["correct"]] if "options" in gap else [],
                "correct": share == 1,
                "partly": 0 < share < 1,
                "feedback": found.feedback if found else "",
            }
        )
    return {"parts": parts}


def option_texts(gap: dict[str, Any]) -> list[str]:
    """Return the options of a gap as they are chosen from."""
    return [_option(gap, place).text for place in range(len(gap["options"]))]


def full_options(gap: dict[str, Any]) -> list[str]:
    """Return the options of a gap that give all points."""
    return [one.text for place in range(len(gap["options"])) if (one := _option(gap, place)).full]


def _option(gap: dict[str, Any], place: int) -> expected.Expected:
    entry = gap["options"][place]
    table: dict[str, Any] = {"text": entry} if isinstance(entry, str) else entry
    percent = 100 if table["text"] == gap["correct"] else table.get("percent", 0)
    return expected.Expected(table["text"], percent, table.get("feedback", ""))


def _are_options(value: object) -> bool:
    return isinstance(value, list) and len(value) >= 2 and all(isinstance(one, dict) or answers.is_text(one) for one in value)


def _option_problems(gap: dict[str, Any]) -> list[Sentence]:
    found: list[Sentence] = []
    for number, option in enumerate(gap["options"], start=1):
        if isinstance(option, dict):
            where = sentence(N_("Option %(number)s"), number=number)
            bad = expected.table_problems(option)
            if not bad and "percent" in option and option["text"] == gap["correct"]:
                bad = [sentence(N_("The option that 'correct' names gives all points and has no 'percent'."))]
            found += answers.within(where, bad)
    return found


def _mended_options(gap: dict[str, Any], form: MultiDict[str, str], found: list[KeyProblem]) -> dict[str, Any]:
    """Return a gap with the option that a posted form names as right, and the points of the others."""
    name = f"key-{gap['id']}"
    given, texts = form.get(name, ""), option_texts(gap)
    correct = given if given in texts else gap["correct"]
    options = []
    for place, option in enumerate(gap["options"]):
        one = _option(gap, place)
        before = 0 if one.text == gap["correct"] else one.percent
        field = f"{name}-percent-{place}"
        percent = 0 if one.text == correct else expected.mended_percent(form, field, before, found)
        said: dict[str, Any] = {"percent": percent} if percent else {}
        said |= {"feedback": one.feedback} if one.feedback else {}
        options.append(option if percent == before else {"text": one.text} | said if said else one.text)
    return gap | {"options": options, "correct": correct}


def _found(definition: dict[str, Any], gap: dict[str, Any], value: str | int | None) -> expected.Expected | None:
    if value is None:
        return None
    return _option(gap, int(value)) if "options" in gap else expected.find(definition, gap["accepted"], str(value))


def _share(definition: dict[str, Any], gap: dict[str, Any], value: str | int | None) -> Fraction:
    found = _found(definition, gap, value)
    return found.share if found else Fraction(0)
