"""How instants are shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from lms.frame.filters import datetime_text, span_text


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 9, 7, 22, 5, tzinfo=UTC), "Di., 8. September 2026, 0:05 Uhr"),
        (datetime(2026, 9, 8, 7, 0, tzinfo=UTC), "Di., 8. September 2026, 9:00 Uhr"),
        (datetime(2026, 9, 8, 20, 30, tzinfo=UTC), "Di., 8. September 2026, 22:30 Uhr"),
    ],
)
def test_a_time_has_its_hour(app: Flask, at: datetime, shown: str) -> None:
    with app.test_request_context("/"):
        assert datetime_text(at, "Europe/Berlin") == shown


def test_a_span_may_begin_at_midnight(app: Flask) -> None:
    begin, end = datetime(2026, 9, 7, 22, 0, tzinfo=UTC), datetime(2026, 9, 7, 22, 45, tzinfo=UTC)
    with app.test_request_context("/"):
        assert span_text(begin, end, "Europe/Berlin") == "Di., 8. September 2026, 0:00–0:45 Uhr"
