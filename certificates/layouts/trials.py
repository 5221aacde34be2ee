"""Trying a layout out: samples of both kinds in both languages and of all that can be, printed with limits, and what is wrong."""

from __future__ import annotations

from certificates.documents.rendering import Order, render_batch
from certificates.layouts.files import LayoutFiles
from certificates.layouts.samples import ISSUED_AT, KINDS, LANGUAGES, NAMES, VARIANTS, sample_facts
from lms.printing.faults import find_faults
from lms.printing.isolation import LayoutFaultError

#: The usual documents first: what is wrong with one of them is wrong with all, and no sample needs to be named.
SAMPLES = [
    *((kind, language, "") for kind in KINDS for language in LANGUAGES),
    *((KINDS[number % 2], LANGUAGES[0], variant) for number, variant in enumerate(VARIANTS)),
]


def find_layout_faults(files: LayoutFiles, *, issuer: str, base_url: str) -> list[tuple[str, str, str]]:
    """Return for each fault its code, a detail, and the variant of the samples that it came out with ("": any of them).

    Empty: documents can be printed with this layout.
    """
    orders = [
        Order(
            sample_facts(
                kind=kind, language=language, name=NAMES[1], issuer=issuer, base_url=base_url, variant=variant
            ),
            ISSUED_AT,
        )
        for kind, language, variant in SAMPLES
    ]
    try:
        printed = render_batch(orders, layout=files, strict=True)
    except LayoutFaultError as error:
        known = error.sheet is not None and error.sheet in range(len(SAMPLES))
        return [(error.fault.value, error.detail, SAMPLES[error.sheet or 0][2] if known else "")]
    found: dict[str, str] = {}
    for (_kind, _language, variant), pdf in zip(SAMPLES, printed, strict=True):
        for fault in find_faults(pdf):
            found.setdefault(fault.value, variant)
    return [(code, "", variant) for code, variant in found.items()]
