"""Check the Markdown of an archive: no HTML, no dead links, pictures that say what they tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from courses.activity_kinds import ArchiveError
from courses.archive.media import Size
from lms.markdown import BOXES, LinkAttributes, Target, list_html, list_targets, render_markdown

_BOX = re.compile(r"^:{3,}\s*(\S*)(.*)$")


@dataclass(frozen=True)
class References:
    """What texts can refer to: glossary words by their identifier, and media by their path."""

    glossary: Mapping[str, str]
    media: Mapping[str, Size | None]


def check_text(
    path: str, text: str, references: References, *, offset: int = 0, whole: bool = True
) -> list[ArchiveError]:
    """Return what is wrong with a text whose first line is ``offset`` + 1 of its file.

    ``whole`` texts are pages and lessons; others (a question's prompt) have no headings or boxes to be looked at.
    """
    found = [(line, "HTML is not allowed. Write Markdown.") for line in list_html(text)]
    for target in list_targets(text):
        if target.kind == "image":
            found += [(target.line, problem) for problem in _picture_problems(target, references, whole)]
        elif problem := _link_problem(target.address, target.text, references):
            found.append((target.line, problem))
    if whole:
        found += _structure_problems(text)
    return [ArchiveError(path, line + offset, problem) for line, problem in sorted(found)]


def _picture_problems(target: Target, references: References, whole: bool) -> list[str]:
    address = target.address
    problems = []
    if not target.text.strip():
        problems.append("The picture has no alternative text. Say in the square brackets what it tells.")
    if address not in references.media:
        problems.append(f"There is no file {address} in the archive.")
    elif references.media[address] is None:
        problems.append(f"{address} is a document, not a picture. Link it instead.")
    if whole and not target.alone:
        problems.append("A picture stands alone in its paragraph, with an empty line before and after it.")
    return problems


def _link_problem(address: str, words: str, references: References) -> str | None:
    if not words.strip():
        return f"The link to {address} has no text."
    if address.startswith("glossary:"):
        word = unquote(address.removeprefix("glossary:"))
        return None if word in references.glossary else f"The glossary has no word “{word}”."
    if address.startswith("media/"):
        return None if address in references.media else f"There is no file {address} in the archive."
    parts = urlsplit(address)
    if (parts.scheme in {"https", "http"} and parts.hostname) or (parts.scheme == "mailto" and "@" in parts.path):
        return None
    return (
        f"The link leads nowhere: {address or 'it is empty'}. Links begin with https://, mailto:, glossary: or media/."
    )


def _structure_problems(text: str) -> list[tuple[int, str]]:
    found = []
    fence = ""
    opened: int | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if mark := re.match(r"(`{3,}|~{3,})", stripped):
            fence = "" if fence and stripped.startswith(fence) else fence or mark[1]
        elif fence:
            continue
        elif re.match(r"# ", line):
            found.append((number, "Headings begin at ##; the title is in the front matter."))
        elif box := _BOX.match(line):
            if not box[1]:
                if opened is None:
                    found.append((number, "This line closes a box, but none is open."))
                opened = None
            elif box[1] not in BOXES:
                found.append((number, f"There is no box “{box[1]}”. There are {', '.join(BOXES)}."))
                opened = number
            else:
                if opened is not None:
                    found.append((opened, "This box is not closed by a line ::: before the next one begins."))
                opened = number
    if opened is not None:
        found.append((opened, "This box is not closed by a line :::."))
    return found


def content_links(base: str, references: References) -> LinkAttributes:
    """Return where the links of a version's texts lead; ``base`` is the version's path (``/content/1``)."""

    def attributes(kind: str, address: str) -> dict[str, str] | None:
        if kind == "image":
            size = references.media.get(address)
            if size is None:
                return None
            return {"src": f"{base}/{address}", "width": str(size.width), "height": str(size.height)}
        if address.startswith("glossary:"):
            word = unquote(address.removeprefix("glossary:"))
            explanation = references.glossary.get(word)
            if explanation is None:
                return None
            return {"href": f"{base}/glossary#{word}", "class": "glossary-word", "data-explanation": explanation}
        if address.startswith("media/"):
            return {"href": f"{base}/{address}"}
        return {"href": address}

    return attributes


def render_text(text: str, base: str, references: References) -> str:
    """Return a text of a course version as safe HTML."""
    return render_markdown(text, content_links(base, references))
