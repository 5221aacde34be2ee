"""A word across every page, for what looks like a document and is none."""

from __future__ import annotations

import io

import pikepdf

#: In thousandths of the font size; close enough to set the word in the middle.
_WIDTH = 700


def stamp_pdf(pdf: bytes, word: str) -> bytes:
    """Return a PDF with a word (Latin-1) set large across each page, and before its title.

    The word is an artefact, so that no screen reader says it in the middle of a sentence; it says it with the title. What
    the file claimed of PDF/A and PDF/UA is taken out: the stamp's font is not embedded.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        font = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name("/Helvetica-Bold"),
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
        light = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=0.25))
        for page in document.pages:
            page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/StampFont"))
            page.add_resource(light, pikepdf.Name.ExtGState, pikepdf.Name("/StampLight"))
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q " + _across(page, word))
        title = str(document.docinfo.get("/Title", ""))
        document.docinfo["/Title"] = f"{word}: {title}"
        if "/Metadata" in document.Root:
            del document.Root["/Metadata"]
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _across(page: pikepdf.Page, word: str) -> bytes:
    left, bottom, right, top = (float(one) for one in page.mediabox)
    size = (right - left) * 1000 / _WIDTH / max(len(word), 4) * 1.1
    length = size * _WIDTH / 1000 * len(word)
    slope = 2**-0.5
    x = (left + right) / 2 - length / 2 * slope
    y = (bottom + top) / 2 - length / 2 * slope
    letters = word.encode("cp1252", "replace").hex()
    return (
        f"/Artifact BMC q /StampLight gs 0.5 0 0.1 rg BT /StampFont {size:.1f} Tf {slope:.4f} {slope:.4f} {-slope:.4f} "
        f"{slope:.4f} {x:.1f} {y:.1f} Tm <{letters}> Tj ET Q EMC"
    ).encode()
