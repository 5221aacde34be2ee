"""Areas of a picture: out of QTI where they mean the same here, into QTI 3 and back, with the pictures of the course's archive."""

# ruff: noqa: E501 - what other systems write in one line stands in one line

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assessments.exchange.actions import take_reading
from assessments.exchange.entries import Entry
from assessments.exchange.formats import qti
from assessments.exchange.models import QuestionPicture
from assessments.exchange.queries import load_picture, newest_versions, plan_entries, questions_for
from assessments.exchange.reading import read_questions
from assessments.exchange.reasons import Why
from assessments.exchange.writing import write_questions
from assessments.items.rules import question_problems
from courses.archive.actions import import_course
from courses.content.models import Course
from lms.clock import now
from lms.db import session, transaction
from tests.assessments.exchange.definitions import PLAN
from tests.assessments.exchange.test_qti import MAP, MATCH, correct, mapping
from tests.assessments.twelve import PICTURE, twelve_types
from tests.cast import Cast, signed_in

IMAGE = '<object data="plan.svg" type="image/svg+xml" width="600" height="300">Ein Ortsplan</object>'
AREAS = (
    '<hotspotChoice identifier="A" shape="rect" coords="60,30,120,90" hotspotLabel="Rathaus"/>'
    '<hotspotChoice identifier="B" shape="circle" coords="300,150,30" hotspotLabel="Mühle*"/>'
    '<hotspotChoice identifier="C" shape="circle" coords="77,115,8" hotspotLabel="Kirche"/>'
)


def package(item: str) -> bytes:
    """Return a package with one item and the picture beside it."""
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv2p2" href="i/a.xml"/></resources></manifest>'
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in (("imsmanifest.xml", manifest), ("i/a.xml", item), ("i/plan.svg", PICTURE)):
            archive.writestr(name, text)
    return target.getvalue()


def one(
    declaration: str, inner: str = IMAGE + AREAS, processing: str = MATCH, attributes: str = 'maxChoices="1"'
) -> Entry:
    """Return the item."""
    [entry] = qti.parse(
        package(
            f'<assessmentItem identifier="orte" title="Orte">{declaration}<itemBody><hotspotInteraction responseIdentifier="RESPONSE" '
            f"{attributes}><prompt>Wo ist es?</prompt>{inner}</hotspotInteraction></itemBody>{processing}</assessmentItem>"
        )
    )
    return entry


def test_one_area() -> None:
    entry = one(correct("A"))
    assert entry.question == {
        "type": "hotspot",
        "prompt": "Wo ist es?",
        "image": PLAN,
        "alt": "Ein Ortsplan",
        "areas": [
            {"label": "Rathaus", "shape": "rect", "coords": [10, 10, 20, 30], "correct": True},
            {"label": "Mühle\\*", "shape": "circle", "coords": [50, 50, 5]},
            {"label": "Kirche", "shape": "circle", "coords": [12.8333, 38.3333, 1.3333]},
        ],
    }, entry.reason
    assert entry.media == {PLAN: PICTURE.encode()}
    assert question_problems({"id": "a"} | entry.question, needs_explanation=False) == []


def test_version_3_with_an_img() -> None:
    text = (
        '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i" title="T"><qti-response-declaration '
        'identifier="RESPONSE" cardinality="single" base-type="identifier"><qti-correct-response><qti-value>B</qti-value>'
        "</qti-correct-response></qti-response-declaration><qti-item-body><p>Wo?</p><qti-hotspot-interaction "
        'response-identifier="RESPONSE" max-choices="1"><img src="plan.svg" alt="Plan"/><qti-hotspot-choice identifier="A" shape="rect" '
        'coords="0,0,60,30" hotspot-label="a"/><qti-hotspot-choice identifier="B" shape="rect" coords="0,30,600,300" hotspot-label="b"/>'
        "</qti-hotspot-interaction></qti-item-body><qti-response-processing "
        'template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/></qti-assessment-item>'
    )
    [entry] = qti.parse(package(text))
    assert entry.question is not None, entry.reason
    assert [area["coords"] for area in entry.question["areas"]] == [[0, 0, 10, 10], [0, 10, 100, 100]]
    assert [area.get("correct", False) for area in entry.question["areas"]] == [False, True]


def test_several_areas_with_a_deduction() -> None:
    weights = mapping(("A", "1"), ("B", "1"), ("C", "-1"), attributes='lowerBound="0" defaultValue="-1"')
    declared = correct("A", "B", cardinality="multiple", mapping=weights)
    entry = one(declared, processing=MAP, attributes='maxChoices="0"')
    assert entry.question is not None, entry.reason
    assert entry.question["points"] == 2
    assert [area.get("correct", False) for area in entry.question["areas"]] == [True, True, False]


def test_several_areas_of_which_one_is_chosen() -> None:
    """Each gives all the points, not its part of their sum; what is wrong may cost points where nothing is the least."""
    weights = mapping(("A", "3"), ("B", "3"), ("C", "-1"), attributes='lowerBound="0" upperBound="3"')
    entry = one(correct("A", mapping=weights), processing=MAP)
    assert entry.question is not None, entry.reason
    assert (entry.question["points"], entry.question["single"]) == (3, True)
    assert [area.get("correct", False) for area in entry.question["areas"]] == [True, True, False]
    assert question_problems({"id": "a"} | entry.question, needs_explanation=False) == []


TWO = correct("A", "B", cardinality="multiple")


@pytest.mark.parametrize(
    ("declaration", "inner", "processing", "attributes", "why"),
    [
        (correct("A"), AREAS, MATCH, "", Why.NO_PICTURE),
        (correct("A"), IMAGE.replace("plan.svg", "fehlt.png") + AREAS, MATCH, "", Why.PICTURE),
        (correct("A"), IMAGE.replace("Ein Ortsplan", "") + AREAS, MATCH, "", Why.PICTURE_WITHOUT_ALT),
        (correct("A"), IMAGE + AREAS.replace(' hotspotLabel="Kirche"', ""), MATCH, "", Why.AREA_LABEL),
        (correct("A"), IMAGE + AREAS.replace("rect", "poly"), MATCH, "", Why.AREA_SHAPE),
        (correct("A"), IMAGE + AREAS.replace("60,30,120,90", "60,30"), MATCH, "", Why.BAD_VALUE),
        (correct("A"), IMAGE + AREAS.replace("60,30,120,90", "60,30,700,90"), MATCH, "", Why.BAD_VALUE),
        (correct("X"), IMAGE + AREAS, MATCH, "", Why.NO_KEY),
        (TWO, IMAGE + AREAS, MATCH, 'maxChoices="0"', Why.PROCESSING),
        (TWO, IMAGE + AREAS, MATCH, 'maxChoices="2"', Why.CHOICE_LIMITS),
        (correct("A", cardinality="multiple", mapping=mapping(("A", "1"))), IMAGE + AREAS, MAP, 'maxChoices="0"', Why.ONE_AREA),
        (correct("A", "B", cardinality="multiple", mapping=mapping(("A", "1"), ("B", "1"))), IMAGE + AREAS, MAP, 'maxChoices="0"', Why.AREA_SCORING),
        (correct("A", mapping=mapping(("A", "1"), ("B", "0.5"))), IMAGE + AREAS, MAP, "", Why.AREA_SHARES),
        (correct("A", mapping=mapping(("A", "2"), attributes='lowerBound="1"')), IMAGE + AREAS, MAP, "", Why.BOUNDS),
        (correct("A"), IMAGE + AREAS.partition("/>")[0] + "/>", MATCH, "", Why.FEW_ANSWERS),
        (correct("A"), IMAGE + "".join(AREAS.replace('identifier="', f'identifier="{n}') for n in "ABCDE"), MATCH, "", Why.MANY_ANSWERS),
    ],
)  # fmt: skip
def test_what_is_not_taken_says_why(declaration: str, inner: str, processing: str, attributes: str, why: Why) -> None:
    entry = one(declaration, inner, processing, attributes)
    assert (entry.name, entry.type) == ("Orte", "hotspot")
    assert entry.reason is not None, entry.question
    assert entry.reason.text == why.text


def test_a_point_anywhere_is_no_area() -> None:
    [entry] = qti.parse(
        package(
            '<assessmentItem identifier="x" title="Punkt"><responseDeclaration identifier="RESPONSE" cardinality="single" baseType="point"/>'
            f'<itemBody><selectPointInteraction responseIdentifier="RESPONSE">{IMAGE}</selectPointInteraction></itemBody></assessmentItem>'
        )
    )
    assert entry.reason is not None
    assert entry.reason.text == Why.SELECT_POINT.text


def written_and_read(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write questions as a package and return what is read from it."""
    written = write_questions(questions, "qti", load_picture)
    assert written.refused == []
    return [entry.question for entry in read_questions(written.content, "x").entries if entry.question]


def test_a_course_s_own_pictures_travel_and_come_back_as_the_same_questions(app: Flask, cast: Cast) -> None:
    """Of all twelve types, those that QTI 3 can say; the same package again changes nothing."""
    with transaction():
        files = twelve_types()
        path = "modules/01-anfang/questions/01-aufbruch.yaml"
        files[path] = files[path].replace(
            b"Was ist ein Amt in Brandenburg?", b"Was ist das?\\n\\n![Ein Plan](media/plan.svg)"
        )
        files[path] = (
            files[path]
            .replace(b"prompt: Was ist das?", b'prompt: "Was ist das?')
            .replace(b"media/plan.svg)", b'media/plan.svg)"')
        )
        version = import_course(files, actor=cast.coordinator, at=now()).version
    course = session.get_one(Course, version.course_id)
    standing = newest_versions(course.id)
    pictured = [one for one in standing.values() if one.type in {"hotspot", "single_choice"}]
    assert "media/plan.svg" in pictured[0].definition["prompt"]
    questions = questions_for(course.id, pictured, "qti")
    assert PLAN in questions[0]["prompt"]
    assert questions[1]["image"] == PLAN
    written = write_questions(questions, "qti", load_picture)
    assert written.refused == []
    with zipfile.ZipFile(io.BytesIO(written.content)) as archive:
        assert archive.read(f"pictures/{PLAN.rsplit('/', 1)[-1]}") == PICTURE.encode()
    reading = read_questions(written.content, "x")
    assert [one.change for one in plan_entries(course.id, reading)] == ["same", "same"]
    assert write_questions(questions_for(course.id, pictured, "yaml"), "yaml", load_picture).refused == []


def test_into_another_course_and_shown_there(app: Flask, cast: Cast) -> None:
    questions = [
        {
            "id": "orte", "type": "hotspot", "prompt": "Wo?", "explanation": "Da.", "image": PLAN, "alt": "Ein Plan",
            "areas": [
                {"label": "Rathaus", "shape": "rect", "coords": [10, 10, 20, 30], "correct": True},
                {"label": "*Mühle*", "shape": "circle", "coords": [33.3333, 50.5, 5.25]},
            ],
        }
    ]  # fmt: skip
    content = write_questions(questions, "qti", lambda _address: PICTURE.encode()).content
    with transaction():
        take_reading(cast.version.course, read_questions(content, "x"), file_name="x", actor=cast.coordinator, at=now())
    assert session.scalars(select(QuestionPicture.ending)).all() == ["svg"]
    [version] = newest_versions(cast.version.course_id).values()
    assert ({"id": "orte", "type": "hotspot"} | version.definition) == questions[0]
    client = signed_in(app, cast.coordinator)
    assert f'src="{PLAN}"' in client.get(f"/bank/items/{version.item_id}").text
    answer = client.get(PLAN)
    assert (answer.data, answer.content_type) == (PICTURE.encode(), "image/svg+xml")
    assert "script" not in answer.headers["Content-Security-Policy"].replace("script-src 'none'", "")
    refused = write_questions(questions_for(cast.version.course_id, [version], "yaml"), "yaml", load_picture).refused
    assert [reason.text for _key, reason in refused] == [Why.PICTURE.text], "an archive has its own pictures"
    assert written_and_read(questions_for(cast.version.course_id, [version], "qti")) == questions
