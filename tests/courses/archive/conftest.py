"""Archives are checked with the help of the activity kinds, which the application registers."""

from __future__ import annotations

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def kinds(app: Flask) -> None:
    """Have all kinds registered."""
