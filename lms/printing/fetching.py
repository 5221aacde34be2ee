"""What a printed document may load. Imported late, because importing WeasyPrint needs Pango."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

#: Addresses of a document's own files begin so; the host does not exist, and nothing is ever asked of a network.
BASE = "https://document.invalid/"
FONT_PREFIX = "font:"


class OwnFiles(URLFetcher):
    """Gives a document its own files and the print fonts, and refuses everything else."""

    def __init__(self, files: Mapping[str, bytes], fonts: Mapping[str, bytes]) -> None:
        """``files`` are the document's by name, ``fonts`` the print fonts'."""
        super().__init__(allowed_protocols=())
        self._files, self._fonts = files, fonts

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file behind an address. Raises FatalURLFetchingError for anything foreign or missing."""
        for prefix, files in ((FONT_PREFIX, self._fonts), (BASE, self._files)):
            name = url.removeprefix(prefix)
            if name != url and name in files:
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, files[name], {"Content-Type": kind})
        raise FatalURLFetchingError(f"A document may load its own files only, not {url}.")
