"""QR codes for print."""

from __future__ import annotations

import io

import segno

#: ISO/IEC 18004, 7.8.2: every mask can be read; looking for the one with the best contrast takes five times as long.
MASK = 2


def qr_code(address: str) -> bytes:
    """Return an address as a QR code in SVG, readable when a quarter of it is damaged (error correction Q)."""
    out = io.BytesIO()
    segno.make(address, error="q", boost_error=False, micro=False, mask=MASK).save(
        out, kind="svg", border=2, xmldecl=False, dark="#16192b", light="#ffffff", scale=4
    )
    return out.getvalue()
