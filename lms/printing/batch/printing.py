"""Printing many documents at once: the fast way for whom it fits, the plain way for everybody else."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lms.institution.frozen_seal import FrozenSeal, freeze_seal
from lms.institution.seal import sign_pdf
from lms.printing.batch import WEASYPRINT
from lms.printing.batch.characters import are_simple
from lms.printing.batch.families import Member, differing, families
from lms.printing.manuscripts import Manuscript, SealNote
from lms.printing.rendering import load_weasyprint, print_pdf

log = logging.getLogger(__name__)

#: Laying out twice, once to prove it, pays from this number of documents on.
FEWEST = 4
#: Batches share the map of fonts, and Pango must not be asked by two threads about the same one.
_one_at_a_time = threading.Lock()


def print_batch(manuscripts: Sequence[Manuscript]) -> list[bytes]:
    """Return a PDF for each manuscript, as ``print_pdf`` prints it, sealed if it has a note.

    Raises PrintingImpossibleError or SealError.
    """
    done: dict[int, bytes] = {}
    if load_weasyprint().__version__ == WEASYPRINT:
        with _one_at_a_time, _garbage_left_lying():
            done = dict(_printed_fast(manuscripts))
    return [done[number] if number in done else _printed_plainly(one) for number, one in enumerate(manuscripts)]


@contextmanager
def _garbage_left_lying() -> Iterator[None]:
    """Look for no garbage meanwhile: all boxes of a batch live to its end, and going through them takes a third of the time."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def _printed_fast(manuscripts: Sequence[Manuscript]) -> Iterator[tuple[int, bytes]]:
    """Yield the number and the PDF of all whom the fast way fits."""
    notes = [one.note for one in manuscripts if one.note]
    seal = freeze_seal(notes[0].at) if notes else None
    for family in families(manuscripts):
        slots = differing([member.reading.texts for member in family])
        members = [one for one in family if are_simple(one.reading.texts[slot] for slot in slots)]
        for member, pdf in _printed_family(members, seal):
            note = member.manuscript.note if seal is None else None
            yield member.number, _sealed(pdf, note)


def _printed_family(members: Sequence[Member], seal: FrozenSeal | None) -> Iterator[tuple[Member, bytes]]:
    """Yield the members with their PDFs; those who do not fit the first model get a model of their own."""
    # Imported late, because importing WeasyPrint needs Pango.
    from lms.printing.batch.formes import Forme
    from lms.printing.batch.paragraphs import NotUnderstoodError

    while len(members) >= FEWEST:
        model = sorted(members, key=_length)[len(members) // 2]
        try:
            forme = Forme(model, members)
            fit = {member.number: forme.takes(member) for member in members}
            taken = [member for member in members if fit[member.number]]
            forme.lock(taken, max(taken, key=lambda one: abs(_length(one) - _length(model))), seal)
            printed = [(member, forme.write(member)) for member in taken]
        except NotUnderstoodError as reason:
            log.info("These %d documents go the plain way: %s", len(members), reason)
            return
        except Exception:  # whatever goes wrong here, a certificate is to be printed
            log.exception("The fast path has failed; these %d documents go the plain way", len(members))
            return
        yield from printed
        members = [member for member in members if not fit[member.number]]


def _printed_plainly(one: Manuscript) -> bytes:
    pdf = print_pdf(
        one.html, one.css, files=one.files, identifier=one.identifier, at=one.at, attached=one.attached
    )  # fmt: skip
    return _sealed(pdf, one.note)


def _sealed(pdf: bytes, note: SealNote | None) -> bytes:
    return sign_pdf(pdf, at=note.at, reason=note.reason, location=note.location) if note else pdf


def _length(member: Member) -> int:
    return sum(map(len, member.reading.texts))
