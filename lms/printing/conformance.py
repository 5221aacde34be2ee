"""What WeasyPrint's PDF/A-3a lacks to be PDF/UA-1 as well: the claim in the metadata, and the schema that explains it."""

from __future__ import annotations

import re
from typing import Any

_PART = '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>'
# ISO 19005-3, 6.6.2.3: a property that PDF/A does not know needs an extension schema in the same metadata.
_SCHEMA = (
    '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>PDF/UA version identifier</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


def add_conformance(_document: Any, pdf: Any) -> None:
    """Add the claim to the XMP stream of a finished PDF (a WeasyPrint ``finisher``), and show the title, not the file."""
    metadata = next(one for one in pdf.objects if getattr(one, "extra", {}).get("Subtype") == "/XML")
    metadata.stream = [
        re.sub(rb"</rdf:RDF>", (_PART + _SCHEMA).encode() + b"</rdf:RDF>", _bytes(part), count=1)
        for part in metadata.stream
    ]
    preferences = pdf.catalog.get("ViewerPreferences")
    if preferences is None:
        from pydyf import Dictionary

        pdf.catalog["ViewerPreferences"] = Dictionary({"DisplayDocTitle": "true"})


def _bytes(part: Any) -> bytes:
    return part if isinstance(part, bytes) else str(part).encode()
