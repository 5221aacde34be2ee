"""From HTML with its files to a PDF that is PDF/A-3a and PDF/UA-1 at once; the same input always gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from lms.frame.assets import BUILT
from lms.printing.conformance import add_conformance
from lms.printing.references import BASE

FONTS = BUILT / "print"
#: Interpolated pictures are forbidden in PDF/A (ISO 19005-3, 6.2.8).
BEFORE = "html { image-rendering: crisp-edges }"
VARIANT = "pdf/a-3a"


class PrintingImpossibleError(RuntimeError):
    """This machine lacks something for printing; the text says what to install or build."""


@dataclass(frozen=True)
class AttachedFile:
    """A file that a PDF carries (``AFRelationship=Data``); ``description`` is what a reader's list of attachments says."""

    name: str
    content: bytes
    description: str


def print_pdf(
    html: str,
    css: str,
    *,
    files: Mapping[str, bytes],
    identifier: str,
    at: datetime,
    attached: Sequence[AttachedFile] = (),
    refused: list[str] | None = None,
) -> bytes:
    """Return the unsealed PDF. ``identifier`` becomes the file's id, ``at`` the time of what is attached.

    In ``refused`` is noted what was not loaded: a picture within a picture is left out without another word.

    The HTML states title, language, author and its own times (``dcterms.created``, ``dcterms.modified``). It can load
    ``files`` by their names, the print fonts as ``font:NAME.ttf`` and nothing else. Raises PrintingImpossibleError.
    """
    weasyprint = load_weasyprint()
    from lms.printing.fetching import OwnFiles

    fetcher = OwnFiles(files, print_fonts(), refused)
    fonts = weasyprint.text.fonts.FontConfiguration()
    before = weasyprint.CSS(string=BEFORE)
    style = weasyprint.CSS(string=css, url_fetcher=fetcher, base_url=BASE, font_config=fonts)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=BASE)
    out = io.BytesIO()
    document.write_pdf(
        out,
        stylesheets=[before, style],
        font_config=fonts,
        pdf_variant=VARIANT,
        pdf_tags=True,
        presentational_hints=False,
        pdf_identifier=identifier.encode(),
        attachments=weasyprint_attachments(attached, at),
        finisher=add_conformance,
    )
    return out.getvalue()


def weasyprint_attachments(attached: Sequence[AttachedFile], at: datetime) -> list[Any]:
    """Return files as WeasyPrint attaches them, made at a time of the document's own."""
    weasyprint = load_weasyprint()
    return [
        weasyprint.Attachment(
            string=one.content,
            name=one.name,
            description=one.description,
            relationship="Data",
            created=at,
            modified=at,
        )
        for one in attached
    ]


@lru_cache(maxsize=1)
def print_fonts() -> Mapping[str, bytes]:
    """Return the print fonts by their file names."""
    return {path.name: path.read_bytes() for path in sorted(FONTS.glob("*.ttf"))}


def load_weasyprint() -> Any:
    """Return WeasyPrint with all of its libraries. Raises PrintingImpossibleError with the line to run."""
    try:
        import weasyprint
        from weasyprint.text import ffi, fonts  # noqa: F401 - used as attributes
    except OSError as error:
        raise PrintingImpossibleError("Pango is missing. Please run: apt-get install libpangoft2-1.0-0") from error
    if ffi.harfbuzz_subset is None:
        raise PrintingImpossibleError("harfbuzz-subset is missing. Please run: apt-get install libharfbuzz-subset0")
    if not (FONTS / "serif-regular.ttf").exists():
        raise PrintingImpossibleError("The print fonts are not built yet. Please run: make assets")
    return weasyprint
