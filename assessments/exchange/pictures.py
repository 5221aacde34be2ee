"""Pictures inside questions: checked, named after their SHA-256, and shown from this site alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from assessments.exchange.reasons import NotTaken, Why, shortened
from courses.archive.media import check_media
from lms.markdown import list_targets

#: Where the pictures of questions are (see bank/routes.py); lms.markdown shows pictures from there and nowhere else.
FOLDER = "/pictures/"
PLUGIN_FILE = "@@PLUGINFILE@@/"
_ENDINGS = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "webp": "webp"}
_DATA = re.compile(r"data:image/(png|jpeg|webp);base64,(.*)", re.DOTALL)


@dataclass
class Pictures:
    """The files that a text brings along, and those of them that it shows."""

    files: dict[str, str]
    found: dict[str, bytes] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def __call__(self, source: str) -> str | None:
        """Return the address of a picture, or None when the text does not bring it along. Raises NotTaken for a bad one."""
        if inline := _DATA.fullmatch(source):
            return self._keep(f"data.{inline[1]}", inline[2])
        if re.fullmatch(re.escape(FOLDER) + r"[0-9a-f]{64}\.(png|jpg|webp)", source):
            return None
        name = unquote(source.removeprefix(PLUGIN_FILE))
        if not source.startswith(PLUGIN_FILE) or name not in self.files:
            return None
        self.used.add(name)
        return self._keep(name, self.files[name])

    def _keep(self, name: str, encoded: str) -> str:
        ending = _ENDINGS.get(name.rsplit(".", 1)[-1].lower())
        if ending is None:
            raise NotTaken(Why.PICTURE, name=shortened(name))
        try:
            content = base64.b64decode(re.sub(r"\s", "", encoded), validate=True)
        except binascii.Error:
            raise NotTaken(Why.PICTURE, name=shortened(name)) from None
        return self.keep_content(name, ending, content)

    def keep_content(self, name: str, ending: str, content: bytes) -> str:
        """Keep a picture's bytes and return its address."""
        _size, errors = check_media(f"media/x.{ending}", content)
        if errors:
            raise NotTaken(Why.PICTURE, name=shortened(name))
        address = f"{FOLDER}{hashlib.sha256(content).hexdigest()}.{ending}"
        self.found[address] = content
        return address

    def check_used(self) -> None:
        """Refuse when a file came along that no text shows: it would be lost."""
        for name in self.files:
            if name not in self.used:
                raise NotTaken(Why.FILES, name=shortened(name))


def addresses_in(question: object) -> list[str]:
    """Return the addresses of the pictures anywhere in a definition, each once."""
    found: dict[str, None] = {}
    if isinstance(question, str):
        if FOLDER in question:
            found |= dict.fromkeys(
                target.address
                for target in list_targets(question)
                if target.kind == "image" and target.address.startswith(FOLDER)
            )
    elif isinstance(question, dict):
        for value in question.values():
            found |= dict.fromkeys(addresses_in(value))
    elif isinstance(question, list):
        for value in question:
            found |= dict.fromkeys(addresses_in(value))
    return list(found)
