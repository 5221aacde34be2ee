"""Nobody in these tests has asked before."""

from __future__ import annotations

import pytest

from certificates.verification import routes


@pytest.fixture(autouse=True)
def nobody_has_asked_before() -> None:
    """Empty the limits that live in the process; those of the database go with each test."""
    for limiter in (routes.pages, routes.files, routes.lists, routes.receipts):
        limiter.forget()
