"""Moodle's cloze questions: gaps in braces inside a text, taken where every gap is one that we have."""

from __future__ import annotations

import html
import re
from typing import Any

from assessments.exchange import making
from assessments.exchange.html_text import check_looks, html_to_inline, html_to_markdown, html_to_plain
from assessments.exchange.html_tree import looks_like_html
from assessments.exchange.limits import check_parts, weigh
from assessments.exchange.making import Given
from assessments.exchange.pictures import Pictures
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.exchange.texts import Text
from assessments.items.interactions.gaps import MARK, MAX_GAPS
from lms.markdown import render_markdown

_KINDS = {
    "SHORTANSWER": "typed", "SA": "typed", "MW": "typed", "SHORTANSWER_C": "case", "SAC": "case", "MWC": "case",
} | dict.fromkeys(
    ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS",
     "MULTICHOICE_HS", "MCHS"), "chosen")  # fmt: skip
_GAP = re.compile(r"(?:<span data-gap=\"([a-z0-9_-]{1,20})\">)?\{(\d{0,6}):([A-Z_]+):((?:[^\\}]++|\\.)*+)\}", re.DOTALL)
#: More braces than gaps and a few that belong to the text: such a text is not searched for gaps.
MAX_BRACES = 5 * MAX_GAPS
_PROMPT = re.compile(r"<div data-markdown=\"([^\"]*)\">(.*?)</div><!--/prompt-->\s*", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\}~#/\"])")
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")


def read_cloze(text: Text, pictures: Pictures, name: str) -> tuple[str, dict[str, Any]]:
    """Return prompt and definition of a cloze question. Raises NotTaken.

    The paragraphs before the first gap are the prompt. Where there are none it is the question's name, which is its
    author's as well.
    """
    if text.format == "markdown":
        raise NotTaken(Why.RESPONSE_FORMAT, format="markdown")
    weigh(text.text)
    is_html = text.format == "html" or (text.format == "moodle" and looks_like_html(text.text))
    source = text.text.strip() if is_html else html.escape(text.text.strip(), quote=False)
    if not is_html or text.format == "moodle":
        source = "".join(f"<p>{part.strip()}</p>" for part in source.replace("\n", "<br>").split("<br><br>"))
    prompt = ""
    if own := _PROMPT.match(source):
        kept = html.unescape(own[1])
        prompt = kept if render_markdown(kept).strip() == own[2].strip() else html_to_markdown(own[2], pictures)
        source = source[own.end() :]
    if MARK.search(source):
        raise NotTaken(Why.GAP_BROKEN, text=MARK.findall(source)[0])
    if source.count("{") > MAX_BRACES:
        raise NotTaken(Why.MANY_ANSWERS, most=MAX_GAPS)
    gaps: list[dict[str, Any]] = []
    weights: list[int] = []
    cases: set[bool] = set()

    def keep(found: re.Match[str]) -> str:
        named, weight, kind, body = found.groups()
        gap, case = _gap(kind, body, pictures)
        gap_id = named or str(len(gaps) + 1)
        gaps.append({"id": gap_id} | gap)
        weights.append(int(weight or 1))
        if case is not None:
            cases.add(case)
        return f"[[{gap_id}]]"

    marked = _GAP.sub(keep, source)
    marked = re.sub(r"(\[\[[a-z0-9_-]+\]\])</span>", r"\1", marked) if "data-gap=" in source else marked
    if not gaps:
        raise NotTaken(Why.NO_GAPS)
    if rest := re.search(r"\{[^{}]*:[^{}]*\}?", marked):
        raise NotTaken(Why.GAP_BROKEN, text=shortened(rest[0]))
    if len(gaps) > MAX_GAPS:
        raise NotTaken(Why.MANY_ANSWERS, most=MAX_GAPS)
    if len(set(weights)) > 1:
        raise NotTaken(Why.GAP_WEIGHTS)
    if len(cases) > 1:
        raise NotTaken(Why.GAP_CASES)
    before, gapped = ("", marked) if prompt else _split(marked)
    made: dict[str, Any] = {"type": "gaps", "text": _lines(gapped), "gaps": gaps, "points": sum(weights)}
    if True in cases:
        made["case_sensitive"] = True
    return prompt or html_to_markdown(before, pictures) or name, made


def _split(marked: str) -> tuple[str, str]:
    """Split before the paragraph that holds the first gap."""
    first = MARK.search(marked)
    at = first.start() if first else 0
    begin = max(marked.rfind("<p", 0, at), marked.rfind("<div", 0, at), 0)
    return marked[:begin], marked[begin:]


def _lines(gapped: str) -> str:
    """Return the text around the gaps as plain lines."""
    check_looks(gapped)
    lines = []
    for part in re.split(r"</?(?:p|div)(?:\s[^<>]*)?>", gapped):
        lines += [html_to_plain(line) for line in re.split(r"<br\s*/?>", part)]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines))


def _gap(kind: str, body: str, pictures: Pictures) -> tuple[dict[str, Any], bool | None]:
    family = _KINDS.get(kind)
    if family is None:
        raise NotTaken(Why.GAP_TYPE, kind=shortened(kind))
    given = []
    pieces = _pieces(body)
    check_parts(len(pieces))
    for piece in pieces if pieces[0].strip() else pieces[1:]:  # a mark may stand before the first as well
        mark = piece.strip()
        percent: making.Number = 0
        if mark.startswith("="):
            percent, mark = 100, mark[1:]
        elif found := _WEIGHT.match(mark):
            percent, mark = making.percentage(found[1]), mark[found.end() :]
        text, feedback = _feedback(mark)
        given.append(Given(_unescaped(text), percent, _said(feedback, pictures)))
    if family == "chosen":
        return making.options(given), None
    return {"accepted": making.accepted(given)}, family == "case"


def _pieces(body: str) -> list[str]:
    return [piece.replace("\x00", "\\\\") for piece in re.split(r"(?<!\\)~", body.replace("\\\\", "\x00"))]


def _feedback(piece: str) -> tuple[str, str]:
    parts = re.split(r"(?<!\\)#", re.sub(r"&#(?=\w+;)", "&\x01", piece), maxsplit=1)
    text, feedback = (*parts, "")[:2]
    return text.replace("\x01", "#"), feedback.replace("\x01", "#")


def _said(feedback: str, pictures: Pictures) -> str:
    """Return a feedback as Markdown: its signs stand escaped in the text, and what they make is HTML."""
    if not feedback.strip():
        return ""
    weigh(feedback)
    return html_to_inline(html.unescape(_ESCAPED.sub(r"\1", feedback)), pictures)


def _unescaped(text: str) -> str:
    return html_to_plain(_ESCAPED.sub(r"\1", text))
