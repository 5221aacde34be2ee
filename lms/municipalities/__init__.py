"""Brandenburg's districts and municipalities, by their official keys."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to serve yet: other rooms read the tables."""
