"""What is wrong with a printed PDF, as far as a program can tell: the claims of PDF/A-3a and PDF/UA-1 that layouts can break."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from lms.sentences import N_, Reason

MOST_DEPTH = 200


class PdfFault(Reason):
    """Something that a reader or a screen reader would stumble over."""

    NO_TITLE = "no_title", N_("The document has no title: <title> is missing or empty.")
    NO_LANGUAGE = "no_language", N_("The document has no language: <html lang> is missing.")
    NO_AUTHOR = "no_author", N_('The document has no author: <meta name="author"> is missing.')
    HEADINGS = "headings", N_("The document needs exactly one heading of the first level.")
    NO_ALTERNATIVE = "no_alternative", N_("A picture has no alternative text.")
    TABLE = "table", N_("A table has no header cells.")
    FONT = "font", N_("A font is not embedded, or its letters cannot be read out.")
    LETTERS = (
        "letters",
        N_(
            "Letters come out as empty boxes, because no font of print.css has them. Please name “font:fallback-regular.ttf” "
            "and “font:fallback-bold.ttf” there as the last ones: they have the letters of all European languages."
        ),
    )
    PICTURE = "picture", N_("A picture is smoothed, which the archive format forbids. SVG does without.")
    PAGES = "pages", N_("The document has more than 12 pages.")
    UNREADABLE = "unreadable", N_("The PDF cannot be read.")


def find_faults(content: bytes) -> list[PdfFault]:
    """Return what is wrong with a PDF, each kind once."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return list(dict.fromkeys(_faults(pdf)))
    except (pikepdf.PdfError, AttributeError, KeyError, ValueError, TypeError):
        return [PdfFault.UNREADABLE]


def walk(element: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the structure elements of a tagged PDF in reading order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid and depth < MOST_DEPTH:
            yield kid
            yield from walk(kid, depth + 1)


def _faults(pdf: pikepdf.Pdf) -> Iterator[PdfFault]:
    root, info = pdf.Root, pdf.docinfo
    if not str(info.get("/Title", "")).strip():
        yield PdfFault.NO_TITLE
    if not str(root.get("/Lang", "")).strip():
        yield PdfFault.NO_LANGUAGE
    if not str(info.get("/Author", "")).strip():
        yield PdfFault.NO_AUTHOR
    if len(pdf.pages) > 12:
        yield PdfFault.PAGES
    elements = list(walk(root.StructTreeRoot))
    if sum(str(one.S) == "/H1" for one in elements) != 1:
        yield PdfFault.HEADINGS
    if any(str(one.S) == "/Figure" and not str(one.get("/Alt", "")).strip() for one in elements):
        yield PdfFault.NO_ALTERNATIVE
    if any(str(one.S) == "/Table" and not any(str(cell.S) == "/TH" for cell in walk(one)) for one in elements):
        yield PdfFault.TABLE
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font" and "/DescendantFonts" in thing:
            descriptor = thing.DescendantFonts[0].FontDescriptor
            if "/ToUnicode" not in thing or not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
                yield PdfFault.FONT
            # WeasyPrint gives an encoding of its own to a font that was asked for letters that it does not have.
            if isinstance(thing.get("/Encoding"), pikepdf.Stream):
                yield PdfFault.LETTERS
        if (
            isinstance(thing, pikepdf.Stream)
            and thing.get("/Subtype") == "/Image"
            and bool(thing.get("/Interpolate", False))
        ):
            yield PdfFault.PICTURE
