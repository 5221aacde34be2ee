"""Repairs as the office does them on the page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def shown_by(page: str) -> str:
    """Return what the button that does it sends along of the dry run."""
    found = re.search(r'name="outcome" value="(\w+)"', page)
    return found[1] if found else pytest.fail("no dry run")


def confirm(office: FlaskClient, path: str, fields: dict[str, Any]) -> TestResponse:
    """Look at what would change, and do it."""
    shown = shown_by(office.post(path, data=fields | {"step": "preview"}).text)
    return office.post(path, data=fields | {"step": "apply", "outcome": shown})
