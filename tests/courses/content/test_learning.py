"""A participant reads on, and may look at what is theirs."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from courses.archive.actions import import_course
from courses.content.models import CourseVersion
from courses.progress.models import ProgressFact
from lms.db import session, transaction
from tests.cast import NOW, Cast, make_cohort, signed_in


@pytest.fixture(autouse=True)
def fixed_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the pages see the cast's day."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for room in ("content", "progress", "schedule"):
        monkeypatch.setattr(f"courses.{room}.routes.now", lambda: NOW)


def verbs() -> list[str]:
    """Return all facts' verbs in their order."""
    return [fact.verb for fact in session.query(ProgressFact).order_by(ProgressFact.id)]


def test_reading_on_marks_a_lesson_and_leads_to_the_next(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.participant)
    path = f"/learn/{cast.enrolment.id}/lessons/lektion-1"
    assert "Lektion 1" in client.get(path).text
    answer = client.post(path)
    assert answer.headers["Location"].endswith(f"/learn/{cast.enrolment.id}/lessons/lektion-2")
    client.post(path)
    assert verbs() == ["completed"]
    client.post(f"{path}/reopen")
    assert verbs() == ["completed", "reopened"]


def test_a_lesson_of_another_course_is_not_found(app: Flask, cast: Cast) -> None:
    assert signed_in(app, cast.participant).get(f"/learn/{cast.enrolment.id}/lessons/fremd").status_code == 404


def test_before_the_first_day_the_content_is_closed_and_says_why(app: Flask, cast: Cast) -> None:
    with transaction():
        cast.cohort.begin_date = date(2026, 10, 1)
    client = signed_in(app, cast.participant)
    course = client.get(f"/learn/{cast.enrolment.id}").text
    assert "1. Oktober 2026" in course
    assert "/lessons/lektion-1" not in course
    lesson = client.get(f"/learn/{cast.enrolment.id}/lessons/lektion-1").text
    assert "1. Oktober 2026" in lesson
    assert "<p>Text.</p>" not in lesson


def test_the_dashboard_says_what_comes_next(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.participant)
    page = client.get("/").text
    assert f"/learn/{cast.enrolment.id}/lessons/lektion-1" in page
    assert "0 von 4 UE" in page
    client.post(f"/learn/{cast.enrolment.id}/lessons/lektion-1")
    assert f"/learn/{cast.enrolment.id}/lessons/lektion-2" in client.get("/").text


def imported(cast: Cast, files: dict[str, bytes]) -> CourseVersion:
    """Import the small course and enrol the participant in a cohort of it."""
    with transaction():
        version = import_course(files, actor=cast.coordinator, at=NOW).version
        made = cast.version.activities
        assert made
        live = [activity for activity in version.activities if activity.kind == "live_session"]
        assert live
        make_cohort(version, "weg", cast.trainer, cast.participant)
    return version


@pytest.mark.usefixtures("plain_kinds")
def test_media_are_served_to_those_who_learn_and_do_nothing(
    app: Flask, cast: Cast, small_course: dict[str, bytes]
) -> None:
    version = imported(cast, small_course)
    client = signed_in(app, cast.participant)
    answer = client.get(f"/content/{version.id}/media/01-weg.svg")
    assert answer.data == small_course["media/01-weg.svg"]
    assert answer.content_type.startswith("image/svg+xml")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    again = client.get(f"/content/{version.id}/media/01-weg.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert signed_in(app, cast.other_participant).get(f"/content/{version.id}/media/01-weg.svg").status_code == 404
    assert client.get(f"/content/{version.id}/media/..%2Fcourse.toml").status_code == 404


@pytest.mark.usefixtures("plain_kinds")
def test_an_old_version_stays_for_its_cohort(app: Flask, cast: Cast, small_course: dict[str, bytes]) -> None:
    old = imported(cast, small_course)
    path = "modules/02-ende/lessons/01-ankunft.md"
    with transaction():
        import_course({**small_course, path: small_course[path] + b"Neu.\n"}, actor=None, at=NOW)
    enrolment = next(one for one in session.query(type(cast.enrolment)) if one.cohort.version_id == old.id)
    page = signed_in(app, cast.participant).get(f"/learn/{enrolment.id}/lessons/ankunft").text
    assert "Sie sind da." in page
    assert "Neu." not in page


@pytest.mark.usefixtures("plain_kinds")
def test_the_glossary_and_pages_of_a_course(app: Flask, cast: Cast, small_course: dict[str, bytes]) -> None:
    version = imported(cast, small_course)
    client = signed_in(app, cast.participant)
    assert 'id="amt"' in client.get(f"/content/{version.id}/glossary").text
    assert "Sie lernen hier." in client.get(f"/content/{version.id}/pages/leichte-sprache").text
