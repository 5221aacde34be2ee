"""A question for each option of each of the twelve types."""

from __future__ import annotations

from typing import Any

from tests.assessments.exchange.definitions import PLAN

_COMMON = {"explanation": "Darum, siehe **§ 5**.", "tags": ["recht", "zwei Wörter"], "difficulty": 3, "points": 2}
_ANSWERS = [{"text": "a", "correct": True}, {"text": "b", "correct": True}, {"text": "c"}, {"text": "d"}]
_WEIGHTED = [
    {"text": "a", "correct": True, "percent": 75, "feedback": "Ja."}, {"text": "b", "correct": True, "percent": 25},
    {"text": "c", "percent": -50, "feedback": "Nein."}, {"text": "d"},
]  # fmt: skip
_ONE = [
    {"text": "*a*", "correct": True, "feedback": "Genau."},
    {"text": "b", "percent": 50, "feedback": "Fast."},
    {"text": "c"},
]
_REASONS = [{"text": "x", "correct": True}, {"text": "y", "feedback": "Nein."}]
_AREAS: list[dict[str, Any]] = [
    {"label": "Rathaus", "shape": "rect", "coords": [10, 10, 20, 30], "correct": True},
    {"label": "*Mühle*", "shape": "circle", "coords": [33.3333, 50.5, 5.25]},
    {"label": "Kirche", "shape": "circle", "coords": [60, 50, 5]},
]
_GAPS = [{"id": "a", "accepted": ["Havel", "Hafel"]}, {"id": "b", "options": ["Dorf", "Stadt"], "correct": "Stadt"}]
_CHOSEN = {"id": "b", "correct": "Stadt", "options": [
    "=Dorf", {"text": "Stadt", "feedback": "Ja, *Stadt*."}, {"text": "Amt", "percent": 33.33333},
    {"text": "%5%Kreis", "percent": 50, "feedback": "Fast {so} = #1."}, {"text": "Land", "feedback": "Nein~."},
]}  # fmt: skip
_TEXTS: list[Any] = [
    {"text": "Havel", "feedback": "Ja, die *Havel*."}, "die Havel", {"text": "Hafel", "percent": 33.33333},
    {"text": "Spree", "percent": 0, "feedback": "Die fließt {anderswo} = #1."},
]  # fmt: skip
_NUMBERS: dict[str, Any] = {
    "value": 1822, "tolerance": 0, "feedback": "Genau.", "feedback_otherwise": "Sehen Sie *noch einmal* nach.",
    "other_values": [
        {"value": 1822, "tolerance": 2, "percent": 50, "feedback": "Fast."},
        {"value": -1.5},
        {"value": 1848, "percent": 0, "feedback": "Da war die Revolution."},
    ],
}  # fmt: skip
_UNITS = [{"name": "m", "factor": 1}, {"name": "cm", "factor": 0.01}]
_PAIRS = [{"left": "**Wald**", "right": "Baum"}, {"left": "See", "right": "Fisch"}]
_CATEGORIES = [
    {"name": "Pflicht", "members": ["a", "b"]},
    {"name": "Kür", "members": ["c"]},
    {"name": "Nichts", "members": []},
]

#: Type, and what makes the question one of its options, by a name.
OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "single": ("single_choice", {"answers": _ONE}),
    "single-as-written": ("single_choice", {"answers": _ONE, "shuffle": False}),
    "single-or": ("single_choice", {"answers": [*_ONE, {"text": "Havelberg", "percent": 100, "feedback": "Auch."}]}),
    "single-any": ("single_choice", {"answers": [{"text": "Elbe", "percent": 100}, {"text": "Oder", "correct": True}]}),
    "multiple-all": ("multiple_choice", {"answers": _ANSWERS, "scoring": "all_or_nothing"}),
    "multiple-partial": ("multiple_choice", {"answers": _ANSWERS, "scoring": "partial"}),
    "multiple-penalty": ("multiple_choice", {"answers": _ANSWERS, "scoring": "penalty"}),
    "multiple-weighted": ("multiple_choice", {"answers": _WEIGHTED, "scoring": "weighted", "shuffle": False}),
    "true": ("true_false", {"correct": True, "feedback_true": "Ja.", "feedback_false": "Nein."}),
    "false": ("true_false", {"correct": False}),
    "true-why": ("true_false", {"correct": True, "reasons": _REASONS, "shuffle": False}),
    "true-why-or": ("true_false", {"correct": True, "reasons": [*_REASONS, {"text": "Auch darum", "percent": 100}]}),
    "text": ("short_text", {"accepted": ["Havel", "die Havel"]}),
    "text-case": ("short_text", {"accepted": ["BauGB"], "case_sensitive": True}),
    "text-umlauts": ("short_text", {"accepted": ["Müller"], "ignore_diacritics": True}),
    "text-star": ("short_text", {"accepted": ["Hav*l"]}),
    "text-points": ("short_text", {"accepted": ["Havel", {"text": "Hafel", "percent": 33.33333}]}),
    "text-said": ("short_text", {"accepted": _TEXTS}),
    "text-else": ("short_text", {"accepted": [*_TEXTS, {"text": "*", "percent": 0, "feedback": "Nein."}]}),
    "text-order": ("short_text", {"accepted": [{"text": "Havelsee", "percent": 0}, "Havel*"]}),
    "number": ("numerical", {"value": -12.5, "tolerance": 0.25}),
    "number-relative": ("numerical", {"value": 200, "tolerance": 0.05, "tolerance_kind": "relative"}),
    "number-units": ("numerical", {"value": 3, "tolerance": 0, "units": _UNITS}),
    "number-values": ("numerical", _NUMBERS),
    "number-else": ("numerical", {"value": 3, "feedback_otherwise": "Nein."}),
    "number-values-relative": (
        "numerical", {"value": 3, "other_values": [{"value": 4, "tolerance": 0.1, "tolerance_kind": "relative", "percent": 50}]}
    ),
    "pairs": ("matching", {"pairs": _PAIRS, "distractors": ["Stein"]}),
    "pairs-others": ("matching", {"pairs": _PAIRS, "distractors": ["Stein"], "other_solutions": [[2, 1], [1, 3]]}),
    "pairs-shuffle": ("matching", {"pairs": _PAIRS, "shuffle": False}),
    "order-pairs": ("ordering", {"steps": ["eins", "*zwei*", "drei"], "scoring": "pairs"}),
    "order-places": ("ordering", {"steps": ["eins", "zwei", "drei"], "scoring": "places"}),
    "order-all": ("ordering", {"steps": ["eins", "zwei", "drei"], "scoring": "all_or_nothing"}),
    "order-others": (
        "ordering", {"steps": ["eins", "zwei", "drei"], "scoring": "all_or_nothing", "other_solutions": [[2, 1, 3]]}
    ),
    "sorted": ("categorising", {"categories": _CATEGORIES}),
    "sorted-others": ("categorising", {"categories": _CATEGORIES, "other_solutions": [[1, 3, 2], [2, 1, 2]]}),
    "gaps": ("gaps", {"text": "An der [[a]] liegt eine [[b]].\nUnd mehr.", "gaps": _GAPS}),
    "gaps-case": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": _GAPS, "case_sensitive": True}),
    "gaps-umlauts": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": _GAPS, "ignore_diacritics": True}),
    "gaps-points": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": [{"id": "a", "accepted": _TEXTS[1:3]}, _GAPS[1]]}),
    "gaps-said": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": [{"id": "a", "accepted": _TEXTS}, _GAPS[1]]}),
    "gaps-chosen-points": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": [_GAPS[0], _CHOSEN | {
        "options": ["Dorf", "Stadt", {"text": "Amt", "percent": 33.33333}]}]}),
    "gaps-chosen-others": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": [_GAPS[0], _CHOSEN | {
        "options": ["Dorf", "Stadt", {"text": "Amt", "percent": 100}, {"text": "Kreis", "percent": 50}]}]}),
    "gaps-chosen-said": ("gaps", {"text": "Nach [[a]] und [[b]].", "gaps": [_GAPS[0], _CHOSEN]}),
    "place": ("hotspot", {"image": PLAN, "alt": "Ein Plan", "areas": _AREAS}),
    "places": ("hotspot", {"image": PLAN, "alt": "Ein Plan", "areas": [_AREAS[0], _AREAS[1] | {"correct": True}, _AREAS[2]]}),
    "place-or-place": ("hotspot", {
        "image": PLAN, "alt": "Ein Plan", "areas": [_AREAS[0], _AREAS[1] | {"correct": True}, _AREAS[2]], "single": True}),
    "place-as-written": ("hotspot", {"image": PLAN, "alt": "Ein Plan", "areas": _AREAS, "shuffle": False}),
    "essay": ("essay", {"min_words": 50, "max_words": 200, "guidance": "Auf den *Aufbau* achten."}),
    "essay-free": ("essay", {}),
    "file": ("file_upload", {"media_types": ["application/pdf"], "max_megabytes": 5, "guidance": "Drei Seiten."}),
    "file-table": ("file_upload", {"media_types": ["text/csv", "image/png"]}),
}  # fmt: skip


def every_question(*, bare: bool) -> list[dict[str, Any]]:
    """Return a question for each option, ``bare`` or with everything that a question of any type can have."""
    more = {} if bare else _COMMON
    return [
        {"id": name, "type": type_name, "prompt": f"Was gilt hier? ({name})"} | more | body
        for name, (type_name, body) in OPTIONS.items()
    ]
