"""Check that pictures and documents are what their names say, and that a drawing does nothing."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring
from PIL import Image

from courses.activity_kinds import ArchiveError
from lms.sentences import N_, Sentence, sentence

MEDIA_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_PICTURE_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
DOCUMENTS = frozenset({"pdf", "odt", "docx"})
_BEGINNINGS = {"pdf": b"%PDF-", "odt": b"PK\x03\x04", "docx": b"PK\x03\x04"}
MAX_PIXELS = 40_000_000
MAX_PROBLEMS = 20

#: What a drawing may consist of; everything that can act, load or embed is missing from the list.
_SVG_ELEMENTS = frozenset(
    {
        "svg",
        "g",
        "defs",
        "title",
        "desc",
        "metadata",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "marker",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "symbol",
        "use",
        "style",
        "switch",
        "filter",
        "feGaussianBlur",
        "feOffset",
        "feBlend",
        "feMerge",
        "feMergeNode",
        "feColorMatrix",
        "feFlood",
        "feComposite",
    }
)
_SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Size:
    """How large a picture is shown, in pixels."""

    width: int
    height: int


def extension(path: str) -> str:
    """Return the ending of a file's name, without the dot."""
    return path.rsplit(".", 1)[-1]


def media_type(path: str) -> str:
    """Return the media type that a file of this name is served with."""
    return MEDIA_TYPES.get(extension(path), "application/octet-stream")


def check_media(path: str, content: bytes) -> tuple[Size | None, list[ArchiveError]]:
    """Return a picture's size, and everything that is wrong with the file."""
    kind = extension(path)
    if kind == "svg":
        return _check_svg(path, content)
    if kind in _PICTURE_FORMATS:
        return _check_picture(path, content, _PICTURE_FORMATS[kind])
    if not content.startswith(_BEGINNINGS[kind]):
        text = N_("This is not a %(kind)s file, whatever its name says.")
        return None, [ArchiveError(path, None, sentence(text, kind=kind.upper()))]
    return None, []


def _check_picture(path: str, content: bytes, expected: str) -> tuple[Size | None, list[ArchiveError]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a picture that is too large is refused below, by a sentence
            with Image.open(io.BytesIO(content), formats=[expected]) as picture:
                width, height = picture.size
                if width * height <= MAX_PIXELS:
                    picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        text = N_("This is not a %(kind)s picture that can be read.")
        return None, [ArchiveError(path, None, sentence(text, kind=expected))]
    if width * height > MAX_PIXELS:
        text = N_("The picture has %(width)s × %(height)s pixels, which is too many.")
        return None, [ArchiveError(path, None, sentence(text, width=width, height=height))]
    return Size(width, height), []


def _check_svg(path: str, content: bytes) -> tuple[Size | None, list[ArchiveError]]:
    errors: list[ArchiveError] = []
    if b"\x00" in content or re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        return None, [ArchiveError(path, None, sentence(N_("A drawing must not have a document type or entities.")))]
    if re.search(rb"<\?(?!xml\s)", content):
        errors.append(ArchiveError(path, None, sentence(N_("A drawing must not have processing instructions."))))
    try:
        root = fromstring(content.decode("utf-8"))
    except (ElementTree.ParseError, UnicodeDecodeError, RecursionError, ValueError) as error:
        line = error.position[0] if isinstance(error, ElementTree.ParseError) else None
        return None, [ArchiveError(path, line, sentence(N_("This is not valid SVG in UTF-8.")), str(error))]
    if root.tag != f"{_SVG_NAMESPACE}svg":
        return None, [ArchiveError(path, 1, sentence(N_("The outermost element must be svg with its namespace.")))]
    for element in root.iter():
        if len(errors) >= MAX_PROBLEMS:  # nobody reads more, and each is looked for in the whole drawing
            break
        errors += [ArchiveError(path, _line_of(content, word), text) for word, text in _problems(element)]
    if root.find(f"{_SVG_NAMESPACE}title") is None:
        text = N_("The drawing has no title element, so it has no name for those who do not see it.")
        errors.append(ArchiveError(path, 1, sentence(text)))
    size = _svg_size(root)
    if size is None:
        text = N_("The drawing has no viewBox of four numbers, so nobody knows its size.")
        errors.append(ArchiveError(path, 1, sentence(text)))
    return size, errors


def _problems(element: ElementTree.Element) -> list[tuple[str, Sentence]]:
    found = []
    name = str(element.tag).removeprefix(_SVG_NAMESPACE)
    if name not in _SVG_ELEMENTS:
        found.append((f"<{name}", sentence(N_("The element %(element)s is not allowed in a drawing."), element=name)))
    if name == "style" and _is_foreign_style(element.text or ""):
        found.append(("<style", sentence(N_("Styles in a drawing must not load anything."))))
    for key, value in element.attrib.items():
        short = key.rsplit("}", 1)[-1].lower()
        if short.startswith("on"):
            text = N_("The attribute %(attribute)s is a script; a drawing must not have one.")
            found.append((short, sentence(text, attribute=short)))
        elif short in {"href", "src"} and not value.startswith("#"):
            found.append((value, sentence(N_("A drawing must not refer to anything outside itself."))))
        elif _is_foreign_style(value):
            found.append((value, sentence(N_("The attribute %(attribute)s must not load anything."), attribute=short)))
    return found


def _is_foreign_style(text: str) -> bool:
    folded = _without_comments(text).lower()
    return (
        "\\" in folded
        or "/*" in folded
        or "@import" in folded
        or "javascript:" in folded
        or "expression(" in folded
        or re.search(r"url\(\s*['\"]?(?!\s*['\"]?#)", folded) is not None
    )


def _without_comments(text: str) -> str:
    """Return a style without its comments; one that is never closed stays, and refuses the style."""
    parts, at = [], 0
    while (start := text.find("/*", at)) >= 0 and (end := text.find("*/", start + 2)) >= 0:
        parts.append(text[at:start])
        at = end + 2
    return "".join([*parts, text[at:]])


def _line_of(content: bytes, word: str) -> int | None:
    at = content.find(word.encode())
    return content.count(b"\n", 0, at) + 1 if at >= 0 else None


def _svg_size(root: ElementTree.Element) -> Size | None:
    try:
        _x, _y, width, height = (float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()))
    except ValueError:
        return None
    if not (0 < width < 100_000 and 0 < height < 100_000):
        return None
    return Size(round(width) or 1, round(height) or 1)
