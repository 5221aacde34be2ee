"""GIFT and Aiken as people write them, and as they break."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

from typing import Any

import pytest

from assessments.exchange.entries import Entry
from assessments.exchange.formats import aiken, gift
from assessments.exchange.reasons import Why

HARBOUR = """
// Ein Kommentar davor
::Hafen::Welcher Fluss fließt durch Potsdam? {
    =Havel#Genau.
    ~%50%Nuthe#Am Rand.
    ~Oder#Die liegt weiter östlich.
    ####Die Havel durchfließt mehrere Seen.
}
"""


def one(text: str) -> Entry:
    """Return the only question of a text."""
    [entry] = gift.parse(text.encode())
    return entry


def question(text: str) -> dict[str, Any]:
    """Return the definition of the only question of a text."""
    entry = one(text)
    assert entry.question is not None, entry.reason
    return entry.question


def reason(text: str) -> str:
    """Return why the only question of a text is refused."""
    entry = one(text)
    assert entry.reason is not None, entry.question
    return entry.reason.text


def test_a_choice_with_feedback_weights_and_explanation() -> None:
    assert question(HARBOUR) == {
        "type": "single_choice",
        "prompt": "Welcher Fluss fließt durch Potsdam?",
        "explanation": "Die Havel durchfließt mehrere Seen.",
        "answers": [
            {"text": "Havel", "correct": True, "feedback": "Genau."},
            {"text": "Nuthe", "percent": 50, "feedback": "Am Rand."},
            {"text": "Oder", "feedback": "Die liegt weiter östlich."},
        ],
    }
    assert one(HARBOUR).name == "Hafen"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ist Schwerin groß?{T}", {"type": "true_false", "correct": True}),
        ("Ist es so?{FALSE#nein#ja}", {"type": "true_false", "correct": False, "feedback_true": "nein", "feedback_false": "ja"}),
        ("Wer?{=Anna =Anne}", {"type": "short_text", "accepted": ["Anna", "Anne"]}),
        ("Wann?{#1990}", {"type": "numerical", "value": 1990, "tolerance": 0}),
        ("Wann?{#1990:2}", {"type": "numerical", "value": 1990, "tolerance": 2}),
        ("Pi?{#3.141..3.142}", {"type": "numerical", "value": 3.1415, "tolerance": 0.0005}),
        ("Wie lang?{#=2.5:0.1}", {"type": "numerical", "value": 2.5, "tolerance": 0.1}),
        ("Erzählen Sie.{}", {"type": "essay"}),
        (
            "Was gehört zusammen?{=a -> 1 =b -> 2 = -> 3}",
            {"type": "matching", "pairs": [{"left": "a", "right": "1"}, {"left": "b", "right": "2"}], "distractors": ["3"]},
        ),
        (
            "Was ist was?{=Rose -> Blume =Nelke -> Blume =Eiche -> Baum}",
            {"type": "categorising", "categories": [{"name": "Blume", "members": ["Rose", "Nelke"]}, {"name": "Baum", "members": ["Eiche"]}]},
        ),
        (
            "Welche zwei?{~%50%a ~%50%b ~%-50%c ~%-50%d}",
            {"type": "multiple_choice", "scoring": "penalty", "answers": [
                {"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c"}, {"text": "d"}]},
        ),
        (
            "Welche zwei?{~%50%a ~%50%b ~c}",
            {"type": "multiple_choice", "scoring": "weighted", "answers": [
                {"text": "a", "correct": True, "percent": 50}, {"text": "b", "correct": True, "percent": 50}, {"text": "c"}]},
        ),
        (
            "Welche drei?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-33.33333%d}",
            {"type": "multiple_choice", "scoring": "penalty", "answers": [
                {"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c", "correct": True}, {"text": "d"}]},
        ),
    ],
)  # fmt: skip
def test_each_type(text: str, expected: dict[str, Any]) -> None:
    made = question(text)
    assert {key: value for key, value in made.items() if key != "prompt"} == expected


def test_a_missing_word_leaves_a_line() -> None:
    assert question("Berlin liegt an der {=Spree ~Oder}.")["prompt"] == "Berlin liegt an der _____."


def test_escapes_stand_for_themselves() -> None:
    made = question(r"1 \= 1 \{ja\} \: \# \~ \\ ende{=a\=b ~c\~d#\#1\nneu}")
    assert made["prompt"] == "1 = 1 {ja} : # ~ \\ ende"
    assert made["answers"] == [{"text": "a=b", "correct": True}, {"text": "c~d", "feedback": "#1\\\nneu"}]


def test_formats_of_texts() -> None:
    assert question("[html]<p>Ein <b>fettes</b> Wort</p>{T}")["prompt"] == "Ein **fettes** Wort"
    assert question("[plain]Ein *Stern* und <b>{T}")["prompt"] == "Ein \\*Stern\\* und &lt;b>"
    assert question("[markdown]Ein **fettes** Wort{T}")["prompt"] == "Ein **fettes** Wort"
    assert question("Ein <i>schräges</i> Wort &amp; mehr{T}")["prompt"] == "Ein *schräges* Wort & mehr"


def test_categories_become_tags_and_comments_name_the_question() -> None:
    text = "$CATEGORY: $course$/top/Recht/A//B\n\n// [id:recht-1] [tag:neu] [tag:difficulty:3]\nWahr?{T}\n\n$CATEGORY: Zwei\n\nFalsch?{F}"
    first, second = gift.parse(text.encode())
    assert first.question is not None
    assert second.question is not None
    assert (first.identifier, first.question["tags"], first.question["difficulty"]) == (
        "recht-1",
        ["Recht", "A/B", "neu"],
        3,
    )
    assert (second.identifier, second.question["tags"]) == ("", ["Zwei"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Nur ein Text.", Why.DESCRIPTION),
        ("Offen {=a =b", Why.NO_CLOSING_BRACE),
        ("Offen =a =b}", Why.NO_OPENING_BRACE),
        ("Doppelt {=a {=b} =c}", Why.NO_CLOSING_BRACE),
        ("Zwei {=a} und {=b}", Why.UNKNOWN_PART),
        ("Ohne Zeichen {Grant}", Why.TEXT_BEFORE_ANSWERS),
        ("Leer {=}", Why.EMPTY_RIGHT_ANSWER),
        ("Eine {=a ~}", Why.EMPTY_ANSWER),
        ("Eine {~a}", Why.FEW_ANSWERS),
        ("Gleich {=a ~a}", Why.SAME_ANSWERS),
        ("Summe {~%30%a ~%30%b ~c}", Why.BAD_SUM),
        ("Keine {~a ~b}", Why.NO_RIGHT_ANSWER),
        ("Abzug {=a ~%-25%b}", Why.NEGATIVE),
        ("Zu viel {~%150%a ~b}", Why.BAD_PERCENT),
        ("Stern {=a\\*b}", Why.LITERAL_STAR),
        ("Keine Zahl {#viel}", Why.BAD_NUMBER),
        ("Ohne Pfeil {=a -> 1 =b}", Why.NO_ARROW),
        ("// [id:a] [id:b]\nZwei Namen {=a}", Why.PART_TWICE),
        ("// [id:a]\n// [id:b]\nZwei Namen {=a}", Why.PART_TWICE),
        ("// [tag:difficulty:1] [tag:difficulty:3]\nZweierlei {=a}", Why.PART_TWICE),
        ("<table><tr><td>x</td></tr></table>{T}", Why.HTML_ELEMENT),
        ("[html]<script>alert(1)</script>{T}", Why.HTML_ELEMENT),
        ("[html]<img src='x.png' alt='x'>{T}", Why.PICTURE),
        ("[markdown]<b>fett</b>{T}", Why.HTML_IN_MARKDOWN),
        ("{T}", Why.NO_PROMPT),
        ("Viele {=a " + " ".join(f"~{n}" for n in range(12)) + "}", Why.MANY_ANSWERS),
    ],
)
def test_what_is_not_taken_says_why(text: str, why: Why) -> None:
    assert reason(text) == why.text


def test_a_broken_question_does_not_take_its_neighbours_along() -> None:
    entries = gift.parse(b"Eins?{T}\n\nOffen {=a\n\nDrei?{F}\n")
    assert [entry.taken for entry in entries] == [True, False, True]


AIKEN = """Welche Stadt ist Landeshauptstadt?
A) Cottbus
B. Potsdam
ANSWER: B

Zu wenige
A) Eine
ANSWER: A

Ohne Schlüssel
A) x
B) y

Falscher Schlüssel
A) x
B) y
ANSWER: C

Verkehrte Buchstaben
A) x
C) y
ANSWER: A

Noch eine
A)x <b>
B)y
ANSWER: A
"""


def test_aiken() -> None:
    entries = aiken.parse(AIKEN.encode())
    taken = [entry.question for entry in entries if entry.question]
    assert taken[0] == {
        "type": "single_choice",
        "prompt": "Welche Stadt ist Landeshauptstadt?",
        "answers": [{"text": "Cottbus"}, {"text": "Potsdam", "correct": True}],
    }
    assert taken[1]["answers"][0]["text"] == "x &lt;b>"
    assert [entry.reason.text for entry in entries if entry.reason] == [
        Why.FEW_ANSWERS.text, Why.AIKEN_NO_KEY.text, Why.AIKEN_BAD_KEY.text, Why.AIKEN_LETTERS.text,
    ]  # fmt: skip
    assert len(entries) == 6


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n", "\n \n"])
def test_aiken_leaves_no_half_of_a_question(gap: str) -> None:
    question = "Was gilt?\nA) x\nB) y\nANSWER: A\n"
    entries = aiken.parse(f"{question}\nLesen Sie den Text.{gap}{question}\n{question}".encode())
    assert [(entry.name, entry.taken) for entry in entries] == [
        ("Was gilt?", True), ("Lesen Sie den Text. Was gilt?", False), ("Was gilt?", True)
    ]  # fmt: skip
    assert entries[1].reason is not None
    assert entries[1].reason.text == Why.AIKEN_PARAGRAPHS.text
    [forgiven] = aiken.parse(question.replace("?\n", f"?{gap}").encode())
    assert forgiven.question is not None


def test_questions_without_an_empty_line_between_them_are_each_reported() -> None:
    text = "::A:: x{T}\n// [id:b1]\n::B:: y{\n=a\n::no title\n~b}\n::C:: z{T} ::D:: w{T}\n$CATEGORY: k\n::E:: e{F}\n// [tag:t]\n\n"
    entries = gift.parse(text.encode())
    assert [(one.name, one.identifier, one.taken) for one in entries] == [
        ("A", "", True),
        ("B", "b1", True),
        ("C", "", False),
        ("E", "", True),
    ]
    assert entries[3].question is not None
    assert entries[3].question["tags"] == ["k", "t"]
