"""A question element of Moodle XML while it is read: its values, its texts and their pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from assessments.exchange.formats.moodle_schema import YES
from assessments.exchange.pictures import Pictures
from assessments.exchange.reasons import NotTaken, Why, shortened
from assessments.exchange.texts import FORMATS, Text


@dataclass
class Source:
    """A question element while it is read: its texts, and the pictures that they bring along.

    What is looked for here is the first of its name; that there is no second one, moodle_schema.py has made sure of.
    """

    element: Element
    tags: list[str]
    media: dict[str, bytes] = field(default_factory=dict)

    def find(self, name: str) -> Element | None:
        """Return the first child of this name."""
        return self.element.find(name)

    def value(self, name: str, usual: str = "") -> str:
        """Return a plain value, which stands in the element or in a text below it."""
        found = self.find(name)
        return usual if found is None else (raw_text(found).strip() or usual)

    def flag(self, name: str, usual: str) -> bool:
        """Return whether a value says yes. One that is there and empty says no, as Moodle reads it."""
        found = self.find(name)
        return (usual if found is None else raw_text(found).strip().lower()) in YES

    def text(self, element: Element | None, usual: str) -> tuple[Text, Pictures]:
        """Return an element's text with its format and the files it brings along."""
        if element is None:
            return Text("", usual), Pictures({})
        files: dict[str, str] = {}
        for file in element.findall("file"):
            path = f"{file.get('path', '/').strip('/')}/{file.get('name', '')}".lstrip("/")
            if path in files:
                raise NotTaken(Why.PART_TWICE, part=shortened(path))
            files[path] = file.text or ""
        name = element.get("format", usual)
        if name not in FORMATS:
            raise NotTaken(Why.UNKNOWN_PART, part=f"format={shortened(name)}")
        return Text(raw_text(element), FORMATS[name]), Pictures(files)

    def block(self, element: Element | None, usual: str) -> str:
        """Return an element's text as Markdown."""
        text, pictures = self.text(element, usual)
        made = text.block(pictures)
        return self._kept(made, pictures)

    def inline(self, element: Element | None, usual: str) -> str:
        """Return an element's text as Markdown of one paragraph."""
        text, pictures = self.text(element, usual)
        return self._kept(text.inline(pictures), pictures)

    def plain(self, element: Element | None, usual: str = "plain_text") -> str:
        """Return an element's text without formatting."""
        text, pictures = self.text(element, usual)
        pictures.check_used()
        return text.plain()

    def literal(self, element: Element | None) -> str:
        """Return a text that Moodle takes as it stands, whatever format is said beside it: what is typed, or chosen in a list."""
        if element is None:
            return ""
        for file in element.findall("file"):
            raise NotTaken(Why.FILES, name=shortened(file.get("name", "")))
        return raw_text(element).strip()

    def _kept(self, made: str, pictures: Pictures) -> str:
        pictures.check_used()
        self.media |= pictures.found
        return made


def raw_text(element: Element) -> str:
    """Return the text that stands in an element or in a text below it."""
    inner = element.find("text")
    return (element.text if inner is None else inner.text) or ""
