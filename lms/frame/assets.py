"""Serving what lms/frame/build.py made: fingerprinted, compressed beforehand, cached for a year."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

BUILT = Path(__file__).parent / "static" / "built"
PREFIX = "/assets/"
_FINGERPRINTED = re.compile(r"^.+\.[0-9a-f]{12}\.\w+$")


class AssetsMissingError(RuntimeError):
    """The assets have not been built."""


def load_manifest() -> dict[str, str]:
    """Return the fingerprinted name of every asset. Raises AssetsMissingError."""
    path = BUILT / "manifest.json"
    if not path.exists():
        raise AssetsMissingError("Styles and scripts are not built yet. Please run: make assets")
    manifest: dict[str, str] = json.loads(path.read_text("utf-8"))
    return manifest


def init_app(app: Flask) -> None:
    """Serve the assets before the application is asked, and give templates ``asset(name)``."""
    manifest: dict[str, str] = {}

    def asset(name: str) -> str:
        if not manifest:
            manifest.update(load_manifest())
        return PREFIX + manifest[name]

    app.add_template_global(asset)
    served = WhiteNoise(
        app.wsgi_app,
        root=str(BUILT),
        prefix=PREFIX,
        max_age=0,
        add_headers_function=_add_headers,
        immutable_file_test=lambda _path, url: bool(_FINGERPRINTED.match(url)),
        autorefresh=app.debug,
    )
    app.wsgi_app = served  # type: ignore[method-assign]  # how Flask documents wrapping


def _add_headers(headers: Any, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
