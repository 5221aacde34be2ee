"""Take questions out of a file into a course's bank."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from assessments.exchange.models import ItemImport, QuestionPicture
from assessments.exchange.queries import Planned, plan_entries
from assessments.exchange.reading import Reading, read_questions
from assessments.items.actions import take_questions
from courses.content.models import Course
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.files.actions import store_file
from lms.files.queries import get_content
from lms.people.models import Person
from lms.sentences import stored_sentence


def take_reading(
    course: Course, reading: Reading, *, file_name: str, actor: Person | None, at: datetime
) -> list[Planned]:
    """Take every question that can be taken, and return what was done with each entry.

    Scarce: a course has a key once (unique); the course's row is held, so that two files come one after the other. A
    question that stands there in the same meaning keeps its version: taking the same file again changes nothing.
    """
    lock(course)
    planned = plan_entries(course.id, reading)
    wanted = [one.entry for one in planned if one.change in {"new", "changed"}]
    for entry in wanted:
        for address, content in entry.media.items():
            _keep_picture(address, content, at)
    take_questions(course.id, [entry.question for entry in wanted if entry.question], at=at, actor=actor)
    record_audit(
        "items_imported", course, actor=actor, at=at, file=file_name, format=reading.format, **count_changes(planned)
    )
    session.flush()
    return planned


def count_changes(planned: list[Planned]) -> dict[str, int]:
    """Return how many questions are new, changed, the same and refused."""
    names = [one.change or "refused" for one in planned]
    return {name: names.count(name) for name in ("new", "changed", "same", "refused")}


def keep_import(
    course: Course, *, file_name: str, content: bytes, format_name: str, actor: Person, at: datetime
) -> ItemImport:
    """Keep a file for its dry run."""
    stored = store_file(content, at=at)
    kept = ItemImport(
        course=course,
        file_name=file_name[-200:],
        format=format_name,
        sha256=stored.sha256,
        created_at=at,
        created_by_id=actor.id,
    )
    session.add(kept)
    session.flush()
    return kept


def read_import(kept: ItemImport, *, megabytes: int) -> Reading:
    """Read the kept file. This may take a while, and so is not done by a transaction that writes."""
    return read_questions(get_content(kept.sha256), kept.file_name, kept.format or None, megabytes=megabytes)


def apply_import(kept: ItemImport, reading: Reading, *, actor: Person, at: datetime) -> bool:
    """Take what was read of the kept file, once: whoever comes second, or presses twice, changes nothing.

    Say whether it was taken now.
    """
    lock(kept)
    if kept.applied_at is not None:
        return False
    planned = take_reading(kept.course, reading, file_name=kept.file_name, actor=actor, at=at)
    kept.applied_at, kept.applied_by_id = at, actor.id
    kept.outcome = {"entries": [stored_entry(one) for one in planned]}
    session.flush()
    return True


def stored_entry(planned: Planned) -> dict[str, Any]:
    """Return an entry as the outcome of an import keeps it."""
    reason = planned.entry.reason or planned.entry.note
    return {
        "name": planned.entry.name,
        "type": planned.entry.type,
        "change": planned.change,
        "key": planned.entry.question["id"] if planned.entry.question else None,
        "reason": stored_sentence(reason) if reason else None,
    }


def _keep_picture(address: str, content: bytes, at: datetime) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    if session.get(QuestionPicture, sha256) is None:
        store_file(content, at=at)
        session.add(QuestionPicture(sha256=sha256, ending=address.rsplit(".", 1)[-1], added_at=at))
        session.flush()
