"""Fonts: Fira Sans for the pages, Source Serif and Fira Sans for printed documents, each cut down to what is needed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

GOOGLE = Path("node_modules/@expo-google-fonts")

#: Latin letters of European languages (Sorbian, Polish and Czech among them), figures, punctuation and a few signs.
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    0x1E9E,
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    0x2020,
    0x2022,
    0x2026,
    0x202F,
    0x2030,
    0x2032,
    0x2033,
    0x2039,
    0x203A,
    0x20AC,
    0x2190,
    0x2191,
    0x2192,
    0x2193,
    0x2212,
    0x2713,
    0x218,
    0x219,
    0x21A,
    0x21B,
    0x2C6,
    0x2DA,
    0x2DC,
]
GREEK_AND_CYRILLIC = [*range(0x370, 0x400), *range(0x400, 0x530), *range(0x1F00, 0x2000)]
#: What names from elsewhere are written with: further Latin letters (Vietnamese, Turkic).
FURTHER_LATIN = [*range(0x180, 0x250), *range(0x250, 0x2B0), *range(0x2B0, 0x300), *range(0x1E00, 0x1F00)]
#: Marks stand in every print font: one from another font than its letter would stand beside it.
MARKS = [*range(0x300, 0x370)]
PRINTED = LATIN + MARKS

WEB = {"fira-sans-400": ("fira-sans", "400Regular", 400), "fira-sans-600": ("fira-sans", "600SemiBold", 600)}
PRINT = {
    "serif-regular": ("source-serif-4", "400Regular", PRINTED),
    "serif-bold": ("source-serif-4", "600SemiBold", PRINTED),
    "serif-italic": ("source-serif-4", "400Regular_Italic", PRINTED),
    "sans-regular": ("fira-sans", "400Regular", PRINTED),
    "sans-medium": ("fira-sans", "500Medium", PRINTED),
    "sans-other-regular": ("fira-sans", "400Regular", PRINTED + GREEK_AND_CYRILLIC + FURTHER_LATIN),
    "sans-other-medium": ("fira-sans", "500Medium", PRINTED + GREEK_AND_CYRILLIC + FURTHER_LATIN),
    "fallback-regular": ("source-serif-4", "400Regular", PRINTED + GREEK_AND_CYRILLIC + FURTHER_LATIN),
    "fallback-bold": ("source-serif-4", "600SemiBold", PRINTED + GREEK_AND_CYRILLIC + FURTHER_LATIN),
}


def web_fonts(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and woff2 of each font of the pages."""
    for name, (family, style, _weight) in WEB.items():
        yield name, _cut(_find(root, family, style), LATIN, flavor="woff2", features=["kern", "liga", "locl", "tnum"])


def print_fonts(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and TrueType of each font of printed documents."""
    for name, (family, style, letters) in PRINT.items():
        yield (
            name,
            _cut(_find(root, family, style), letters, flavor=None, features=["kern", "liga", "locl", "lnum", "mark"]),
        )


def font_faces(files: dict[str, str]) -> str:
    """Return the CSS that names the fonts of the pages."""
    return "".join(
        f'@font-face{{font-family:"Fira Sans";font-weight:{weight};font-display:swap;'
        f'src:url("{files[name]}") format("woff2")}}'
        for name, (_family, _style, weight) in WEB.items()
    )


def _find(root: Path, family: str, style: str) -> Path:
    return next((root / GOOGLE / family / style).glob("*.ttf"))


def _cut(path: Path, letters: list[int], *, flavor: str | None, features: list[str]) -> bytes:
    options = subset.Options()
    options.flavor = flavor
    options.layout_features = features
    options.hinting = False
    options.notdef_outline = True
    # Neither a browser nor a PDF reads what a variable font says of its axes, or more of the names than this one.
    options.drop_tables += ["STAT", "gasp"]
    options.name_IDs = [6]
    font = TTFont(path, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=letters)
    cutter.subset(font)
    font.flavor = flavor
    out = io.BytesIO()
    font.save(out, reorderTables=False)
    return out.getvalue()
