"""Check the Markdown of an archive: no HTML, no dead links, pictures that say what they tell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import unquote, urlsplit

from courses.activity_kinds import ArchiveError
from courses.archive.media import DOCUMENTS, Size, extension
from lms.markdown import BOXES, LinkAttributes, Target, list_html, list_targets, render_markdown
from lms.sentences import N_, Sentence, sentence

NO_FILE = N_("There is no file %(path)s in the archive.")
_BOX = re.compile(r"^:{3,}\s*(\S*)(.*)$")


@dataclass(frozen=True)
class References:
    """What texts can refer to: glossary words by their identifier, and media by their path (without a size: no picture)."""

    glossary: Mapping[str, str]
    media: Mapping[str, Size | None]
    #: Without it nothing is said about words: whoever mends the glossary's file has them all again.
    glossary_is_read: bool = True
    #: Paths of files that were refused already: nothing is said of them where they are named.
    refused: frozenset[str] = frozenset()


def check_text(
    path: str, text: str, references: References, *, offset: int = 0, whole: bool = True
) -> list[ArchiveError]:
    """Return what is wrong with a text whose first line is ``offset`` + 1 of its file.

    ``whole`` texts are pages and lessons; others (a question's prompt) have no headings or boxes to be looked at.
    """
    found = [(line, sentence(N_("HTML is not allowed. Write Markdown."))) for line in set(list_html(text))]
    for target in list_targets(text):
        if target.kind == "image":
            found += [(target.line, problem) for problem in _picture_problems(target, references, whole)]
        else:
            if not target.text.strip():
                text_missing = sentence(N_("The link to %(address)s has no text."), address=target.address)
                found.append((target.line, text_missing))
            if problem := _link_problem(target.address, references):
                found.append((target.line, problem))
    if whole:
        found += _structure_problems(text)
    return [ArchiveError(path, line + offset, problem) for line, problem in sorted(found, key=itemgetter(0))]


def _picture_problems(target: Target, references: References, whole: bool) -> list[Sentence]:
    address = target.address
    problems = []
    if not target.text.strip():
        text = N_("The picture has no alternative text. Say in the square brackets what it tells.")
        problems.append(sentence(text))
    if address in references.refused:
        pass
    elif address not in references.media:
        problems.append(sentence(NO_FILE, path=address))
    elif extension(address) in DOCUMENTS:
        problems.append(sentence(N_("%(path)s is a document, not a picture. Link it instead."), path=address))
    if whole and not target.alone:
        text = N_("A picture stands alone in its paragraph, with an empty line before and after it.")
        problems.append(sentence(text))
    return problems


def _link_problem(address: str, references: References) -> Sentence | None:
    if address in references.refused:
        return None
    if address.startswith("glossary:"):
        word = unquote(address.removeprefix("glossary:"))
        known = word in references.glossary or not references.glossary_is_read
        return None if known else sentence(N_("The glossary has no word “%(word)s”."), word=word)
    if address.startswith("media/"):
        return None if address in references.media else sentence(NO_FILE, path=address)
    parts = urlsplit(address)
    if (parts.scheme in {"https", "http"} and parts.hostname) or (parts.scheme == "mailto" and "@" in parts.path):
        return None
    if not address:
        return sentence(N_("The link is empty. Links begin with https://, mailto:, glossary: or media/."))
    text = N_("The link leads nowhere: %(address)s. Links begin with https://, mailto:, glossary: or media/.")
    return sentence(text, address=address)


def _structure_problems(text: str) -> list[tuple[int, Sentence]]:
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
            found.append((number, sentence(N_("Headings begin at ##; the title is in the front matter."))))
        elif box := _BOX.match(line):
            if not box[1]:
                if opened is None:
                    found.append((number, sentence(N_("This line closes a box, but none is open."))))
                opened = None
            elif box[1] not in BOXES:
                unknown = N_("There is no box “%(box)s”. There are %(boxes)s.")
                found.append((number, sentence(unknown, box=box[1], boxes=", ".join(BOXES))))
                opened = number
            else:
                if opened is not None:
                    early = N_("This box is not closed by a line ::: before the next one begins.")
                    found.append((opened, sentence(early)))
                opened = number
    if opened is not None:
        found.append((opened, sentence(N_("This box is not closed by a line :::."))))
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
