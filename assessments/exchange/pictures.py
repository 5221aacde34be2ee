"""Pictures inside questions: checked, named after their SHA-256, and shown from this site alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from assessments.exchange.reasons import NotTaken, Why, shortened
from courses.archive.media import Size, check_media
from lms.markdown import list_targets

#: Where the pictures of questions are (see bank/routes.py); lms.markdown shows pictures from there and nowhere else.
FOLDER = "/pictures/"
PLUGIN_FILE = "@@PLUGINFILE@@/"
ENDINGS = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "webp": "webp", "svg": "svg"}
OWN = re.compile(r"/pictures/([0-9a-f]{64})\.(png|jpg|webp|svg)")
_DATA = re.compile(r"data:image/(png|jpeg|webp|svg\+xml);base64,(.*)", re.DOTALL)


@dataclass
class Pictures:
    """The files that a text brings along, and those of them that it shows."""

    files: dict[str, str]
    found: dict[str, bytes] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    sizes: dict[str, Size] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)

    def __call__(self, source: str) -> str | None:
        """Return the address of a picture, or None when the text does not bring it along. Raises NotTaken for a bad one."""
        if inline := _DATA.fullmatch(source):
            return self._read(f"data.{inline[1].removesuffix('+xml')}", inline[2])
        name = unquote(source.removeprefix(PLUGIN_FILE))
        if not source.startswith(PLUGIN_FILE) or name not in self.files:
            return None
        self.used.add(name)
        if name not in self._kept:  # shown a thousand times, it is still one picture to look at
            self._kept[name] = self._read(name, self.files[name])
        return self._kept[name]

    def _read(self, name: str, encoded: str) -> str:
        ending = ENDINGS.get(name.rsplit(".", 1)[-1].lower())
        if ending is None:
            raise NotTaken(Why.PICTURE, name=shortened(name))
        try:
            content = base64.b64decode(re.sub(r"\s", "", encoded), validate=True)
        except binascii.Error:
            raise NotTaken(Why.PICTURE, name=shortened(name)) from None
        return self.keep_content(name, ending, content)

    def keep_content(self, name: str, ending: str, content: bytes) -> str:
        """Keep a picture's bytes and return its address."""
        size, errors = check_media(f"media/x.{ending}", content)
        if errors or size is None:
            raise NotTaken(Why.PICTURE, name=shortened(name))
        address = f"{FOLDER}{hashlib.sha256(content).hexdigest()}.{ending}"
        self.found[address] = content
        self.sizes[address] = size
        return address

    def check_used(self) -> None:
        """Refuse when a file came along that no text shows: it would be lost."""
        for name in self.files:
            if name not in self.used:
                raise NotTaken(Why.FILES, name=shortened(name))


def addresses_in(question: object) -> list[str]:
    """Return the addresses of the pictures in a definition that this site keeps, each once."""
    return [address for address in pictures_in(question) if address.startswith(FOLDER)]


def pictures_in(question: object, key: str = "") -> list[str]:
    """Return the addresses of all pictures anywhere in a definition, each once, wherever they lie."""
    found: dict[str, None] = {}
    if isinstance(question, str):
        if key == "image":
            found[question] = None
        elif "![" in question:
            found |= dict.fromkeys(target.address for target in list_targets(question) if target.kind == "image")
    elif isinstance(question, dict):
        for name, value in question.items():
            found |= dict.fromkeys(pictures_in(value, name))
    elif isinstance(question, list):
        for value in question:
            found |= dict.fromkeys(pictures_in(value))
    return list(found)


def portable(question: Any, media: Mapping[str, str], key: str = "") -> Any:
    """Return a definition whose pictures have an address that holds anywhere: the name of their content.

    ``media`` has the SHA-256 of a course's pictures by their path in its archive. What is not there stays as it is.
    """
    if isinstance(question, dict):
        return {name: portable(value, media, name) for name, value in question.items()}
    if isinstance(question, list):
        return [portable(value, media) for value in question]
    if not isinstance(question, str) or "media/" not in question:
        return question
    moved = {path: _address(path, media[path]) for path in pictures_in(question, key) if path in media}
    if key == "image":
        return moved.get(question, question)
    for path, address in moved.items():
        question = question.replace(f"]({path}", f"]({address}")
    return question


def _address(path: str, sha256: str) -> str:
    return f"{FOLDER}{sha256}.{path.rsplit('.', 1)[-1]}"
