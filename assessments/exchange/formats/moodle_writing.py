"""Write Moodle XML. Texts go out as Markdown, which Moodle has as a format of its own."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from assessments.exchange.making import decimal
from assessments.exchange.pictures import FOLDER, PLUGIN_FILE, addresses_in
from assessments.exchange.reasons import NotTaken, Why, named
from assessments.exchange.written import Load, Written, meta_tags, refuse_html, refuse_keys, weights
from assessments.exchange.xml_writing import Lines
from assessments.items.interactions.expected import Expected, as_expected
from assessments.items.interactions.gaps import MARK
from assessments.items.interactions.typed_numbers import values
from lms.files.rules import KINDS
from lms.markdown import render_inline, render_markdown

NAME = "Moodle XML"
Definition = dict[str, Any]


def write(questions: list[Definition], load: Load) -> Written:
    """Return the file. What Moodle XML cannot say is refused by name."""
    return Written.of(
        questions,
        lambda question: one(question, load),
        join=lambda blocks: (
            '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "".join(blocks) + "</quiz>\n"
        ).encode(),
        ending="moodle.xml",
    )


def one(question: Definition, load: Load) -> str:
    """Return one question element. Raises NotTaken."""
    found = _WRITERS.get(question["type"])
    if found is None:
        raise NotTaken(Why.CANNOT_SAY, format=NAME)
    kind, writer = found
    refuse_keys(question, {"other_solutions"}, NAME)
    if kind == "multichoice" and question.get("scoring") == "all_or_nothing":
        kind = "multichoiceset"
    lines = _Lines(load)
    lines.open("question", type=kind)
    lines.named("name", question["id"])
    if question["type"] == "gaps":
        _cloze_text(lines, question)
    else:
        lines.markdown("questiontext", question["prompt"])
    lines.markdown("generalfeedback", question.get("explanation", ""))
    lines.leaf("defaultgrade", str(question.get("points", 1)))
    lines.leaf("hidden", "0")
    lines.leaf("idnumber", question["id"])
    writer(lines, question)
    if tags := meta_tags(question):
        lines.open("tags")
        for tag in tags:
            lines.named("tag", tag)
        lines.close("tags")
    lines.close("question")
    return lines.text()


class _Lines(Lines):
    def __init__(self, load: Load) -> None:
        super().__init__(NAME, depth=1)
        self.load = load

    def named(self, name: str, text: str, **attributes: str) -> None:
        """Write an element with a text below it."""
        self.open(name, **attributes)
        self.leaf("text", text)
        self.close(name)

    def markdown(self, name: str, text: str, **attributes: str) -> None:
        """Write an element with a Markdown text below it, and the pictures that it shows."""
        self.open(name, format="markdown", **attributes)
        self.body(text)
        self.close(name)

    def body(self, text: str) -> None:
        """Write a Markdown text and its pictures into the open element."""
        refuse_html(text, NAME)
        pictures = addresses_in(text)
        for address in pictures:
            text = text.replace(f"]({address}", f"]({PLUGIN_FILE}{address.removeprefix(FOLDER)}")
        self.leaf("text", text)
        for address in pictures:
            content = base64.b64encode(self.load(address)).decode()
            self.leaf("file", content, name_=address.removeprefix(FOLDER), path="/", encoding="base64")

    def answer(self, text: str, percent: str, feedback: str = "", *, plain: bool = False, more: str = "") -> None:
        """Write an answer."""
        self.open("answer", fraction=percent, format="plain_text" if plain else "markdown")
        self.leaf("text", text) if plain else self.body(text)
        if more:
            self.leaf("tolerance", more)
        self.markdown("feedback", feedback)
        self.close("answer")


def _choice(lines: _Lines, question: Definition) -> None:
    if question.get("scoring") == "all_or_nothing":
        percents: list[Any] = [100 if answer.get("correct") else 0 for answer in question["answers"]]
    else:
        percents = weights(question, NAME)
        lines.leaf("single", "true" if question["type"] == "single_choice" else "false")
    lines.leaf("shuffleanswers", "true" if question.get("shuffle", True) else "false")
    for answer, percent in zip(question["answers"], percents, strict=True):
        lines.answer(answer["text"], str(percent), answer.get("feedback", ""))


def _true_false(lines: _Lines, question: Definition) -> None:
    refuse_keys(question, {"reasons", "shuffle"}, NAME)
    for value in (True, False):
        word = "true" if value else "false"
        percent = "100" if value == question["correct"] else "0"
        lines.answer(word, percent, question.get(f"feedback_{word}", ""), plain=True)


def _short_text(lines: _Lines, question: Definition) -> None:
    refuse_keys(question, {"ignore_diacritics"}, NAME)
    lines.leaf("usecase", "1" if question.get("case_sensitive", False) else "0")
    for one in map(as_expected, question["accepted"]):
        lines.answer(one.text, str(one.percent), one.feedback, plain=True)


def _numerical(lines: _Lines, question: Definition) -> None:
    if any(one.get("tolerance_kind", "absolute") != "absolute" for one in values(question)):
        raise NotTaken(Why.CANNOT_SCORE, format=NAME, scoring=named("by relative"))
    for one in values(question):
        percent, feedback = str(one.get("percent", 100)), one.get("feedback", "")
        lines.answer(str(one["value"]), percent, feedback, plain=True, more=str(one.get("tolerance", 0)))
    if "feedback_otherwise" in question:
        lines.answer("*", "0", question["feedback_otherwise"], plain=True, more="0")
    units = question.get("units", [])
    if not units:
        return
    lines.open("units")
    for unit in units:
        lines.open("unit")
        lines.leaf("multiplier", decimal(1 / Fraction(str(unit["factor"]))))
        lines.leaf("unit_name", unit["name"])
        lines.close("unit")
    lines.close("units")
    lines.leaf("unitgradingtype", "1")
    lines.leaf("unitpenalty", "1")
    lines.leaf("showunits", "2")


def _matching(lines: _Lines, question: Definition) -> None:
    pairs = [(pair["left"], pair["right"]) for pair in question["pairs"]]
    distractors = [("", right) for right in question.get("distractors", [])]
    _pairs(lines, pairs + distractors, shuffle=question.get("shuffle", True))


def _categorising(lines: _Lines, question: Definition) -> None:
    _pairs(
        lines,
        [(member, category["name"]) for category in question["categories"] for member in category["members"] or [""]],
    )


def _pairs(lines: _Lines, pairs: list[tuple[str, str]], *, shuffle: bool = True) -> None:
    lines.leaf("shuffleanswers", "true" if shuffle else "false")
    for left, right in pairs:
        lines.open("subquestion", format="markdown")
        lines.body(left)
        lines.named("answer", right)
        lines.close("subquestion")


def _ordering(lines: _Lines, question: Definition) -> None:
    scoring = question.get("scoring", "pairs")
    grading = {"all_or_nothing": "ALL_OR_NOTHING", "places": "ABSOLUTE_POSITION"}.get(scoring)
    if grading is None:
        raise NotTaken(Why.CANNOT_SCORE, format=NAME, scoring=named(f"by {scoring}"))
    for name, value in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", "0"),
        ("gradingtype", grading),
    ):
        lines.leaf(name, value)
    for step in question["steps"]:
        lines.answer(step, "1.0000000")


def _essay(lines: _Lines, question: Definition) -> None:
    lines.leaf("responseformat", "plain")
    lines.leaf("attachments", "0")
    for key, name in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        if key in question:
            lines.leaf(name, str(question[key]))
    lines.markdown("graderinfo", question.get("guidance", ""))


def _upload(lines: _Lines, question: Definition) -> None:
    endings = [ending for one in question["media_types"] for ending in KINDS[one].endings]
    lines.leaf("responseformat", "noinline")
    lines.leaf("attachments", "1")
    lines.leaf("attachmentsrequired", "1")
    lines.leaf("filetypeslist", ",".join(endings))
    if "max_megabytes" in question:
        lines.leaf("maxbytes", str(question["max_megabytes"] * 1024 * 1024))
    lines.markdown("graderinfo", question.get("guidance", ""))


def _cloze_text(lines: _Lines, question: Definition) -> None:
    """Write prompt and gaps as one HTML text, as Moodle wants it; attributes say which is which, for coming back."""
    refuse_keys(question, {"ignore_diacritics"}, NAME)
    if addresses_in(question):
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("picture"))
    by_id = {gap["id"]: gap for gap in question["gaps"]}
    weight, rest = divmod(question.get("points", 1), len(by_id))
    if rest:  # Moodle adds the gaps' weights up and looks at no other points
        raise NotTaken(Why.GAP_POINTS, format=NAME, points=question.get("points", 1), gaps=len(by_id))
    parts = []
    for number, piece in enumerate(MARK.split(question["text"])):
        if number % 2:
            gap = _gap(by_id[piece], weight, case_sensitive=question.get("case_sensitive", False))
            parts.append(f'<span data-gap="{piece}">{gap}</span>')
        elif re.search(r"[{}]", piece):
            raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("braces"))
        else:
            parts.append(html.escape(piece, quote=False).replace("\n", "<br>"))
    prompt = question["prompt"]
    if re.search(r"[{}]", prompt):
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("braces"))
    head = f'<div data-markdown="{html.escape(prompt)}">{render_markdown(prompt)}</div><!--/prompt-->'
    lines.named("questiontext", f"{head}\n<p>{''.join(parts)}</p>", format="html")


def _gap(gap: Definition, weight: int, *, case_sensitive: bool) -> str:
    if "options" in gap:
        return f"{{{weight}:MULTICHOICE:" + "~".join(_option(option, gap["correct"]) for option in gap["options"]) + "}"
    kind = "SHORTANSWER_C" if case_sensitive else "SHORTANSWER"
    return f"{{{weight}:{kind}:" + "~".join(_expected(one) for one in map(as_expected, gap["accepted"])) + "}"


def _option(option: Any, correct: str) -> str:
    one = {"text": option} if isinstance(option, str) else option
    if one["text"] == correct:
        return _expected(as_expected(one))
    worth = _expected(as_expected({"percent": 0} | one))
    return worth if one.get("percent") or one["text"].startswith(("=", "%")) else worth.removeprefix("%0%")


def _expected(one: Expected) -> str:
    feedback = f"#{_cloze(str(render_inline(one.feedback)))}" if one.feedback else ""
    return ("=" if one.full else f"%{one.percent}%") + _cloze(one.text) + feedback


def _cloze(text: str) -> str:
    return re.sub(r"[\\}~#]", lambda sign: "\\" + sign[0], html.escape(text, quote=False))


def _nothing(_lines: _Lines, _question: Definition) -> None:
    """Cloze has said everything in its text."""


_WRITERS: dict[str, tuple[str, Callable[[_Lines, Definition], None]]] = {
    "single_choice": ("multichoice", _choice),
    "multiple_choice": ("multichoice", _choice),
    "true_false": ("truefalse", _true_false),
    "short_text": ("shortanswer", _short_text),
    "numerical": ("numerical", _numerical),
    "matching": ("matching", _matching),
    "categorising": ("matching", _categorising),
    "ordering": ("ordering", _ordering),
    "gaps": ("cloze", _nothing),
    "essay": ("essay", _essay),
    "file_upload": ("essay", _upload),
}
