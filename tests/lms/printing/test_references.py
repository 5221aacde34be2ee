"""What a layout's files refer to: found by name and line, whatever the way."""

from __future__ import annotations

import pytest

from lms.printing import cell, isolation
from lms.printing.isolation import LayoutFault
from lms.printing.references import list_foreign
from lms.printing.rendering import print_fonts
from tests.lms.printing.test_isolation import SHEET, layout

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">\n{}</svg>'
IMG = '<img src="a.svg" alt="x">'


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/x", "https://x.de/x.png", "//x.de/x", "file:///etc/passwd", "ftp://x/y",
                "data:image/png;base64,AAAA", "../x.png", "/etc/passwd", "fehlt.png"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("template.html", '<img src="{}" alt="">'), ("template.html", "<img\nsrc='{}'>"),
        ("template.html", '<link rel="stylesheet" href="{}">'), ("template.html", '<a rel="attachment" href="{}">x</a>'),
        ("template.html", '<object data="{}"></object>'), ("template.html", '<embed src="{}">'),
        ("template.html", '<img srcset="{} 2x" alt="">'), ("template.html", '<base href="{}">'),
        ("template.html", '<p style="background: url({})">x</p>'),
        ("template.html", '<style>p {{ background: URL("{}") }}</style>'),
        ("print.css", "p {{ background: url({}) }}"), ("print.css", '@import "{}";'), ("print.css", "@import url('{}');"),
        ("print.css", '@font-face {{ font-family: X; src: url( "{}" ) }}'), ("print.css", "li {{ list-style-image: url('{}') }}"),
        ("print.css", 'p::before {{ content: "a" url("{}") }}'),
        ("a.svg", '<image href="{}"/>'), ("a.svg", '<image xlink:href="{}"/>'), ("a.svg", '<use href="{}"/>'),
        ("a.svg", '<rect fill="url({})"/>'), ("a.svg", '<rect style="fill: url({})"/>'), ("a.svg", '<feImage href="{}"/>'),
        ("a.svg", '<style>@import "{}";</style>'), ("a.svg", "<style><![CDATA[rect {{ fill: url({}) }}]]></style>"),
    ],
)  # fmt: skip
def test_whatever_is_loaded_from_elsewhere_is_named_with_its_place(file: str, written: str, address: str) -> None:
    text = "\n\n" + written.format(address)
    files = {"template.html": b"", "print.css": b"", "a.svg": b"", file: text.encode()}
    assert [tuple(one) for one in list_foreign(files, fonts=())] == [(file, 3, address)]


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("template.html", '<img src="a.svg"><img src="qr.svg"><a href="https://x.de">x</a><img src="{{ made }}">'),
        ("template.html", '{# <img src="http://x.de/a"> #}<!-- <img src="http://x.de/b"> --><p title="url">x</p><img src="">'),
        ("print.css", '@font-face { src: url("font:serif.ttf") } /* url(http://x.de) */ @namespace s url(http://w3.org/svg);'),
        ("print.css", 'p::before { content: "url(http://x.de)" } p { background: url(pictures/b.png); mask: url(#m) }'),
        ("pictures/b.svg", '<image href="b.png"/><image href="../a.svg"/><use href="#x"/>'),
        ("pictures/b.svg", '<a href="http://x.de"><rect fill="url(#g)"/></a>'),
        ("note.txt", "http://x.de/ url(http://x.de)"),
    ],
)  # fmt: skip
def test_what_is_there_or_never_loaded_is_no_fault(file: str, written: str) -> None:
    files = {"template.html": b"", "a.svg": b"", "pictures/b.png": b"", file: written.encode()}
    assert list_foreign(files, fonts=("serif.ttf",), given=("qr.svg",)) == []


@pytest.mark.parametrize(
    ("inside", "strict", "fault"),
    [
        ('<image href="http://127.0.0.1/x" width="9" height="9"/>', True, LayoutFault.FOREIGN),
        ('<image xlink:href="file:///etc/passwd" width="9" height="9"/>', True, LayoutFault.FOREIGN),
        # What was issued with such a layout is printed again as it was, without the picture.
        ('<image href="http://127.0.0.1/x" width="9" height="9"/>', False, ""),
        ('<rect width="9" height="9" fill="#000"/>', True, ""),
    ],
)
def test_what_is_left_out_of_a_picture_is_told_while_a_layout_is_tried_out(
    inside: str, strict: bool, fault: str
) -> None:
    made = layout(IMG, files={"a.svg": SVG.format(inside).encode()})
    order = {"layout": isolation.in_text(made), "sheets": [isolation.sheet_in_text(SHEET)], "strict": strict}
    assert cell.answer(order).get("fault", "") == fault


def test_the_print_fonts_are_known_by_their_names() -> None:
    assert list_foreign(layout(""), fonts=print_fonts()) == []
