"""Invented people with awkward names, to try layouts out with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from certificates.conferral.rules import grouped_code

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


def sample_facts(*, kind: str, language: str, name: str, issuer: str, base_url: str) -> dict[str, Any]:
    """Return a snapshot that nobody will take for a real one: its number is zero and its code says so."""
    german = language == "de"
    criteria = (
        [("Anwesenheit", "36 von 40 UE besucht."), ("Lektionen", "Alle Lektionen sind erledigt.")]
        if german
        else [("Attendance", "36 of 40 UE attended."), ("Lessons", "All lessons are completed.")]
    )
    return {
        "format": 2,
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
        "issuer": issuer,
        "signatories": [
            {"name": "Dr. Erika Mustermann-Beispielhaus", "function": "Leitung" if german else "Head"},
            {"name": "Max Muster", "function": "Programmbüro" if german else "Programme office"},
        ],
        "place": "Potsdam",
        "issue_date": "2026-06-01",
    }
