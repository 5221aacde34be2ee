"""Files that are handed in with an assignment: what they are counts, not what they are called, and nothing else is lost."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from assessments.assignments import routes
from assessments.assignments.models import Assignment, Draft, Submission
from assessments.assignments.rules import MAX_FILES, MEDIA_TYPES, AssignmentReason, upload_problem
from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from lms.db import session
from lms.files import rules
from lms.files.rules import FileReason
from lms.sentences import Reason
from lms.settings import CONFIG
from tests.cast import Cast, signed_in

PDF = b"%PDF-1.7 und so weiter"
ZIP = b"PK\x03\x04 und so weiter"


@pytest.mark.parametrize(
    ("name", "content", "kept", "problem"),
    [
        ("plan.pdf", PDF, 0, None),
        ("plan.PDF", PDF, 4, None),
        ("plan.docx", ZIP, 0, None),
        ("plan.pptx", ZIP, 0, None),
        ("plan.odp", ZIP, 0, None),
        ("bild.jpeg", b"\xff\xd8\xff\xe0", 0, None),
        ("notiz.txt", "Straße".encode(), 0, None),
        ("plan.pdf", PDF, MAX_FILES, AssignmentReason.TOO_MANY_FILES),
        ("plan.pdf", ZIP, 0, FileReason.NOT_WHAT_IT_SAYS),
        ("plan.docx", PDF, 0, FileReason.NOT_WHAT_IT_SAYS),
        ("notiz.txt", b"MZ\x00\x01", 0, FileReason.NOT_WHAT_IT_SAYS),
        ("plan.exe", b"MZ", 0, FileReason.WRONG_KIND),
        ("plan", PDF, 0, FileReason.WRONG_KIND),
        ("tabelle.xlsx", ZIP, 0, FileReason.WRONG_KIND),
        ("plan.pdf", b"", 0, FileReason.EMPTY),
        ("plan.pdf", PDF + b"x" * 1024 * 1024, 0, FileReason.TOO_LARGE),
    ],
)
def test_what_can_be_handed_in(name: str, content: bytes, kept: int, problem: Reason | None) -> None:
    assert upload_problem(name, content, kept, 1) is problem


def test_every_kind_is_known() -> None:
    assert len(MEDIA_TYPES) == 8
    assert "" not in MEDIA_TYPES


@pytest.fixture
def learner(app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment], monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The browser of a participant with an assignment."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, cast.participant)


@pytest.fixture
def path(quiz: tuple[Quiz, Enrolment]) -> str:
    """The assignment's page."""
    return f"/learn/{quiz[1].id}/assignments/{session.scalars(select(Assignment)).one().activity_id}"


def send(client: FlaskClient, path: str, text: str, *files: tuple[str, bytes], do: str = "submit") -> str:
    """Send the form and return the page that comes back."""
    data = {"text": text, "do": do, "files": [(io.BytesIO(content), name) for name, content in files]}
    return client.post(path, data=data, follow_redirects=True).text


def test_a_false_file_is_said_at_its_field_and_costs_nothing_else(learner: FlaskClient, path: str) -> None:
    page = send(learner, path, "Mein Konzept", ("gut.pdf", PDF), ("falsch.pdf", b"MZ\x90"), ("virus.exe", b"MZ"))
    field = page.partition('id="files-error"')[2].partition("</p>")[0]
    assert "falsch.pdf ist nicht, was der Name sagt" in field
    assert "virus.exe kann hier nicht angenommen werden" in field
    assert 'href="#files"' in page, "the summary on top links to the field"
    assert "Mein Konzept</textarea>" in page
    assert session.scalars(select(Submission)).all() == [], "nothing is handed in before the person has looked"
    [draft] = session.scalars(select(Draft)).all()
    assert (draft.text, [file["filename"] for file in draft.files]) == ("Mein Konzept", ["gut.pdf"])
    again = learner.post(path, data={"text": "Mein Konzept", "do": "submit", "keep": [draft.files[0]["sha256"]]})
    assert again.status_code == 302
    [submission] = session.scalars(select(Submission)).all()
    assert [(file.filename, file.media_type) for file in submission.files] == [("gut.pdf", "application/pdf")]


def test_the_setting_is_the_limit_in_hint_and_refusal(
    app: Flask, learner: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, CONFIG, replace(app.extensions[CONFIG], upload_megabytes=1))
    monkeypatch.setattr(routes, "MEGABYTE", 10)
    monkeypatch.setattr(rules, "MEGABYTE", 10)
    page = send(learner, path, "Text", ("groß.pdf", PDF), do="draft")
    assert "1 MB" in page.partition('id="files-hint"')[2].partition("</div>")[0]
    assert "groß.pdf ist größer als 1 MB" in page.partition('id="files-error"')[2].partition("</p>")[0]
    assert "Text</textarea>" in page


def test_names_are_tidied(learner: FlaskClient, path: str) -> None:
    send(learner, path, "", ("..\\..\\fdp\u202efdp.exe.pdf", PDF), do="draft")
    [draft] = session.scalars(select(Draft)).all()
    assert draft.files[0]["filename"] == "fdpfdp.exe.pdf"


def test_nothing_to_hand_in_is_said_at_the_text(learner: FlaskClient, path: str) -> None:
    page = send(learner, path, "  ")
    assert "Es gibt noch nichts abzugeben" in page.partition('id="text-error"')[2].partition("</p>")[0]
