"""Moodle XML as Moodle exports it, and as it breaks."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

import base64
import io
from typing import Any

import pytest
from PIL import Image

from assessments.exchange.entries import Entry
from assessments.exchange.formats import moodle_xml
from assessments.exchange.reasons import Why
from assessments.exchange.writing import write_questions
from assessments.items.rules import score_response


def picture() -> bytes:
    """Return a small PNG."""
    target = io.BytesIO()
    Image.new("RGB", (2, 2), "red").save(target, "PNG")
    return target.getvalue()


def one(kind: str, inner: str, text: str = "<p>Was?</p>", name: str = "Frage") -> Entry:
    """Return the only question of a file."""
    body = (
        f'<quiz><question type="{kind}"><name><text>{name}</text></name><questiontext format="html"><text><![CDATA[{text}]]></text>'
        f"</questiontext>{inner}</question></quiz>"
    )
    [entry] = moodle_xml.parse(body.encode())
    return entry


def made(entry: Entry) -> dict[str, Any]:
    """Return a definition without its prompt."""
    assert entry.question is not None, entry.reason
    return {key: value for key, value in entry.question.items() if key != "prompt"}


def answer(text: str, fraction: str, feedback: str = "", more: str = "") -> str:
    """Return an answer element."""
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f'<feedback format="html"><text><![CDATA[{feedback}]]></text></feedback>{more}</answer>'
    )


USUAL = (
    '<generalfeedback format="html"><text>&lt;p&gt;Darum.&lt;/p&gt;</text></generalfeedback><defaultgrade>2.0000000</defaultgrade>'
    "<penalty>0.3333333</penalty><hidden>0</hidden><idnumber>moodle-7</idnumber><answernumbering>abc</answernumbering>"
    '<correctfeedback format="html"><text>Die Antwort ist richtig.</text></correctfeedback><shownumcorrect/>'
    '<incorrectfeedback format="html"><text>&lt;p&gt;Your answer is incorrect.&lt;/p&gt;</text></incorrectfeedback>'
    "<tags><tag><text>recht</text></tag><tag><text>difficulty:3</text></tag></tags>"
)


def test_a_choice_as_moodle_exports_it() -> None:
    inner = USUAL + "<single>true</single><shuffleanswers>0</shuffleanswers>"
    entry = one("multichoice", inner + answer("<p>a &amp; b</p>", "100", "gut") + answer("c", "0"))
    assert (entry.name, entry.identifier) == ("Frage", "moodle-7")
    assert made(entry) == {
        "type": "single_choice",
        "explanation": "Darum.",
        "difficulty": 3,
        "tags": ["recht"],
        "points": 2,
        "answers": [{"text": "a & b", "correct": True, "feedback": "gut"}, {"text": "c"}],
        "shuffle": False,
    }


@pytest.mark.parametrize(
    ("kind", "inner", "expected"),
    [
        (
            "truefalse",
            answer("true", "0", "nein") + answer("false", "100", "ja"),
            {"type": "true_false", "correct": False, "feedback_true": "nein", "feedback_false": "ja"},
        ),
        (
            "shortanswer",
            "<usecase>1</usecase>" + answer("Havel", "100") + answer("Hafel*", "100") + answer("*", "0"),
            {"type": "short_text", "accepted": ["Havel", "Hafel*"], "case_sensitive": True},
        ),
        (
            "numerical",
            answer("12.5", "100", more="<tolerance>0.5</tolerance>"),
            {"type": "numerical", "value": 12.5, "tolerance": 0.5},
        ),
        (
            "numerical",
            answer("2", "100", more="<tolerance>0</tolerance>")
            + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit><unit><multiplier>100</multiplier>"
            "<unit_name>cm</unit_name></unit></units><unitgradingtype>1</unitgradingtype><unitpenalty>1.0000000</unitpenalty>"
            "<showunits>2</showunits>",
            {
                "type": "numerical",
                "value": 2,
                "tolerance": 0,
                "units": [{"name": "m", "factor": 1}, {"name": "cm", "factor": 0.01}],
            },
        ),
        (
            "matching",
            '<subquestion format="html"><text>&lt;b&gt;a&lt;/b&gt;</text><answer><text>1</text></answer></subquestion>'
            '<subquestion format="html"><text>b</text><answer><text>2</text></answer></subquestion>'
            '<subquestion format="html"><text></text><answer><text>3</text></answer></subquestion>',
            {
                "type": "matching",
                "pairs": [{"left": "**a**", "right": "1"}, {"left": "b", "right": "2"}],
                "distractors": ["3"],
            },
        ),
        (
            "ordering",
            "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><selectcount>0</selectcount>"
            "<gradingtype>ABSOLUTE_POSITION</gradingtype>"
            + "".join(f'<answer fraction="1.0"><text>{one}</text></answer>' for one in "abc"),
            {"type": "ordering", "steps": ["a", "b", "c"], "scoring": "places"},
        ),
        (
            "essay",
            "<responseformat>editor</responseformat><attachments>0</attachments><minwordlimit>50</minwordlimit>"
            '<graderinfo format="html"><text>&lt;p&gt;Auf den Aufbau achten.&lt;/p&gt;</text></graderinfo>',
            {"type": "essay", "min_words": 50, "guidance": "Auf den Aufbau achten."},
        ),
        (
            "essay",
            "<responseformat>noinline</responseformat><attachments>1</attachments><attachmentsrequired>1</attachmentsrequired>"
            "<filetypeslist>.pdf,.docx</filetypeslist><maxbytes>10485760</maxbytes>",
            {
                "type": "file_upload",
                "media_types": [
                    "application/pdf",
                    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                ],
                "max_megabytes": 10,
            },
        ),
        (
            "multichoiceset",
            answer("a", "100") + answer("b", "100") + answer("c", "0"),
            {
                "type": "multiple_choice",
                "scoring": "all_or_nothing",
                "answers": [{"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c"}],
            },
        ),
    ],
)
def test_each_type(kind: str, inner: str, expected: dict[str, Any]) -> None:
    assert made(one(kind, inner)) == expected


TWO = answer("a", "100") + answer("b", "0")


@pytest.mark.parametrize(
    ("kind", "inner", "why"),
    [
        ("calculated", TWO, Why.CALCULATED),
        ("ddmarker", TWO, Why.DROPPED),
        ("gapselect", TWO, Why.SHARED_WORDS),
        ("random", "", Why.OTHER_QUESTIONS),
        ("pmatch", TWO, Why.UNKNOWN_TYPE),
        ("description", "", Why.DESCRIPTION),
        ("multichoice", TWO + "<hint><text>Denken Sie nach.</text></hint>", Why.HINTS),
        ("multichoice", TWO + "<hidden>1</hidden>", Why.HIDDEN),
        ("multichoice", TWO + "<neues>Feld</neues>", Why.UNKNOWN_PART),
        ("multichoice", TWO + "<correctfeedback><text>Prima, Sie kennen Potsdam.</text></correctfeedback>", Why.COMBINED_FEEDBACK),
        ("multichoice", TWO + "<defaultgrade>0.5</defaultgrade>", Why.BAD_POINTS),
        ("multichoice", answer("a", "100"), Why.FEW_ANSWERS),
        ("multichoice", answer("a", "viel") + answer("b", "0"), Why.BAD_PERCENT),
        ("multichoice", "<single>false</single>" + answer("a", "60") + answer("b", "60"), Why.BAD_SUM),
        ("multichoice", answer("<img src='@@PLUGINFILE@@/x.png' alt='x'/>", "100") + answer("b", "0"), Why.PICTURE),
        ("multichoice", answer("<span style='color: red'>a</span>", "100") + answer("b", "0"), Why.HTML_STYLE),
        ("multichoice", answer("<p>a</p><p>b</p>", "100") + answer("b", "0"), Why.NOT_INLINE),
        ("truefalse", answer("true", "100") + answer("false", "100"), Why.SEVERAL_RIGHT_ANSWERS),
        ("numerical", answer("zwölf", "100"), Why.BAD_NUMBER),
        ("numerical", answer("1", "100") + "<units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>", Why.OPTIONAL_UNIT),
        ("ordering", "<gradingtype>4</gradingtype>" + answer("a", "1") + answer("b", "1") + answer("c", "1"), Why.ORDER_SCORING),
        ("essay", "<responseformat>editorfilepicker</responseformat>", Why.RESPONSE_FORMAT),
        ("essay", "<responsetemplate><text>Sehr geehrte</text></responsetemplate>", Why.RESPONSE_TEMPLATE),
        ("essay", "<attachments>2</attachments>", Why.OPTIONAL_ANSWER),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why(kind: str, inner: str, why: Why) -> None:
    entry = one(kind, inner)
    assert entry.name == "Frage"
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text


def test_a_number_with_an_exponent_can_be_answered() -> None:
    entry = one("numerical", answer("1.6e-19", "100", "", "<tolerance>1e-21</tolerance>"))
    assert entry.question is not None, entry.reason
    for typed in ("1.6e-19", "1,6E-19", "1,605·10^-19"):
        assert score_response("numerical", entry.question, {"text": typed, "unit": None}) == 100
    assert score_response("numerical", entry.question, {"text": "1,6e-18", "unit": None}) == 0


def test_nested_categories_become_tags() -> None:
    text = (
        '<quiz><question type="category"><category><text>$course$/top/Recht/Vergabe</text></category></question>'
        '<question type="truefalse"><questiontext format="plain_text"><text>Ist es so?</text></questiontext>'
        + answer("true", "100")
        + answer("false", "0")
        + "</question></quiz>"
    )
    [entry] = moodle_xml.parse(text.encode())
    assert entry.question is not None
    assert (entry.name, entry.question["tags"]) == ("Ist es so?", ["Recht", "Vergabe"])


def test_pictures_come_along_and_go_out_again() -> None:
    encoded = base64.b64encode(picture()).decode()
    text = (
        '<quiz><question type="truefalse"><name><text>Bild</text></name><questiontext format="html"><text><![CDATA[<p>Was ist das?</p>'
        '<p><img src="@@PLUGINFILE@@/rotes%20Bild.png" alt="Ein rotes Feld" width="2"></p>]]></text>'
        f'<file name="rotes Bild.png" path="/" encoding="base64">{encoded}</file></questiontext>'
        + answer("true", "100") + answer("false", "0") + "</question></quiz>"
    )  # fmt: skip
    [entry] = moodle_xml.parse(text.encode())
    assert entry.question is not None, entry.reason
    [(address, content)] = entry.media.items()
    assert content == picture()
    assert entry.question["prompt"] == f"Was ist das?\n\n![Ein rotes Feld]({address})"
    question = {"id": "bild", "explanation": "Rot."} | entry.question
    for format_name, said in (("moodle-xml", ["bild"]), ("qti", ["bild"]), ("gift", [])):
        written = write_questions([question], format_name, entry.media.__getitem__)
        assert written.written == said, written.refused


def test_a_picture_that_no_text_shows_is_not_lost_silently() -> None:
    body = (
        '<questiontext format="html"><text>Was?</text><file name="x.pdf" encoding="base64">AAAA</file></questiontext>'
    )
    text = f'<quiz><question type="truefalse">{body}{answer("true", "100")}{answer("false", "0")}</question></quiz>'
    [entry] = moodle_xml.parse(text.encode())
    assert entry.reason is not None
    assert entry.reason.text == Why.FILES.text


def test_cloze_becomes_gaps() -> None:
    text = "<p>Füllen Sie <b>alles</b> aus.</p><p>Potsdam liegt an der {1:SHORTANSWER:=Havel~=Havel*~*} und<br>ist {1:MC:~Dorf~=Stadt}.</p>"
    entry = one("cloze", "", text)
    assert entry.question is not None, entry.reason
    assert entry.question == {
        "type": "gaps",
        "prompt": "Füllen Sie **alles** aus.",
        "points": 2,
        "text": "Potsdam liegt an der [[1]] und\nist [[2]].",
        "gaps": [
            {"id": "1", "accepted": ["Havel", "Havel*"]},
            {"id": "2", "options": ["Dorf", "Stadt"], "correct": "Stadt"},
        ],
    }
    assert made(one("cloze", "", "{1:SA:=a}", name="Nur der Name"))["text"] == "[[1]]"


def test_several_options_of_a_gap_can_be_right() -> None:
    entry = one("cloze", "", "Es ist {1:MC:~Amt~=Dorf~%100%Ort#Auch.~%50%Stadt}.")
    assert entry.question is not None, entry.reason
    assert entry.question["gaps"] == [{
        "id": "1", "correct": "Dorf",
        "options": ["Amt", "Dorf", {"text": "Ort", "percent": 100, "feedback": "Auch."}, {"text": "Stadt", "percent": 50}],
    }]  # fmt: skip
    written = write_questions([{"id": "a", "type": "gaps"} | entry.question], "moodle-xml", lambda _address: b"")
    assert "{1:MULTICHOICE:Amt~=Dorf~=Ort#Auch.~%50%Stadt}" in written.content.decode()


def test_the_points_of_gaps_are_their_weights_added_up() -> None:
    inner = "<defaultgrade>5.0000000</defaultgrade>"  # Moodle's import passes it over
    read = made(one("cloze", inner, "<p>Ein {3:SA:=Amt} ist {3:MC:~rot~=grau}.</p>")) | {"id": "a", "prompt": "Was?"}
    assert read["points"] == 6
    written = write_questions([read, read | {"id": "b", "points": 5}], "moodle-xml", lambda _address: b"")
    assert "{3:SHORTANSWER:=Amt}" in written.content.decode()
    assert "{3:MULTICHOICE:rot~=grau}" in written.content.decode()
    [(key, reason)] = written.refused
    assert (key, reason.text, reason.values) == ("b", Why.GAP_POINTS.text, {"format": "Moodle XML", "points": 5, "gaps": 2})
    [again] = moodle_xml.parse(written.content)
    assert made(again)["points"] == 6
    none = one("cloze", inner, "{0:SA:=a}")
    assert none.reason is not None
    assert none.reason.text == Why.BAD_POINTS.text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Zahl {1:NUMERICAL:=5:0}", Why.GAP_TYPE),
        ("Mehrere {1:MULTIRESPONSE:=a~=b~c}", Why.GAP_TYPE),
        ("Gewichte {1:SA:=a} {2:SA:=b}", Why.GAP_WEIGHTS),
        ("Abzug {1:MC:=a~%-50%b}", Why.NEGATIVE),
        ("Groß {1:SAC:=a} {1:SA:=b}", Why.GAP_CASES),
        ("Offen {1:SA:=a", Why.NO_GAPS),
        ("Eine gut {1:SA:=a} und eine offen {1:SA:=b", Why.GAP_BROKEN),
        ("Keine", Why.NO_GAPS),
        ("<p>Fett <b>{1:SA:=a}</b></p>", Why.NOT_PLAIN),
    ],
)
def test_cloze_that_is_not_taken_says_why(text: str, why: Why) -> None:
    entry = one("cloze", "", text)
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text
