"""What a printed document may load. Imported late, because importing WeasyPrint needs Pango."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from lms.printing.references import BASE, FONT_PREFIX


class OwnFiles(URLFetcher):
    """Gives a document its own files and the print fonts, and refuses everything else."""

    def __init__(
        self, files: Mapping[str, bytes], fonts: Mapping[str, bytes], refused: list[str] | None = None
    ) -> None:
        """``files`` are the document's by name, ``fonts`` the print fonts'; what is refused is noted in ``refused``."""
        super().__init__(allowed_protocols=())
        self._files, self._fonts, self._refused = files, fonts, refused

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Return the file behind an address. Raises FatalURLFetchingError for anything foreign or missing."""
        for prefix, files in ((FONT_PREFIX, self._fonts), (BASE, self._files)):
            name = url.removeprefix(prefix)
            if name != url and name in files:
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, files[name], {"Content-Type": kind})
        if self._refused is not None:
            self._refused.append(url)
        raise FatalURLFetchingError(f"A document may load its own files only, not {url}.")
