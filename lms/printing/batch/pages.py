"""Laying one document of a family out, and painting it so that everybody's characters get into its fonts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import weasyprint
from pydyf import PDF
from weasyprint.document import DocumentMetadata
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import get_html_metadata
from weasyprint.layout import layout_document
from weasyprint.pdf import VARIANTS, generate_pdf
from weasyprint.text.fonts import FontConfiguration

from lms.printing.conformance import add_conformance
from lms.printing.fetching import OwnFiles
from lms.printing.manuscripts import Manuscript
from lms.printing.references import BASE
from lms.printing.rendering import BEFORE, VARIANT, print_fonts, weasyprint_attachments


@dataclass
class Press:
    """What the documents of a family share: the parsed style sheet, the font map, and the fonts they are printed with."""

    style: Any
    font_config: Any
    fonts: dict[Any, Any] = field(default_factory=dict)


def set_up_press(css: str, files: tuple[tuple[str, bytes], ...]) -> Press:
    """Return a press without any fonts yet; ``files`` are those that the style sheet may load."""
    return Press(*_parsed(css, files))


@lru_cache(maxsize=8)
def _parsed(css: str, files: tuple[tuple[str, bytes], ...]) -> tuple[Any, Any]:
    font_config = FontConfiguration()
    fetcher = OwnFiles(dict(files), print_fonts())
    return weasyprint.CSS(string=css, url_fetcher=fetcher, base_url=BASE, font_config=font_config), font_config


@dataclass
class LaidOut:
    """A document on its pages, and what is needed to lay parts of it out again."""

    root: Any
    root_box: Any
    context: Any
    document: Any


def lay_out(manuscript: Manuscript, press: Press) -> LaidOut:
    """Do what ``weasyprint.HTML.render`` does, and keep the boxes and the context that it throws away."""
    fetcher = OwnFiles(manuscript.files, print_fonts())
    source = weasyprint.HTML(string=manuscript.html, url_fetcher=fetcher, base_url=BASE)
    counter_style: Any = weasyprint.css.counters.CounterStyle()
    profiles: dict[str, Any] = {}
    options = _options() | {"stylesheets": [weasyprint.CSS(string=BEFORE), press.style]}
    context = weasyprint.Document._build_layout_context(source, press.font_config, counter_style, profiles, options)
    root_box = build_formatting_structure(
        source.etree_element, context.style_for, context.get_image_from_uri, source.base_url, context.target_collector,
        counter_style, context.footnotes,
    )  # fmt: skip
    document = weasyprint.Document(
        [weasyprint.Page(box) for box in layout_document(source, root_box, context)],
        DocumentMetadata(**get_html_metadata(source)),
        fetcher,
        press.font_config,
        profiles,
        options["output_intent"],
    )
    document.fonts = press.fonts
    return LaidOut(source.etree_element, root_box, context, document)


@dataclass
class Painted:
    """A PDF whose objects are not written yet; ``streams`` are the pages' contents, ``marks`` the number of each box."""

    pdf: PDF
    streams: list[Any] = field(default_factory=list)
    marks: list[Mapping[Any, int]] = field(default_factory=list)


def paint(laid_out: LaidOut, manuscript: Manuscript, *, also: Callable[[Any], None] | None = None) -> Painted:
    """Paint a document; ``also`` gets a stream to clone before the fonts are subset, so that what it draws is in them."""
    painted = Painted(PDF())
    pages = laid_out.document.pages
    for page in pages:
        _watch(page, painted, also if page is pages[-1] else None)
    options = _options() | {"attachments": weasyprint_attachments(manuscript.attached, manuscript.at)}
    painted.pdf = generate_pdf(laid_out.document, None, 1, **options)
    add_conformance(laid_out.document, painted.pdf)
    painted.pdf.add_object(painted.pdf.info)
    return painted


def _watch(page: Any, painted: Painted, also: Callable[[Any], None] | None) -> None:
    """Note what a page is painted on, and which number of marked content each of its boxes has got."""
    plain_paint = page.paint

    def watched_paint(stream: Any, scale: float = 1) -> None:
        plain_paint(stream, scale)
        painted.streams.append(stream)
        painted.marks.append({box: mark["mcid"] for box, mark in stream._tags.items()})
        if also is not None:
            also(stream)

    page.paint = watched_paint


def _options() -> dict[str, Any]:
    """Return the options that ``print_pdf`` prints with, as WeasyPrint completes them for the variant."""
    options = dict(weasyprint.DEFAULT_OPTIONS) | {"pdf_variant": VARIANT, "pdf_tags": True}
    for key, value in VARIANTS[VARIANT][1].items():
        if options[key] is None:
            options[key] = value
    return options
