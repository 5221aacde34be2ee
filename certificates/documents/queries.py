"""Reads about documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from certificates.conferral.models import Certificate, Conferral
from certificates.documents.models import Printing
from certificates.documents.rules import PrintingReason, seconds_left
from certificates.layouts.models import LayoutVersion
from certificates.layouts.rules import fault_sentence
from courses.cohorts.models import Cohort
from lms.db import session
from lms.printing.isolation import LayoutFault
from lms.sentences import Sentence

#: Issued, not printed yet, and not erased meanwhile.
WAITING = (Certificate.pdf_sha256.is_(None), Certificate.erased_at.is_(None))


@dataclass(frozen=True)
class LayoutTrouble:
    """A layout that documents of a cohort could not be printed with, and what is wrong with it."""

    cohort_id: int
    version: LayoutVersion
    said: Sentence


@dataclass(frozen=True)
class Progress:
    """How far the workers are: ``done`` of ``total``, ``seconds_left`` for the rest, and what holds it up, if anything."""

    done: int
    total: int
    seconds_left: int
    problem: PrintingReason | None
    layout_fault: LayoutTrouble | None = None


def get_printing_progress(cohort: Cohort) -> Progress:
    """Return how far the workers are with a cohort's documents."""
    mine = (
        select(
            Certificate.pdf_sha256, Printing.printed_at, Printing.problem, Printing.fault, Printing.layout_version_id
        )
        .join(Certificate.conferral)
        .outerjoin(Printing, Printing.certificate_id == Certificate.id)
        .where(Conferral.cohort_id == cohort.id, Certificate.erased_at.is_(None))
        .order_by(Certificate.id)
    )
    rows = session.execute(mine).all()
    open_rows = [row for row in rows if row.pdf_sha256 is None]
    problems = [PrintingReason(row.problem) for row in open_rows if row.problem]
    return Progress(
        done=len(rows) - len(open_rows),
        total=len(rows),
        seconds_left=seconds_left(len(open_rows), [row.printed_at for row in rows if row.printed_at]),
        problem=problems[0] if problems else None,
        layout_fault=next(
            (
                LayoutTrouble(
                    cohort.id,
                    session.get_one(LayoutVersion, row.layout_version_id),
                    fault_sentence(*(row.fault or (LayoutFault.BROKEN.value, "–"))),
                )
                for row in open_rows
                if row.problem == PrintingReason.LAYOUT.value
            ),
            None,
        ),
    )


def list_due(at: datetime, most: int) -> list[tuple[Certificate, Printing | None]]:
    """Return certificates of one conferral and kind without a PDF that may be taken up, held until the transaction ends.

    On PostgreSQL, rows that another worker holds are skipped; on SQLite a writer is alone anyway.
    """
    due = (
        select(Certificate, Printing)
        .outerjoin(Printing, Printing.certificate_id == Certificate.id)
        .where(*WAITING, or_(Printing.certificate_id.is_(None), Printing.due_at <= at))
        .order_by(Certificate.conferral_id, Certificate.kind, Certificate.id)
        .with_for_update(skip_locked=True, of=Certificate)
    )
    first = session.execute(due.limit(1)).first()
    if first is None:
        return []
    same = due.where(Certificate.conferral_id == first[0].conferral_id, Certificate.kind == first[0].kind)
    return [(row[0], row[1]) for row in session.execute(same.limit(most))]


def get_certificates(ids: Sequence[int]) -> dict[int, Certificate]:
    """Return certificates by their ids."""
    return {one.id: one for one in session.scalars(select(Certificate).where(Certificate.id.in_(ids)))}
