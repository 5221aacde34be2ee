"""A page's contents with holes, and what is put into them: drawn texts, links' places and the strokes of codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydyf import Array, Dictionary, _to_bytes
from weasyprint.anchors import gather_anchors
from weasyprint.draw.text import draw_text
from weasyprint.matrix import Matrix

from lms.printing.batch.paragraphs import NotUnderstoodError

#: PDF points in a CSS pixel.
SCALE = 0.75
_STROKE = re.compile(rb"(\d+) ([\d.]+)h(\d+)")
_PATH = re.compile(rb' d="M([\dMh. ]+)"')
_BEGIN_LINE, _BEGIN_TEXT, _END_MARK = b"q", b"BT", b"EMC"

Hole = tuple[str, int]


@dataclass(frozen=True)
class Contents:
    """The operators of a page, with holes; each hole holds operators too."""

    pieces: tuple[bytes | Hole, ...]

    def filled(self, operators: Mapping[Hole, bytes]) -> bytes:
        """Return the contents with these operators in the holes."""
        return b"\n".join(piece if isinstance(piece, bytes) else operators[piece] for piece in self.pieces)


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
    pieces: list[bytes | Hole] = []
    done = 0
    for begin, (end, hole) in sorted(holes.items()):
        pieces += [b"\n".join(operators[done:begin]), hole]
        done = end
    return Contents((*pieces, b"\n".join(operators[done:])))


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
    return before + after, b"\n".join(map(_stroke, strokes.split(b"M")))


@lru_cache(maxsize=1 << 15)
def _stroke(steps: bytes) -> bytes:
    """Return the operators of one stroke: codes of a size have many in common."""
    found = _STROKE.fullmatch(steps)
    if not found:
        raise NotUnderstoodError("A picture differs that does not consist of strokes.")
    x, y, length = found.groups()
    return b"%b %b m\n%d %b l" % (x, y, int(x) + int(length), y)


def _places(operators: Sequence[bytes], wanted: Sequence[bytes]) -> list[int]:
    return [
        begin
        for begin, operator in enumerate(operators)
        if operator == wanted[0] and list(operators[begin : begin + len(wanted)]) == list(wanted)
    ]
