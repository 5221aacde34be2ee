"""The picture of a shared link: 1,200 by 630 pixels, with what the page shows and no state, since others keep it for long."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import uharfbuzz
from flask_babel import force_locale
from flask_babel import gettext as _
from PIL import Image, ImageDraw, ImageFont

from certificates.documents.words import document_words
from lms.printing.rendering import print_fonts
from lms.settings import current_config

WIDTH, HEIGHT, MARGIN = 1200, 630, 84
INK, QUIET, PAPER, LINE = "#16192b", "#454b6b", "#ffffff", "#1d2d5c"


def draw_picture(facts: Mapping[str, Any] | None, language: str) -> bytes:
    """Return a PNG: title, name and course; without ``facts`` only who issues. Names too long for it are set smaller."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 18), fill=LINE)
    draw.line([(MARGIN, 96), (MARGIN + 26, 148), (MARGIN + 52, 96)], fill=LINE, width=9, joint="curve")
    if facts is None:
        with force_locale(language):
            lines = [(_("Verify a document"), "serif-regular", 76, INK)]
            hint = _("The page says whether it is valid.")
    else:
        lines = [
            (document_words(dict(facts))["title"], "sans-medium", 38, LINE),
            (facts["name"], "serif-regular", 76, INK),
            (facts["course"], "sans-regular", 38, INK),
        ]
        with force_locale(language):
            hint = _("The page says whether it is valid.")
    top = 210
    for text, name, size, colour in lines:
        top = _write(draw, text, name, size, colour, top) + 22
    _write(draw, hint, "sans-regular", 28, QUIET, HEIGHT - 138)
    issuer = facts["issuer"] if facts else current_config().institution_name
    _write(draw, issuer, "sans-regular", 28, QUIET, HEIGHT - 92)
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _write(draw: ImageDraw.ImageDraw, text: str, name: str, size: int, colour: str, top: int) -> int:
    """Write one line and return where it ends."""
    while True:
        font = _font(name if _covers(name, text) else "fallback-regular", size)
        if size <= 24 or draw.textlength(text, font) <= WIDTH - 2 * MARGIN:
            break
        size -= 4
    while draw.textlength(text, font) > WIDTH - 2 * MARGIN:
        text = text[:-2].rstrip() + "…"
    draw.text((MARGIN, top), text, fill=colour, font=font)
    return top + round(size * 1.25)


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(print_fonts()[f"{name}.ttf"]), size)


def _covers(name: str, text: str) -> bool:
    return _signs(name).issuperset(map(ord, text))


@lru_cache(maxsize=8)
def _signs(name: str) -> frozenset[int]:
    return frozenset(uharfbuzz.Face(print_fonts()[f"{name}.ttf"]).unicodes)
