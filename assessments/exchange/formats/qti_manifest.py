"""The manifest of a written package, and the package."""

from __future__ import annotations

from typing import Any

from assessments.exchange.formats.qti_lines import NAME
from assessments.exchange.formats.qti_package import pack
from assessments.exchange.written import meta_tags
from assessments.exchange.xml_writing import Lines, escaped

Definition = dict[str, Any]


def identifier_of(key: str) -> str:
    """Return a key as an XML name, which begins with a letter or an underscore."""
    return key if key[0].isalpha() else f"_{key}"


def write_package(pieces: list[tuple[Definition, str, dict[str, bytes]]]) -> bytes:
    """Put the items, their pictures and the manifest together."""
    manifest = Lines(NAME)
    manifest.open("manifest", xmlns="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", identifier="MANIFEST")
    manifest.open("metadata")
    manifest.leaf("schema", "QTI Package")
    manifest.leaf("schemaversion", "3.0.0")
    manifest.close("metadata")
    manifest.leaf("organizations")
    manifest.open("resources")
    files: dict[str, bytes] = {}
    for question, text, pictures in pieces:
        name = f"items/{question['id']}.xml"
        files |= {name: text.encode()} | pictures
        manifest.open("resource", identifier=identifier_of(question["id"]), type="imsqti_item_xmlv3p0", href=name)
        if tags := meta_tags(question):
            manifest.open("metadata")
            manifest.open("lom", xmlns="http://ltsc.ieee.org/xsd/LOM")
            manifest.open("general")
            for tag in tags:
                manifest.raw("keyword", f"<string>{escaped(tag, NAME)}</string>")
            for close in ("general", "lom", "metadata"):
                manifest.close(close)
        for path in (name, *pictures):
            manifest.leaf("file", href=path)
        manifest.close("resource")
    manifest.close("resources")
    manifest.close("manifest")
    files["imsmanifest.xml"] = b'<?xml version="1.0" encoding="UTF-8"?>\n' + manifest.text().encode()
    return pack(files)
