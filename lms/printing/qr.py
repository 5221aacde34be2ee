"""QR codes for print."""

from __future__ import annotations

import re

import segno

#: ISO/IEC 18004, 7.8.2: every mask can be read; looking for the one with the best contrast takes five times as long.
MASK = 2
#: Modules that stay empty around the code. The standard asks for four; the sheet around it is empty as well.
BORDER = 2
_RUN = re.compile(b"\x01+")


def qr_code(address: str) -> bytes:
    """Return an address as a QR code in SVG, readable when a quarter of it is damaged (error correction Q).

    Each run of dark modules is one stroke, ``M x y h length`` with absolute x and y. segno draws the same, but takes as long
    for it as for the code.
    """
    rows = segno.make(address, error="q", boost_error=False, micro=False, mask=MASK).matrix
    size = len(rows) + 2 * BORDER
    strokes = "".join(
        f"M{run.start() + BORDER} {y + BORDER}.5h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in _RUN.finditer(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{4 * size}" height="{4 * size}">'
        f'<path fill="#fff" d="M0 0h{size}v{size}h-{size}z"/><path stroke="#16192b" d="{strokes}"/></svg>'
    ).encode()
