"""What stands in a line, and a line of one text with another text in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import Layout, line_size

#: Pixels by which two places may differ and still be the same: floating-point noise, far below what is written.
NOISE = 1e-6
#: The part by which a text's beginning goes to the left when the text becomes wider, by its alignment.
_SHIFTS = {"start": 0.0, "left": 0.0, "center": 0.5, "right": 1.0, "end": 1.0}


class Shaped(Layout):
    """A text shaped once, for measuring and for drawing; WeasyPrint's own layouts forget in between and shape it again."""

    def __init__(self, text: str, style: Any) -> None:
        super().__init__(style)
        # Drawing asks for this, and setting it later would have Pango shape the text again.
        pango.pango_layout_set_single_paragraph_mode(self.layout, True)
        self.set_text(text, justify=True)

    def size(self) -> tuple[float, float, float]:
        """Return width, height and baseline in pixels."""
        line, _next_line = self.get_first_line()
        return *line_size(line, self.style), pango.pango_layout_get_baseline(self.layout) * FROM_UNITS

    def deactivate(self) -> None:
        """Keep everything."""

    def reactivate(self, style: Any) -> None:
        """Nothing was forgotten."""


@dataclass(frozen=True)
class SingleLine:
    """A line that consists of one text, into which other texts are put as long as they fit.

    Breaking a paragraph into lines is WeasyPrint's work, but for a text that fits into its only line nothing is to be
    broken: it takes the place of the model's, as the alignment says.
    """

    line: Any
    text: Any
    shift: float
    most: float

    def put(self, text: str) -> Any:
        """Return the line with another text, or None if WeasyPrint has to say what becomes of it."""
        model = self.text
        shaped = Shaped(text, model.style)
        width, height, baseline = shaped.size()
        same_height = height == model.height and abs(baseline + model.margin_top - model.baseline) < NOISE
        if not same_height or width > self.most:
            return None
        wider = width - model.width
        box = model.copy_with_text(text)
        box.width, box.pango_layout = width, shaped
        box.position_x -= self.shift * wider
        return self._with(box, self.line, wider)

    def _with(self, text: Any, box: Any, wider: float) -> Any:
        """Return a box of the line with the new text in it; what comes after the text has moved."""
        if box is self.text:
            return text
        new = box.copy_with_children([self._with(text, child, wider) for child in box.children])
        new.position_x = box.position_x - self.shift * wider
        if self.text in leaves(box):
            new.width = box.width + wider
        elif box.position_x > self.text.position_x:
            new.position_x += wider
        return new


def single_line(lines: Sequence[Any], room: float) -> SingleLine | None:
    """Return the only line of a paragraph, if one text is all that stands in it; ``room`` is its width in pixels."""
    if len(lines) != 1:
        return None
    [line] = lines
    style = line.style
    align = style["text_align_all"] if style["text_align_last"] == "auto" else style["text_align_last"]
    inside = list(leaves(line))
    if len(inside) != 1 or not isinstance(inside[0], boxes.TextBox) or align not in _SHIFTS:
        return None
    if style["direction"] != "ltr" or style["white_space"] not in ("normal", "nowrap", "pre-line"):
        return None
    return SingleLine(line, inside[0], _SHIFTS[align], inside[0].width + room - line.width - line.text_indent)


def leaves(box: Any) -> Iterator[Any]:
    """Yield what stands in a line or in a part of it, without the boxes around."""
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            yield from leaves(child)
    else:
        yield box


def text_boxes(lines: Sequence[Any]) -> list[Any]:
    """Return the text boxes of lines, in order."""
    return [box for line in lines for box in leaves(line) if isinstance(box, boxes.TextBox)]


def same_place(line: Any, model: Any) -> bool:
    """Whether a line is as high as the model's, has boxes of the same kinds, and moves nothing but texts."""
    ours, theirs = list(leaves(line)), list(leaves(model))
    return (
        abs(line.position_y - model.position_y) < NOISE
        and abs(line.height - model.height) < NOISE
        and [(type(box), box.element) for box in ours] == [(type(box), box.element) for box in theirs]
        and all(
            isinstance(mine, boxes.TextBox) or abs(mine.position_x - other.position_x) < NOISE
            for mine, other in zip(ours, theirs, strict=True)
        )
    )
