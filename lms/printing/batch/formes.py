"""A family's forme: everything that its documents share, locked up, with holes for what is somebody's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

from pydyf import PDF, Dictionary, Stream, String, _to_bytes
from weasyprint.pdf.anchors import write_pdf_attachment

from lms.institution.frozen_seal import FrozenSeal
from lms.printing.batch.contents import Contents, Hole, cut, cutter, draw, link_places, strokes_of, with_holes
from lms.printing.batch.families import Member, differing
from lms.printing.batch.files import Form, packed_stream
from lms.printing.batch.lines import text_boxes
from lms.printing.batch.pages import Painted, lay_out, paint, set_up_press
from lms.printing.batch.paragraphs import NotUnderstoodError, find_paragraphs
from lms.printing.batch.sealing import add_seal, empty_signature, seal_file
from lms.printing.rendering import weasyprint_attachments

#: The kinds of families for which one document has been compared as a whole.
_proved: set[bytes] = set()


class Forme:
    """A document laid out, into which others of its family are put by ``takes``, and which ``lock`` makes ready to print."""

    def __init__(self, model: Member, family: Sequence[Member]) -> None:
        """Lay the model out. Raises NotUnderstoodError."""
        files = model.manuscript.files
        self._model = model
        self._slots = differing([member.reading.texts for member in family])
        self._values = differing([member.reading.values for member in family])
        self._codes = sorted(name for name in files if len({one.manuscript.files[name] for one in family}) > 1)
        self._strokes = {name: strokes_of(files[name]) for name in self._codes}
        self._press = set_up_press(
            model.manuscript.css, tuple(sorted((name, files[name]) for name in files if name not in self._codes))
        )
        self._laid_out = lay_out(model.manuscript, self._press)
        self._laid_out.context.create_block_formatting_context()
        self._heights = [page.height for page in self._laid_out.document.pages]
        self._paragraphs = find_paragraphs(self._laid_out, model.reading.texts, self._slots)
        links = [link_places(one.lines, self._heights[one.page]) for one in self._paragraphs]
        self._linked = [bool(places) for places in links]
        self._told = [*self._strings(model), *(place for places in links for place in places)]
        if "" in self._own(model):
            raise NotUnderstoodError("An empty string of the model is not empty elsewhere.")

    def takes(self, member: Member) -> bool:
        """Whether a document fits this forme; its texts are then broken into lines, and its codes into strokes."""
        try:
            self._take(member)
        except NotUnderstoodError:
            return False
        return True

    def _take(self, member: Member) -> None:
        texts = member.reading.texts
        links: list[bytes] = []
        member.boxes = []
        for paragraph, linked in zip(self._paragraphs, self._linked, strict=True):
            lines = paragraph.break_again(self._laid_out.context, texts)
            member.boxes += text_boxes(lines)
            if linked:
                links += link_places(lines, self._heights[paragraph.page])
        for number, name in enumerate(self._codes):
            picture, strokes = strokes_of(member.manuscript.files[name])
            if picture != self._strokes[name][0]:
                raise NotUnderstoodError("A code has another size than the model's.")
            member.operators["code", number] = strokes
        member.changes = _unambiguous(zip(self._told, [*self._strings(member), *links], strict=True))

    def lock(self, members: Sequence[Member], proof: Member, seal: FrozenSeal | None) -> None:
        """Paint the model with everybody's characters, and freeze it. Raises NotUnderstoodError.

        ``proof``, one of the members, is laid out as a whole and has to give the same as the frozen objects. That is
        done once in a process for the same style sheet, the same tags and the same differing texts.
        """
        painted = paint(self._laid_out, self._model.manuscript, also=lambda stream: _draw(members, stream))
        self._find_holes(painted)
        if any(font.missing for font in self._press.fonts.values()):
            raise NotUnderstoodError("A character has no glyph.")
        kind = self._kind()
        if kind not in _proved:
            self._prove(painted.pdf, proof)
            _proved.add(kind)
        self._seal = seal
        streams = [*self._contents, self._metadata, *self._attachments]
        if seal is not None:
            self._signature = add_seal(painted.pdf)
            streams.append(self._signature)
        self._objects = {number: cut(painted.pdf.objects[number].data, self._values_told) for number in self._open_objects}
        self._form = Form(painted.pdf, open_streams=streams, open_objects=self._objects)

    def write(self, member: Member) -> bytes:
        """Return a document's PDF, sealed when the forme was locked with a seal."""
        streams = {number: packed_stream(content, extra) for number, (content, extra) in self._streams(member).items()}
        objects = {number: data.filled(member.changes) for number, data in self._objects.items()}
        identifier = member.manuscript.identifier.encode()
        if self._seal is None or member.manuscript.note is None:
            return bytes(self._form.filled(streams, objects, identifier))
        empty = streams[self._signature] = empty_signature(self._seal, member.manuscript.note)
        return seal_file(self._form.filled(streams, objects, identifier), self._seal, empty)

    def _own(self, member: Member) -> list[str]:
        """Return the texts and values in which members of the family differ."""
        reading = member.reading
        return [*map(reading.texts.__getitem__, self._slots), *map(reading.values.__getitem__, self._values)]

    def _strings(self, member: Member) -> list[bytes]:
        """Return all that is a member's own as it may stand in an object of the PDF; the same order for everybody."""
        strings = [form for one in self._own(member) for form in (String(one).data, f">{escape(one)}<".encode())]
        return strings + [String(one).data for file in member.manuscript.attached for one in (file.name, file.description)]

    def _find_holes(self, painted: Painted) -> None:
        """Find the objects of the model in which something is somebody's own."""
        marked: list[dict[int, Hole]] = [{} for _page in painted.streams]
        boxes = [(paragraph.page, box) for paragraph in self._paragraphs for box in text_boxes(paragraph.lines)]
        for number, (page, box) in enumerate(boxes):
            marked[page][painted.marks[page][box]] = "text", number
        codes = {("code", number): self._strokes[name][1] for number, name in enumerate(self._codes)}
        self._contents: dict[int, Contents] = {
            stream.number: with_holes(stream, marked[page], codes) for page, stream in enumerate(painted.streams)
        }
        objects = painted.pdf.objects
        self._metadata = next(one.number for one in objects if _is_stream(one, "Subtype", "/XML"))
        self._values_told = cutter(self._model.changes)
        self._xmp = cut(_content(objects[self._metadata]), self._values_told)
        self._attachments = [one.number for one in objects if _is_stream(one, "Type", "/EmbeddedFile")]
        self._open_objects = [
            one.number for one in objects[1:] if one.compressible and self._values_told.search(one.data)
        ]  # fmt: skip

    def _streams(self, member: Member) -> dict[int, tuple[bytes, bytes]]:
        """Return what the streams hold that are somebody's own, by their numbers, and what is said of them."""
        streams = {number: (contents.filled(member.operators), b"") for number, contents in self._contents.items()}
        streams[self._metadata] = self._xmp.filled(member.changes), b"/Type /Metadata/Subtype /XML"
        attached = weasyprint_attachments(member.manuscript.attached, member.manuscript.at)
        for number, attachment in zip(self._attachments, attached, strict=True):
            objects = PDF()
            write_pdf_attachment(objects, attachment, compress=True)
            file = next(one for one in objects.objects if _is_stream(one, "Type", "/EmbeddedFile"))
            streams[number] = _content(file), _extra(file)
        return streams

    def _kind(self) -> bytes:
        told = (self._model.manuscript.css, self._model.reading.rest, sorted(self._slots), sorted(self._values))
        return hashlib.sha256(repr(told).encode()).digest()

    def _prove(self, pdf: PDF, proof: Member) -> None:
        """Compare with the whole document as WeasyPrint paints it, object by object. Raises NotUnderstoodError."""
        whole = paint(lay_out(proof.manuscript, self._press), proof.manuscript).pdf
        streams = self._streams(proof)
        if len(whole.objects) != len(pdf.objects):
            raise NotUnderstoodError("Another document of the family has other objects.")
        for ours, theirs in zip(pdf.objects[1:], whole.objects[1:], strict=True):
            if isinstance(ours, Stream):
                content, extra = streams.get(ours.number, (_content(ours), _extra(ours)))
                same = (content, extra) == (_content(theirs), _extra(theirs))
            else:
                same = cut(ours.data, self._values_told).filled(proof.changes) == theirs.data
            if not same:
                raise NotUnderstoodError(f"Object {ours.number} differs in another way than was foreseen.")


def _draw(members: Sequence[Member], stream: Any) -> None:
    drawn: dict[object, bytes] = {}
    scratch = stream.clone(tags={})
    for member in members:
        for number, box in enumerate(member.boxes):
            key = number, box.text, box.position_x, box.position_y, box.baseline
            if key not in drawn:
                drawn[key] = draw(box, scratch)
            member.operators["text", number] = drawn[key]
        member.boxes = []


def _unambiguous(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    changes: dict[bytes, bytes] = {}
    for old, new in pairs:
        if changes.setdefault(old, new) != new:
            raise NotUnderstoodError("One string of the model stands for two of this document.")
    return changes


def _is_stream(one: Any, key: str, value: str) -> bool:
    return isinstance(one, Stream) and one.extra.get(key) == value


def _content(stream: Stream) -> bytes:
    return b"\n".join(map(_to_bytes, stream.stream))


def _extra(stream: Stream) -> bytes:
    data: bytes = Dictionary(stream.extra).data
    return data.removeprefix(b"<<").removesuffix(b">>")
