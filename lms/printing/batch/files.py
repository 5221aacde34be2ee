"""A PDF file whose unchanging objects are written once, in front; what belongs to somebody follows."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping

from pydyf import PDF, String

#: One line of the cross-reference stream: kind, offset (or the number of an object stream), position in that stream.
_WIDTHS = (1, 4, 2)
#: Packing harder takes four times as long and saves two of some forty kilobytes.
QUICK, HARD = 1, 9
_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"


class Form:
    """The frozen objects of a PDF; those with the numbers ``open_streams`` and ``open_objects`` are given with each file."""

    def __init__(self, pdf: PDF, *, open_streams: Iterable[int], open_objects: Iterable[int]) -> None:
        """Freeze everything else. All objects have to be in ``pdf.objects``, its Info as well."""
        self._root, self._info = pdf.catalog.reference, pdf.info.reference
        self._size = len(pdf.objects)
        left_open = {*open_streams, *open_objects}
        frozen = [one for one in pdf.objects[1:] if one.number not in left_open]
        file = _File(bytearray(_HEADER), {})
        for one in frozen:
            if not one.compressible:
                file.add(one.number, one.data)
        file.add_packed(self._size, {one.number: one.data for one in frozen if one.compressible}, level=HARD)
        self._frozen = file

    def filled(self, streams: Mapping[int, bytes], objects: Mapping[int, bytes], identifier: bytes) -> bytearray:
        """Return a whole file. ``objects`` may not be streams; they are packed. ``identifier`` names the document."""
        file = _File(bytearray(self._frozen.content), dict(self._frozen.lines))
        for number, data in streams.items():
            file.add(number, data)
        file.add_packed(self._size + 1, objects)
        fingerprint = hashlib.md5(b"".join([*streams.values(), *objects.values()]), usedforsecurity=False)
        entries = b"/Root %b/Info %b/ID [%b %b]" % (
            self._root, self._info, String(identifier).data, String(fingerprint.hexdigest()).data,
        )  # fmt: skip
        file.finish(self._size + 2, entries)
        return file.content


class _File:
    def __init__(self, content: bytearray, lines: dict[int, bytes]) -> None:
        self.content, self.lines = content, lines

    def add(self, number: int, data: bytes) -> None:
        self.lines[number] = _line(1, len(self.content), 0)
        self.content += b"%d 0 obj\n%b\nendobj\n" % (number, data)

    def add_packed(self, number: int, objects: Mapping[int, bytes], *, level: int = QUICK) -> None:
        """Add objects as one compressed object stream."""
        positions, offset = [], 0
        for index, (one, data) in enumerate(objects.items()):
            positions.append(b"%d %d" % (one, offset))
            offset += len(data) + 1
            self.lines[one] = _line(2, number, index)
        index_part = b" ".join(positions) + b"\n"
        extra = b"/Type /ObjStm/N %d/First %d" % (len(objects), len(index_part))
        self.add(number, packed_stream(index_part + b"\n".join(objects.values()), extra, level=level))

    def finish(self, number: int, entries: bytes) -> None:
        """Add the cross-reference stream, which is the trailer as well."""
        start = len(self.content)
        self.lines |= {0: _line(0, 0, 65535), number: _line(1, start, 0)}
        table = b"".join(self.lines[one] for one in range(number + 1))
        extra = b"/Type /XRef/Size %d/W [%d %d %d]" % (number + 1, *_WIDTHS)
        self.content += b"%d 0 obj\n%b\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
            number, packed_stream(table, extra + entries), start,
        )  # fmt: skip


def packed_stream(content: bytes, extra: bytes = b"", *, level: int = QUICK) -> bytes:
    """Return a stream object, compressed."""
    packed = zlib.compress(content, level)
    return b"<<%b/Filter /FlateDecode/Length %d>>\nstream\n%b\nendstream" % (extra, len(packed), packed)


def _line(*values: int) -> bytes:
    return b"".join(value.to_bytes(width, "big") for value, width in zip(values, _WIDTHS, strict=True))
