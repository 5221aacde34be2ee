"""QTI 2 and 3 items as authoring tools write them, and what of them is refused."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

from typing import Any

import pytest

from assessments.exchange.entries import Entry
from assessments.exchange.formats import qti
from assessments.exchange.formats.qti_package import pack
from assessments.exchange.reading import read_questions
from assessments.exchange.reasons import Why

MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAP = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p2/rptemplates/map_response.xml"/>'


def correct(*values: str, base: str = "identifier", cardinality: str = "single", mapping: str = "") -> str:
    """Return a response's declaration."""
    inner = "".join(f"<value>{value}</value>" for value in values)
    return (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{inner}</correctResponse>{mapping}</responseDeclaration>"
    )


def one(declaration: str, body: str, processing: str = MATCH) -> Entry:
    """Return the item."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i-1" '
        f'title="Titel" adaptive="false" timeDependent="false">{declaration}<outcomeDeclaration identifier="SCORE" '
        f'cardinality="single" baseType="float"/><itemBody>{body}</itemBody>{processing}</assessmentItem>'
    )
    [entry] = qti.parse(text.encode())
    return entry


def choices(*names: str, more: str = "", attributes: str = 'maxChoices="1"') -> str:
    """Return a choice interaction."""
    inner = "".join(f'<simpleChoice identifier="{name}">Antwort {name}</simpleChoice>' for name in names)
    return f'<choiceInteraction responseIdentifier="RESPONSE" {attributes}><prompt>Was?</prompt>{inner}{more}</choiceInteraction>'


def mapping(*pairs: tuple[str, str], attributes: str = 'defaultValue="0"') -> str:
    """Return a mapping."""
    inner = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in pairs)
    return f"<mapping {attributes}>{inner}</mapping>"


def outcome(identifier: str, value: int) -> str:
    """Return an outcome's declaration with the value that it begins with."""
    return (
        f'<outcomeDeclaration identifier="{identifier}" cardinality="single" baseType="float">'
        f"<defaultValue><value>{value}</value></defaultValue></outcomeDeclaration>"
    )


def test_the_most_points_are_those_that_are_declared() -> None:
    most = (
        '<responseProcessing><responseCondition><responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/>'
        '</match><setOutcomeValue identifier="SCORE"><variable identifier="MAXSCORE"/></setOutcomeValue></responseIf>'
        "</responseCondition></responseProcessing>"
    )
    entry = one(correct("A") + outcome("MAXSCORE", 3), choices("A", "B"), most)
    assert entry.question is not None
    assert entry.question["points"] == 3
    assert one(correct("A"), choices("A", "B"), most).reason is not None


def test_every_item_of_a_package_is_named() -> None:
    item = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T">'
        f"{correct('A')}<itemBody>{choices('A', 'B')}</itemBody>{MATCH}</assessmentItem>"
    )
    listed = {"a.xml": item, "b.xml": "<other/>"}
    resources = "".join(f'<resource type="imsqti_apipitem_xmlv2p2"><file href="{name}"/></resource>' for name in listed)
    content = pack(
        {"imsmanifest.xml": f"<manifest><resources>{resources}</resources></manifest>".encode(), "c.xml": item.encode()}
        | {name: text.encode() for name, text in listed.items()}
    )
    entries = qti.parse(content)
    assert [(entry.name, entry.reason and entry.reason.text) for entry in entries] == [
        ("T", None),
        ("b.xml", Why.WRONG_ROOT.text),
        ("c.xml", Why.NOT_IN_MANIFEST.text),
    ]


def described(metadata: str, package: str = "") -> Entry:
    """Return the item of a package whose manifest says this about it, and about the package."""
    item = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T">'
        f"{correct('A')}<itemBody>{choices('A', 'B')}</itemBody>{MATCH}</assessmentItem>"
    )
    manifest = (
        f'<manifest xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2"><metadata>{package}</metadata><resources>'
        f'<resource type="imsqti_item_xmlv2p1" href="a.xml"><metadata>{metadata}</metadata></resource></resources></manifest>'
    )
    [entry] = qti.parse(pack({"imsmanifest.xml": manifest.encode(), "a.xml": item.encode()}))
    return entry


LOM = """<imsmd:lom><imsmd:general><imsmd:title><imsmd:langstring>T</imsmd:langstring></imsmd:title>
  <imsmd:keyword><imsmd:langstring> Wasser </imsmd:langstring></imsmd:keyword><imsmd:keyword/>{general}</imsmd:general>
  <imsmd:technical><imsmd:format>text/x-imsqti-item-xml</imsmd:format></imsmd:technical>{more}</imsmd:lom>"""
DIFFICULTY = (
    "<imsmd:educational><imsmd:difficulty><imsmd:source><imsmd:langstring>LOMv1.0</imsmd:langstring></imsmd:source>"
    "<imsmd:value><imsmd:langstring>{}</imsmd:langstring></imsmd:value></imsmd:difficulty></imsmd:educational>"
)


@pytest.mark.parametrize(
    ("general", "more", "difficulty", "named"),
    [
        ("", "", None, None),
        ("", DIFFICULTY.format("Difficult"), 3, None),
        ("", DIFFICULTY.format("very easy"), None, "educational.difficulty: very easy"),
        ("<imsmd:language>de</imsmd:language>", DIFFICULTY.format("easy"), 1, "general.language: de"),
        ("", "<imsmd:rights><imsmd:cost><imsmd:value>no</imsmd:value></imsmd:cost></imsmd:rights>", None, None),
        ("", "<imsmd:rights><imsmd:description>CC BY 4.0</imsmd:description></imsmd:rights>", None,
         "rights.description: CC BY 4.0; rights.cost: yes"),
    ],
)  # fmt: skip
def test_what_a_manifest_says_about_an_item_is_taken_or_named(
    general: str, more: str, difficulty: int | None, named: str | None
) -> None:
    """What the package says about itself says nothing about its questions, but for the rights."""
    about = "<imsmd:lom><imsmd:general><imsmd:title>Paket</imsmd:title></imsmd:general>{}</imsmd:lom><schema>QTI</schema>"
    cost = "<imsmd:rights><imsmd:cost>yes</imsmd:cost></imsmd:rights>"
    entry = described(LOM.format(general=general, more=more), about.format(cost if named and "cost" in named else ""))
    assert entry.question is not None
    assert entry.question["tags"] == ["Wasser"]
    assert entry.question.get("difficulty") == difficulty
    assert (entry.note and entry.note.values) == (named and {"parts": named})


def test_metadata_beside_lom_are_named_and_do_not_grow_without_end() -> None:
    entry = described("<qtiMetadata><interactionType>choiceInteraction</interactionType></qtiMetadata>")
    assert entry.note is None
    entry = described("".join(f"<competence>{number}</competence>" for number in range(1000)))
    assert entry.note is not None
    assert str(entry.note.values["parts"]).count("competence: ") == 10
    assert described("<lom><general><keyword>difficulty:1</keyword></general>" + DIFFICULTY.replace("imsmd:", "").format("easy")
                     + "</lom>").reason is None  # fmt: skip
    twice = described("<lom><general><keyword>difficulty:2</keyword></general>" + DIFFICULTY.replace("imsmd:", "").format("easy")
                      + "</lom>")  # fmt: skip
    assert twice.reason is not None
    assert twice.reason.text == Why.PART_TWICE.text


def test_one_of_several_right_choices_needs_a_mapping() -> None:
    """A single response cannot be two values; what gives the points by a mapping can be any of several."""
    entry = one(correct("A", "B"), choices("A", "B", "C"))
    assert entry.reason is not None
    assert entry.reason.text == Why.SEVERAL_RIGHT_ANSWERS.text
    entry = one(correct("A", mapping=mapping(("A", "1"), ("B", "1"), ("C", "0.5"))), choices("A", "B", "C"), MAP)
    assert entry.question is not None
    assert [one.get("correct", one.get("percent")) for one in entry.question["answers"]] == [True, 100, 50]


def test_addresses_in_a_manifest_may_have_a_base() -> None:
    item = (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T">'
        f"{correct('A')}<itemBody>{choices('A', 'B')}</itemBody>{MATCH}</assessmentItem>"
    )
    manifest = (
        '<manifest xml:base="all/"><resources xml:base="items/"><resource type="imsqti_item_xmlv2p1" href="../items/./a.xml"/>'
        "</resources></manifest>"
    )
    [entry] = qti.parse(pack({"imsmanifest.xml": manifest.encode(), "all/items/a.xml": item.encode()}))
    assert entry.taken


@pytest.mark.parametrize(("root", "why"), [("assessmentTest", Why.QTI_PART), ("questestinterop", Why.QTI_1), ("manifest", Why.QTI_PART)])
def test_what_belongs_to_qti_without_a_question_is_told_as_that(root: str, why: Why) -> None:
    [entry] = read_questions(f'<?xml version="1.0"?><{root}/>'.encode(), "x.xml").entries
    assert entry.reason is not None
    assert entry.reason.text == why.text


def test_a_single_choice() -> None:
    entry = one(
        correct("B"), "<p>Ein <em>Fall</em>.</p>" + choices("A", "B", attributes='maxChoices="1" shuffle="true"')
    )
    assert entry.question == {
        "type": "single_choice",
        "prompt": "Ein *Fall*.\n\nWas?",
        "answers": [{"text": "Antwort A"}, {"text": "Antwort B", "correct": True}],
    }
    assert (entry.name, entry.identifier) == ("Titel", "i-1")


def test_version_3_says_the_same() -> None:
    text = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="T" time-dependent="false">'
        '<qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier"><qti-correct-response>'
        "<qti-value>A</qti-value><qti-value>B</qti-value></qti-correct-response></qti-response-declaration><qti-item-body>"
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="0"><qti-prompt>Welche?</qti-prompt>'
        '<qti-simple-choice identifier="A">a</qti-simple-choice><qti-simple-choice identifier="B">b</qti-simple-choice>'
        '<qti-simple-choice identifier="C">c</qti-simple-choice></qti-choice-interaction></qti-item-body>'
        '<qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>'
        "</qti-assessment-item>"
    )
    [entry] = qti.parse(text.encode())
    assert entry.question == {
        "type": "multiple_choice",
        "prompt": "Welche?",
        "answers": [{"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c"}],
        "scoring": "all_or_nothing",
        "shuffle": False,
    }


def test_a_mapping_becomes_weights_and_points() -> None:
    declared = correct(
        "H", "O", cardinality="multiple",
        mapping=mapping(("H", "1"), ("O", "1"), ("Cl", "-1"), attributes='lowerBound="0" upperBound="2" defaultValue="-2"'),
    )  # fmt: skip
    entry = one(declared, choices("H", "He", "Cl", "O", attributes='maxChoices="0"'), MAP)
    assert entry.question is not None, entry.reason
    assert (entry.question["points"], entry.question["scoring"]) == (2, "weighted")
    assert [answer.get("percent") for answer in entry.question["answers"]] == [50, -100, -50, 50]


@pytest.mark.parametrize(
    ("declaration", "body", "processing", "expected"),
    [
        (
            correct("true"),
            choices("true", "false").replace("Antwort true", "Wahr.").replace("Antwort false", "Falsch"),
            MATCH,
            {"type": "true_false", "correct": True},
        ),
        (
            correct("true"),
            choices("true", "false"),
            MATCH,
            {"type": "single_choice", "answers": [{"text": "Antwort true", "correct": True}, {"text": "Antwort false"}]},
        ),
        (
            correct("York", base="string", mapping=mapping(("York", "1"), ("york", "1"))),
            '<p>Wo?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
            MAP,
            {"type": "short_text", "accepted": ["York", "york"], "case_sensitive": True},
        ),
        (
            correct("7", base="integer"),
            '<p>Wie viele?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>',
            MATCH,
            {"type": "numerical", "value": 7, "tolerance": 0},
        ),
        (
            correct("York", base="string", mapping=mapping(("York", "1"))),
            '<p>Ergänzen Sie.</p><p>Richard von <textEntryInteraction responseIdentifier="RESPONSE"/> fiel.</p>',
            MAP,
            {"type": "gaps", "text": "Richard von [[1]] fiel.", "gaps": [{"id": "1", "accepted": ["York"]}], "case_sensitive": True},
        ),
        (
            correct("Y"),
            '<p>Welches?</p><p>Haus <inlineChoiceInteraction responseIdentifier="RESPONSE"><inlineChoice identifier="X">Lancaster'
            '</inlineChoice><inlineChoice identifier="Y">York</inlineChoice></inlineChoiceInteraction></p>',
            MATCH,
            {"type": "gaps", "text": "Haus [[1]]", "gaps": [{"id": "1", "options": ["Lancaster", "York"], "correct": "York"}]},
        ),
        (
            correct("C", "A", "B", cardinality="ordered"),
            '<orderInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Ordnen Sie.</prompt>'
            + "".join(f'<simpleChoice identifier="{name}">{name}</simpleChoice>' for name in "ABC")
            + "</orderInteraction>",
            MATCH,
            {"type": "ordering", "steps": ["C", "A", "B"], "scoring": "all_or_nothing"},
        ),
        (
            correct("L1 R2", "L2 R1", base="directedPair", cardinality="multiple", mapping=mapping(("L1 R2", "1"), ("L2 R1", "1"))),
            '<matchInteraction responseIdentifier="RESPONSE" maxAssociations="2"><prompt>Was passt?</prompt><simpleMatchSet>'
            '<simpleAssociableChoice identifier="L1" matchMax="1">a</simpleAssociableChoice>'
            '<simpleAssociableChoice identifier="L2" matchMax="1">b</simpleAssociableChoice></simpleMatchSet><simpleMatchSet>'
            '<simpleAssociableChoice identifier="R1" matchMax="1">1</simpleAssociableChoice>'
            '<simpleAssociableChoice identifier="R2" matchMax="1">2</simpleAssociableChoice></simpleMatchSet></matchInteraction>',
            MAP,
            {"type": "matching", "points": 2, "pairs": [{"left": "a", "right": "2"}, {"left": "b", "right": "1"}]},
        ),
        (
            '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>',
            '<extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Erzählen Sie.</prompt></extendedTextInteraction>',
            "",
            {"type": "essay"},
        ),
        (
            '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="file"/>',
            '<uploadInteraction responseIdentifier="RESPONSE" type="application/pdf"><prompt>Laden Sie hoch.</prompt></uploadInteraction>',
            "",
            {"type": "file_upload", "media_types": ["application/pdf"]},
        ),
    ],
)  # fmt: skip
def test_each_type(declaration: str, body: str, processing: str, expected: dict[str, Any]) -> None:
    entry = one(declaration, body, processing)
    assert entry.question is not None, entry.reason and entry.reason.text % entry.reason.values
    assert {key: value for key, value in entry.question.items() if key not in {"prompt", "shuffle"}} == expected


@pytest.mark.parametrize(
    ("declaration", "body", "processing", "why"),
    [
        (correct("A"), choices("A", "B"), "", Why.PROCESSING),
        (correct(), choices("A", "B"), MATCH, Why.NO_KEY),
        (correct("A"), "<p>Nichts</p>", MATCH, Why.NO_INTERACTION),
        (correct("A"), choices("A", "B") + choices("A", "B"), MATCH, Why.SEVERAL_INTERACTIONS),
        (correct("A"), choices("A", "B") + "<p>Danach</p>", MATCH, Why.TEXT_AFTER),
        (correct("A", "B", cardinality="multiple"), choices("A", "B", "C", attributes='maxChoices="2"'), MATCH, Why.CHOICE_LIMITS),
        (correct("A"), '<hotspotInteraction responseIdentifier="RESPONSE"/>', MATCH, Why.NO_PICTURE),
        (correct("A"), choices("A", "B"), "<responseProcessing><exitResponse/></responseProcessing>", Why.PROCESSING),
        ("<templateDeclaration identifier='X'/>" + correct("A"), choices("A", "B"), MATCH, Why.TEMPLATE),
        (correct("A", mapping=mapping(("A", "1"), ("B", "-1"))), choices("A", "B"), MAP, Why.NEGATIVE),
        (correct("a*", base="string"), '<p>x</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>', MATCH, Why.LITERAL_STAR),
        (correct("A"), "<table><tr><td>x</td></tr></table>" + choices("A", "B"), MATCH, Why.HTML_ELEMENT),
        (correct("A"), "<p><img src='x.png' alt=''/></p>" + choices("A", "B"), MATCH, Why.PICTURE),
        (correct("A"), '<rubricBlock view="candidate"><p>Nehmen Sie den Rechner.</p></rubricBlock>' + choices("A", "B"), MATCH, Why.UNKNOWN_PART),
        (correct("A") + '<assessmentStimulusRef identifier="s" href="s.xml"/>', choices("A", "B"), MATCH, Why.UNKNOWN_PART),
        (correct("A") + outcome("SCORE", 1), choices("A", "B"), MATCH, Why.PROCESSING),
        (correct("A"), choices("A", "B") , MATCH + '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="A" showHide="show">Gut</modalFeedback>', Why.COMBINED_FEEDBACK),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why(declaration: str, body: str, processing: str, why: Why) -> None:
    entry = one(declaration, body, processing)
    assert entry.name == "Titel"
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text
