"""Small things that files say, read as the systems that wrote them mean them; each was looked up in how those read it."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

from typing import Any

import pytest

from assessments.exchange.reading import Reading, read_questions
from assessments.exchange.reasons import Why
from tests.assessments.exchange.test_moodle_xml import answer, made, one

BOTH = answer("a", "100") + answer("b", "0")


@pytest.mark.parametrize(
    ("inner", "type_name", "shuffled"),
    [
        ("", "single_choice", False),
        ("<shuffleanswers>true</shuffleanswers>", "single_choice", True),
        ("<shuffleanswers>1</shuffleanswers><single>1</single>", "single_choice", True),
        ("<shuffleanswers>0</shuffleanswers><single>false</single>", "multiple_choice", False),
        ("<single>0</single>", "multiple_choice", False),
    ],
)
def test_single_and_shuffled(inner: str, type_name: str, shuffled: bool) -> None:
    question = made(one("multichoice", inner + BOTH))
    assert (question["type"], question.get("shuffle", True)) == (type_name, shuffled)


@pytest.mark.parametrize(
    ("kind", "inner", "key", "value"),
    [
        ("shortanswer", '<answer fraction="100" format="moodle_auto_format"><text>&amp;nbsp; und &lt;b&gt;</text></answer>', "accepted", ["&nbsp; und <b>"]),
        ("shortanswer", '<answer fraction="100" format="html"><text>\n a &lt; b \n</text></answer>', "accepted", ["a < b"]),
        ("numerical", '<answer fraction="100" format="html"><text> 7 </text><tolerance>0.5</tolerance></answer>', "value", 7),
        ("numerical", '<answer fraction="100">7<tolerance>0.5</tolerance></answer>', "value", 7),
        ("numerical", '<answer fraction="100"><text>-1.5e3</text></answer><answer fraction="0"><text>*</text></answer>', "value", -1500.0),
        ("multichoice", "<penalty>0.3333333</penalty><answernumbering>ABCD</answernumbering><showstandardinstruction>1</showstandardinstruction>" + BOTH, "answers", [{"text": "a", "correct": True}, {"text": "b"}]),
        ("multichoice", '<hint format="html"><text></text><shownumcorrect/></hint>' + BOTH, "type", "single_choice"),
        ("truefalse", '<answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer>', "correct", False),
        ("multichoice", "<single>false</single>" + answer("a", "33.33333") + answer("b", "33.33333") + answer("c", "33.33333") + answer("d", "-100"), "scoring", "weighted"),
    ],
)  # fmt: skip
def test_what_counts(kind: str, inner: str, key: str, value: Any) -> None:
    assert made(one(kind, inner))[key] == value


@pytest.mark.parametrize(
    ("kind", "inner", "text", "why"),
    [
        ("truefalse", answer("Wahr", "100") + answer("Falsch", "0"), "<p>x</p>", Why.TRUE_FALSE),
        ("multichoice", BOTH, '<a href="@@PLUGINFILE@@/gruss.mp3">Hören Sie</a>', Why.FILES),
        ("multichoice", "<single>false</single>" + answer("a", "33") + answer("b", "33.33333") + answer("c", "33.33333") + answer("d", "-50"), "x", Why.BAD_SUM),
        ("multichoice", answer("a", "100") + answer("b", "-33.33333"), "x", Why.NEGATIVE),
        ("multichoice", "<hint><text>Denken Sie an den Fluss.</text></hint>" + BOTH, "x", Why.HINTS),
        ("essay", "<attachments>3</attachments><attachmentsrequired>1</attachmentsrequired>", "x", Why.OPTIONAL_ANSWER),
        ("cloze", "", "Wählen Sie {1:MULTICHOICE}", Why.NO_GAPS),
        ("cloze", "", "Wählen Sie {1:MULTICHOICE:=Apfel}", Why.FEW_ANSWERS),
        ("cloze", "", "Wählen Sie {1:MULTICHOICE:Birne~%50%Apfel}", Why.NO_RIGHT_ANSWER),
        ("cloze", "", "Wie viele? {3:NUMERICAL:=null}", Why.GAP_TYPE),
        ("cloze", "", "Wie viele? {1:MULTIRESPONSE_H:=a~=b~c}", Why.GAP_TYPE),
    ],
)  # fmt: skip
def test_what_is_refused(kind: str, inner: str, text: str, why: Why) -> None:
    entry = one(kind, inner, text)
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text


def test_cloze_gaps_of_every_kind_that_can_be_taken() -> None:
    kinds = [
        "SHORTANSWER",
        "SA",
        "MW",
        "MULTICHOICE",
        "MC",
        "MULTICHOICE_V",
        "MCV",
        "MULTICHOICE_H",
        "MCH",
        "MULTICHOICE_S",
        "MCS",
        "MCVS",
        "MCHS",
    ]
    typed = {"SHORTANSWER", "SA", "MW"}
    for kind in kinds:
        body = "=a\\}b~%100%c\\~d" if kind in typed else "%0%x~=a\\}b~c\\#d"
        question = made(one("cloze", "", f"Text {{2:{kind}:{body}}}."))
        expected = {"accepted": ["a}b", "c~d"]} if kind in typed else {"options": ["x", "a}b", "c#d"], "correct": "a}b"}
        assert (question["gaps"], question["points"]) == ([{"id": "1"} | expected], 2), kind


def test_the_options_of_a_gap_keep_their_points_and_feedback() -> None:
    body = "%33.33333%Havel#Fast: &lt;i&gt;Spree&lt;/i&gt;.~=Spree#Ja\\~.~%0%=Oder~%0%Elbe#Nein.~%50%%2"
    question = made(one("cloze", "", f"Text {{1:MC:{body}}}."))
    assert question["gaps"] == [{
        "id": "1",
        "options": [
            {"text": "Havel", "percent": 33.33333, "feedback": "Fast: *Spree*."}, {"text": "Spree", "feedback": "Ja~."},
            "=Oder", {"text": "Elbe", "feedback": "Nein."}, {"text": "%2", "percent": 50},
        ],
        "correct": "Spree",
    }]  # fmt: skip


MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category"><category><text>$course$/top/Recht</text></category>
    <info format="markdown"><text>Alles zur **Vergabe**</text></info><idnumber>kat-1</idnumber></question>
<!-- question: 7  -->
  <question type="truefalse"><name><text><![CDATA[Frage mit <strong>Zeichen</strong> & x > 1]]></text></name>
    <questiontext format="html"><text><![CDATA[<p dir="ltr" style="text-align: left;">Stimmt das?<br></p>]]></text></questiontext>
    <idnumber>&lt;r&gt; 1</idnumber>
    <answer fraction="100" format="moodle_auto_format"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
  <question type="category"><category><text>$course$/top/Recht/Vergabe/EU</text></category></question>
  <question type="description"><name><text>Nur ein Text</text></name><questiontext><text>Lesen Sie.</text></questiontext></question>
  <question type="matching"><name><text>Paare</text></name><questiontext format="html"><text>Was gehört zusammen?</text></questiontext>
    <shuffleanswers>true</shuffleanswers>
    <subquestion format="html"><text>Wald</text><answer><text>Baum</text></answer></subquestion>
    <subquestion format="html"><text>See</text><answer><text>Fisch</text></answer></subquestion>
    <subquestion format="html"><text></text><answer><text>Vogel &amp; Nest</text></answer></subquestion></question>
  <question type="calculatedsimple"><name><text>Gerechnet</text></name><questiontext><text>{a} + {b}</text></questiontext></question>
  <question type="ddmarker"><name><text>Marken</text></name><questiontext><text>Wohin?</text></questiontext></question>
</quiz>
"""


def test_a_whole_file_is_in_order_and_complete() -> None:
    entries = read_questions(MOODLE.encode(), "x").entries
    assert [(entry.name, entry.type, entry.taken) for entry in entries] == [
        ("Frage mit <strong>Zeichen</strong> & x > 1", "true_false", True),
        ("Nur ein Text", "description", False),
        ("Paare", "matching", True),
        ("Gerechnet", "calculatedsimple", False),
        ("Marken", "ddmarker", False),
    ]
    assert [entry.question["tags"] for entry in entries if entry.question] == [["Recht"], ["Recht", "Vergabe", "EU"]]
    assert entries[2].question is not None
    assert entries[2].question["distractors"] == ["Vogel & Nest"]


GIFT = """// Kommentar, danach eine leere Zeile

$CATEGORY: $course$/top/Orte

// [id:essay-1]
::Zwei Rückstriche:: A \\\\\\\\ B {}

::Zeichen::Wie lautet `-\\=[];',./\\~!@\\#$%^&*()_+\\{\\}|\\:"<>?{TRUE}

// Mitten in der Frage:
::Grant's Tomb::Grant liegt {
  // eine Zeile für sich
  ~begraben#Niemand ist dort begraben.
  =beigesetzt#Richtig!
  ~lebend#Hoffentlich nicht!
} in Grants Grab.

Welche Zahl von 1 bis 5?{#1..5}.

Pi auf drei Stellen?{#3.1415:0.0005}

Wann?{# =1822:0 =%50%1822:2}

Ist es wahr?{F#Doch nicht.#Genau.####Steht im Gesetz.}

Welche Antwort ist 5?{
~ \\= 2 + 2
= \\= 2 + 3
}
"""


def read(text: str, encoding: str = "utf-8") -> Reading:
    """Read a text in an encoding."""
    return read_questions(text.encode(encoding), "x")


def test_gift_as_people_write_it() -> None:
    entries = read(GIFT).entries
    assert [(entry.type, entry.taken) for entry in entries] == [
        ("essay", True),
        ("true_false", True),
        ("single_choice", True),
        ("numerical", True),
        ("numerical", True),
        ("numerical", True),
        ("true_false", True),
        ("single_choice", True),
    ]
    essay, signs, tomb, between, _pi, half, law, five = (entry.question or {} for entry in entries)
    assert (entries[0].identifier, essay["tags"]) == ("essay-1", ["Orte"])
    assert essay["prompt"] == "A \\\\\\ B", "two of them: the first escaped, the second before a space that needs none"
    assert signs["prompt"].endswith('"<>?')
    assert tomb["prompt"] == "Grant liegt _____ in Grants Grab."
    assert tomb["answers"][1] == {"text": "beigesetzt", "correct": True, "feedback": "Richtig!"}
    assert (between["value"], between["tolerance"]) == (3, 2)
    assert (half["value"], half["other_values"]) == (1822, [{"value": 1822, "tolerance": 2, "percent": 50}])
    assert (law["feedback_true"], law["feedback_false"], law["explanation"]) == (
        "Doch nicht.",
        "Genau.",
        "Steht im Gesetz.",
    )
    assert [one["text"] for one in five["answers"]] == ["= 2 + 2", "= 2 + 3"]


AIKEN = "Welche Stadt?\nA) Köln\nB. Görlitz\nANSWER: B\n\nUnd welcher Fluss?\nA) Spree\nB) Neiße\nANSWER: B)\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_aiken_in_every_encoding_and_with_every_line_end(encoding: str, end: str) -> None:
    reading = read(AIKEN.replace("\n", end), encoding)
    assert reading.format == "aiken"
    assert [[one["text"] for one in entry.question["answers"] if one.get("correct")] for entry in reading.entries if entry.question] == [["Görlitz"], ["Neiße"]]  # fmt: skip


def test_aiken_with_faults() -> None:
    text = "Zu wenige\nA) Eine\nANSWER: A\n\nA) Ohne Frage\n\nANSWER: Ohne Frage\n\nGut\nA) x\nB) y\nANSWER: A\n\nOhne Ende\nA) x\nB) y\n\nAuch gut\nA)x\nB)y\nANSWER: B"
    reasons = [
        entry.reason.text if entry.reason else "" for entry in read_questions(text.encode(), "x", "aiken").entries
    ]
    assert reasons == [
        Why.FEW_ANSWERS.text, Why.AIKEN_NO_TEXT.text, Why.AIKEN_NO_TEXT.text, "", Why.AIKEN_NO_KEY.text, "",
    ]  # fmt: skip
