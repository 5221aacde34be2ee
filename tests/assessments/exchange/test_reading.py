"""Files as they come: encodings, formats told by content, attacks, and keys that stay."""

from __future__ import annotations

import io
import zipfile

import pytest

from assessments.exchange.formats.registry import guess_format
from assessments.exchange.reading import Reading, read_questions
from assessments.exchange.reasons import Why

GIFT = "::Größe::Wie groß? {=Öl ~„Ä“}\n"
XML = (
    '<?xml version="1.0" encoding="{}"?>\n<quiz><question type="truefalse"><name><text>Größe</text></name>'
    '<questiontext format="html"><text>&lt;p&gt;Ä?&lt;/p&gt;</text></questiontext>'
    '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>'
)


def failure(content: bytes) -> str:
    """Return the one refusal of a file that cannot be read."""
    reading = read_questions(content, "datei.txt")
    assert reading.failed
    [entry] = reading.entries
    assert entry.name == "datei.txt"
    assert entry.reason is not None
    assert entry.reason.text % entry.reason.values
    return entry.reason.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_reads_the_same(encoding: str) -> None:
    [entry] = read_questions(GIFT.encode(encoding), "x").entries
    assert entry.question is not None
    assert (entry.name, entry.question["answers"][0]["text"]) == ("Größe", "Öl")


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("Windows-1252", "cp1252"),
        ("ISO-8859-1", "cp1252"),
    ],
)
def test_xml_in_every_encoding(declared: str, encoding: str) -> None:
    reading = read_questions(XML.format(declared).encode(encoding), "x")
    assert (reading.format, [entry.name for entry in reading.taken]) == ("moodle-xml", ["Größe"])


BOMB = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><quiz>&b;</quiz>'
FOREIGN = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Why.EMPTY),
        (b" \n\n ", Why.EMPTY),
        (b"\x00\x01\x02\xff\xfe\x89PNG", Why.BINARY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Why.BINARY),
        (b"Ein Text ohne Fragen.", Why.NO_FORMAT),
        (b"// nur ein Kommentar\n", Why.NO_QUESTIONS),
        (b"<quiz></quiz>", Why.NO_QUESTIONS),
        (XML.format("UTF-8").encode("cp1252"), Why.ENCODING),
        (XML.format("UTF-16").encode(), Why.ENCODING),
        (XML.format("EBCDIC").encode(), Why.UNKNOWN_ENCODING),
        (XML.format("UTF-8").encode()[:-30], Why.BAD_XML),
        (b"<?xml version='1.0'?><html><body/></html>", Why.WRONG_ROOT),
        (b"<quiz>" + b"<a>" * 100 + b"</a>" * 100 + b"</quiz>", Why.XML_DEPTH),
        (BOMB, Why.XML_DTD),
        (FOREIGN, Why.XML_DTD),
        (b"PK\x03\x04 kaputt", Why.BAD_ZIP),
        (b"x" * (25 * 1024 * 1024 + 1), Why.TOO_LARGE),
    ],
    ids=lambda value: value.name if isinstance(value, Why) else "",
)
def test_a_file_that_cannot_be_read_is_one_refusal_that_says_where(content: bytes, why: Why) -> None:
    assert failure(content) == why.text


def package(**files: bytes) -> bytes:
    """Return a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def test_packages_are_not_trusted() -> None:
    manifest = b'<manifest><resources><resource type="imsqti_item_xmlv2p1" href="fehlt.xml"/></resources></manifest>'
    assert failure(package(a=b"x")) == Why.NO_MANIFEST.text
    assert failure(package(imsmanifest_xml=manifest)) == Why.MISSING_FILE.text
    assert failure(package(imsmanifest_xml=manifest, bombe=b"0" * 20_000_000)) == Why.ZIP_BOMB.text
    assert failure(package(**{"..__raus": b"x", "imsmanifest_xml": manifest})) == Why.ZIP_PATH.text


def test_a_broken_item_is_refused_and_the_others_are_taken() -> None:
    manifest = (
        b'<manifest><resources><resource type="imsqti_item_xmlv2p1" href="kaputt.xml"/>'
        b'<resource type="imsqti_item_xmlv2p1" href="gut.xml"/></resources></manifest>'
    )
    good = (
        b'<assessmentItem identifier="gut" title="Gut"><responseDeclaration identifier="RESPONSE" cardinality="single" '
        b'baseType="identifier"><correctResponse><value>A</value></correctResponse></responseDeclaration><itemBody>'
        b'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Was?</prompt>'
        b'<simpleChoice identifier="A">ja</simpleChoice><simpleChoice identifier="B">nein</simpleChoice></choiceInteraction>'
        b'</itemBody><responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
        b"</assessmentItem>"
    )
    reading = read_questions(package(imsmanifest_xml=manifest, kaputt_xml=b"<assessmentItem>", gut_xml=good), "x.zip")
    assert [(entry.name, entry.taken) for entry in reading.entries] == [("kaputt.xml", False), ("Gut", True)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("::a::b{T}", "gift"),
        ("$CATEGORY: x\n\na{T}", "gift"),
        ("// c\nOhne Klammern", "gift"),
        ("Frage\nA. x\nB. y\nANSWER: A", "aiken"),
        ("Frage {x}\nA. x\nB. y\nANSWER: A", "aiken"),
        ("<quiz/>", "moodle-xml"),
        ("<!-- c --><quiz/>", "moodle-xml"),
        ('<qti-assessment-item xmlns="x"/>', "qti"),
        ('<?xml version="1.0"?>\n<qti:assessmentItem xmlns:qti="x"/>', "qti"),
    ],
)
def test_the_format_is_told_by_the_content(text: str, name: str) -> None:
    assert guess_format(text.encode()) == name


def keys(reading: Reading) -> list[str]:
    """Return the keys of what is taken."""
    return [entry.question["id"] for entry in reading.taken if entry.question]


def test_keys_are_the_same_each_time_and_names_alone_do_not_collide() -> None:
    text = (
        "::Frage 1::Ist es so?{T}\n\n::Frage 1::Ist es anders?{F}\n\n// [id:recht.1]\nUnd das?{T}\n\nOhne Namen?{F}\n"
    )
    first, again = read_questions(text.encode(), "a"), read_questions(text.encode(), "b")
    assert keys(first) == keys(again)
    assert len(set(keys(first))) == 4
    assert keys(first)[0].startswith("frage-1-")
    assert keys(first)[2] == "recht.1"
    other = read_questions(b"::Frage 1::Ganz etwas anderes?{T}", "c")
    assert keys(other)[0] not in keys(first)


def test_the_same_question_twice_is_refused_the_second_time() -> None:
    reading = read_questions(b"::A::Ist es so?{T}\n\n::A::Ist es so?{T}\n\n::A::Ist es so?{F}", "a")
    assert [entry.taken for entry in reading.entries] == [True, False, True]
    assert reading.refused[0].reason is not None
    assert reading.refused[0].reason.text == Why.TWICE.text
