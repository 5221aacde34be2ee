"""A seal written with the file instead of after it: an invisible signature over all bytes but its own."""

from __future__ import annotations

import hashlib
from datetime import UTC

from pydyf import PDF, Array, Dictionary, String

from lms.institution.frozen_seal import FrozenSeal
from lms.institution.seal import FIELD_LABEL, FIELD_NAME
from lms.printing.manuscripts import SealNote

_RANGE = b"/ByteRange [0 %010d %010d %010d]"
_INVISIBLE_PRINTED_LOCKED = 4 + 128


def add_seal(pdf: PDF) -> int:
    """Add an invisible signature field to the first page; return the number of the signature, which is still empty."""
    signature = Dictionary()
    pdf.add_object(signature)
    page = next(one for one in pdf.objects if isinstance(one, Dictionary) and one.get("Type") == "/Page")
    field = Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": String(FIELD_NAME),
            "TU": String(FIELD_LABEL),
            "V": signature.reference,
            "F": _INVISIBLE_PRINTED_LOCKED,
            "Rect": Array([0, 0, 0, 0]),
            "P": page.reference,
        }
    )
    pdf.add_object(field)
    page.setdefault("Annots", Array()).append(field.reference)
    pdf.catalog["AcroForm"] = Dictionary({"Fields": Array([field.reference]), "SigFlags": 3})
    # PAdES signatures belong to PDF 2.0; a 1.7 file declares them (ETSI EN 319 142-1, 5.5; ISO 32000-1, 7.12).
    pdf.catalog["Extensions"] = Dictionary(
        {
            "ESIC": Dictionary({"Type": "/DeveloperExtensions", "BaseVersion": "/1.7", "ExtensionLevel": 1}),
        }
    )
    return int(signature.number)


def empty_signature(seal: FrozenSeal, note: SealNote) -> bytes:
    """Return a signature object with room for the CMS and for the range that it covers."""
    words = Dictionary(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "M": String(note.at.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")),
            "Name": String(seal.subject),
            "Location": String(note.location),
            "Reason": String(note.reason),
        }
    ).data.removesuffix(b">>")
    return b"%b%b/Contents <%b>>>" % (words, _RANGE % (0, 0, 0), b"0" * 2 * seal.longest)


def seal_file(content: bytearray, seal: FrozenSeal, empty: bytes) -> bytes:
    """Fill a file's empty signature: it covers the whole file but the CMS itself."""
    begin = content.index(empty)
    opening = begin + empty.index(b"/Contents <") + len(b"/Contents ")
    closing = begin + len(empty) - len(b">>")
    place = begin + empty.index(b"/ByteRange")
    covered = _RANGE % (opening, closing, len(content) - closing)
    content[place : place + len(covered)] = covered
    digest = hashlib.sha256(content[:opening])
    digest.update(content[closing:])
    cms = seal.cms(digest.digest()).hex().encode()
    content[opening + 1 : opening + 1 + len(cms)] = cms
    return bytes(content)
