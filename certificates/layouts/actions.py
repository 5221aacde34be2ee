"""Keep, try out, choose and withdraw layouts. A version is never changed; another state is another version."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from certificates.documents.retries import take_layouts_in_force
from certificates.layouts.archives import read_layout, write_layout
from certificates.layouts.files import list_shipped, shipped_layout
from certificates.layouts.models import Layout, LayoutChoice, LayoutVersion
from certificates.layouts.queries import find_choice, find_layout, list_choices
from certificates.layouts.rules import LayoutReason, Metadata, check_files, overtaken_refusal
from courses.cohorts.models import Cohort
from courses.content.models import Course
from lms.audit.actions import record_audit
from lms.db import lock, session
from lms.files.actions import store_file
from lms.jobs.registry import nudge
from lms.people.models import Person
from lms.sentences import Refusal


def keep_shipped_layouts(*, at: datetime) -> None:
    """Keep the layouts that come along as versions, so that what was printed with them survives the product's updates.

    Two that do so together both find them kept: numbers are unique within a layout.
    """
    for slug in list_shipped():
        files = shipped_layout(slug).files
        try:
            with session.begin_nested():
                layout = find_layout(slug)
                if layout is None:
                    layout = Layout(slug=slug, is_shipped=True, withdrawn_at=None, versions=[])
                    session.add(layout)
                _add_version(layout, write_layout(files), check_files(files), actor=None, at=at, tried_at=at)
                session.flush()
        except (IntegrityError, Refusal):
            continue  # somebody else kept it a moment ago, or it is the newest already


def upload_layout(archive: bytes, *, layout: Layout | None, actor: Person, at: datetime) -> LayoutVersion:
    """Keep an uploaded layout as a new one, or as the next version of ``layout``. Raises Refusal.

    It is tried out by a worker before it can be used.
    """
    files = read_layout(archive)
    metadata = check_files(files)
    if layout is None:
        layout = Layout(slug=_free_slug(metadata.title), is_shipped=False, withdrawn_at=None, versions=[])
        session.add(layout)
        session.flush()
    else:
        lock(layout)
        if layout.is_shipped:
            raise Refusal(LayoutReason.SHIPPED)
        if layout.withdrawn_at is not None:
            raise Refusal(LayoutReason.WITHDRAWN)
    version = _add_version(layout, write_layout(files), metadata, actor=actor, at=at, tried_at=None)
    session.flush()
    record_audit("layout_uploaded", layout, actor=actor, at=at, version=version.number, sha256=version.archive_sha256)
    nudge("try_out_layouts")
    return version


def record_trial(version: LayoutVersion, faults: Sequence[Sequence[str]], *, at: datetime) -> None:
    """Note what came out when samples were printed: a fault's code, a detail, and the sample it came out with.

    None: it is good, and documents that wait because of an earlier version are printed with it.
    """
    if version.tried_at is None:
        version.tried_at = at
        version.faults = [list(one) for one in faults]
        session.flush()
        take_layouts_in_force(at=at)


def choose_layout(
    layout: Layout | None, kind: str, *, cohort: Cohort | None = None, course: Course | None = None, actor: Person, at: datetime
) -> None:
    """Choose what a kind of document is printed with from now on, for one cohort or a course; None: nothing of its own.

    Documents that wait because their layout has failed take the chosen one. Two who choose at once: the second one's
    choice counts. Raises Refusal.
    """
    if layout is not None and (layout.withdrawn_at is not None or layout.current is None):
        raise Refusal(LayoutReason.WITHDRAWN)
    place = cohort or course
    if place is None:
        raise TypeError("A choice is for a cohort or for a course.")
    lock(place)
    found = find_choice(kind, cohort=cohort, course_id=course.id if course else None)
    if layout is None:
        if found is not None:
            session.delete(found)
    elif found is None:
        session.add(
            LayoutChoice(
                cohort_id=cohort.id if cohort else None, course_id=course.id if course else None, kind=kind,
                layout_id=layout.id, chosen_at=at, chosen_by_id=actor.id,
            )
        )  # fmt: skip
    elif found.layout_id != layout.id:
        found.layout_id, found.chosen_at, found.chosen_by_id = layout.id, at, actor.id
    session.flush()
    take_layouts_in_force(at=at)
    record_audit("layout_chosen", place, actor=actor, at=at, kind=kind, layout=layout.slug if layout else "")


def choose_layouts(
    cohort: Cohort,
    wanted: Mapping[str, Layout | None],
    *,
    seen: Mapping[str, str] | None = None,
    actor: Person,
    at: datetime,
) -> None:
    """Choose for both kinds what a cohort and its whole course are printed with; ``wanted`` by rules.PLACES.

    ``seen`` is what the person decided on, as slugs; where other choices stand, nothing is chosen. Raises Refusal.
    """
    course = cohort.version.course
    lock(cohort)
    lock(course)
    standing = list_choices(cohort)
    if seen is not None:
        slugs = {place: one.slug for place, one in wanted.items() if one is not None}
        now_chosen = {place: one.slug for place, one in standing.items()}
        refusal = overtaken_refusal(slugs, now_chosen, seen, {one.slug: one.title for one in standing.values()})
        if refusal is not None:
            raise refusal
    for place, layout in wanted.items():
        scope, _sign, kind = place.partition("_")
        if layout is standing.get(place):
            continue
        if scope == "cohort":
            choose_layout(layout, kind, cohort=cohort, actor=actor, at=at)
        else:
            choose_layout(layout, kind, course=course, actor=actor, at=at)


def withdraw_layout(layout: Layout, *, actor: Person, at: datetime) -> None:
    """Offer a layout no longer. What was issued with it stays; cohorts that had chosen it get the formal one."""
    if layout.is_shipped:
        raise Refusal(LayoutReason.SHIPPED)
    if layout.withdrawn_at is None:
        layout.withdrawn_at = at
        record_audit("layout_withdrawn", layout, actor=actor, at=at)
        session.flush()
        take_layouts_in_force(at=at)


def _add_version(
    layout: Layout, archive: bytes, metadata: Metadata, *, actor: Person | None, at: datetime, tried_at: datetime | None
) -> LayoutVersion:
    stored = store_file(archive, at=at)
    newest = layout.versions[-1] if layout.versions else None
    if newest is not None and newest.archive_sha256 == stored.sha256:
        raise Refusal(LayoutReason.SAME)
    version = LayoutVersion(
        layout=layout,
        number=newest.number + 1 if newest else 1,
        title=metadata.title,
        description=metadata.description,
        fields=metadata.fields,
        archive_sha256=stored.sha256,
        added_at=at,
        added_by_id=actor.id if actor else None,
        tried_at=tried_at,
        faults=[],
    )
    session.add(version)
    return version


def _free_slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    wish = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30] or "layout"
    taken = set(session.scalars(select(Layout.slug).where(Layout.slug.startswith(wish)))) | set(list_shipped())
    return next(one for number in range(1, len(taken) + 2) if (one := wish if number == 1 else f"{wish}-{number}") not in taken)
