"""What a layout may load. Imported late, because importing WeasyPrint needs Pango."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

#: Addresses of a layout's own files begin so; the host does not exist, and nothing is ever asked of a network.
BASE = "https://layout.invalid/"
FONT_PREFIX = "font:"


class LayoutFetcher(URLFetcher):
    """Gives a layout its own files, the print fonts and its QR code, and refuses everything else."""

    def __init__(self, folder: Path, fonts: Path, qr: bytes) -> None:
        """``folder`` is the layout's, ``qr`` the code of this document as SVG."""
        super().__init__(allowed_protocols=())
        self._folder, self._fonts, self._qr = folder, fonts, qr

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file behind an address. Raises FatalURLFetchingError for anything foreign or missing."""
        if url.startswith(FONT_PREFIX):
            return self._answer(url, _inside(self._fonts, url.removeprefix(FONT_PREFIX)).read_bytes())
        if not url.startswith(BASE):
            raise FatalURLFetchingError(f"A layout may not load {url}.")
        name = url.removeprefix(BASE)
        return self._answer(url, self._qr if name == "qr.svg" else _inside(self._folder, name).read_bytes())

    @staticmethod
    def _answer(url: str, content: bytes) -> URLFetcherResponse:
        kind = mimetypes.guess_type(url.rpartition("/")[2])[0] or "application/octet-stream"
        return URLFetcherResponse(url, content, {"Content-Type": kind})


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise FatalURLFetchingError(f"A layout has no file {name}.")
    return path
