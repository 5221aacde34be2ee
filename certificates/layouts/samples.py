"""Invented people with awkward names, to try layouts out with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from certificates.conferral.rules import grouped_code
from certificates.conferral.snapshots import ENDING_FORMAT, SNAPSHOT_FORMAT
from lms.sentences import N_

#: By their place in the list of the preview page.
NAMES = (
    "Petra Łukaszewicz",
    "Dr.-Ing. Maximiliane-Friederike Freifrau von Großschönebeck-Hönow-Waldsieversdorf",
    "ÄÖÜß ćčěłńŕśšźž",
    "Ελένη Παπαδοπούλου",
    "Наталія Шевченко",
    "Nguyễn Thị Ánh Tuyết",
)
LANGUAGES, KINDS = ("de", "en"), ("certificate", "attendance")
ISSUED_AT = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
_MODULES = {
    "de": ("Grundlagen und Rolle", "Strategie und Steuerung", "Daseinsvorsorge im ländlichen Raum", "Daten und Open Data",
           "Technik verstehen", "Informationssicherheit und Datenschutz", "Recht, Vergabe, Fördermittel",
           "Beteiligung und Inklusion", "Mobilität, Energie, Klima", "Agil arbeiten, gemeinsam skalieren"),
    "en": ("Foundations and role", "Strategy and steering", "Public services in rural areas", "Data and open data",
           "Understanding technology", "Information security and data protection", "Law, procurement, funding",
           "Participation and inclusion", "Mobility, energy, climate", "Working agile, growing together"),
}  # fmt: skip


#: What stands where a number and a link would be, so that nobody takes a sample for a document.
WORDS = {"de": "MUSTER", "en": "SAMPLE"}
CODE = "0" * 12


def sample_serial(language: str) -> str:
    """Return the number of every sample in a language."""
    return f"{WORDS.get(language, WORDS['en'])}-0000"


def sample_token(language: str) -> str:
    """Return what stands for the token in a sample's link, which leads nowhere."""
    return f"{WORDS.get(language, WORDS['en']).lower()}-{'0' * 26}"


#: What documents can be like that a layout may not have thought of, as people call them.
VARIANTS = {
    "one_signatory": N_("a document with one signature"),
    "no_municipality": N_("a document without a municipality"),
    "no_criteria": N_("a document without requirements met"),
    "no_percent": N_("a document of a course that requires no attendance"),
    "expiry": N_("a document that is valid until a certain day"),
    "next": N_("a document that replaces an earlier one"),
    "long": N_("a document with very long names"),
    "letters": N_("a document with Sorbian, Polish, Greek, Cyrillic and Vietnamese letters"),
}


def sample_facts(
    *, kind: str, language: str, name: str, issuer: str, base_url: str, variant: str = ""
) -> dict[str, Any]:
    """Return a snapshot that nobody will take for a real one: its number is zero and its code says so.

    It has every key of a real one. ``variant`` is one of VARIANTS.
    """
    usual = _usual_facts(kind=kind, language=language, name=name, issuer=issuer, base_url=base_url)
    return {**usual, **_changes(usual, variant)}


def _changes(facts: dict[str, Any], variant: str) -> dict[str, Any]:
    changes: dict[str, dict[str, Any]] = {
        "one_signatory": {"signatories": facts["signatories"][:1]},
        "no_municipality": {"municipality": None},
        "no_criteria": {"criteria": []},
        "no_percent": {"attendance_percent": None},
        "expiry": {"format": ENDING_FORMAT, "valid_until_date": "2027-06-30"},
        "next": {"replaces": {"serial": facts["serial"], "issue_date": "2026-05-29"}},
        "long": {
            "name": f"{facts['name']}-{facts['name'].split()[-1]}",
            "municipality": "Verwaltungsgemeinschaft Großschönebeck-Hönow-Waldsieversdorf/Wjelike Zdźary",
            "course": f"{facts['course']}: {' · '.join(one['title'] for one in facts['modules'][:4])}",
            "signatories": [
                {"name": facts["name"], "function": f"{one['function']}, {facts['issuer']}"} for one in facts["signatories"]
            ],
        },
    }
    changes["letters"] = dict.fromkeys(("name", "municipality", "course"), ", ".join(NAMES[2:]))
    return changes.get(variant, {})


def _usual_facts(*, kind: str, language: str, name: str, issuer: str, base_url: str) -> dict[str, Any]:
    german = language == "de"
    criteria = (
        [("Anwesenheit", "36 von 40 UE besucht."), ("Lektionen", "Alle Lektionen sind erledigt.")]
        if german
        else [("Attendance", "36 of 40 UE attended."), ("Lessons", "All lessons are completed.")]
    )
    return {
        "format": SNAPSHOT_FORMAT,
        "kind": kind,
        "serial": sample_serial(language),
        "verify_url": f"{base_url.rstrip('/')}/verify/{sample_token(language)}",
        "code": grouped_code(CODE),
        "language": language,
        "name": name,
        "municipality": "Bad Muskau-Großschönebeck",
        "course": "Smart City Manager",
        "cohort": "Frühjahr 2026" if german else "Spring 2026",
        "begin_date": "2026-03-03",
        "end_date": "2026-05-26",
        "ue": {"total": 72, "live_planned": 40, "live_attended": 36, "self_study": 20, "project": 12},
        "modules": [{"title": title, "self_study_ue": 2, "live_ue": 4} for title in _MODULES[language]],
        "criteria": [{"kind": "sample", "title": title, "text": text} for title, text in criteria],
        "attendance_percent": 80,
        "confirmation_percent": 50,
        "issuer": issuer,
        "signatories": [
            {"name": "Dr. Erika Mustermann-Beispielhaus", "function": "Leitung" if german else "Head"},
            {"name": "Max Muster", "function": "Programmbüro" if german else "Programme office"},
        ],
        "place": "Potsdam",
        "issue_date": "2026-06-01",
        "valid_until_date": None,
        "replaces": None,
    }
