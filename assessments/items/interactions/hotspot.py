"""Hotspot: areas of a picture are chosen, in the picture or from the list beside it. Response: ``{"areas": [positions]}``.

``coords`` are per cent of the picture: of a ``rect`` left, top, right and bottom; of a ``circle`` the centre's distance
from the left and from the top, and the radius in per cent of the width. Scoring: with one right area it must be that
one; with several, right choices minus wrong ones, never below 0, as in a multiple choice with penalty. ``single``: one area
is chosen although several are right, and each of them gives all points.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import KeyProblem, Mended, Part, in_order
from assessments.items.interactions.wordings import EXPLANATION, PROMPT, Markup, Texts
from lms.sentences import N_, Sentence, sentence

LABEL = N_("Area in a picture")
KEYS = frozenset({"image", "alt", "areas", "shuffle", "single"})
MANUAL = False
TAKES_FILE = False
WORDINGS: tuple[Texts, ...] = (
    PROMPT,
    Texts("alt", N_("What the picture shows, in words"), Markup.PLAIN),
    Texts("areas.*.label", N_("Area %(number)s"), kin="areas"),
    EXPLANATION,
)
MAX_AREAS = 12
#: A picture of the course's archive, or one that came with the question from another system.
_IMAGE = re.compile(r"media/[a-z0-9][a-z0-9-]*\.(svg|png|jpg|webp)|/pictures/[0-9a-f]{64}\.(svg|png|jpg|webp)")
_AREA_KEYS = frozenset({"label", "shape", "coords", "correct"})


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    if not isinstance(definition.get("image"), str) or not _IMAGE.fullmatch(definition["image"]):
        found.append(sentence(N_("'image' must name a picture of the archive, such as media/plan.png.")))
    if not answers.is_text(definition.get("alt")):
        found.append(sentence(N_("'alt' must say in words what the picture shows.")))
    areas = definition.get("areas")
    if not isinstance(areas, list) or not 2 <= len(areas) <= MAX_AREAS:
        return [*found, sentence(N_("'areas' must be a list of 2 to %(most)s areas."), most=MAX_AREAS)]
    for number, area in enumerate(areas, start=1):
        found += _area_problems(number, area)
    good = [area for area in areas if isinstance(area, dict)]
    labels = [str(area["label"]).strip() for area in good if "label" in area]
    if len(set(labels)) != len(labels):
        found.append(sentence(N_("Two areas have the same label.")))
    if not answers.correct_positions(good):
        found.append(sentence(N_("At least one area must be correct.")))
    if not isinstance(definition.get("single", False), bool):
        found.append(sentence(answers.TRUE_OR_FALSE, key="single"))
    elif definition.get("single") and len(answers.correct_positions(good)) == 1:
        found.append(sentence(N_("'single' is for questions in which several areas are correct.")))
    return found


def _area_problems(number: int, area: Any) -> list[Sentence]:
    if not isinstance(area, dict) or set(area) - _AREA_KEYS:
        text = N_("Area %(number)s must have the keys %(keys)s and no others.")
        return [sentence(text, number=number, keys=", ".join(sorted(_AREA_KEYS)))]
    found = []
    if not answers.is_text(area.get("label")):
        text = N_("Area %(number)s needs a 'label' for those who do not see the picture.")
        found.append(sentence(text, number=number))
    if not isinstance(area.get("correct", False), bool):
        found.append(sentence(N_("Area %(number)s must have true or false as 'correct'."), number=number))
    shape, coords = area.get("shape"), area.get("coords")
    if shape not in ("rect", "circle"):
        return [*found, sentence(N_("Area %(number)s must have rect or circle as 'shape'."), number=number)]
    count = 4 if shape == "rect" else 3
    if not isinstance(coords, list) or len(coords) != count or not all(map(_is_percent, coords)):
        text = N_("Area %(number)s must have %(count)s numbers from 0 to 100 as 'coords'.")
        return [*found, sentence(text, number=number, count=count)]
    if (coords[0] >= coords[2] or coords[1] >= coords[3]) if shape == "rect" else coords[2] == 0:
        text = N_("Area %(number)s has no surface: a rect is left, top, right, bottom; a circle has a radius above 0.")
        found.append(sentence(text, number=number))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle."""
    return answers.shuffled(len(definition["areas"]), chance, shuffle=definition.get("shuffle", True))


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    chosen = answers.positions_in(form.getlist(field), len(definition["areas"]))
    if not chosen or (len(chosen) > 1 and not _several(definition)):
        return None
    return {"areas": chosen}


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    chosen = response.get("areas")
    return (
        set(response) == {"areas"}
        and isinstance(chosen, list)
        and bool(chosen)
        and all(answers.is_position(one, len(definition["areas"])) for one in chosen)
        and chosen == sorted(set(chosen))
        and (len(chosen) == 1 or _several(definition))
    )


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score."""
    right, chosen = set(answers.correct_positions(definition["areas"])), set(response["areas"])
    most = len(right) if _several(definition) else 1
    return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), most))


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    chosen = [definition["areas"][position] for position in response["areas"]]
    return [Part(area["label"], area.get("correct") is True) for area in chosen]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options."""
    parts = [Part(area["label"], area.get("correct") is True) for area in definition["areas"]]
    return in_order(parts, order)

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; whether one area is chosen or several is how one answers, and so stays."""
    new = definition | {"areas": answers.with_right(definition["areas"], form.getlist("key-right"))}
    right = len(answers.correct_positions(new["areas"]))
    if _several(definition):
        good, said = right > 1, sentence(N_("At least two areas must be right, since several can be chosen."))
    else:
        good, said = right > 0, sentence(N_("At least one area must be right."))
        new = {name: value for name, value in new.items() if name != "single"} | ({"single": True} if right > 1 else {})
    return new, [] if good else [KeyProblem("key-right", said)]


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    chosen = set(response["areas"]) if response else set()
    areas = definition["areas"]
    return {
        "image": definition["image"],
        "alt": definition["alt"],
        "several": _several(definition),
        "areas": [
            {
                "position": position,
                "number": number,
                "text": areas[position]["label"],
                "chosen": position in chosen,
                "correct": areas[position].get("correct") is True,
                "feedback": "",
                "shape": areas[position]["shape"],
                "coords": areas[position]["coords"],
            }
            for number, position in enumerate(order, start=1)
        ],
    }


def _several(definition: dict[str, Any]) -> bool:
    return len(answers.correct_positions(definition["areas"])) > 1 and not definition.get("single", False)


def _is_percent(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100
