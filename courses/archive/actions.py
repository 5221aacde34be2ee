"""Make a course version from an archive, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from courses.activity_kinds import ArchiveError, ArchivePart, get_activity_kind
from courses.archive.checking import check_archive
from courses.archive.drafts import CourseDraft, ModuleDraft
from courses.archive.texts import render_text
from courses.content.models import Activity, ArchiveFile, Course, CourseVersion, Lesson, Module
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.files.actions import store_file
from lms.people.models import Person


class ArchiveRefused(Exception):
    """An archive has errors; ``errors`` are all of them."""

    def __init__(self, errors: list[ArchiveError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


@dataclass(frozen=True)
class Imported:
    """The version that an archive is, and whether it was made just now."""

    version: CourseVersion
    created: bool


def import_course(files: dict[str, bytes], *, actor: Person | None, at: datetime) -> Imported:
    """Make a new version of the course from these files; the same files again are the version that is there.

    The unique hash a course keeps two imports at the same time from making two versions. Raises ArchiveRefused with
    every error; nothing is written then.
    """
    draft, errors = check_archive(files)
    if draft is None:
        raise ArchiveRefused(errors)
    return import_draft(draft, actor=actor, at=at)


def import_draft(draft: CourseDraft, *, actor: Person | None, at: datetime) -> Imported:
    """Make a new version of the course from a checked archive. Checking takes the time, and needs no database."""
    course = _find_course(draft.slug) or _create_course(draft.slug, at)
    lock(course)  # two imports at once come one after the other
    same = select(CourseVersion).where(
        CourseVersion.course_id == course.id, CourseVersion.archive_sha256 == draft.sha256
    )
    if (found := session.scalar(same)) is not None:
        return Imported(found, created=False)
    version = _create_version(course, draft, actor, at)
    record_audit(
        "course_imported", version, actor=actor, at=at, slug=draft.slug, number=version.number, sha256=draft.sha256
    )
    return Imported(version, created=True)


def _find_course(slug: str) -> Course | None:
    return session.scalar(select(Course).where(Course.slug == slug))


def _create_course(slug: str, at: datetime) -> Course:
    """Make the course. Scarce: its slug, which is unique; who comes second at the same moment gets the first one's."""
    try:
        with session.begin_nested():
            made = Course(slug=slug, created_at=at)
            session.add(made)
            session.flush()
    except IntegrityError:
        found = _find_course(slug)
        if found is None:
            raise
        return found
    return made


def _create_version(course: Course, draft: CourseDraft, actor: Person | None, at: datetime) -> CourseVersion:
    last = session.scalar(select(func.max(CourseVersion.number)).where(CourseVersion.course_id == course.id)) or 0
    version = CourseVersion(
        course=course,
        number=last + 1,
        archive_sha256=draft.sha256,
        imported_at=at,
        imported_by_id=actor.id if actor else None,
        title=draft.title,
        language=draft.language,
        content_date=draft.content_date,
        summary=draft.summary,
        live_ue=draft.ue["live"],
        self_study_ue=draft.ue["self_study"],
        project_ue=draft.ue["project"],
        outline=draft.outline,
    )
    session.add(version)
    session.flush()
    for path, content in sorted(draft.files.items()):
        session.add(ArchiveFile(version_id=version.id, path=path, sha256=store_file(content, at=at).sha256))
    _Rows(version, draft, actor, at).create()
    session.flush()
    return version


class _Rows:
    """The rows below a version, in the order in which a participant meets them."""

    def __init__(self, version: CourseVersion, draft: CourseDraft, actor: Person | None, at: datetime) -> None:
        self.version = version
        self.draft = draft
        self.actor = actor
        self.at = at
        self.position = 0
        self.base = f"/content/{version.id}"

    def create(self) -> None:
        for number, draft in enumerate(self.draft.modules, start=1):
            self._create_module(number, draft)
        for part in self.draft.live_sessions:
            if "module" not in part.definition:
                self._create_part(part, None)
        for part in self.draft.assignments:
            html = render_text(part.definition["instructions_markdown"], self.base, self.draft.references)
            self._create_part(replace(part, definition={**part.definition, "instructions_html": html}), None)

    def _create_module(self, number: int, draft: ModuleDraft) -> None:
        module = Module(
            version=self.version,
            position=number,
            slug=draft.slug,
            title=draft.title,
            summary=draft.summary,
            objectives=draft.objectives,
            ue=draft.ue,
            english=draft.english,
        )
        session.add(module)
        for lesson in draft.lessons:
            activity = self._create_activity("lesson", lesson.slug, lesson.title, module, minutes=lesson.minutes)
            session.add(
                Lesson(
                    activity=activity,
                    objectives=lesson.objectives,
                    sources=lesson.sources,
                    markdown=lesson.markdown,
                    html=render_text(lesson.markdown, self.base, self.draft.references),
                )
            )
        if draft.quiz is not None:
            self._create_part(draft.quiz, module)
        for part in self.draft.live_sessions:
            if part.definition.get("module") == draft.slug:
                self._create_part(part, module)

    def _create_part(self, part: ArchivePart, module: Module | None) -> None:
        activity = self._create_activity(
            part.kind, part.slug, part.definition["title"], module, ue=part.definition.get("ue", 0)
        )
        session.flush()
        get_activity_kind(part.kind).create(activity, part, at=self.at, actor=self.actor)

    def _create_activity(
        self, kind: str, slug: str, title: str, module: Module | None, *, minutes: int | None = None, ue: int = 0
    ) -> Activity:
        self.position += 1
        activity = Activity(
            version=self.version,
            module=module,
            position=self.position,
            kind=kind,
            slug=slug,
            title=title,
            minutes=minutes,
            ue=ue,
        )
        session.add(activity)
        return activity
