"""A text put into a line of its own stands where WeasyPrint's breaking would have put it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from lms.printing.batch.families import read
from lms.printing.batch.lines import NOISE, leaves
from lms.printing.batch.pages import lay_out, set_up_press
from lms.printing.batch.paragraphs import Paragraph, find_paragraphs
from lms.printing.manuscripts import Manuscript

MODEL = "Petra Meier"
TEXTS = ["Li", "Uwe Groß", "Dr.-Ing. Maximiliane Freifrau von Großschönebeck", "Ελένη Παπαδοπούλου", "AVAVA To ffi"]
STYLES = [
    "",
    "text-align: center",
    "text-align: right; text-indent: 7pt",
    "text-align: end; letter-spacing: 1pt; word-spacing: 3pt",
    "text-align: justify; text-align-last: center",
    "text-align: justify",
    "direction: rtl",
    "white-space: pre-wrap; text-align: right",
    "font: bold 13pt Fira Sans; font-variant: small-caps; overflow-wrap: anywhere",
    "width: 90pt; hyphens: auto",
]


def found(style: str, inside: str) -> tuple[Any, Paragraph]:
    """Return a layout context and the only paragraph of a page, whose text is ``MODEL``."""
    html = f"<html lang=de><title>x</title><p>{inside.format(MODEL)}</p></html>"
    css = f"@page {{ size: A5; margin: 2cm }} p {{ {style} }} a {{ padding: 0 3pt; border-left: 1pt solid }}"
    press = set_up_press(css, ())
    laid_out = lay_out(Manuscript(html, css, {}, "x", datetime(2026, 11, 28, tzinfo=UTC)), press)
    laid_out.context.create_block_formatting_context()
    texts = read(html).texts
    slots = {number for number, text in enumerate(texts) if MODEL in text}
    [paragraph] = find_paragraphs(laid_out, texts, slots)
    return laid_out.context, paragraph


def places(line: Any) -> list[tuple[Any, ...]]:
    """Return the boxes of a line with their places."""
    return [
        (box.element_tag, getattr(box, "text", ""), box.position_x, box.position_y, box.width, box.height, box.baseline)
        for box in [line, *line.children, *leaves(line)]
    ]


@pytest.mark.parametrize("inside", ["{}", " {} ", "<a href='#x'>{}</a>", "<span>{}</span><br>"])
@pytest.mark.parametrize("style", STYLES)
def test_a_single_line_is_as_it_would_have_been_broken(style: str, inside: str) -> None:
    context, paragraph = found(style, inside)
    single = paragraph.single
    put = [(text, line) for text in TEXTS if single and (line := single.put(text))]
    for text, line in put:
        [broken] = paragraph.weasyprint_lines(context, ["x", text]) or []
        for ours, theirs in zip(places(line), places(broken), strict=True):
            assert ours == pytest.approx(theirs, abs=NOISE)
    left_to_weasyprint = "rtl" in style or "pre-wrap" in style
    assert bool(put) != left_to_weasyprint


def test_what_does_not_fit_is_left_to_weasyprint() -> None:
    _context, paragraph = found("width: 90pt", "{}")
    single = paragraph.single
    assert single is not None
    assert single.put("Uwe Groß")
    assert single.put("Dr.-Ing. Maximiliane Freifrau von Großschönebeck") is None


@pytest.mark.parametrize("inside", ["<em>Frau</em> {}", "{} <b>Groß</b>"])
def test_a_line_of_more_than_one_text_is_left_to_weasyprint(inside: str) -> None:
    assert found("", inside)[1].single is None
