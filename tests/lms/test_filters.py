"""How instants are shown."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from lms.frame.filters import datetime_text, exact_number, number, percent, span_text


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


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.001, "0"), (-0.0, "0"), (0, "0"), (-0.25, "−0,25"), (-3, "−3"), (-1234, "−1.234"), (12.5, "12,5")],
)
def test_a_negative_figure_has_a_minus_and_nothing_has_none(app: Flask, value: float, text: str) -> None:
    with app.test_request_context(), force_locale("de"):
        assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(3.1415, "3,1415"), (0.125, "0,125"), (1e-05, "0,00001"), (-1.6e-19, "−0,00000000000000000016"), (3.0, "3"),
     (-0.0, "0"), (1234567.125, "1.234.567,125"), (1e14, "100.000.000.000.000")],
)  # fmt: skip
def test_an_exact_number_has_all_its_decimals_and_no_exponent(app: Flask, value: float, text: str) -> None:
    with app.test_request_context(), force_locale("de"):
        assert exact_number(value) == text


def test_a_negative_share_has_a_minus(app: Flask) -> None:
    with app.test_request_context(), force_locale("de"):
        assert [percent(-0.2), percent(-12)] == ["0\xa0%", "−12\xa0%"]
