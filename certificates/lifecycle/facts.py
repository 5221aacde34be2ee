"""Which facts of a document can be corrected, what follows from a correction, and what it changes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import EllipsisType
from typing import Any

from certificates.conferral.rules import sum_scope
from lms.sentences import N_, Sentence, sentence

#: The facts of a snapshot that may be wrong on one person's document and can be corrected, as people call them.
CORRECTABLE = {
    "name": N_("Name"),
    "municipality": N_("Municipality"),
    "begin_date": N_("Begin"),
    "end_date": N_("End"),
    "ue": N_("Scope in UE"),
    "course": N_("Course"),
    "cohort": N_("Cohort"),
    "place": N_("Place"),
    "issuer": N_("Institution"),
    "valid_until_date": N_("Valid until"),
    "signatories": N_("Signatures"),
    "modules": N_("Modules"),
}
_OWN = N_(
    "Number, code and link are new with every document: whoever holds the old one must not take it for the new one."
)
_DAY = N_("The day of issue is the day on which the new document is issued; its page names the one that it replaces.")
_DECIDED = N_(
    "What the conferral decided, such as the kind of document and the requirements met, is no slip of the pen: where it is "
    "wrong, the document is revoked, and the next conferral of the cohort issues what was earned."
)
_MANNER = N_("The language is the course's.")
#: All other facts, with the reason why they are never corrected. A test holds both tables against a real snapshot.
FIXED = {
    "serial": _OWN,
    "code": _OWN,
    "verify_url": _OWN,
    "issue_date": _DAY,
    "replaces": _DAY,
    "kind": _DECIDED,
    "criteria": _DECIDED,
    "attendance_percent": _DECIDED,
    "confirmation_percent": _DECIDED,
    "language": _MANNER,
    "format": _MANNER,
}
#: Why what can never be corrected never can: each reason once.
FIXED_REASONS = tuple(dict.fromkeys(FIXED.values()))


def correct_facts(
    facts: Mapping[str, Any],
    *,
    name: str,
    municipality: str,
    begin_date: date,
    end_date: date,
    live_attended: int,
    valid_until: date | EllipsisType | None = ...,
    texts: Mapping[str, str] | None = None,
    signatories: Sequence[Mapping[str, str]] | None = None,
    modules: Sequence[Mapping[str, Any]] | None = None,
    project: int | None = None,
) -> dict[str, Any]:
    """Return the facts with the corrections in them; what is said about attendance follows when they are accepted.

    ``valid_until``: None is without an end. ``texts`` are course, cohort, place and issuer. What is not given stays as it
    was. The sums are made from the table as soon as one of its figures is another one, and are left alone otherwise.
    """
    made = {
        **facts,
        "name": _squeezed(name),
        "municipality": _squeezed(municipality) or None,
        "begin_date": begin_date.isoformat(),
        "end_date": end_date.isoformat(),
        "ue": {**facts["ue"], "live_attended": live_attended},
        **{key: _squeezed(text) for key, text in (texts or {}).items()},
    }
    if not isinstance(valid_until, EllipsisType) and valid_until != _day(facts.get("valid_until_date")):
        made["valid_until_date"] = valid_until.isoformat() if valid_until else None
    if signatories is not None:
        named = [{key: _squeezed(text) for key, text in one.items()} for one in signatories]
        made["signatories"] = [one for one in named if one["name"]]
    if modules is not None:
        made["modules"] = [{**one, "title": _squeezed(one["title"])} for one in modules]
    project = facts["ue"]["project"] if project is None else project
    if _figures(made["modules"]) != _figures(facts["modules"]) or project != facts["ue"]["project"]:
        made["ue"] |= sum_scope(made["modules"], project)
    return made


def has_gap(facts: Mapping[str, Any], corrected: Mapping[str, Any]) -> bool:
    """Say whether a correction empties something that every document has, or that this one had."""
    texts = [corrected["course"], corrected["cohort"], *(one["title"] for one in corrected["modules"])]
    kept = [corrected[key] for key in ("place", "issuer", "signatories") if facts[key]]
    return not all([*texts, *kept])


@dataclass(frozen=True)
class Change:
    """One thing that a new document says differently; values are texts, numbers, days, or None for nothing.

    ``follows``: nobody typed it, it follows from something else.
    """

    label: Sentence
    old: str | int | date | None
    new: str | int | date | None
    follows: bool = False


def list_corrections(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return what is different in facts to be issued from those that were, in the order of the form."""
    return [one for one in _all_changes(before, after) if one.old != one.new]


def corrected_keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the facts that a correction changes, by their keys: what an audit entry may say without saying anything."""
    return [key for key in CORRECTABLE if before.get(key) != after.get(key)]


def _all_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in ("name", "municipality"):
        yield Change(sentence(CORRECTABLE[key]), before[key], after[key])
    for key in ("begin_date", "end_date"):
        yield Change(sentence(CORRECTABLE[key]), _day(before[key]), _day(after[key]))
    yield _figure(N_("UE attended in live sessions"), "live_attended", before, after)
    for key in ("course", "cohort", "place", "issuer"):
        yield Change(sentence(CORRECTABLE[key]), before[key], after[key])
    until, until_now = (_day(facts.get("valid_until_date")) for facts in (before, after))
    yield Change(sentence(CORRECTABLE["valid_until_date"]), until, until_now)
    for number, (old, new) in enumerate(_pairs(before["signatories"], after["signatories"]), 1):
        yield Change(sentence(N_("Signature %(number)s"), number=number), _signature(old), _signature(new))
    for number, (old, new) in enumerate(_pairs(before["modules"], after["modules"]), 1):
        for key, label in MODULE_LABELS.items():
            yield Change(sentence(label, number=number), old.get(key), new.get(key))
    yield _figure(N_("Transfer project (UE)"), "project", before, after)
    for said, key in (
        (N_("Live sessions, all together (UE)"), "live_planned"),
        (N_("Self-study, all together (UE)"), "self_study"),
        (N_("Scope, all together (UE)"), "total"),
    ):
        yield _figure(said, key, before, after, follows=True)
    for old, new in _pairs(before["criteria"], after["criteria"]):
        met = sentence(N_("Requirement met: %(title)s"), title=new.get("title", ""))
        yield Change(met, old.get("text"), new.get("text"), follows=True)


#: What can be corrected in each line of the table of modules, by its key.
MODULE_LABELS = {
    "title": N_("Module %(number)s: title"),
    "live_ue": N_("Module %(number)s: live sessions (UE)"),
    "self_study_ue": N_("Module %(number)s: self-study (UE)"),
}


def _figure(
    label: str, key: str, before: Mapping[str, Any], after: Mapping[str, Any], *, follows: bool = False
) -> Change:
    return Change(sentence(label), before["ue"][key], after["ue"][key], follows)


def _pairs(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for number in range(max(len(old), len(new))):
        yield (old[number] if number < len(old) else {}), (new[number] if number < len(new) else {})


def _signature(one: Mapping[str, str]) -> str | None:
    return ", ".join(part for part in (one.get("name"), one.get("function")) if part) or None


def _figures(modules: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    return [(one["live_ue"], one["self_study_ue"]) for one in modules]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _squeezed(text: str) -> str:
    return " ".join(text.split())
