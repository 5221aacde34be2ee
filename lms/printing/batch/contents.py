"""Data with holes, and what is put into them: a page's drawn texts and strokes of codes, an object's values."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydyf import Array, Dictionary, _to_bytes
from weasyprint.anchors import gather_anchors
from weasyprint.draw.text import draw_text
from weasyprint.matrix import Matrix

from lms.printing.batch.paragraphs import NotUnderstoodError

#: PDF points in a CSS pixel.
SCALE = 0.75
_PATH = re.compile(rb' d="M(\d+ \d+\.5L\d+ \d+\.5(?:M\d+ \d+\.5L\d+ \d+\.5)*)"')
_BEGIN_LINE, _BEGIN_TEXT, _END_MARK = b"q", b"BT", b"EMC"

Hole = tuple[str, int]


@dataclass(frozen=True)
class Contents:
    """What stands around holes: one piece more than there are holes."""

    pieces: tuple[bytes, ...]
    holes: tuple[Hashable, ...]

    def filled(self, values: Mapping[Any, bytes]) -> bytes:
        """Return the contents with these values in the holes."""
        filled = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            filled += values[hole], piece
        return b"".join(filled)


def cutter(values: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return what finds these values; of two that begin at one place, the longer. Of none it finds nothing."""
    longest_first = sorted(values, key=len, reverse=True)
    return re.compile(b"(%b)" % (b"|".join(map(re.escape, longest_first)) or b"(?!)"))


def cut(data: bytes, at: re.Pattern[bytes]) -> Contents:
    """Return data with a hole for each value that ``cutter`` was made of; a hole has the name of its value."""
    pieces = at.split(data)
    return Contents(tuple(pieces[::2]), tuple(pieces[1::2]))


def with_holes(stream: Any, marked: Mapping[int, Hole], strokes: Mapping[Hole, bytes]) -> Contents:
    """Return a painted stream with holes: the texts of these numbers of marked content, and these strokes."""
    operators = [_to_bytes(operator) for operator in stream.stream]
    holes: dict[int, tuple[int, Hole]] = {}
    for begin, operator in enumerate(stream.stream):
        if isinstance(operator, Dictionary) and operator.get("MCID") in marked:
            end = operators.index(_END_MARK, begin)
            own = _own(operators[begin + 2 : end])
            holes[end - len(own)] = end, marked[operator["MCID"]]
    for hole, own_strokes in strokes.items():
        wanted = own_strokes.split(b"\n")
        for begin in _places(operators, wanted):
            holes[begin] = begin + len(wanted), hole
    places = sorted(holes)
    ends = [holes[begin][0] for begin in places]
    pieces = [operators[end:begin] for end, begin in zip([0, *ends], [*places, len(operators)], strict=True)]
    before, after = [[], *([b""] for _end in ends)], [*([b""] for _begin in places), []]
    joined = (b"\n".join([*first, *piece, *last]) for first, piece, last in zip(before, pieces, after, strict=True))
    return Contents(tuple(joined), tuple(holes[begin][1] for begin in places))


def draw(box: Any, scratch: Any) -> bytes:
    """Return the operators that show a text box; ``scratch`` is a stream for nothing else."""
    scratch.stream.clear()
    draw_text(scratch, box, 0, "clip", "none")
    return b"\n".join(_own([_to_bytes(operator) for operator in scratch.stream]))


def _own(operators: Sequence[bytes]) -> Sequence[bytes]:
    """Return what shows a text and the lines at it, without the colour in front: that is left out where it was set before."""
    begins = [operators.index(one) for one in (_BEGIN_LINE, _BEGIN_TEXT) if one in operators]
    return operators[min(begins) :] if begins else []


def link_places(lines: Sequence[Any], page_height: float) -> list[bytes]:
    """Return where the links of lines are, as they stand in their annotations."""
    links: list[Any] = []
    for line in lines:
        gather_anchors(line, {}, links, [], {None: []})
    matrix = Matrix(SCALE, 0, 0, -SCALE, 0, page_height * SCALE)
    return [
        b"/Rect " + Array([*matrix.transform_point(*rectangle[:2]), *matrix.transform_point(*rectangle[2:])]).data
        for _kind, _target, rectangle, _box in links
    ]


def strokes_of(svg: bytes) -> tuple[bytes, bytes]:
    """Return a picture without the steps of its only path of strokes, and the operators that WeasyPrint makes of these.

    Raises NotUnderstoodError for anything but the horizontal strokes of a QR code (see ``lms.printing.qr``).
    """
    before, *paths = _PATH.split(svg)
    if len(paths) != 2:
        raise NotUnderstoodError("A picture differs that is not a code.")
    strokes, after = paths
    return before + after, strokes.replace(b"L", b" m\n").replace(b"M", b" l\n") + b" l"


def _places(operators: Sequence[bytes], wanted: Sequence[bytes]) -> list[int]:
    return [
        begin
        for begin, operator in enumerate(operators)
        if operator == wanted[0] and list(operators[begin : begin + len(wanted)]) == list(wanted)
    ]
