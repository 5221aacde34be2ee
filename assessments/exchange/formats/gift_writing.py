"""Write GIFT: one block a question, its texts as Markdown, its identifier and tags in a comment as Moodle reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from assessments.exchange.pictures import addresses_in
from assessments.exchange.reasons import NotTaken, Why, named
from assessments.exchange.texts import FORMATS
from assessments.exchange.written import Load, Written, meta_tags, refuse_html, refuse_keys, weights
from assessments.items.interactions.expected import as_expected
from assessments.items.interactions.typed_numbers import values

NAME = "GIFT"
Definition = dict[str, Any]


def write(questions: list[Definition], _load: Load) -> Written:
    """Return the file. What GIFT cannot say is refused by name."""
    return Written.of(questions, one, join=lambda blocks: "\n".join(blocks).encode(), ending="gift.txt")


def one(question: Definition) -> str:
    """Return one question as a block that ends with an empty line. Raises NotTaken."""
    writer = _WRITERS.get(question["type"])
    if writer is None:
        raise NotTaken(Why.CANNOT_SAY, format=NAME)
    refuse_keys(question, {"points", "shuffle", "other_solutions"}, NAME)
    if addresses_in(question):
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("picture"))
    refuse_html(question["prompt"], NAME)
    meta = [f"[id:{question['id']}]"] + [f"[tag:{_tag(tag)}]" for tag in meta_tags(question)]
    lines = writer(question)
    if explanation := question.get("explanation"):
        lines.append("####" + _text(explanation))
    body = "{" + ("" if not lines else "\n\t" + "\n\t".join(lines) + "\n") + "}"
    title = _escaped(question["id"])
    return f"// {' '.join(meta)}\n::{title}::[markdown]{_escaped(question['prompt'])}{body}\n"


def _escaped(text: str) -> str:
    return re.sub(r"[\\:#={}~]", lambda found: "\\" + found[0], text).replace("\n", "\\n")


def _text(text: str) -> str:
    """Return a text between marks; one that begins like a format's name gets the format before it."""
    refuse_html(text, NAME)
    found = re.match(r"\[(\w+)\]", text)
    return ("[markdown]" if found and found[1] in FORMATS else "") + _escaped(text)


def _tag(tag: str) -> str:
    return tag.replace("]", "\\]")


def _choice(question: Definition) -> list[str]:
    percents = weights(question, NAME)
    single = question["type"] == "single_choice"
    lines = []
    for answer, percent in zip(question["answers"], percents, strict=True):
        # A ~ has to be among them: without any, all would be texts to type.
        mark = "=" if single and answer.get("correct") else f"~%{percent}%" if percent else "~"
        feedback = f"#{_text(answer['feedback'])}" if "feedback" in answer else ""
        lines.append(mark + _text(answer["text"]) + feedback)
    return lines


def _true_false(question: Definition) -> list[str]:
    refuse_keys(question, {"reasons"}, NAME)
    right, wrong = ("feedback_true", "feedback_false") if question["correct"] else ("feedback_false", "feedback_true")
    line = "TRUE" if question["correct"] else "FALSE"
    if right in question or wrong in question:
        line += f"#{_text(question.get(wrong, ''))}"
    if right in question:
        line += f"#{_text(question[right])}"
    return [line]


def _short_text(question: Definition) -> list[str]:
    refuse_keys(question, {"case_sensitive", "ignore_diacritics"}, NAME)
    return [_expected(one.percent, _escaped(one.text), one.feedback) for one in map(as_expected, question["accepted"])]


def _expected(percent: float, answer: str, feedback: str) -> str:
    """Return an expected answer; one that begins like a weight gets its own before it."""
    weight = f"%{percent}%" if percent != 100 or re.match(r"%-?[\d.]+%", answer) else ""
    return f"={weight}{answer}" + (f"#{_text(feedback)}" if feedback else "")


def _numerical(question: Definition) -> list[str]:
    refuse_keys(question, {"units"}, NAME)
    if any(one.get("tolerance_kind", "absolute") != "absolute" for one in values(question)):
        raise NotTaken(Why.CANNOT_SCORE, format=NAME, scoring=named("by relative"))
    lines = [
        _expected(one.get("percent", 100), f"{one['value']}:{one.get('tolerance', 0)}", one.get("feedback", ""))
        for one in values(question)
    ]
    if "feedback_otherwise" in question:
        lines.append(f"~#{_text(question['feedback_otherwise'])}")
    return ["#", *lines] if len(lines) > 1 else [f"#{lines[0].removeprefix('=')}"]


def _matching(question: Definition) -> list[str]:
    pairs = [(pair["left"], pair["right"]) for pair in question["pairs"]]
    pairs += [("", right) for right in question.get("distractors", [])]
    return _pairs(pairs)


def _categorising(question: Definition) -> list[str]:
    pairs = [
        (member, category["name"]) for category in question["categories"] for member in category["members"] or [""]
    ]
    return _pairs(pairs)


def _pairs(pairs: list[tuple[str, str]]) -> list[str]:
    if any("->" in left for left, _right in pairs):
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part="->")
    return [f"={_text(left)} -> {_escaped(right)}" for left, right in pairs]


def _essay(question: Definition) -> list[str]:
    refuse_keys(question, {"min_words", "max_words", "guidance"}, NAME)
    return []


_WRITERS: dict[str, Callable[[Definition], list[str]]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "short_text": _short_text,
    "numerical": _numerical,
    "matching": _matching,
    "categorising": _categorising,
    "essay": _essay,
}
