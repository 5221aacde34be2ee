"""Decisions about an issued document: what may happen to it in which state, and what its events say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from certificates.conferral.rules import attendance_needed
from certificates.lifecycle.facts import has_gap
from certificates.verification.rules import CertificateState
from lms.people.rules import is_name
from lms.sentences import N_, Reason

#: So many days before a document ends its owner is reminded.
REMIND_DAYS = 60
MOST_MONTHS = 240


class EventKind(StrEnum):
    """What can happen to a document. ``reviewed`` answers ``flagged``; ``concealed`` and ``revealed`` take turns."""

    ISSUED = "issued"
    RENDERED = "rendered"
    MAILED = "mailed"
    FLAGGED = "flagged"
    REVIEWED = "reviewed"
    CONCEALED = "concealed"
    REVEALED = "revealed"
    REMINDED = "reminded"
    REVOKED = "revoked"
    REPLACED = "replaced"
    ERASED = "erased"


class LifeReason(Reason):
    """Why something cannot be done with an issued document."""

    REVOKED = "revoked", N_("This document has been revoked already.")
    REPLACED = "replaced", N_("A newer document has replaced this one. Please use the newer one.")
    ERASED = "erased", N_("The data of this document have been erased. Nothing more can be done with it.")
    OPEN_REQUEST = "open_request", N_("There is a request about this document already that waits for a decision.")
    DECIDED = "decided", N_("This request has been decided in the meantime.")
    OWN_REQUEST = "own_request", N_("Whoever asked for a correction cannot decide on it: another coordinator has to.")
    NO_REASON = "no_reason", N_("Please give a reason.")
    NO_TEXT = "no_text", N_("Please say what is wrong and how it should be.")
    NO_CHANGE = (
        "no_change",
        N_("Please change what is to be corrected. As it stands, the new document would say the same."),
    )
    NO_NAME = "no_name", N_("A document needs a name.")
    GAP = (
        "gap",
        N_(
            "A document names its course, its cohort, the place, who signs, and a title for each module. Please leave "
            "none of these empty."
        ),
    )
    PAST_END = (
        "past_end",
        N_("A document that is issued today cannot have ended before. Please check until when it is valid."),
    )
    IMPOSSIBLE_DATES = "impossible_dates", N_("The course cannot end before it begins.")
    IMPOSSIBLE_UE = "impossible_ue", N_("Nobody can have attended more units than were planned.")
    NOT_EARNED = (
        "not_earned",
        N_(
            "With %(attended)s of %(planned)s UE this document would not have been earned: %(needed)s were needed. That is "
            "no correction. If the figure is right, please correct the attendance list and revoke the document. If a "
            "confirmation of attendance was earned, the next conferral of the cohort issues it."
        ),
    )
    LETTERS = (
        "letters",
        N_(
            "These letters cannot be printed: %(letters)s. They would come out as empty boxes, and sealed. Please write the "
            "name in Latin, Greek or Cyrillic letters as in the passport, or confirm at the end of the form that you want this."
        ),
    )
    ENDLESS = "endless", N_("This document is valid without an end: there is nothing to renew.")
    WRONG_NUMBER = "wrong_number", N_("This is not the number of this document. Nothing was erased.")
    WRONG_NAME = "wrong_name", N_("This is not the name as it stands above. Nothing was erased.")
    NO_LINE = "no_line", N_("This person stands in no proposal and no protocol, or has been erased there already.")
    HAS_DOCUMENT = (
        "has_document",
        N_("A document was issued for this person. Please erase the data of the document: the lines go with it."),
    )
    EVIDENCE_KIND = "evidence_kind", N_("Evidence can be a PDF, JPEG or PNG file. Your text is still here.")
    EVIDENCE_SIZE = "evidence_size", N_("The file is larger than %(most)s MB. Please choose a smaller one.")
    NOT_FLAGGED = "not_flagged", N_("Somebody has looked at this in the meantime.")


_ENDS = {
    CertificateState.REVOKED: LifeReason.REVOKED,
    CertificateState.REPLACED: LifeReason.REPLACED,
    CertificateState.ERASED: LifeReason.ERASED,
}


def refuse_revocation(state: CertificateState, reason: str) -> LifeReason | None:
    """Return why a document cannot be revoked, or None."""
    return _ENDS.get(state) or (None if reason.strip() else LifeReason.NO_REASON)


def refuse_request(
    state: CertificateState, *, text: str, open_request: bool, by_office: bool, has_successor: bool = False
) -> LifeReason | None:
    """Return why no correction can be asked for, or None. The office may have a revoked document issued anew, once."""
    ended = _ENDS.get(state)
    if has_successor and ended is not LifeReason.ERASED:
        return LifeReason.REPLACED
    if ended and not (by_office and ended is LifeReason.REVOKED):
        return ended
    if open_request:
        return LifeReason.OPEN_REQUEST
    return None if text.strip() else LifeReason.NO_TEXT


def refuse_decision(
    state: CertificateState, *, decided: bool, own: bool, four_eyes: bool, reason: str, has_successor: bool = False
) -> LifeReason | None:
    """Return why a request cannot be decided, or None; ``own``: by whoever asked."""
    if decided:
        return LifeReason.DECIDED
    if own and four_eyes:
        return LifeReason.OWN_REQUEST
    ended = _ENDS.get(state)
    if ended and ended is not LifeReason.REVOKED:
        return ended
    if has_successor:
        return LifeReason.REPLACED
    return None if reason.strip() else LifeReason.NO_REASON


def refuse_renewal(
    state: CertificateState, valid_until: date | None, reason: str, *, open_request: bool = False
) -> LifeReason | None:
    """Return why a document cannot be renewed, or None; an expired one can. A request is decided first."""
    if state in _ENDS:
        return _ENDS[state]
    if open_request:
        return LifeReason.OPEN_REQUEST
    if valid_until is None:
        return LifeReason.ENDLESS
    return None if reason.strip() else LifeReason.NO_REASON


def refuse_visibility(state: CertificateState) -> LifeReason | None:
    """Return why the owner cannot choose what the public page shows, or None: these show next to nothing as it is."""
    return _ENDS[state] if state in {CertificateState.REPLACED, CertificateState.ERASED} else None


def refuse_correction(
    facts: Mapping[str, Any], corrected: Mapping[str, Any], *, today: date | None = None, unprintable: str = ""
) -> LifeReason | None:
    """Return why corrected facts cannot be issued, or None; ``unprintable`` are letters that nobody has agreed to lose.

    ``today``: the day of issue, before which no document that is issued now can have ended.
    """
    if not is_name(corrected["name"]):
        return LifeReason.NO_NAME
    if has_gap(facts, corrected):
        return LifeReason.GAP
    if corrected["end_date"] < corrected["begin_date"]:
        return LifeReason.IMPOSSIBLE_DATES
    if corrected["ue"]["live_attended"] > corrected["ue"]["live_planned"]:
        return LifeReason.IMPOSSIBLE_UE
    figures = [(one["ue"]["live_attended"], one["ue"]["live_planned"]) for one in (facts, corrected)]
    needed = attendance_needed(corrected)
    if needed is not None and figures[0] != figures[1] and corrected["ue"]["live_attended"] < needed:
        return LifeReason.NOT_EARNED
    ends = corrected.get("valid_until_date")
    if ends and today and ends != facts.get("valid_until_date") and date.fromisoformat(ends) < today:
        return LifeReason.PAST_END
    if dict(facts) == dict(corrected):
        return LifeReason.NO_CHANGE
    return LifeReason.LETTERS if unprintable else None


def is_flagged(kinds: Sequence[str]) -> bool:
    """Say whether a result behind a document changed and nobody has looked at it since."""
    flagged = False
    for kind in kinds:
        if kind in {EventKind.FLAGGED, EventKind.REVIEWED}:
            flagged = kind == EventKind.FLAGGED
    return flagged


#: What a file begins with, by its ending: what is called a PDF has to be one.
EVIDENCE_SIGNATURES = {
    ".pdf": b"%PDF-",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".png": b"\x89PNG\r\n\x1a\n",
}
MOST_EVIDENCE_MEGABYTES = 10


def refuse_evidence(filename: str, content: bytes) -> LifeReason | None:
    """Return why a file is not taken as evidence, or None."""
    stem, dot, ending = filename.rpartition(".")
    if len(content) > MOST_EVIDENCE_MEGABYTES * 1024 * 1024:
        return LifeReason.EVIDENCE_SIZE
    signature = EVIDENCE_SIGNATURES.get(dot + ending.lower())
    return None if stem and signature and content.startswith(signature) else LifeReason.EVIDENCE_KIND
