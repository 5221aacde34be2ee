"""Whatever somebody writes, what comes out is safe to show."""

from __future__ import annotations

import pytest

from lms.markdown import list_html, list_targets, render_inline, render_markdown


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//example.org/a)",
        "![x](https://example.org/a.png)",
        "![x](javascript:alert(1))",
        "::: case <img src=x onerror=alert(1)>\nText\n:::",
        '[x](https://example.org "\\" onmouseover=alert(1) x=\\"")',
        '<https://example.org/" onclick=alert(1)>',
        "```<script>\nalert(1)\n```",
        "|a|\n|---|\n|<svg onload=alert(1)>|",
    ],
)
def test_nothing_that_acts_comes_out(text: str) -> None:
    for html in (render_markdown(text), render_inline(text)):
        low = html.lower().replace("&lt;", "").replace("&gt;", "")
        assert "<script" not in html.lower()
        assert "<img" not in low
        assert "<svg" not in html.lower()
        assert 'href="javascript' not in low
        assert 'href="data' not in low
        assert 'href="//' not in low
        assert "style=" not in low


def test_what_people_need_comes_out() -> None:
    html = render_markdown("# Titel\n\n- **fett** und [Link](https://example.org)\n\n| a |\n| --: |\n| 1 |")
    assert "<h2>Titel</h2>" in html
    assert "<strong>fett</strong>" in html
    assert '<a href="https://example.org" rel="noopener noreferrer">Link</a>' in html
    assert '<th class="align-right" scope="col">a</th>' in html
    assert render_inline("*a* [b](https://example.org)") == "<em>a</em> b"


def test_boxes_keep_their_titles_as_text() -> None:
    html = render_markdown("::: checklist Zum <b>Mitnehmen</b>\n- eins\n:::")
    assert '<div class="box box-checklist">' in html
    assert "Zum &lt;b&gt;Mitnehmen" in html


def test_targets_and_html_are_found_with_their_lines() -> None:
    text = "Eins\nzwei [drei](glossary:drei)\n\n![vier](media/4.svg)\n\n<b>fünf</b>"
    assert [(one.kind, one.address, one.line, one.alone) for one in list_targets(text)] == [
        ("link", "glossary:drei", 2, False),
        ("image", "media/4.svg", 4, True),
    ]
    assert list_html(text) == [6, 6]


def test_links_that_are_shown_as_typed_and_html_without_end_are_listed() -> None:
    text = "[a](javascript:alert(1))\n\n<vbscript:b>\n\n[c][c]\n\n[c]: file:///etc/passwd\n\n<script>\n\n<b>d"
    assert "href" not in render_markdown(text)
    assert [(one.address, one.line) for one in list_targets(text)] == [
        ("javascript:alert(1)", 1),
        ("vbscript:b", 3),
        ("file:///etc/passwd", 5),
    ]
    assert list_html(text) == [9, 11]
