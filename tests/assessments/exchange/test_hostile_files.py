"""Files that would keep a reader busy for hours: each is refused by name, after work that is counted and not timed."""

# ruff: noqa: E501 - what is hostile stands in one line

from __future__ import annotations

import base64
import io
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from PIL import Image

from assessments.exchange import limits, pictures
from assessments.exchange.entries import Entry
from assessments.exchange.formats import qti
from assessments.exchange.formats.registry import guess_format
from assessments.exchange.html_tree import read_html
from assessments.exchange.limits import MAX_FILE_MARKS, MAX_MARKS, MAX_PARTS, MAX_QUESTIONS, one_file
from assessments.exchange.markdown_text import escape_line
from assessments.exchange.reading import read_questions
from assessments.exchange.reasons import NotTaken, Unreadable, Why
from assessments.items.rules import MAX_TEXT, question_problems
from courses.archive.media import check_media
from tests.assessments.exchange.test_moodle_xml import picture
from tests.sayings import in_english

TEXT = "Wie weit ist es? "


def moodle(text: str, kind: str = "truefalse", inner: str = "", form: str = "html") -> bytes:
    """Return a file with one question of this text."""
    answers = '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    return (
        f'<quiz><question type="{kind}"><name><text>Frage</text></name><questiontext format="{form}"><text><![CDATA[{text}]]>'
        f"</text></questiontext>{inner or answers}</question></quiz>"
    ).encode()


def only(content: bytes, format_name: str | None = None) -> Entry:
    """Return the only entry of a file."""
    [entry] = read_questions(content, "datei", format_name).entries
    return entry


HOSTILE: list[tuple[str, bytes, Why]] = [
    ("stars and underscores", moodle("*a_" * 70_000, form="plain_text"), Why.LONG_TEXT),
    ("as many in a shorter text", moodle("*a_" * 6_000, form="plain_text"), Why.DENSE_TEXT),
    ("the same as Markdown", moodle("*a_" * 6_000, form="markdown"), Why.DENSE_TEXT),
    ("brackets", moodle("[" * 19_000, form="markdown"), Why.DENSE_TEXT),
    ("deep HTML", moodle("<div>" * 900 + "x" + "</div>" * 900), Why.XML_DEPTH),
    ("tags without an end", moodle("x > " + "<a " * 1_900), Why.HTML_ELEMENT),
    ("comments without an end", moodle("x" + "<!--" * 1_900), Why.HTML_ELEMENT),
    ("marked sections", moodle("x<![x[y]"), Why.HTML_ELEMENT),
    ("a wall of text", moodle("Wort " * 50_000), Why.LONG_TEXT),
    ("cloze markers", moodle("{1:SA:=a} " * 1_500, "cloze", " "), Why.MANY_ANSWERS),
    ("a GIFT question without an end", b"::x::Was {=" + b"a" * 600_000, Why.LONG_TEXT),
    ("cloze markers without an end", moodle("{1:SA:=a " * 50, "cloze", " "), Why.NO_GAPS),
    ("a cloze gap with thousands of answers", moodle("{1:SA:" + "~".join(["=a"] * 500) + "}", "cloze", " "), Why.MANY_ANSWERS),
    ("answers", moodle("Was?", "multichoice", '<answer fraction="0"><text>a</text></answer>' * 4_000), Why.MANY_ANSWERS),
    ("pairs", moodle("Was?", "matching", "<subquestion><text>a</text></subquestion>" * 4_000), Why.MANY_ANSWERS),
    ("a number of many digits", moodle("Was?", "numerical", f'<answer fraction="100"><text>{"1" * 19_000}x</text></answer>'), Why.BAD_NUMBER),
    ("GIFT answers", b"Was?{" + b"~a" * 100_000 + b"}", Why.MANY_ANSWERS),
    ("a category of 50 KB", b"$CATEGORY: " + b"a" * 50_000 + b"\n\nWahr?{T}", Why.LONG_TAG),
    ("a thousand categories", b"$CATEGORY: " + b"a/" * 1_000 + b"\n\n// [id:x]\nWahr?{T}", Why.MANY_TAGS),
    ("brackets in a comment", b"// " + b"[id:" * 200_000 + b"\nNur Text", Why.DESCRIPTION),
    ("Aiken answers", b"Was?\n" + b"A) x\n" * 1 + b"".join(b"%c) x\n" % (66 + n) for n in range(25)) + b"ANSWER: A\n", Why.MANY_ANSWERS),
    ("Aiken and empty lines", b"Was?\n" + b"\n" * 20_000 + b"A) x\nB) y\nANSWER: C\n", Why.AIKEN_BAD_KEY),
]  # fmt: skip


@pytest.mark.parametrize(("content", "why"), [one[1:] for one in HOSTILE], ids=[one[0] for one in HOSTILE])
def test_refused_by_name(content: bytes, why: Why) -> None:
    with counted_lines() as lines:
        entry = only(content)
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text
    assert lines() < 60 * MAX_TEXT + 30 * content.count(b"\n"), "no more work than a long question takes"


@contextmanager
def counted_lines() -> Iterator[Callable[[], int]]:
    """Count the lines of the exchange's own code that run inside: what work it is, whatever the machine."""
    count = 0

    def look(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if "/assessments/exchange/" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield lambda: count
    finally:
        sys.settrace(before)


def test_too_many_questions_are_not_read() -> None:
    [entry] = read_questions(b"Wahr?{T}\n\n" * (MAX_QUESTIONS + 1), "x").entries
    assert entry.reason is not None
    assert entry.reason.text == Why.MANY_QUESTIONS.text
    [entry] = read_questions(b"<quiz>" + b"<question/>" * (MAX_QUESTIONS + 1) + b"</quiz>", "x").entries
    assert entry.reason is not None
    assert entry.reason.text == Why.MANY_QUESTIONS.text


def test_the_work_of_a_whole_file_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fits is taken, and each question behind it is refused by name."""
    monkeypatch.setattr(limits, "MAX_FILE_MARKS", 1_000)
    text = "\n\n".join(f"::F{n}::Wie _weit_ ist es {'*' * 400}?{{T}}" for n in range(6))
    entries = read_questions(text.encode(), "x").entries
    assert [entry.taken for entry in entries] == [True, True, False, False, False, False]
    assert {entry.reason.text for entry in entries if entry.reason} == {Why.DENSE_FILE.text}


def test_the_limits_leave_room_for_people() -> None:
    """A page of formatted text, and a bank of thousands of questions."""
    with one_file() as work:
        page = " ".join(f"**Wort {n}** und _noch eins_ [hier](https://x.de)" for n in range(150))
        assert only(moodle(page, form="markdown")).taken
        limits.weigh(page)
    assert work.marks < MAX_MARKS
    assert work.marks * 100 < MAX_FILE_MARKS
    embedded = base64.b64encode(picture() + b"\0" * 500_000).decode()
    shown = f'<img src="data:image/png;base64,{embedded}" alt="Plan">'
    limits.weigh(shown)  # pictures do not count
    escaped = shown.replace("=", "\\=").replace(":", "\\:")
    told = only(f"::Plan::[html]<p>Wahr?</p>{escaped}{{T}}".encode(), "gift").reason
    assert told is not None
    assert told.text == Why.PICTURE.text, "it is named, and not the length that it gives the question"
    styled = '<p style="margin: 0; font-family: Arial, sans-serif; color: black">Ein Satz, den jemand liest.</p>'
    assert only(moodle(styled * 300)).taken, "what a word processor writes around a text is not the text"


def test_what_is_made_of_a_text_has_the_limit_of_every_text() -> None:
    """Also where its source may be longer."""
    entry = only(moodle("Wort " * 5_000))
    assert not entry.taken
    assert str(MAX_TEXT) in str(entry.reason)


def test_an_embedded_picture_is_not_taken_for_a_file_of_that_name() -> None:
    """The one is called data.png only here."""
    other = io.BytesIO()
    Image.new("RGB", (3, 3), "blue").save(other, "PNG")
    inline, attached = (base64.b64encode(one).decode() for one in (picture(), other.getvalue()))
    body = moodle(
        f'<p>Was?<img src="data:image/png;base64,{inline}" alt="a"><img src="@@PLUGINFILE@@/data.png" alt="b"></p>'
    ).replace(
        b"]]></text></questiontext>",
        f']]></text><file name="data.png" encoding="base64">{attached}</file></questiontext>'.encode(),
    )
    assert set(only(body).media.values()) == {picture(), other.getvalue()}


@pytest.mark.parametrize("line", ["*a_" * 300, " _ *" * 300, "___ " * 300, "a_b " * 300, "* " * 300])
def test_escaping_looks_at_a_line_once(line: str) -> None:
    with counted_lines() as once:
        escape_line(line)
    with counted_lines() as twice:
        escape_line(line * 2)
    assert twice() <= 2.1 * once() + 50


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\n" * 300_000 + "Nur Text", None),
        (" " * 300_000 + "<quiz/>", "moodle-xml"),
        ("<!-- c -->\n" * 30_000 + "<quiz/>", "moodle-xml"),
        ("<!-- " * 100_000, None),
        ("x\n" * 300_000 + "::a::b{T}", "gift"),
    ],
)
def test_telling_the_format_ends(text: str, told: str | None) -> None:
    with counted_lines() as lines:
        if told:
            assert guess_format(text.encode()) == told
        else:
            with pytest.raises(Unreadable):
                guess_format(text.encode())
    assert lines() < 10 * text.count("\n") + 1_000


def test_comments_show_nothing_and_take_nothing_along() -> None:
    tree = read_html("a<!--<b>-->b<!-->c")
    assert "".join(str(child) for child in tree.children) == "abc"
    with pytest.raises(NotTaken):
        read_html("a<!-- b")


def test_a_picture_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a text shows it a hundred times or a hundred items do."""
    looked = []

    def look(path: str, content: bytes) -> Any:
        looked.append(path)
        return check_media(path, content)

    monkeypatch.setattr(pictures, "check_media", look)
    encoded = base64.b64encode(picture()).decode()
    shown = '<p><img src="@@PLUGINFILE@@/x.png" alt="x"></p>' * 100
    body = moodle(shown).replace(
        b"]]></text></questiontext>",
        f']]></text><file name="x.png" encoding="base64">{encoded}</file></questiontext>'.encode(),
    )
    assert only(body).taken
    assert len(looked) == 1
    item = (
        '<assessmentItem identifier="i{0}" title="T{0}"><responseDeclaration identifier="RESPONSE" cardinality="single" '
        'baseType="string"/><itemBody><p><img src="x.png" alt="x"/></p>'
        '<extendedTextInteraction responseIdentifier="RESPONSE"/></itemBody></assessmentItem>'
    )
    items = {f"{n}.xml": item.format(n).encode() for n in range(50)}
    named = "".join(f'<resource type="imsqti_item_xmlv2p1" href="{name}"/>' for name in items)
    manifest = f"<manifest><resources>{named}</resources></manifest>"
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in {**items, "x.png": picture(), "imsmanifest.xml": manifest.encode()}.items():
            archive.writestr(name, content)
    entries = qti.parse(target.getvalue())
    assert all(entry.taken and entry.media for entry in entries)
    assert len(looked) == 2


def test_a_drawing_with_styles_that_never_end() -> None:
    start = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><title>x</title>'
    _size, errors = check_media("media/x.svg", f"{start}<style>{'/*' * 200_000}</style></svg>".encode())
    assert len(errors) == 1
    _size, errors = check_media("media/x.svg", f"{start}{'<script/>' * 5_000}</svg>".encode())
    assert 20 <= len(errors) < 30


def test_every_text_of_a_question_has_a_limit() -> None:
    question = {"id": "a", "type": "true_false", "prompt": "x", "explanation": "y" * (MAX_TEXT + 1), "correct": True}
    assert in_english(question_problems(question)) == [f"A text has more than {MAX_TEXT} characters."]
    assert MAX_PARTS > 100
