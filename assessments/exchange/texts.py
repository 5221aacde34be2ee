"""Texts as other systems keep them (HTML, Markdown, plain, Moodle's mixture) into texts as a definition has them."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.exchange.html_text import (
    Pictures,
    check_inline,
    check_markdown,
    html_to_inline,
    html_to_markdown,
    html_to_plain,
    no_pictures,
)
from assessments.exchange.html_tree import looks_like_html
from assessments.exchange.limits import weigh
from assessments.exchange.markdown_text import plain_to_markdown
from assessments.exchange.reasons import NotTaken, Why, shortened
from lms.markdown import list_targets

#: Names of formats as Moodle's files have them.
FORMATS = {
    "html": "html",
    "markdown": "markdown",
    "plain": "plain",
    "plain_text": "plain",
    "moodle": "moodle",
    "moodle_auto_format": "moodle",
}


@dataclass(frozen=True)
class Text:
    """A text and its format: html, markdown, plain or moodle (plain with line breaks, or HTML where it has elements)."""

    text: str
    format: str = "moodle"

    def __bool__(self) -> bool:
        """Say whether there is anything in it."""
        return bool(self.text.strip())

    def block(self, pictures: Pictures = no_pictures) -> str:
        """Return Markdown of any length. Raises NotTaken when something would be lost."""
        weigh(self.text)
        if self.format == "markdown":
            return _with_pictures(check_markdown(self.text), pictures)
        if self._is_html():
            return html_to_markdown(self._as_html(), pictures)
        return plain_to_markdown(self.text)

    def inline(self, pictures: Pictures = no_pictures) -> str:
        """Return Markdown of one paragraph, for answers and feedback."""
        weigh(self.text)
        if self.format == "markdown":
            return _with_pictures(check_markdown(self.text), pictures)
        if self._is_html():
            return html_to_inline(self._as_html(), pictures)
        made = plain_to_markdown(self.text)
        check_inline(made)
        return made

    def plain(self) -> str:
        """Return a text without any formatting."""
        weigh(self.text)
        return html_to_plain(self._as_html()) if self._is_html() else self.text

    def _is_html(self) -> bool:
        return self.format == "html" or (self.format == "moodle" and looks_like_html(self.text))

    def _as_html(self) -> str:
        return self.text if self.format == "html" else self.text.strip().replace("\n", "<br>")


def _with_pictures(markdown: str, pictures: Pictures) -> str:
    """Return Markdown with its pictures' addresses as they are here."""
    for target in list_targets(markdown):
        if target.kind == "image":
            address = pictures(target.address)
            if address is None:
                raise NotTaken(Why.PICTURE, name=shortened(target.address.rsplit("/", 1)[-1]))
            markdown = markdown.replace(f"]({target.address}", f"]({address}")
    return markdown
