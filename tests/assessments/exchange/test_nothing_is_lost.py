"""Every file that is taken is changed a little at every place: the change is refused, or it shows, or it is known to mean nothing."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

import pytest

from assessments.exchange.entries import Entry
from assessments.exchange.formats import aiken, gift, moodle_xml, qti
from assessments.exchange.formats.moodle_schema import IGNORED
from assessments.exchange.writing import write_questions
from tests.assessments.exchange.every_option import every_question
from tests.assessments.exchange.mutants import SIGN, mutants
from tests.assessments.exchange.test_every_option import plan
from tests.assessments.exchange.test_hotspots import AREAS, IMAGE, package
from tests.assessments.exchange.test_moodle_xml import answer
from tests.assessments.exchange.test_qti import MAP, MATCH, choices, correct, mapping

#: What stands in a question of any type as Moodle 4 exports it.
HEAD = (
    '<name><text>Frage</text></name><questiontext format="html"><text><![CDATA[<p>Was?</p>]]></text></questiontext>'
    '<generalfeedback format="html"><text>Darum.</text></generalfeedback><defaultgrade>2.0000000</defaultgrade>'
    "<penalty>0.3333333</penalty><hidden>0</hidden><idnumber>m-7</idnumber>"
)
TAIL = (
    '<hint format="html"><text></text><shownumcorrect/><clearwrong/><options>1</options></hint>'
    "<coursetags><tag><text>kurs</text></tag></coursetags><tags><tag><text>recht</text></tag></tags>"
)
COMBINED = (
    '<correctfeedback format="html"><text>Your answer is correct.</text></correctfeedback><partiallycorrectfeedback format="html">'
    '<text>Your answer is partially correct.</text></partiallycorrectfeedback><incorrectfeedback format="html">'
    "<text>Your answer is incorrect.</text></incorrectfeedback><shownumcorrect/>"
)
NUMBERED = "<answernumbering>abc</answernumbering><showstandardinstruction>0</showstandardinstruction>"
MOODLE = {
    "multichoice": "<single>true</single><shuffleanswers>true</shuffleanswers>" + NUMBERED + COMBINED + answer("<p>a</p>", "100", "gut") + answer("b", "50") + answer("c", "0"),
    "multichoiceset": "<shuffleanswers>0</shuffleanswers>" + NUMBERED + COMBINED + answer("a", "100") + answer("b", "100") + answer("c", "0"),
    "truefalse": answer("true", "100", "ja") + answer("false", "0", "nein"),
    "shortanswer": "<usecase>0</usecase>" + answer("Havel", "100", "gut") + answer("Hafel", "50"),
    "numerical": answer("2", "100", "gut", "<tolerance>0.5</tolerance>")
    + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit><multiplier>100</multiplier><unit_name>cm</unit_name></unit></units>"
    "<unitgradingtype>1</unitgradingtype><unitpenalty>1.0000000</unitpenalty><showunits>2</showunits><unitsleft>0</unitsleft>",
    "matching": "<shuffleanswers>true</shuffleanswers>" + COMBINED
    + "".join(f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>' for left, right in (("a", "1"), ("b", "2"), ("", "3"))),
    "ordering": "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount><gradingtype>ABSOLUTE_POSITION</gradingtype>"
    "<showgrading>SHOW</showgrading><numberingstyle>none</numberingstyle>" + COMBINED
    + "".join(f'<answer fraction="1.0000000" format="moodle_auto_format"><text>{one}</text></answer>' for one in "abc"),
    "essay": "<responseformat>editor</responseformat><responserequired>1</responserequired><responsefieldlines>15</responsefieldlines>"
    "<minwordlimit>5</minwordlimit><maxwordlimit>50</maxwordlimit><attachments>0</attachments><attachmentsrequired>0</attachmentsrequired><maxbytes>0</maxbytes>"
    '<filetypeslist></filetypeslist><graderinfo format="html"><text>Auf den Aufbau achten.</text></graderinfo><responsetemplate format="html"><text></text></responsetemplate>',
    "cloze": "",
}  # fmt: skip
#: Mutants that may go unnoticed, as ``kind path``, and why they say nothing.
MEANINGLESS = {
    rf"(text|.*) question/({'|'.join(IGNORED)})(/text)?": "Left out, whatever its value: see IGNORED.",
    r"@format question/(name|idnumber|defaultgrade|answer|subquestion/answer)": "A value is plain, and what is typed is taken as it stands.",
    r"twin question/(course)?tags/tag": "A tag is the same twice.",
    r"(twin|other twin) question/hint": "A hint without a text is none.",
    r"text question/hint/(shownumcorrect|clearwrong|options)": "How a hint would be shown says nothing where there is none.",
}


#: What says nothing in questions of one type only.
OF_TYPE = {
    "ordering": {
        r"@fraction question/answer": "The order is that of the answers.",
        r"text question/selectcount": "All steps are asked.",
    },
    "essay": {r"text question/(attachmentsrequired|maxbytes|filetypeslist)": "No file is asked for."},
    "cloze": {r"text question/defaultgrade": "Its points are its gaps' weights, as Moodle has it."},
    "numerical": {r"text question/answer/tolerance": "The tolerance of what stands for anything."},
}


def as_read(entry: Entry) -> Any:
    """Return everything that is taken of a question."""
    return entry.question, entry.identifier, entry.name, sorted(entry.media)


def moodle_files() -> Iterator[tuple[str, str]]:
    """Yield questions as Moodle exports them, and as we do."""
    for kind, inner in MOODLE.items():
        head = HEAD.replace("Was?", "Potsdam liegt an der {1:SA:=Havel}.") if kind == "cloze" else HEAD
        yield kind, f'<question type="{kind}">{head}{inner}{TAIL}</question>'
    text = write_questions(every_question(bare=False), "moodle-xml", plan).content.decode()
    seen = set()
    for found in re.finditer(r'<question type="(\w+)">.*?</question>', text, re.DOTALL):
        parts = (found[1], frozenset(re.findall(r"<\w+", found[0])))
        if parts not in seen:  # questions of the same parts lose the same
            seen.add(parts)
            yield found[1], found[0]


def unnoticed(kind: str, text: str) -> list[str]:
    """Return the changes to a question of Moodle XML that nobody would notice."""
    root = ElementTree.fromstring(text)
    quiz = ElementTree.Element("quiz")
    quiz.append(root)
    lost = unseen(root, lambda: moodle_xml.parse(ElementTree.tostring(quiz)))
    known = MEANINGLESS | OF_TYPE.get(kind, {})
    return [one for one in lost if not any(re.fullmatch(pattern, one) for pattern in known)]


def unseen(root: ElementTree.Element, read: Callable[[], list[Entry]]) -> list[str]:
    """Return the changes after which the same is read."""
    [entry] = read()
    assert entry.taken, entry.reason
    whole = as_read(entry)
    return [f"{what} {path}" for what, path in mutants(root) if [as_read(one) for one in read()] == [whole]]


@pytest.mark.parametrize(("kind", "text"), [pytest.param(*one, id=one[0]) for one in moodle_files()])
def test_moodle_xml(kind: str, text: str) -> None:
    assert unnoticed(kind, text) == []


#: Changes to a QTI item that may go unnoticed, and why they say nothing.
QTI_MEANINGLESS = {
    r"@class .*": "Looks.",
    r"(@href|@type|twin|other twin) .*/stylesheet": "Looks.",
    r"@type .*/object": "What a picture is, its content says.",
    r"@identifier .*/(qti-(simple|inline)-choice|hotspotChoice)": "A name inside the file, of a choice that gives nothing; any other is missed.",
    r"@identifier .*/(qti-outcome-declaration|outcomeDeclaration)": "The rules say what an outcome is; a declaration alone says nothing.",
    r"@match-max .*": "How often a text on the right may be chosen, where it is often enough.",
    r"text .*/qti-(set-outcome-value|string-match)/qti-base-value": "It chooses a feedback that is not there.",
    r"(other )?twin .*/qti-response-condition/qti-response-(else-)?if": "It chooses a feedback that is not there.",
}


def tool_item(declaration: str, body: str, processing: str) -> str:
    """Return an item of QTI 2 as authoring tools write it."""
    return (
        '<assessmentItem identifier="orte" title="Orte" adaptive="false" timeDependent="false">'
        f'{declaration}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"><defaultValue>'
        '<value>0</value></defaultValue></outcomeDeclaration><stylesheet href="a.css" type="text/css"/>'
        f"<itemBody>{body}</itemBody>{processing}</assessmentItem>"
    )


WEIGHTS = mapping(("A", "1"), ("B", "1"), ("C", "-1"), attributes='lowerBound="0" upperBound="2" defaultValue="0"')
TOOL_ITEMS = {
    "hotspot": tool_item(
        correct("A"),
        '<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Wo ist es?</prompt>'
        f"{IMAGE}{AREAS}</hotspotInteraction>",
        MATCH,
    ),
    "choice": tool_item(
        correct("A", "B", cardinality="multiple", mapping=WEIGHTS),
        '<div class="grid-row"><p>Ein <em>Fall</em>.</p></div>'
        + choices("A", "B", "C", attributes='maxChoices="0" minChoices="0" shuffle="true" orientation="vertical"'),
        MAP,
    ),
}


@pytest.mark.parametrize("name", TOOL_ITEMS)
def test_qti_of_a_tool(name: str) -> None:
    root = ElementTree.fromstring(TOOL_ITEMS[name])
    lost = unseen(root, lambda: qti.parse(package(ElementTree.tostring(root, "unicode"))))
    assert [one for one in lost if not any(re.fullmatch(pattern, one) for pattern in QTI_MEANINGLESS)] == []


def qti_items() -> Iterator[tuple[str, str]]:
    """Yield the items that we write, and others as authoring tools do."""
    content = write_questions(every_question(bare=False), "qti", plan).content
    seen = set()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            text = archive.read(name).decode() if name.startswith("items/") else ""
            parts = frozenset(re.findall(r"<[\w-]+", text))
            if text and "hotspot" not in text and parts not in seen:
                seen.add(parts)
                yield name, text


@pytest.mark.parametrize(("name", "text"), [pytest.param(*one, id=one[0]) for one in qti_items()])
def test_qti(name: str, text: str) -> None:
    root = ElementTree.fromstring(text)
    lost = unseen(root, lambda: qti.parse(ElementTree.tostring(root)))
    assert [one for one in lost if not any(re.fullmatch(pattern, one) for pattern in QTI_MEANINGLESS)] == []


GIFT = r"""$CATEGORY: $course$/Recht
// ein Vermerk [id:frage-1] [tag:alt]
::Titel::[html]Was gilt &amp; was nicht<br>?{
	=%100%richtig#genau
	~%50%halb#fast
	~falsch#nein
####Darum.}

::Paar::Was passt?{=a -> 1 =b -> 2 = -> 3}

::Zahl::Wie viel?{#=3:0.5#ja =%50%4..5#fast}

::Stimmt::Stimmt es?{TRUE#nein#ja####Weil.}

::Kurz::Wo?{=Havel#ja =%50%Hafel*}

::Frei::Warum?{}
"""
AIKEN = """Was gilt
seit wann?
A) a
B) b
C. c
ANSWER: B

Und was noch?
A. x
B. y
ANSWER: A.
"""


@pytest.mark.parametrize(
    ("parse", "text"), [pytest.param(gift.parse, GIFT, id="gift"), pytest.param(aiken.parse, AIKEN, id="aiken")]
)
@pytest.mark.parametrize("sign", [SIGN, f"\n{SIGN}\n", f"#{SIGN}", f"={SIGN}"])
def test_lines(parse: Callable[[bytes], list[Entry]], text: str, sign: str) -> None:
    """A word at any place of a text file is refused, or shows; what stands behind ``//`` is a comment."""
    entries = parse(text.encode())
    assert all(one.taken for one in entries)
    whole = [as_read(one) for one in entries]
    lost = [
        place
        for place in range(len(text) + 1)
        if not text[max(place - 1, 0) : place + 1].isalnum()  # inside a word is as at its end
        if [as_read(one) for one in parse(f"{text[:place]}{sign}{text[place:]}".encode())] == whole
    ]
    places = {text[:place].count("\n") for place in lost}
    assert all(text.split("\n")[line].startswith("//") for line in places), [
        text[max(place - 20, 0) : place] + "|" for place in lost
    ]
