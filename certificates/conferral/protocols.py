"""What a proposal freezes: everybody's result with what would be printed. Pure: hashing, comparing, erasing.

The hash goes over the header and the hashes of the lines. Each line carries random salt, so that a line can be lawfully
erased down to its hash: nobody can guess back who stood there, and the protocol's hash still holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from certificates.conferral.rules import canonical_json, sha256_of
from lms.sentences import N_, Sentence, sentence

PROTOCOL_FORMAT = 1

ACHIEVEMENTS = {
    "certificate": N_("Certificate"),
    "attendance": N_("Confirmation of attendance"),
    "none": N_("No document"),
}
_RULES = {
    "attendance": N_("Attendance"),
    "lessons": N_("Lessons"),
    "quizzes": N_("Quizzes"),
    "assignments": N_("Transfer project"),
}
_FACTS = {
    "municipality": N_("Municipality"),
    "course": N_("Course"),
    "cohort": N_("Cohort"),
    "begin_date": N_("Begin"),
    "end_date": N_("End"),
    "issuer": N_("Issuer"),
}


def line_hash(line: Mapping[str, Any]) -> str:
    """Return the hash of a line, of an erased one the hash that it had."""
    return str(line["sha256"]) if line.get("erased") else sha256_of(canonical_json(dict(line)))


def protocol_hash(protocol: Mapping[str, Any]) -> str:
    """Return the hash of what was proposed; what approval adds does not count."""
    header = {key: value for key, value in protocol.items() if key not in {"lines", "approval"}}
    return sha256_of(canonical_json({**header, "lines": [line_hash(line) for line in protocol["lines"]]}))


def without_lines_of(protocol: Mapping[str, Any], enrolment_id: int, *, erased_on: str) -> dict[str, Any]:
    """Return the protocol with a person's line erased down to its hash and day; the protocol's hash stays the same."""
    lines = [
        {"erased": erased_on, "sha256": line_hash(line)} if line.get("enrolment") == enrolment_id else line
        for line in protocol["lines"]
    ]
    made = {**protocol, "lines": lines}
    if "approval" in protocol:
        serials = {key: serial for key, serial in protocol["approval"]["serials"].items() if key != str(enrolment_id)}
        made["approval"] = {**protocol["approval"], "serials": serials}
    return made


def list_changes(frozen: Sequence[Mapping[str, Any]], current: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    """Return what is different now from what was frozen, one sentence each; empty: nothing.

    Nothing is a figure that moves while its rule stays met or not met and nothing printed follows it: whoever reads one
    more lesson must not hold up everybody's documents.
    """
    before = {line["enrolment"]: line for line in frozen if not line.get("erased")}
    now = {line["enrolment"]: line for line in current}
    said = [
        sentence(N_("%(name)s is no longer in the list."), name=line["name"])
        for key, line in before.items()
        if key not in now
    ]
    for key, line in now.items():
        if key in before:
            said += _line_changes(before[key], line)
        else:
            said.append(sentence(N_("%(name)s is new in the list."), name=line["name"]))
    return said


def _line_changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[Sentence]:
    said = []
    if before["name"] != now["name"]:
        said.append(sentence(N_("%(old)s is now called %(new)s."), old=before["name"], new=now["name"]))
    if before["achievement"] != now["achievement"]:
        said.append(
            sentence(
                N_("%(name)s: the result was “%(old)s” and is now “%(new)s”."),
                name=now["name"],
                old=sentence(ACHIEVEMENTS[before["achievement"]]),
                new=sentence(ACHIEVEMENTS[now["achievement"]]),
            )
        )
    old_rules = {rule["kind"]: rule for rule in before["rules"]}
    for rule in now["rules"]:
        old = old_rules.get(rule["kind"])
        if old is None or old["state"] != rule["state"]:
            said.append(
                sentence(
                    N_("%(name)s: %(what)s was %(old)s and is now %(new)s."),
                    name=now["name"],
                    what=sentence(_RULES[rule["kind"]]),
                    old=f"{old['value']}/{old['target']}" if old else "–",
                    new=f"{rule['value']}/{rule['target']}",
                )
            )
    old_facts, new_facts = before["facts"] or {}, now["facts"] or {}
    for key, label in _FACTS.items():
        if old_facts and new_facts and old_facts.get(key) != new_facts.get(key):
            said.append(
                sentence(
                    N_("%(name)s: %(what)s was %(old)s and is now %(new)s."),
                    name=now["name"],
                    what=sentence(label),
                    old=old_facts.get(key) or "–",
                    new=new_facts.get(key) or "–",
                )
            )
    if not said and _telling(before) != _telling(now):
        said.append(sentence(N_("%(name)s: something that is printed has changed."), name=now["name"]))
    return said


def _telling(line: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key not in {"salt", "rules"}}
