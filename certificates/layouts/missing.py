"""What would be missing on whose document, if a cohort were conferred now; asked before anything is issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from certificates.conferral.issuing import issue_day
from certificates.conferral.queries import list_erased_enrolments, list_settled_enrolments
from certificates.conferral.rules import add_months
from certificates.conferral.snapshots import draft_facts, make_snapshot
from certificates.layouts.models import LayoutVersion
from certificates.layouts.queries import find_version_for, list_lacks
from certificates.readiness.queries import Line, list_readiness
from courses.cohorts.models import Cohort
from courses.progress.rules import Achievement
from lms.sentences import Sentence

#: What the conferral itself will fill in.
PENDING = "0"


@dataclass(frozen=True)
class Missing:
    """What keeps a person's document from being printed."""

    line: Line
    lacks: Sequence[Sentence]


def list_missing(cohort: Cohort, *, at: datetime) -> list[Missing]:
    """Return the people of a cohort who would get a document that cannot be printed, with what is missing for each.

    What a layout demands (``fields`` in its metadata.toml) must be there, and every letter must have a print font.
    """
    lines = list_readiness(cohort)
    issued = list_settled_enrolments(cohort, lines) | list_erased_enrolments(cohort)
    waiting = [
        line
        for line in lines
        if line.achievement is not Achievement.NONE and line.standing.enrolment.id not in issued
    ]
    versions = {kind: find_version_for(cohort, kind.value) for kind in {line.achievement for line in waiting}}
    found = [Missing(line, _lacks(cohort, line, versions[line.achievement], at=at)) for line in waiting]
    return [one for one in found if one.lacks]


def list_frozen_lacks(
    cohort: Cohort, drafts: Iterable[Mapping[str, Any]], *, months: int | None, at: datetime
) -> list[tuple[str, Sequence[Sentence]]]:
    """Return the same for documents as a proposal has frozen them: names with what is missing for each.

    ``months``: so long they would be valid; None: without an end.
    """
    day = issue_day(cohort, at)
    valid_until = add_months(day, months) if months else None
    versions: dict[str, LayoutVersion | None] = {}
    found = []
    for draft in drafts:
        if draft["kind"] not in versions:
            versions[draft["kind"]] = find_version_for(cohort, draft["kind"])
        if lacks := _draft_lacks(draft, versions[draft["kind"]], day, valid_until):
            found.append((str(draft["name"]), lacks))
    return found


def _lacks(cohort: Cohort, line: Line, version: LayoutVersion | None, *, at: datetime) -> Sequence[Sentence]:
    draft = draft_facts(cohort, line, signatories=[{"name": PENDING, "function": PENDING}], place=PENDING)
    day = issue_day(cohort, at)
    return _draft_lacks(draft, version, day, day)  # until when it is valid, the conferral will say


def _draft_lacks(
    draft: Mapping[str, Any], version: LayoutVersion | None, day: date, valid_until: date | None
) -> Sequence[Sentence]:
    facts = make_snapshot(
        draft, serial=PENDING, token=PENDING, code=PENDING, issue_date=day, valid_until=valid_until
    )
    return list_lacks(facts, version)
