"""Typed answers with points and feedback of their own: as GIFT, Moodle XML and QTI have them, taken exactly, and back."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.exchange.entries import Entry
from assessments.exchange.formats import gift
from assessments.exchange.formats.registry import NAMES
from assessments.exchange.reading import read_questions
from assessments.exchange.reasons import Why, named
from assessments.exchange.writing import write_questions
from assessments.exchange.written import meaningful
from assessments.items.rules import question_problems
from tests.assessments.exchange import test_moodle_xml as moodle
from tests.assessments.exchange import test_qti as qti
from tests.assessments.exchange.test_moodle_xml import answer

SAME = {"text": "Hafel", "percent": 50, "feedback": "Mit *v*."}
ELSE = {"text": "*", "percent": 0, "feedback": "Nein."}


def from_gift(braces: str) -> Entry:
    """Return the question with these braces."""
    [entry] = gift.parse(f"Was? {{{braces}}}".encode())
    return entry


def said(*branches: str) -> str:
    """Return QTI's processing that maps a text and chooses a feedback."""
    return (
        '<responseProcessing><setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
        f"<responseCondition>{''.join(branches)}</responseCondition></responseProcessing>"
    )


def branch(test: str, chosen: str, name: str = "responseIf") -> str:
    """Return a branch of a condition that sets FEEDBACK."""
    value = f'<baseValue baseType="identifier">{chosen}</baseValue>'
    return f'<{name}>{test}<setOutcomeValue identifier="FEEDBACK">{value}</setOutcomeValue></{name}>'


def same_as(text: str, case: str = "false") -> str:
    """Return the comparison of the response with a text."""
    value = f'<baseValue baseType="string">{text}</baseValue>'
    return f'<stringMatch caseSensitive="{case}"><variable identifier="RESPONSE"/>{value}</stringMatch>'


def modal(name: str, text: str) -> str:
    """Return a feedback."""
    return f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{name}" showHide="show">{text}</modalFeedback>'


def from_qti(processing: str, *more: str) -> Entry:
    """Return a question for a typed text, where two give points."""
    keys = "".join(
        f'<mapEntry mapKey="{key}" mappedValue="{worth}" caseSensitive="false"/>' for key, worth in (("York", 2), ("Jork", 1))
    )
    declared = qti.correct("York", base="string", mapping=f'<mapping defaultValue="0">{keys}</mapping>')
    return qti.one(declared, '<p>Wo?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', processing + "".join(more))


def near(value: str, worth: str, chosen: str = "", tolerance: str = 'toleranceMode="absolute" tolerance="1 1"') -> str:
    """Return a branch for a number, to be put into one of a condition."""
    said_of = f'<setOutcomeValue identifier="FEEDBACK"><baseValue baseType="identifier">{chosen}</baseValue></setOutcomeValue>'
    return (
        f'<equal {tolerance}><variable identifier="RESPONSE"/><baseValue baseType="float">{value}</baseValue></equal>'
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{worth}</baseValue></setOutcomeValue>'
        f"{said_of if chosen else ''}"
    )


def number_from_qti(*branches: str, more: str = "") -> Entry:
    """Return a question for a typed number, with these branches of a condition."""
    names = ["responseIf", *["responseElseIf"] * (len(branches) - 1)]
    inner = "".join(f"<{name}>{one}</{name}>" for name, one in zip(names, branches, strict=True))
    processing = f"<responseProcessing><responseCondition>{inner}</responseCondition></responseProcessing>{more}"
    body = '<p>Wann?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    return qti.one(qti.correct("7", base="float"), body, processing)


OTHERWISE = (
    '<not><isNull><variable identifier="RESPONSE"/></isNull></not><setOutcomeValue identifier="FEEDBACK">'
    '<baseValue baseType="identifier">X</baseValue></setOutcomeValue>'
)
ANYTHING = '<not><isNull><variable identifier="RESPONSE"/></isNull></not>'


def from_cloze(braces: str) -> Entry:
    """Return the cloze question with this gap."""
    return moodle.one("cloze", "", f"<p>Was?</p><p>Die {{{braces}}}.</p>")


def tolerance(amount: str) -> str:
    """Return what stands beside an answer that is a number."""
    return f"<tolerance>{amount}</tolerance>"


TEXTS: list[tuple[Entry, list[Any]]] = [
    (from_gift("=Havel =%50%Hafel#Mit <i>v</i>. =%0%*#Nein."), ["Havel", SAME, ELSE]),
    (from_gift("=Havel#Ja. =Hafel"), [{"text": "Havel", "feedback": "Ja."}, "Hafel"]),
    (from_gift("=%33.33333%Hafel =%100%Havel"), [{"text": "Hafel", "percent": 33.33333}, "Havel"]),
    (from_gift("=%0%Havelsee =Havel*"), [{"text": "Havelsee", "percent": 0}, "Havel*"]),
    (from_gift("=Havel =%0%Spree =%0%*"), ["Havel"]),
    (from_gift("=Havel =%0%Spree =%0%*#Nein."), ["Havel", {"text": "Spree", "percent": 0}, ELSE]),
    (
        moodle.one(
            "shortanswer",
            answer("Havel", "100") + answer("Hafel", "50.00000", "<p>Mit <em>v</em>.</p>") + answer("*", "0", "Nein."),
        ),
        ["Havel", SAME, ELSE],
    ),
    (moodle.one("shortanswer", answer("a", "0") + answer("*a*", "100")), [{"text": "a", "percent": 0}, "*a*"]),
    (moodle.one("shortanswer", answer("", "0") + answer("Havel", "100") + answer("", "0")), ["Havel"]),
    (from_cloze("1:SA:=Havel~%50%Hafel#Mit &lt;i&gt;v&lt;/i&gt;.~*#Nein."), ["Havel", SAME, ELSE]),
    (from_cloze("1:SHORTANSWER:%100%Havel#a\\} \\#1 &amp;amp; 2"), [{"text": "Havel", "feedback": "a} #1 & 2"}]),
    (
        qti.one(
            qti.correct("York", base="string", mapping=qti.mapping(("York", "2"), ("Jork", "1"), ("Kork", "0"))),
            '<p>Wo?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
            qti.MAP,
        ),
        ["York", {"text": "Jork", "percent": 50}],
    ),
    (
        qti.one(
            qti.correct("York", base="string", mapping=qti.mapping(("York", "1"), ("Jork", "0.5"))),
            '<p>Wo?</p><p>In <textEntryInteraction responseIdentifier="RESPONSE"/> also.</p>',
            qti.MAP,
        ),
        ["York", {"text": "Jork", "percent": 50}],
    ),
    (
        from_qti(
            said(
                branch(same_as("Kork"), "K"), branch(same_as("Jork"), "J", "responseElseIf"),
                branch(same_as("York"), "Y", "responseElseIf"), branch(ANYTHING, "X", "responseElseIf"),
            ),
            modal("J", "<p>Mit <em>Y</em>.</p>"), modal("K", "Nein."), modal("X", "Schade."),
        ),
        [
            "York", {"text": "Jork", "percent": 50, "feedback": "Mit *Y*."}, {"text": "Kork", "percent": 0, "feedback": "Nein."},
            {"text": "*", "percent": 0, "feedback": "Schade."},
        ],
    ),
    (from_qti(said(branch(same_as("Kork"), "K"))), ["York", {"text": "Jork", "percent": 50}]),
]  # fmt: skip
NUMBERS_OF_QTI: dict[str, Any] = {"value": 7, "tolerance": 1, "other_values": [{"value": 9.5, "tolerance": 1}]}
NUMBERS: list[tuple[Entry, dict[str, Any]]] = [
    (
        from_gift("#=1822:0#Genau. =%50%1822:2#Fast. ~#Nein."),
        {
            "value": 1822, "tolerance": 0, "feedback": "Genau.", "feedback_otherwise": "Nein.",
            "other_values": [{"value": 1822, "tolerance": 2, "percent": 50, "feedback": "Fast."}],
        },
    ),
    (from_gift("#1822:5#Genau."), {"value": 1822, "tolerance": 5, "feedback": "Genau."}),
    (from_gift("#=1 =2"), {"value": 1, "tolerance": 0, "other_values": [{"value": 2}]}),
    (from_gift("#=1..5 =%5%6..8"), {"value": 3, "tolerance": 2, "other_values": [{"value": 7, "tolerance": 1, "percent": 5}]}),
    (from_gift("#=%5%10:1 =20:1"), {"value": 20, "tolerance": 1, "other_values": [{"value": 10, "tolerance": 1, "percent": 5}]}),
    (from_gift("#=1:0 =%0%2:0 ~"), {"value": 1, "tolerance": 0}),
    (
        from_gift("#=1:0 =%0%2:0#Halb. =%0%3:0"),
        {"value": 1, "tolerance": 0, "other_values": [{"value": 2, "percent": 0, "feedback": "Halb."}]},
    ),
    (
        moodle.one(
            "numerical",
            answer("3.14", "100", "Genau.", tolerance("0.005"))
            + answer("3.1", "33.33333", "", tolerance("0.1"))
            + answer("*", "0", "<p>Nein.</p>", tolerance("0")),
        ),
        {
            "value": 3.14, "tolerance": 0.005, "feedback": "Genau.", "feedback_otherwise": "Nein.",
            "other_values": [{"value": 3.1, "tolerance": 0.1, "percent": 33.33333}],
        },
    ),
    (
        number_from_qti(
            near("7", "4", "A"), near("9.5", "1", tolerance='toleranceMode="exact"'), OTHERWISE,
            more=modal("A", "Genau.") + modal("X", "Nein."),
        ),
        {
            "value": 7, "tolerance": 1, "feedback": "Genau.", "feedback_otherwise": "Nein.", "points": 4,
            "other_values": [{"value": 9.5, "percent": 25}],
        },
    ),
    (number_from_qti(near("7", "1"), near("9.5", "1")), NUMBERS_OF_QTI),
]  # fmt: skip


def taken(entry: Entry) -> dict[str, Any]:
    """Return the question, which must be a good one."""
    assert entry.question is not None, entry.reason and entry.reason.text % entry.reason.values
    assert question_problems({"id": "q"} | entry.question, needs_explanation=False) == []
    return entry.question


@pytest.mark.parametrize(("entry", "accepted"), TEXTS)
def test_texts(entry: Entry, accepted: list[Any]) -> None:
    question = taken(entry)
    assert (question["gaps"][0] if "gaps" in question else question)["accepted"] == accepted


@pytest.mark.parametrize(("entry", "expected"), NUMBERS)
def test_numbers(entry: Entry, expected: dict[str, Any]) -> None:
    question = taken(entry)
    assert {key: value for key, value in question.items() if key not in {"type", "prompt"}} == expected


@pytest.mark.parametrize("format_name", ["gift", "moodle-xml", "qti"])
def test_in_out_and_in_again_is_the_same_or_refused_by_name(format_name: str) -> None:
    made = [
        meaningful({"id": f"q-{number}"} | taken(entry)) for number, (entry, _expected) in enumerate([*TEXTS, *NUMBERS])
    ]
    made = [{key: value for key, value in one.items() if key not in {"points", "case_sensitive"}} for one in made]
    written = write_questions(made, format_name, lambda _address: b"")
    back = [entry.question for entry in read_questions(written.content, "x").entries]
    assert back == [one for one in made if one["id"] in written.written]
    for key, reason in written.refused:
        question = next(one for one in made if one["id"] == key)
        if format_name == "gift":
            assert question["type"] == "gaps"
        else:
            assert format_name == "qti"
            assert reason.text == Why.CANNOT_KEEP.text
            assert reason.values["part"] in [named("feedback"), named("star")]
            assert question["type"] != "short_text" or "*" in str(question["accepted"]), "QTI keeps the others"
            assert question["type"] != "numerical"
    if format_name == "moodle-xml":
        assert written.refused == []


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (from_gift("=%50%a =%50%b"), Why.NO_RIGHT_ANSWER),
        (from_gift("=%-50%a =b"), Why.NEGATIVE),
        (from_gift("=%150%a =b"), Why.BAD_PERCENT),
        (from_gift("=%50%* =b"), Why.STAR_COUNTS),
        (from_gift("=*"), Why.STAR_COUNTS),
        (from_gift("=%0%*#Nein. =b"), Why.TAKES_FROM_OTHERS),
        (from_gift("=a =%50%#leer"), Why.EMPTY_RIGHT_ANSWER),
        (from_gift("=a =%50%b\\*c"), Why.LITERAL_STAR),
        (from_gift("#=%50%1 =%50%2"), Why.NO_RIGHT_ANSWER),
        (from_gift("#=%-50%1 =2"), Why.NEGATIVE),
        (from_gift("#=%101%1 =2"), Why.BAD_PERCENT),
        (from_gift("#=1 =%50%*"), Why.STAR_COUNTS),
        (from_gift("#~#Nein. =1"), Why.TAKES_FROM_OTHERS),
        (from_gift("#=%50%10:2 =11:2"), Why.TAKES_FROM_OTHERS),
        (from_gift("#=1 =%50%zwei"), Why.BAD_NUMBER),
        (from_gift("#=1 =%50%2:-1"), Why.BAD_NUMBER),
        (from_gift("#~#Nein."), Why.NO_RIGHT_ANSWER),
        (moodle.one("shortanswer", answer("a", "-50") + answer("b", "100")), Why.NEGATIVE),
        (moodle.one("shortanswer", answer("a", "NaN") + answer("b", "100")), Why.BAD_PERCENT),
        (moodle.one("shortanswer", answer("a", "150") + answer("b", "100")), Why.BAD_PERCENT),
        (moodle.one("shortanswer", answer("a", "50") + answer("b", "90")), Why.NO_RIGHT_ANSWER),
        (moodle.one("shortanswer", answer("a", "100", "<table><tr><td>x</td></tr></table>")), Why.HTML_ELEMENT),
        (moodle.one("numerical", answer("1", "100") + answer("*", "25")), Why.STAR_COUNTS),
        (moodle.one("numerical", answer("*", "0") + answer("1", "100")), Why.TAKES_FROM_OTHERS),
        (moodle.one("numerical", answer("1", "50", "", tolerance("1")) + answer("2", "100")), Why.TAKES_FROM_OTHERS),
        (moodle.one("numerical", answer("1", "inf")), Why.BAD_PERCENT),
        (from_cloze("1:SA:%50%a~%50%b"), Why.NO_RIGHT_ANSWER),
        (from_cloze("1:SA:=a#&lt;table&gt;&lt;tr&gt;&lt;td&gt;x&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;"), Why.HTML_ELEMENT),
        (
            qti.one(
                qti.correct("York", base="string", mapping=qti.mapping(("York", "1"), ("Jork", "-1"))),
                '<p>Wo?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
                qti.MAP,
            ),
            Why.NEGATIVE,
        ),
        (
            qti.one(
                qti.correct("York", base="string", mapping=qti.mapping(("York", "2"), attributes='upperBound="1"')),
                '<p>Wo?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
                qti.MAP,
            ),
            Why.BAD_SUM,
        ),
        (from_qti(said(branch(same_as("York", "true"), "Y")), modal("Y", "Ja.")), Why.GAP_CASES),
        (from_qti(said(branch(same_as("york"), "Y")), modal("Y", "Ja.")), Why.GAP_CASES),
        (from_qti(said(branch(same_as("Y*"), "Y")), modal("Y", "Ja.")), Why.LITERAL_STAR),
        (from_qti(said(branch(same_as("York"), "Y")), modal("Z", "Ja.")), Why.COMBINED_FEEDBACK),
        (from_qti(said(branch(same_as("York"), "Y")), modal("Y", "Ja.").replace("show\"", "hide\"")), Why.COMBINED_FEEDBACK),
        (
            from_qti(said(branch(ANYTHING, "Y"), branch(same_as("York"), "Y", "responseElseIf")), modal("Y", "Ja.")),
            Why.COMBINED_FEEDBACK,
        ),
        (from_qti(said(branch(same_as("York"), "Y"), branch("", "Z", "responseElse")), modal("Y", "Ja.")), Why.COMBINED_FEEDBACK),
        (from_qti(said(branch(f"<and>{ANYTHING}</and>", "Y")), modal("Y", "Ja.")), Why.COMBINED_FEEDBACK),
        (number_from_qti(near("7", "0")), Why.NO_RIGHT_ANSWER),
        (number_from_qti(near("7", "1"), near("9", "-1")), Why.NEGATIVE),
        (number_from_qti(near("7", "viel")), Why.BAD_NUMBER),
        (number_from_qti(near("7", "1", tolerance='toleranceMode="relative" tolerance="1 1"')), Why.PROCESSING),
        (number_from_qti(near("7", "1", tolerance='toleranceMode="absolute" tolerance="1 2"'), near("9", "1")), Why.PROCESSING),
        (number_from_qti(OTHERWISE, near("7", "1")), Why.PROCESSING),
        (number_from_qti(near("7", "1", "A"), more=modal("B", "Nein.")), Why.COMBINED_FEEDBACK),
        (number_from_qti(near("7", "1"), more=modal("A", "Nein.")), Why.COMBINED_FEEDBACK),
        (
            qti.one(
                qti.correct("A", mapping=qti.mapping(("A", "1"))), qti.choices("A", "B"),
                said(f"<responseIf>{near('1', '1')}</responseIf>"),
            ),
            Why.PROCESSING,
        ),
        (
            qti.one(
                qti.correct("A", mapping=qti.mapping(("A", "1"))), qti.choices("A", "B"),
                said(branch(same_as("A"), "A")) + modal("A", "Ja."),
            ),
            Why.COMBINED_FEEDBACK,
        ),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why(entry: Entry, why: Why) -> None:
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text


@pytest.mark.parametrize(
    ("format_name", "question", "part"),
    [
        ("qti", {"accepted": ["a*", {"text": "b", "feedback": "Nein."}, ELSE]}, "star"),
        (
            "qti",
            {"type": "gaps", "text": "[[a]] b", "gaps": [{"id": "a", "accepted": [{"text": "a", "feedback": "Ja."}]}]},
            "feedback",
        ),
        ("gift", {"accepted": [{"text": "a", "feedback": f"![Plan](/pictures/{'0' * 64}.png)"}]}, "picture"),
    ],
)
def test_what_a_format_cannot_keep_is_named(format_name: str, question: dict[str, Any], part: str) -> None:
    whole = {"id": "q", "type": "short_text", "prompt": "Was?"} | question
    written = write_questions([whole], format_name, lambda _address: b"")
    [(_key, reason)] = written.refused
    assert (reason.text, reason.values["part"]) == (Why.CANNOT_KEEP.text, named(part))
    assert str(reason.values["format"]).startswith(NAMES[format_name])


def test_a_text_that_begins_like_a_weight_stays_a_text_in_gift() -> None:
    question = {"id": "q", "type": "short_text", "prompt": "Was?", "accepted": ["%50%", {"text": "%5%", "percent": 50}]}
    written = write_questions([question], "gift", lambda _address: b"")
    assert [entry.question for entry in read_questions(written.content, "x").entries] == [question]
