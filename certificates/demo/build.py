"""Building the demonstration and writing demo.json, which says where everything is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from assessments.assignments.models import Submission
from assessments.attempts.models import Attempt
from assessments.quizzes.models import QuizItem
from assessments.receipts.actions import ask_for_receipt
from assessments.receipts.models import Receipt
from assessments.receipts.rules import Contents
from assessments.time_factors.actions import set_time_factor
from assessments.wording.actions import reword_item
from certificates.conferral.models import Certificate, Conferral
from certificates.demo import lives, play
from certificates.demo.outside import list_outside_paths, write_outside_files
from certificates.demo.people import FINISHED, PASSWORD, RUNNING, STAFF
from courses.archive.actions import import_course
from courses.archive.reading import read_archive
from courses.cohorts.actions import complete_cohort
from courses.cohorts.models import Cohort, Enrolment
from courses.content.models import Activity, CourseVersion
from lms.clock import now
from lms.db import session, transaction
from lms.files.queries import get_content
from lms.jobs.registry import JOBS
from lms.municipalities.actions import import_municipalities
from lms.people.models import Person
from lms.permissions import Role
from lms.settings import current_config

COURSE = Path(__file__).parents[2] / "courses" / "catalogue" / "smart-city-manager"
FINISHED_SLUG, RUNNING_SLUG = "fruehjahr-2026", "demo-laufend"
FINISHED_BEGIN = date(2026, 3, 3)


def build_demo(say: Callable[[str], None]) -> dict[str, Any]:
    """Make what is missing of the demonstration, one transaction a part, and return what demo.json says."""
    with transaction():
        districts, municipalities = import_municipalities()
        say(f"{districts} districts and {municipalities} municipalities")
    with transaction():
        archive = read_archive(COURSE)
        if archive.errors:
            raise RuntimeError("\n".join(map(str, archive.errors)))
        imported = import_course(archive.files, actor=None, at=now())
        version_id = imported.version.id
        say(f"Course {imported.version.title}, version {imported.version.number}")
    with transaction():
        staff = {
            key: play.make_account(
                given, family, f"{key.replace('_', '-')}@example.org", Role(role), actor=None, at=now()
            )
            for key, given, family, role in STAFF
        }
    if not _find_cohort(FINISHED_SLUG):
        with transaction():
            _play_finished(session.get_one(CourseVersion, version_id), staff)
        say(f"A finished cohort of {len(FINISHED)} people")
    if not _find_cohort(lives.EARLIER_SLUG):
        with transaction():
            lives.play_earlier_cohort(session.get_one(CourseVersion, version_id), staff)
        JOBS["render_due_certificates"].run()
        with transaction():
            lives.play_later_events(staff)
        say("A cohort of the year before, with a revoked and a corrected document")
    if not _find_cohort(RUNNING_SLUG):
        with transaction():
            _play_running(session.get_one(CourseVersion, version_id), staff)
        say(f"A cohort of {len(RUNNING)} people in mid-course")
    with transaction():
        attempt = _submitted(_enrolment(_cohort(RUNNING_SLUG), RUNNING[0].email))
        contents = Contents(answers=True, points=True)
        ask_for_receipt(attempt, contents, language="de", actor=attempt.enrolment.person, at=now())
    # What a worker does a moment later when the website is up.
    for name in ("render_due_certificates", "print_due_protocols", "print_due_receipts", "send_due_mails", "count_statistics"):
        JOBS[name].run()
    with transaction():
        issued = session.scalars(
            select(Certificate.kind)
            .join(Certificate.conferral)
            .join(Conferral.cohort)
            .where(Certificate.pdf_sha256.is_not(None), Cohort.slug == FINISHED_SLUG)
        ).all()
        say(f"{issued.count('certificate')} certificates and {issued.count('attendance')} confirmations of attendance")
        manifest = _describe(staff)
    target = current_config().data_dir / "demo.json"
    draft = target.with_suffix(".draft")
    draft.write_text(json.dumps(manifest, indent=2, ensure_ascii=False), "utf-8")
    os.replace(draft, target)
    return manifest


def _play_finished(version: CourseVersion, staff: dict[str, Person]) -> None:
    coordinator, trainer = staff["coordinator"], staff["trainer"]
    cohort, enrolled = play.open_cohort(
        version,
        slug=FINISHED_SLUG,
        title="Frühjahr 2026",
        begin=FINISHED_BEGIN,
        learners=FINISHED,
        trainers=[trainer],
        coordinator=coordinator,
    )
    for number, (enrolment, learner) in enumerate(enrolled):
        for week, module in enumerate(version.modules):
            begin = play.instant(FINISHED_BEGIN + timedelta(weeks=week, days=2), 8, number)
            play.learn(enrolment, learner, module.activities, at=begin)
    end = play.instant(cohort.end_date, 9)
    play.hold_mornings(cohort, enrolled, trainer, until=end)
    play.do_projects(cohort, enrolled, trainer, at=end - timedelta(days=12))
    complete_cohort(cohort, actor=coordinator, at=end + timedelta(days=3))
    lives.confer_by_two(cohort, staff, on=cohort.end_date + timedelta(days=5))


def _season(day: date) -> str:
    """Name a cohort as an office would, since it is printed: Herbst 2026."""
    return f"{('Winter', 'Frühjahr', 'Sommer', 'Herbst')[day.month % 12 // 3]} {day.year}"


def _play_running(version: CourseVersion, staff: dict[str, Person]) -> None:
    at = now()
    begin = _tuesday_before(at.date() - timedelta(weeks=5))
    cohort, enrolled = play.open_cohort(
        version,
        slug=RUNNING_SLUG,
        title=_season(begin),
        begin=begin,
        learners=RUNNING,
        trainers=[staff["trainer"]],
        coordinator=staff["coordinator"],
    )
    for number, (enrolment, learner) in enumerate(enrolled):
        done = version.modules[: 1 if learner.course == "behind" else max(1, len(version.modules) // 2)]
        for week, module in enumerate(done):
            moment = play.instant(begin + timedelta(weeks=min(week, 4), days=2), 8, number)
            play.learn(enrolment, learner, module.activities, at=moment)
    play.hold_mornings(cohort, enrolled, staff["trainer"], until=at - timedelta(days=6))
    set_time_factor(enrolled[1][0].person, 125, reason="Nachteilsausgleich", actor=staff["coordinator"], at=at)
    asked = _asked_in(_first(version.id, "quiz")).item_version
    clearer = {"prompt": "Ordnen Sie die Vorhaben zu: Was ist E-Government, was ist Smart City?"}
    reword_item(asked.item, clearer, seen=asked, actor=staff["coordinator"], at=at)


def _tuesday_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 1) % 7)


def _find_cohort(slug: str) -> Cohort | None:
    return session.scalar(select(Cohort).where(Cohort.slug == slug))


def _cohort(slug: str) -> Cohort:
    found = _find_cohort(slug)
    if found is None:
        raise RuntimeError("The demonstration is incomplete. Please remove the data folder and run it again.")
    return found


def _describe(staff: dict[str, Person]) -> dict[str, Any]:
    config = current_config()
    finished, running = _cohort(FINISHED_SLUG), _cohort(RUNNING_SLUG)
    emails = {key: person.email for key, person in staff.items()} | {
        "participant": RUNNING[0].email,
        "other_participant": RUNNING[1].email,
        "finished_participant": FINISHED[0].email,
    }
    mine = _enrolment(running, RUNNING[0].email)
    certificate = session.scalars(
        select(Certificate).where(Certificate.enrolment_id == _enrolment(finished, FINISHED[0].email).id)
    ).one()
    pdf = config.data_dir / "demo" / f"{certificate.serial}.pdf"
    pdf.parent.mkdir(exist_ok=True)
    if certificate.pdf_sha256:
        pdf.write_bytes(get_content(certificate.pdf_sha256))
    receipt = session.scalars(select(Receipt).where(Receipt.attempt_id == _submitted(mine).id)).first()
    receipt_pdf = pdf.parent / "receipt.pdf"
    if receipt is not None and receipt.file_sha256:
        receipt_pdf.write_bytes(get_content(receipt.file_sha256))
    adapter = current_app.url_map.bind("localhost")
    lesson, quiz = _first(running.version_id, "lesson"), _first(running.version_id, "quiz")
    project = _first(running.version_id, "assignment")
    paths: dict[str, tuple[str, dict[str, Any]]] = {
        "login": ("signin.login", {}),
        "feedback": ("feedback.write", {}),
        "dashboard": ("progress.dashboard", {}),
        "course": ("content.course", {"enrolment_id": mine.id}),
        "lesson": ("content.lesson", {"enrolment_id": mine.id, "slug": lesson.slug}),
        "quiz": ("attempts.quiz", {"enrolment_id": mine.id, "activity_id": quiz.id}),
        "quiz_review": ("attempts.result", {"attempt_id": _submitted(mine).id}),
        "assignment": ("assignments.assignment", {"enrolment_id": mine.id, "activity_id": project.id}),
        "submission": ("assignments.submission", {"submission_id": _first_submission(finished).id}),
        "receipt": ("receipts.receipt", {"attempt_id": _submitted(mine).id}),
        "receipt_validation": ("receipts.validate", {}),
        "time_factors": ("time_factors.cohort", {"cohort_id": running.id}),
        "cohort_quiz": ("quizzes.cohort_quiz", {"cohort_id": running.id, "activity_id": quiz.id}),
        "attempt_log": ("supervision.log", {"attempt_id": _submitted(mine).id}),
        "quiz_statistics": ("statistics.quiz", {"cohort_id": finished.id, "activity_id": quiz.id}),
        "item_bank": ("bank.items", {"slug": running.version.course.slug}),
        "item": ("bank.item", {"item_id": _asked_in(quiz).item_version.item_id}),
        "item_wording": ("wording.edit", {"item_id": _asked_in(quiz).item_version.item_id}),
        "item_import": ("exchange.upload", {"slug": running.version.course.slug}),
        "item_export": ("exchange.export", {"slug": running.version.course.slug, "format": "moodle-xml"}),
        "quiz_repair": ("repair.question", {"version_id": _asked_in(quiz).item_version_id}),
        "person": ("people.person", {"person_id": mine.person_id}),
        "schedule": ("schedule.list_sessions", {}),
        "cohort": ("cohorts.cohort", {"cohort_id": running.id}),
        "readiness": ("readiness.cohort", {"cohort_id": running.id}),
        "conferral": ("conferral.cohort", {"cohort_id": finished.id}),
        "certificates": ("documents.certificates", {}),
        "layouts": ("layouts.list_layouts", {}),
        "layout": ("layouts.layout", {"slug": "modern"}),
        "cohort_layouts": ("layouts.cohort", {"cohort_id": finished.id}),
        **lives.life_paths(),
        **list_outside_paths(certificate),
    }
    files = write_outside_files(certificate, finished, pdf.parent)
    return {
        "base_url": config.base_url.rstrip("/"),
        "course_slug": "smart-city-manager",
        "accounts": {key: {"email": email, "password": PASSWORD} for key, email in emails.items()},
        "urls": {name: adapter.build(endpoint, values) for name, (endpoint, values) in paths.items()},
        "files": {
            "certificate_pdf": str(pdf.absolute()),
            "protocol_pdf": lives.write_protocol(finished, pdf.parent),
            "receipt_pdf": str(receipt_pdf.absolute()),
            **files,
        },
        "made_at": datetime.isoformat(now(), timespec="seconds"),
    }


def _enrolment(cohort: Cohort, email: str) -> Enrolment:
    return session.scalars(
        select(Enrolment).join(Enrolment.person).where(Enrolment.cohort_id == cohort.id, Person.email == email)
    ).one()


def _first(version_id: int, kind: str) -> Activity:
    query = select(Activity).where(Activity.version_id == version_id, Activity.kind == kind).order_by(Activity.position)
    return session.scalars(query.limit(1)).one()


def _submitted(enrolment: Enrolment) -> Attempt:
    query = select(Attempt).where(Attempt.enrolment_id == enrolment.id, Attempt.submitted_at.is_not(None))
    return session.scalars(query.order_by(Attempt.id).limit(1)).one()


def _first_submission(cohort: Cohort) -> Submission:
    query = select(Submission).join(Submission.enrolment).where(Enrolment.cohort_id == cohort.id)
    return session.scalars(query.order_by(Submission.id).limit(1)).one()


def _asked_in(quiz: Activity) -> QuizItem:
    return session.scalars(
        select(QuizItem).where(QuizItem.quiz_id == quiz.id).order_by(QuizItem.position).limit(1)
    ).one()
