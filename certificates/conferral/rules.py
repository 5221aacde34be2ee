"""Decisions about conferring, and what a certificate's snapshot says."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from courses.progress.rules import CONFIRMATION_PERCENT, Achievement, needed_ue
from lms.sentences import N_, Reason


class ConferralReason(Reason):
    """Why a cohort cannot be conferred, or a proposal not be decided."""

    NOT_COMPLETED = "not_completed", N_("The cohort has not been completed. Please complete the teaching first.")
    NOBODY = "nobody", N_("There is nobody to issue a document for: everybody who qualifies has one.")
    EMPTY = "empty", N_("Nobody is in this cohort: there are no results to confer.")
    UNPRINTABLE = (
        "unprintable",
        N_(
            "Nothing was issued: some documents cannot be printed as they should be. Please have it mended, or confirm above the "
            "button that they are issued all the same."
        ),
    )
    NO_SIGNATORIES = "no_signatories", N_("Please name at least one person who signs, with their function.")
    OPEN_PROPOSAL = (
        "open_proposal",
        N_("There is a proposal already that waits for a decision. It has to be decided or withdrawn first."),
    )
    DECIDED = "decided", N_("This proposal has been decided in the meantime. Nothing was issued twice.")
    SAME_PERSON = "same_person", N_("Whoever proposed cannot approve: another coordinator has to.")
    NOT_YOURS = "not_yours", N_("Only who proposed can withdraw. You can send the proposal back with a reason.")
    NO_REASON = "no_reason", N_("Please give a reason: whoever proposed reads it.")
    RESULTS_CHANGED = (
        "results_changed",
        N_("Results have changed since the proposal, so nothing was issued. Please send it back; a new one is needed."),
    )
    CONFERRED = (
        "conferred",
        N_(
            "The results of this cohort have been conferred. Documents and protocol carry its title and days; these cannot be "
            "changed any more."
        ),
    )
    DAMAGED = "damaged", N_("The proposal is not what was proposed: its hash is wrong. Please have a new one made.")


def refuse_proposal(
    *,
    completed: bool,
    signatories: Sequence[dict[str, str]],
    new: int,
    open_proposal: bool,
    people: int = 1,
    conferred: bool = True,
) -> ConferralReason | None:
    """Return why a cohort's results cannot be proposed now, or None; ``new`` counts the documents to be issued.

    A cohort that was not ``conferred`` yet is closed by a protocol even where none of its ``people`` earned a document.
    """
    if not completed:
        return ConferralReason.NOT_COMPLETED
    if open_proposal:
        return ConferralReason.OPEN_PROPOSAL
    if not people:
        return ConferralReason.EMPTY
    if new == 0:
        return ConferralReason.NOBODY if conferred else None
    if not any(one.get("name", "").strip() for one in signatories):
        return ConferralReason.NO_SIGNATORIES
    return None


def refuse_approval(
    *,
    decided: bool,
    own: bool,
    four_eyes: bool,
    new: int,
    closing: bool = False,
    intact: bool = True,
    changes: int = 0,
    unprintable: int = 0,
) -> ConferralReason | None:
    """Return why a proposal cannot be approved, or None; ``own``: by whoever proposed it.

    ``new`` counts the documents to be issued: lines may have been erased since. ``closing``: none was proposed to be.
    ``unprintable``: so many documents lack something, and nobody has confirmed that they are issued all the same.
    """
    if decided:
        return ConferralReason.DECIDED
    if own and four_eyes:
        return ConferralReason.SAME_PERSON
    if not intact:
        return ConferralReason.DAMAGED
    if changes:
        return ConferralReason.RESULTS_CHANGED
    if not new and not closing:
        return ConferralReason.NOBODY
    return ConferralReason.UNPRINTABLE if unprintable else None


def refuse_return(*, decided: bool, reason: str) -> ConferralReason | None:
    """Return why a proposal cannot be sent back, or None."""
    if decided:
        return ConferralReason.DECIDED
    return None if reason.strip() else ConferralReason.NO_REASON


def refuse_withdrawal(*, decided: bool, own: bool) -> ConferralReason | None:
    """Return why a proposal cannot be withdrawn, or None."""
    if decided:
        return ConferralReason.DECIDED
    return None if own else ConferralReason.NOT_YOURS


def attendance_percent(facts: Mapping[str, Any]) -> int | None:
    """Return which share of the planned live units a document of this kind needed, as its facts say; None: none."""
    if facts["kind"] == Achievement.ATTENDANCE.value:
        return int(facts.get("confirmation_percent") or CONFIRMATION_PERCENT)
    percent: int | None = facts.get("attendance_percent")
    return percent


def attendance_needed(facts: Mapping[str, Any]) -> int | None:
    """Return how many live units a document of this kind needed; None: the course demanded none."""
    percent = attendance_percent(facts)
    return None if percent is None else needed_ue(facts["ue"]["live_planned"], percent)


def list_scope(
    modules: Mapping[int, tuple[str, int]], live: Iterable[tuple[int | None, int]], *, self_study: int, outside: str
) -> list[dict[str, Any]]:
    """Return the lines of the table of modules: title, units of self-study and units of live sessions.

    ``modules``: title and self-study by position; ``live``: each session's module and units. What belongs to no module,
    such as an additional session or the rest of the ``self_study`` that the course states, stands in a line of its own.
    """
    units: Counter[int | None] = Counter()
    for position, ue in live:
        units[position if position in modules else None] += ue
    lines = [
        {"title": title, "self_study_ue": ue, "live_ue": units[position]}
        for position, (title, ue) in sorted(modules.items())
    ]
    rest = max(0, self_study - sum(ue for _title, ue in modules.values()))
    if rest or units[None]:
        lines.append({"title": outside, "self_study_ue": rest, "live_ue": units[None]})
    return lines


def sum_scope(lines: Sequence[Mapping[str, Any]], project: int) -> dict[str, int]:
    """Return the sums that are printed beside the table of modules, made from its lines alone."""
    live = sum(line["live_ue"] for line in lines)
    self_study = sum(line["self_study_ue"] for line in lines)
    return {"total": live + self_study + project, "live_planned": live, "self_study": self_study, "project": project}


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


#: Crockford's 32 signs: nothing that is taken for something else on paper (no I, L, O, U).
CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # 60 bits: with the limits on asking, nobody guesses one


def grouped_code(code: str) -> str:
    """Return a code as it is printed: K7QF-3M9P-X2TD."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """Return the code that somebody typed, forgiving case, spaces, dashes and look-alikes; None: it cannot be one."""
    signs = "".join(typed.upper().translate(_LOOKALIKES).replace("-", " ").split())
    return signs if len(signs) == CODE_LENGTH and set(signs) <= set(CODE_SIGNS) else None


_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "–": "-", "‑": "-"})


def canonical_json(value: dict[str, Any]) -> str:
    """Return JSON that is the same for the same facts: keys sorted, no spaces, UTF-8 (like RFC 8785 for what we use)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse_signatories(text: str) -> list[dict[str, str]]:
    """Read ``Name, Function; Name, Function`` (the setting LMS_SIGNATORIES)."""
    parts = [part.partition(",") for part in text.split(";") if part.strip()]
    return [{"name": name.strip(), "function": function.strip()} for name, _comma, function in parts]
