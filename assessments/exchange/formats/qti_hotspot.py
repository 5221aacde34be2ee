"""Areas of a picture in QTI: read where an area has a name and a shape that we have, written with exact places beside the pixels.

QTI counts pixels, we count per cent of the picture. A place that is no whole pixel stands in ``data-coords`` as well.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assessments.exchange.formats.qti_gaps import NEAR, Made, choices_of, whole
from assessments.exchange.formats.qti_item import Declaration, Item
from assessments.exchange.formats.qti_lines import NAME, decimal_text, map_response, set_outcome, when_right
from assessments.exchange.formats.qti_lines import Item as Written
from assessments.exchange.formats.qti_processing import Rule
from assessments.exchange.html_text import html_to_plain
from assessments.exchange.making import Number, number
from assessments.exchange.markdown_text import escape_line
from assessments.exchange.reasons import NotTaken, Why, named, shortened
from assessments.exchange.written import Load, refuse_keys
from assessments.items.interactions.hotspot import MAX_AREAS
from courses.archive.media import Size, check_media
from lms.markdown import render_inline

_COUNTS = {"rect": 4, "circle": 3}


def read_hotspot(item: Item, interaction: Element) -> Made:
    """Return points and definition of areas to choose in a picture. Raises NotTaken."""
    item.check_feedback(set())
    image, alt, size = _picture(item, interaction)
    choices = choices_of(interaction, "hotspotChoice")
    if len(choices) < 2:
        raise NotTaken(Why.FEW_ANSWERS, least=2)
    if len(choices) > MAX_AREAS:
        raise NotTaken(Why.MANY_ANSWERS, most=MAX_AREAS)
    declaration = item.declaration(interaction)
    points, right = _key(declaration, item.rule(interaction), interaction, choices)
    areas = [_area(choice, position, size) for position, choice in enumerate(choices, start=1)]
    for area, choice in zip(areas, choices, strict=True):
        if choice.get("identifier") in right:
            area["correct"] = True
    single = {"single": True} if len(right) > 1 and _is_single(declaration, interaction) else {}
    return points, {"type": "hotspot", "image": image, "alt": alt, "areas": areas} | single


def _picture(item: Item, interaction: Element) -> tuple[str, str, Size]:
    """Return a picture's address, what it shows in words, and the size that the places count in."""
    shown = [one for one in interaction if one.tag in {"object", "img"}]
    if len(shown) != 1:
        raise NotTaken(Why.NO_PICTURE)
    [one] = shown
    source = one.get("data" if one.tag == "object" else "src", "")
    address = item.pictures(source)
    if address is None:
        raise NotTaken(Why.PICTURE, name=shortened(source.rsplit("/", 1)[-1]))
    if len(one):
        raise NotTaken(Why.UNKNOWN_PART, part=shortened(str(one[0].tag)))
    alt = " ".join((one.get("alt") or one.text or "").split())
    if not alt:
        raise NotTaken(Why.PICTURE_WITHOUT_ALT, name=shortened(source.rsplit("/", 1)[-1]))
    real = item.pictures.sizes[address]
    width, height = (one.get(name, "").removesuffix("px") for name in ("width", "height"))
    for side in filter(None, (width, height)):
        if not re.fullmatch(r"[1-9]\d{0,4}", side):  # what the places count in is not known
            raise NotTaken(Why.BAD_VALUE, error=shortened(f"width, height: {side}"))
    if re.fullmatch(r"[1-9]\d{0,4}", width) and re.fullmatch(r"[1-9]\d{0,4}", height):
        return address, alt, Size(int(width), int(height))
    return address, alt, real


def _key(declaration: Declaration, rule: Rule, interaction: Element, choices: list[Element]) -> tuple[Number, set[str]]:
    """Return the points and which areas are right, where that counts as it does here."""
    names = [one.get("identifier", "") for one in choices]
    most, least = int(interaction.get("maxChoices", "1")), int(interaction.get("minChoices", "0"))
    single = _is_single(declaration, interaction)
    if least > 1 or (not single and 0 < most < len(names)):
        raise NotTaken(Why.CHOICE_LIMITS)
    if rule.kind == "match":
        right = set(declaration.correct)
        if not right or not right <= set(names):
            raise NotTaken(Why.NO_KEY)
        if not single or len(right) > 1:
            raise NotTaken(Why.PROCESSING, rule="match_correct")
        return whole(rule.worth), right
    if rule.kind != "map":
        raise NotTaken(Why.PROCESSING, rule=rule.kind)
    worth = {name: declaration.mapping.get(name, (declaration.default, True))[0] for name in names}
    right = {name for name, amount in worth.items() if amount > 0}
    if not right:
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    each = max(worth.values())
    total = each if single else each * len(right)
    if any(amount < 0 for amount in worth.values()) and declaration.lower != 0:
        raise NotTaken(Why.NEGATIVE)
    if single:
        if any(abs(worth[name] - each) > NEAR for name in right):
            raise NotTaken(Why.AREA_SHARES)
    elif len(right) == 1:
        raise NotTaken(Why.ONE_AREA)
    elif any(abs(abs(amount) - each) > NEAR for amount in worth.values()):
        raise NotTaken(Why.AREA_SCORING)
    if declaration.upper is not None and abs(declaration.upper - total) > NEAR:
        raise NotTaken(Why.AREA_SCORING)
    return whole(total), right


def _is_single(declaration: Declaration, interaction: Element) -> bool:
    return declaration.cardinality == "single" or int(interaction.get("maxChoices", "1")) == 1


def _area(choice: Element, position: int, size: Size) -> dict[str, Any]:
    shape = choice.get("shape", "")
    if shape not in _COUNTS:
        raise NotTaken(Why.AREA_SHAPE, shape=shortened(shape or "default"))
    label = " ".join(choice.get("hotspotLabel", "").split())
    if not label:
        raise NotTaken(Why.AREA_LABEL, number=position)
    pixels = [number(part) for part in choice.get("coords", "").split(",")]
    exact = choice.get("data-coords", "")
    if len(pixels) != _COUNTS[shape]:
        raise NotTaken(Why.BAD_VALUE, error="coords")
    coords = [_percent(value, most) for value, most in zip(pixels, _sides(shape, size), strict=True)]
    if exact:
        meant = [number(part) for part in exact.split(",")]
        if len(meant) == len(pixels) and _pixels(meant, shape, size) == pixels:
            coords = meant
    return {"label": _markdown(label, choice.get("data-markdown", "")), "shape": shape, "coords": coords}


def _markdown(label: str, meant: str) -> str:
    """Return a label as Markdown; the one that lies beside it counts while it still says the same."""
    return meant if meant and _plain(meant) == label else escape_line(label)


def _plain(label: str) -> str:
    return " ".join(html_to_plain(re.sub(r"</?(?:code|em|strong|s)>", "", render_inline(label))).split())


def _sides(shape: str, size: Size) -> tuple[int, ...]:
    """Return what each place of a shape is a part of: a radius is one of the width."""
    return (size.width, size.height, size.width, size.height)[: _COUNTS[shape]]


def _percent(pixels: Number, side: int) -> Number:
    share = Fraction(str(pixels)) / side * 100
    if not 0 <= share <= 100:
        raise NotTaken(Why.BAD_VALUE, error="coords")
    return int(share) if share.denominator == 1 else round(float(share), 4)


def _pixels(coords: list[Number], shape: str, size: Size) -> list[Number]:
    return [round(Fraction(str(value)) * side / 100) for value, side in zip(coords, _sides(shape, size), strict=True)]


def write_hotspot(item: Written, load: Load) -> None:
    """Write areas to choose in a picture. Raises NotTaken."""
    question = item.question
    refuse_keys(question, {"shuffle"}, NAME)
    size, errors = check_media(f"media/x.{question['image'].rsplit('.', 1)[-1]}", load(question["image"]))
    if size is None or errors:
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("picture"))
    areas = question["areas"]
    names = [f"A{position}" for position in range(1, len(areas) + 1)]
    right = [name for name, area in zip(names, areas, strict=True) if area.get("correct")]
    single = question.get("single", False)
    several = len(right) > 1 and not single
    if single:
        item.mapped("RESPONSE", "identifier", "single", right[:1], [(name, Fraction(item.points)) for name in right])
    elif several:
        each = Fraction(item.points, len(right))
        worth = [(name, each if name in right else -each) for name in names]
        item.mapped("RESPONSE", "identifier", "multiple", right, worth, lower=True)
    else:
        item.correct("RESPONSE", "identifier", "single", right)
    item.outcomes()
    item.begin_body()
    item.open("qti-hotspot-interaction", response_identifier="RESPONSE", max_choices="0" if several else "1")
    item.raw("img", "", src=question["image"], alt=question["alt"], width=str(size.width), height=str(size.height))
    for name, area in zip(names, areas, strict=True):
        _write_area(item, name, area, size)
    item.close("qti-hotspot-interaction")
    item.close("qti-item-body")
    item.processing(set_outcome("SCORE", map_response("RESPONSE")) if several or single else when_right(item.points))


def _write_area(item: Written, name: str, area: dict[str, Any], size: Size) -> None:
    pixels = _pixels(area["coords"], area["shape"], size)
    if (pixels[0] >= pixels[2] or pixels[1] >= pixels[3]) if area["shape"] == "rect" else pixels[2] == 0:
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("areas"))
    sides = _sides(area["shape"], size)
    more = {}
    if [_percent(value, side) for value, side in zip(pixels, sides, strict=True)] != area["coords"]:
        more["data_coords"] = ",".join(decimal_text(Fraction(str(value))) for value in area["coords"])
    label = _plain(area["label"])
    if escape_line(label) != area["label"]:
        more["data_markdown"] = area["label"]
    item.leaf(
        "qti-hotspot-choice", identifier=name, shape=area["shape"], coords=",".join(map(str, pixels)),
        hotspot_label=label, **more,
    )  # fmt: skip
