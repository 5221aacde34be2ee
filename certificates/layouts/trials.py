"""Trying a layout out: samples of both kinds in both languages, printed with limits, and what is wrong with them."""

from __future__ import annotations

from certificates.documents.rendering import Order, render_batch
from certificates.layouts.files import LayoutFiles
from certificates.layouts.samples import ISSUED_AT, KINDS, LANGUAGES, NAMES, sample_facts
from lms.printing.faults import find_faults
from lms.printing.isolation import LayoutFaultError


def find_layout_faults(files: LayoutFiles, *, issuer: str, base_url: str) -> list[tuple[str, str]]:
    """Return pairs of a fault's code and a detail; empty: documents can be printed with this layout."""
    orders = [
        Order(sample_facts(kind=kind, language=language, name=NAMES[1], issuer=issuer, base_url=base_url), ISSUED_AT)
        for kind in KINDS
        for language in LANGUAGES
    ]
    try:
        printed = render_batch(orders, layout=files)
    except LayoutFaultError as error:
        return [(error.fault.value, error.detail)]
    return [(fault.value, "") for fault in dict.fromkeys(fault for pdf in printed for fault in find_faults(pdf))]
