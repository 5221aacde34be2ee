"""XML as text: indented, escaped so that every reader gets back just what was given, or refused where XML has no sign for it."""

from __future__ import annotations

import re

from assessments.exchange.reasons import NotTaken, Why, shortened

#: What XML 1.0 cannot hold, not even escaped.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_ATTRIBUTE_SIGNS = _SIGNS | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}


def escaped(text: str, format_name: str, *, attribute: bool = False) -> str:
    """Return a text for XML. Raises NotTaken when it holds a sign that XML has not."""
    if found := _IMPOSSIBLE.search(text):
        raise NotTaken(Why.CANNOT_KEEP, format=format_name, part=f"U+{ord(found[0]):04X}")
    signs = _ATTRIBUTE_SIGNS if attribute else _SIGNS
    return re.sub(f"[{re.escape(''.join(signs))}]", lambda sign: signs[sign[0]], text)


class Lines:
    """Collects the lines of an element and what is in it."""

    def __init__(self, format_name: str, depth: int = 0) -> None:
        self.format_name = format_name
        self.depth = depth
        self.lines: list[str] = []

    def open(self, name: str, **attributes: str) -> None:
        """Begin an element; underscores in attributes' names become hyphens."""
        self.lines.append(f"{'  ' * self.depth}<{name}{self._attributes(attributes)}>")
        self.depth += 1

    def close(self, name: str) -> None:
        """End an element."""
        self.depth -= 1
        self.lines.append(f"{'  ' * self.depth}</{name}>")

    def leaf(self, name: str, text: str = "", **attributes: str) -> None:
        """Write an element that holds a text only."""
        body = escaped(text, self.format_name)
        self.raw(name, body, **attributes)

    def raw(self, name: str, body: str, **attributes: str) -> None:
        """Write an element whose content is XML already."""
        begin = f"{'  ' * self.depth}<{name}{self._attributes(attributes)}"
        self.lines.append(f"{begin}>{body}</{name}>" if body else f"{begin}/>")

    def text(self) -> str:
        """Return all lines."""
        return "\n".join(self.lines) + "\n"

    def _attributes(self, attributes: dict[str, str]) -> str:
        return "".join(
            f' {name.rstrip("_").replace("_", "-")}="{escaped(value, self.format_name, attribute=True)}"'
            for name, value in attributes.items()
        )


def first_words(text: str) -> str:
    """Return a name for a question: the beginning of its prompt."""
    return shortened(re.sub(r"[*_`#\\]", "", text), 80)
