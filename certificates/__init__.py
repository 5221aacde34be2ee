"""What is conferred: readiness, conferral, documents, credentials, verification."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the package's rooms."""
