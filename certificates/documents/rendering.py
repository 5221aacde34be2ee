"""From a snapshot to a PDF that is PDF/A-3a and PDF/UA-1 at once.

A layout is a folder. Its template runs in a sandbox with plain values, and can load nothing but the layout's own files,
the print fonts and the QR code of its own document. The same snapshot always gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from jinja2 import BaseLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from certificates.documents.conformance import add_conformance
from certificates.documents.words import document_words
from lms.frame.assets import BUILT

LAYOUTS = Path(__file__).parent / "layouts"
FONTS = BUILT / "print"


class PrintingImpossibleError(RuntimeError):
    """This machine lacks something for printing; the text says what to install or build."""


def render_pdf(facts: Mapping[str, Any], *, issued_at: datetime, layout: str = "formal") -> bytes:
    """Return the unsealed PDF of a snapshot. Raises PrintingImpossibleError."""
    weasyprint = load_weasyprint()
    html = _template(layout).render(
        **facts, words=document_words(dict(facts)), issued_at=issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    )
    from certificates.documents.fetching import BASE, LayoutFetcher

    fetcher = LayoutFetcher(LAYOUTS / layout, FONTS, qr_code(facts["verify_url"]))
    fonts = weasyprint.text.fonts.FontConfiguration()
    style = weasyprint.CSS(
        string=(LAYOUTS / layout / "print.css").read_text("utf-8"),
        url_fetcher=fetcher,
        base_url=BASE,
        font_config=fonts,
    )
    document = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=BASE)
    out = io.BytesIO()
    document.write_pdf(
        out,
        stylesheets=[style],
        font_config=fonts,
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
        presentational_hints=False,
        pdf_identifier=facts["serial"].encode(),
        finisher=add_conformance,
    )
    return out.getvalue()


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


def qr_code(address: str) -> bytes:
    """Return an address as a QR code in SVG, readable when a quarter of it is damaged (error correction Q)."""
    out = io.BytesIO()
    segno.make(address, error="q", boost_error=False, micro=False).save(
        out, kind="svg", border=2, xmldecl=False, dark="#16192b", light="#ffffff", scale=4
    )
    return out.getvalue()


@lru_cache(maxsize=16)
def _template(layout: str) -> Any:
    environment = ImmutableSandboxedEnvironment(loader=BaseLoader(), autoescape=True, undefined=StrictUndefined)
    return environment.from_string((LAYOUTS / layout / "template.html").read_text("utf-8"))
