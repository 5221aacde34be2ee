"""What a person's document would look like, printed as a sample: nothing is issued, and no number is taken.

A file beside actions.py because it writes nothing: it needs the layouts and the printing, which conferring does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from certificates.conferral.issuing import issue_day
from certificates.conferral.queries import list_erased_enrolments, list_settled_enrolments
from certificates.conferral.rules import add_months
from certificates.conferral.snapshots import draft_facts, make_snapshot
from certificates.documents.rendering import render_pdf
from certificates.layouts.queries import get_files_in_force
from certificates.layouts.samples import CODE, WORDS, sample_serial, sample_token
from certificates.readiness.queries import list_readiness
from courses.cohorts.models import Cohort
from courses.progress.rules import Achievement
from lms.printing.stamps import stamp_pdf


def draft_for(
    cohort: Cohort, enrolment_id: int, *, signatories: Sequence[dict[str, str]], place: str
) -> dict[str, Any] | None:
    """Return what would be printed for a person as things stand now; None: nothing would be issued for them."""
    lines = list_readiness(cohort)
    if enrolment_id in list_settled_enrolments(cohort, lines) | list_erased_enrolments(cohort):
        return None
    for line in lines:
        if line.standing.enrolment.id == enrolment_id and line.achievement is not Achievement.NONE:
            return draft_facts(cohort, line, signatories=signatories, place=place)
    return None


def print_preview(cohort: Cohort, draft: Mapping[str, Any], *, months: int | None, at: datetime) -> bytes:
    """Return a drafted document as a PDF in the cohort's layout, with “sample” across its pages and no seal.

    Raises PrintingImpossibleError or LayoutFaultError.
    """
    language, day = draft["language"], issue_day(cohort, at)
    facts = make_snapshot(
        draft,
        serial=sample_serial(language),
        token=sample_token(language),
        code=CODE,
        issue_date=day,
        valid_until=add_months(day, months) if months else None,
    )
    layout = get_files_in_force(cohort, draft["kind"])
    return stamp_pdf(render_pdf(facts, issued_at=at, layout=layout), WORDS.get(language, WORDS["en"]))
