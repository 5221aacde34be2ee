r"""Formulas as Moodle has them, ``\(x\)`` and ``$$x$$``, are no formulas here: they are shown as the text that was written."""

from __future__ import annotations

from html import escape, unescape
from typing import Any

import pytest

from assessments.exchange.reading import read_questions
from assessments.exchange.writing import write_questions
from lms.markdown import render_inline, render_markdown

FORMULAS = [
    r"\(x_1^2 \frac{a}{b}\)", r"$$\sqrt{2} * 3 * 4$$", r"\[ a_1 < b_2 \]", r"$$a_i * b_i *c*$$",
    r"\(`x` \_ \\ \#\)", r"\(2^{n+1}\)",
]  # fmt: skip


def moodle(text: str, text_format: str) -> bytes:
    """Return a question whose prompt, answer and feedback are this text."""
    written = escape(text) if text_format == "html" else text
    return (
        f'<quiz><question type="multichoice"><name><text>n</text></name><questiontext format="{text_format}"><text>'
        f"<![CDATA[Was ist {written}?]]></text></questiontext><single>true</single>"
        "<shuffleanswers>1</shuffleanswers>"
        f'<answer fraction="100" format="{text_format}"><text><![CDATA[{written}]]></text>'
        f'<feedback format="{text_format}"><text><![CDATA[{written}]]></text></feedback></answer>'
        '<answer fraction="0" format="html"><text>b</text></answer></question></quiz>'
    ).encode()


def gift(text: str, text_format: str) -> bytes:
    """Return the same in GIFT, where some signs need a backslash."""
    written = "".join(f"\\{sign}" if sign in "\\~=#{}:" else sign for sign in (escape(text) if text_format == "html" else text))
    return f"::n::[{text_format}]Was ist {written}? {{ ={written}#{written} ~b }}".encode()


def shown(question: dict[str, Any]) -> list[str]:
    """Return prompt, answer and feedback as a person reads them."""
    right = question["answers"][0]
    prompt = str(render_markdown(question["prompt"])).strip().removeprefix("<p>Was ist ").removesuffix("?</p>")
    return [unescape(one) for one in (prompt, str(render_inline(right["text"])), str(render_inline(right["feedback"])))]


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize(
    ("made", "text_format", "name"),
    [(moodle, "html", "q.xml"), (moodle, "plain_text", "q.xml"), (gift, "html", "q.gift"), (gift, "plain", "q.gift")],
)
def test_a_formula_is_shown_as_it_was_written(made: Any, text_format: str, name: str, text: str) -> None:
    [entry] = read_questions(made(text, text_format), name).entries
    assert entry.question is not None, entry.reason
    assert shown(entry.question) == [text] * 3
    for ending in ("gift", "moodle-xml"):
        question = entry.question | {"id": "q"}
        written = write_questions([question], ending, lambda _address: b"")
        assert written.refused == []
        [again] = read_questions(written.content, f"q.{written.ending}").entries
        assert again.question is not None, again.reason
        assert shown(again.question) == [text] * 3


def test_in_markdown_a_formula_follows_its_rules_as_it_does_in_moodle() -> None:
    r"""There ``\(`` is a bracket and stars emphasise before anything looks for formulas; with ``\\(`` it is one."""
    for text, said in ((r"\\(x\\_1\\)", r"\(x\_1\)"), (r"\(x\)", "(x)"), ("$$a*b*c$$", "$$a<em>b</em>c$$")):
        [entry] = read_questions(moodle(text, "markdown"), "q.xml").entries
        assert entry.question is not None
        assert shown(entry.question) == [said] * 3
