"""QR codes for print."""

from __future__ import annotations

import re
from functools import lru_cache

from lms.printing.frozen_code import draw_modules, freeze_code

_RUN = re.compile("1+")


def qr_code(address: str) -> bytes:
    """Return an address as a QR code in SVG, readable when a quarter of it is damaged.

    Each run of dark modules is one stroke, ``M x y L x y``, as a PDF has it too (see ``lms.printing.batch.contents``). segno
    draws the same, but takes as long for it as for the code.
    """
    size, modules = _modules(address)
    strokes = "".join([_stroke(*run.span(), size) for run in _RUN.finditer(modules)])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{4 * size}" height="{4 * size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path stroke="#16192b" d="{strokes}"/></svg>'
    ).encode()


def _modules(address: str) -> tuple[int, str]:
    """Return the width of a code with its border, and its modules row by row; no run goes past the end of a row."""
    frozen = freeze_code(len(address)) if address.isascii() and address != address.upper() else None
    return draw_modules(address) if frozen is None else (frozen.size, frozen.modules(address.encode()))


@lru_cache(maxsize=1 << 15)
def _stroke(begin: int, end: int, size: int) -> str:
    y, x = divmod(begin, size)
    return f"M{x} {y}.5L{x + end - begin} {y}.5"
