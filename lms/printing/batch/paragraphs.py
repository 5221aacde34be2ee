"""Finding the paragraphs that hold something of a person, and breaking them into lines again with somebody else's texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from math import inf
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.inline import iter_line_boxes

from lms.printing.batch.families import collapsed
from lms.printing.batch.lines import SingleLine, same_place, single_line, text_boxes
from lms.printing.batch.pages import LaidOut


class NotUnderstoodError(Exception):
    """The fast path cannot print this; the plain path can."""


@dataclass
class Paragraph:
    """A paragraph with slots: its unbroken line, and its lines as they stand on the model's page.

    A paragraph with forced breaks counts as several: what stands before such a place does not move what comes after it.
    ``begin`` and ``end`` are these places in the unbroken line, as WeasyPrint names them; None: the line's own.
    ``single`` is its line, if it has one only, of one text.
    """

    unbroken: Any
    slots: Mapping[Any, int]
    begin: Any
    end: Any
    lines: Sequence[Any]
    room: Any
    page: int
    single: SingleLine | None = None
    _known: dict[tuple[str, ...], Sequence[Any] | None] = field(default_factory=dict)

    def break_again(self, context: Any, texts: Sequence[str]) -> Sequence[Any]:
        """Return the lines with other texts. Raises NotUnderstoodError when they do not take the same place."""
        own = tuple(texts[number] for number in self.slots.values())
        if own not in self._known:
            text = collapsed(own[0])
            line = self.single.put(text) if self.single and text else None
            self._known[own] = [line] if line else self.weasyprint_lines(context, texts)
        known = self._known[own]
        if known is None:
            raise NotUnderstoodError("A text takes another place than the model's.")
        return known

    def weasyprint_lines(self, context: Any, texts: Sequence[str]) -> Sequence[Any] | None:
        """Return the lines as WeasyPrint breaks them, or None if they do not take the same place."""
        broken = list(islice(self._broken(context, self._filled(self.unbroken, texts)), len(self.lines)))
        lines, ends = [line for line, _end in broken], [end for _line, end in broken]
        fit = len(lines) == len(self.lines) and ends[-1] == self.end and all(map(same_place, lines, self.lines))
        return lines if fit else None

    def parts(self, context: Any) -> Iterator[Paragraph]:
        """Yield what stands between forced breaks, if there are slots in it. Raises NotUnderstoodError."""
        ends = [end for _line, end in self._broken(context, self.unbroken)]
        if len(ends) != len(self.lines):
            raise NotUnderstoodError("A paragraph is broken otherwise on its page than alone.")
        first, begin = 0, self.begin
        for number, end in enumerate(ends, 1):
            if end is None or _is_forced(self.unbroken, _place(end)):
                between = [
                    box
                    for place, box in _placed(self.unbroken)
                    if _place(begin) <= place and (end is None or place < _place(end))
                ]
                slots = {box: self.slots[box] for box in between if box in self.slots}
                lines = self.lines[first:number]
                alone = sum(not isinstance(box, boxes.TextBox) or bool(box.text.strip()) for box in between) == 1
                single = single_line(lines, self.room.width) if alone else None
                if slots:
                    yield replace(self, slots=slots, begin=begin, end=end, lines=lines, single=single, _known={})
                first, begin = number, end

    def _broken(self, context: Any, line: Any) -> Iterator[tuple[Any, Any]]:
        """Yield lines, each with the place where the next one begins."""
        top = self.lines[0].position_y
        yield from iter_line_boxes(context, line, top, -inf, self.begin, self.room, [], [], None, None)

    def _filled(self, box: Any, texts: Sequence[str]) -> Any:
        if box in self.slots:
            text = collapsed(texts[self.slots[box]])
            before, after = box.text[: -len(box.text.lstrip(" "))], box.text[len(box.text.rstrip(" ")) :]
            return box.copy_with_text(before + text + after)
        if isinstance(box, boxes.LineBox | boxes.InlineBox):
            return box.copy_with_children([self._filled(child, texts) for child in box.children])
        return box


def find_paragraphs(laid_out: LaidOut, texts: Sequence[str], slots: set[int]) -> list[Paragraph]:
    """Return the paragraphs that hold the texts of these numbers. Raises NotUnderstoodError.

    ``texts`` are all texts of the model in the order of its source.
    """
    owners = _texts_by_element(laid_out.root, texts)
    unbroken = _lines_by_block([laid_out.root_box])
    broken = _lines_by_block([page._page_box for page in laid_out.document.pages])
    if len(unbroken) != len(broken):
        raise NotUnderstoodError("A paragraph is split over pages, or repeated.")
    printed: dict[Any, list[Any]] = defaultdict(list)
    for block in unbroken:
        for box in text_boxes(block.lines):
            if "::" not in box.element_tag and box.text.strip(" "):
                printed[box.element].append(box)
    numbers: dict[Any, int] = {}
    for element, own in owners.items():
        if element in printed:
            numbers |= _numbered(printed[element], own, texts)
    found: list[Paragraph] = []
    for before, after in zip(unbroken, broken, strict=True):
        chosen = {box: numbers[box] for box in text_boxes(before.lines) if numbers.get(box, -1) in slots}
        if chosen:
            found += _paragraph(before, after, chosen).parts(laid_out.context)
    return found


@dataclass
class _Block:
    box: Any
    parent: Any
    page: int
    lines: Sequence[Any]


def _texts_by_element(root: Any, texts: Sequence[str]) -> dict[Any, list[int]]:
    """Return the numbers of the texts that stand directly in each element, if the parser read what ``read`` read."""
    owners: dict[Any, list[int]] = defaultdict(list)
    read: list[str] = []

    def visit(element: Any) -> None:
        if not isinstance(element.tag, str):
            return
        keep(element, element.text)
        for child in element:
            visit(child)
            keep(element, child.tail)

    def keep(element: Any, text: str | None) -> None:
        if text and collapsed(text):
            owners[element].append(len(read))
            read.append(text)

    visit(root)
    if tuple(read) != tuple(texts):
        raise NotUnderstoodError("The HTML says something else than its tree.")
    return owners


def _numbered(printed: Sequence[Any], own: Sequence[int], texts: Sequence[str]) -> dict[Any, int]:
    """Return the number of the text that each box of an element prints."""
    if [box.text.strip(" ") for box in printed] != [collapsed(texts[number]) for number in own]:
        raise NotUnderstoodError("A text is printed otherwise than it is written.")
    return dict(zip(printed, own, strict=True))


def _lines_by_block(roots: Sequence[Any]) -> list[_Block]:
    """Return every block that consists of lines, in the order of the document."""
    found = []

    def visit(box: Any, parent: Any, page: int) -> None:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        children = getattr(box, "children", ())
        if children and isinstance(children[0], boxes.LineBox):
            found.append(_Block(box, parent, page, children))
        for child in children:
            visit(child, box, page)

    for page, root in enumerate(roots):
        visit(root, None, page)
    return found


def _paragraph(before: _Block, after: _Block, slots: Mapping[Any, int]) -> Paragraph:
    if before.box.element is not after.box.element:
        raise NotUnderstoodError("The pages have another order than the document.")
    for line in after.lines:
        if line.text_overflow != "clip" or line.block_ellipsis != "none":
            raise NotUnderstoodError("A text is cut with an ellipsis.")
    return Paragraph(before.lines[0], slots, None, None, after.lines, _room(after), after.page)


def _room(block: _Block) -> Any:
    """Return the block with the width that its lines may take.

    A flexible box is as wide as the model's text, but wider ones may take the rest of the container. Whether others had
    to move for that is seen when a whole document is compared.
    """
    room, parent = block.box.copy(), block.parent
    if isinstance(parent, boxes.FlexContainerBox) and room.style["text_align_all"] in ("start", "left"):
        inside = parent.content_box_x() + parent.width
        room.width = max(room.width, inside - room.content_box_x())
    return room


def _place(resume: Any) -> tuple[int, ...]:
    """Return the way from a line down to where it is broken: the numbers of children, then of bytes."""
    place: tuple[int, ...] = ()
    while resume is not None:
        [(number, resume)] = resume.items()
        place += (number,)
    return place


def _placed(box: Any, place: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Yield the leaves of a line with the ways to them."""
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        for number, child in enumerate(box.children):
            yield from _placed(child, (*place, number))
    else:
        yield place, box


def _is_forced(line: Any, place: tuple[int, ...]) -> bool:
    """Whether a line is broken after a line feed (which ``br`` is as well), whatever the texts before it are."""
    *way, end = place
    box = line
    for number in way:
        box = box.children[number]
    return isinstance(box, boxes.TextBox) and box.text.encode()[:end].endswith(b"\n")
