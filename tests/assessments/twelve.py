"""A course whose quiz asks one question of each type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assessments.items.interactions.registry import INTERACTIONS
from courses.archive.reading import read_archive
from tests.assessments.items.test_scoring import QUESTIONS

SMALL_COURSE = Path(__file__).parents[1] / "data" / "small-course"
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 300" width="600" height="300">
  <title>Ortsplan</title>
  <rect width="600" height="300" fill="#eef2e6"/>
  <path d="M0 210H600M300 0V300" stroke="#8a8f98" stroke-width="14"/>
  <rect x="70" y="40" width="100" height="36" fill="#b5532f"/>
  <circle cx="360" cy="120" r="40" fill="#3f6fb5"/>
  <rect x="430" y="220" width="100" height="44" fill="#5b6470"/>
</svg>
"""
ASKED: dict[str, dict[str, Any]] = {
    "single_choice": {"prompt": "Was ist ein Amt in Brandenburg?"},
    "multiple_choice": {"prompt": "Welche Aufgaben sind **freiwillig**?", "scoring": "penalty"},
    "true_false": {
        "prompt": "Offene Daten brauchen keine Lizenz.",
        "reasons": [{"text": "Sie sind frei."}, {"text": "Ohne Lizenz gilt das Urheberrecht.", "correct": True}],
    },
    "short_text": {
        "prompt": "Wie heißt ein Zusammenschluss von Gemeinden für eine Aufgabe?",
        "accepted": [
            "Zweckverband",
            "Amt *",
            {"text": "Kommunaler Zweckverband", "feedback": "Genau, und zwar *kommunal*."},
            {"text": "Verband", "percent": 50, "feedback": "Fast: Es fehlt, *wofür* er da ist."},
            {"text": "*", "percent": 0, "feedback": "Das Gesetz über kommunale Gemeinschaftsarbeit nennt ihn."},
        ],
    },
    "numerical": {
        "prompt": "Wie viel verbraucht die Leuchte im Jahr?",
        "units": [{"name": "kWh", "factor": 1}, {"name": "MWh", "factor": 1000}],
        "feedback": "Genau.",
        "other_values": [{"value": 12.5, "tolerance": 0.2, "tolerance_kind": "relative", "percent": 50, "feedback": "Fast."}],
        "feedback_otherwise": "Rechnen Sie mit *4.000 Stunden*.",
    },
    "matching": {"prompt": "Was gehört zusammen?"},
    "ordering": {"prompt": "In welcher Reihenfolge?"},
    "categorising": {"prompt": "Wohin gehört das?"},
    "gaps": {
        "prompt": "Füllen Sie die Lücken.",
        "gaps": [
            {"id": "a", "accepted": ["Amt", {"text": "Ambt", "percent": 50, "feedback": "Ohne *b*."}]},
            {"id": "b", "options": ["Kreis", {"text": "Dorf", "feedback": "Ja, ein *Dorf*."}], "correct": "Dorf"},
        ],
    },
    "hotspot": {"prompt": "Wo steht das Rathaus?", "image": "media/plan.svg"},
    "essay": {"prompt": "Begründen Sie eine Maßnahme für Ihre Kommune."},
    "file_upload": {"prompt": "Laden Sie Ihren Plan hoch."},
}


def twelve_types(settings: str = "") -> dict[str, bytes]:
    """Return the files of a course whose first quiz has all types in their order; ``settings`` join its table [quiz]."""
    files = dict(read_archive(SMALL_COURSE).files)
    questions = [
        QUESTIONS[name] | ASKED[name] | {"id": f"t-{number:02}", "tags": [name]}
        for number, name in enumerate(INTERACTIONS, start=1)
    ]
    files["modules/01-anfang/questions/01-aufbruch.yaml"] = yaml.safe_dump(questions, allow_unicode=True).encode()
    quiz = f'[quiz]\ntitle = "Quiz: Alle Arten"\nmax_attempts = 3\nshuffle_questions = false\n{settings}\n'
    module = files["modules/01-anfang/module.toml"].decode()
    before, _table, after = module.partition("[quiz]")
    files["modules/01-anfang/module.toml"] = (before + quiz + "[en]" + after.partition("[en]")[2]).encode()
    files["media/plan.svg"] = PICTURE.encode()
    return files
