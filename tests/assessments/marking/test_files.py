"""Files that are handed in as answers: how many are kept, and how large they may be."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage, MultiDict

from assessments.attempts import uploads
from assessments.attempts.actions import start_attempt
from assessments.attempts.queries import get_state
from assessments.items.queries import get_wordings
from lms.clock import now
from lms.db import session, transaction
from lms.files import rules as file_rules
from lms.files.models import StoredFile
from lms.sentences import Refusal
from lms.settings import CONFIG
from tests.assessments.marking.test_marking import PDF, Stage, slots_of
from tests.cast import signed_in


def test_a_file_too_many_is_not_kept(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        attempt = start_attempt(*stage, actor=stage[1].person, at=now())
    slot = slots_of(attempt)["file_upload"]
    [version] = get_wordings([get_state(attempt).slots[slot].item_version_id]).values()

    def post(content: bytes) -> None:
        files = {"answer-file": FileStorage(io.BytesIO(content), "Plan.pdf")}
        uploads.with_file(attempt.id, slot, version, None, "answer", MultiDict(), files, at=now())

    post(PDF)
    monkeypatch.setattr(uploads, "MAX_UPLOADS", 1)
    post(PDF)  # the same file again is no other one
    count = select(func.count()).select_from(StoredFile)
    before = session.scalar(count)
    with pytest.raises(Refusal):
        post(PDF + b" more")
    assert session.scalar(count) == before


def test_what_the_installation_lets_through_is_the_limit(
    app: Flask, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question may allow more, since it was written elsewhere."""
    with transaction():
        attempt = start_attempt(*stage, actor=stage[1].person, at=now())
    slot = slots_of(attempt)["file_upload"]
    [version] = get_wordings([get_state(attempt).slots[slot].item_version_id]).values()
    monkeypatch.setitem(app.extensions, CONFIG, replace(app.extensions[CONFIG], upload_megabytes=1))
    monkeypatch.setattr(uploads, "MEGABYTE", 10)
    monkeypatch.setattr(file_rules, "MEGABYTE", 10)
    assert version.definition.get("max_megabytes", 10) > 1
    files = {"answer-file": FileStorage(io.BytesIO(PDF + b"x" * 20), "Plan.pdf")}
    with pytest.raises(Refusal) as refused:
        uploads.with_file(attempt.id, slot, version, None, "answer", MultiDict(), files, at=now())
    assert refused.value.sentence.values["most"] == 1
    shown = signed_in(app, stage[1].person).get(f"/attempts/{attempt.id}/questions/{slot + 1}")
    assert "höchstens 1 MB" in shown.text
