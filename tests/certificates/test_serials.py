"""Serial numbers: a format that is checked at the start, unique and without gaps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from certificates.conferral.serials import SerialFormat, SerialFormatError
from config import ConfigError
from tests.conftest import test_config
from wsgi import create_app


@pytest.mark.parametrize(
    ("text", "number", "series"),
    [("SCM-{year}-{counter:5}", "SCM-2026-00007", "SCM-2026"), ("{counter}/{year}", "7/2026", "2026"),
     ("BB.{counter:3}", "BB.007", "BB"), ("{year}/Z{counter:4}-A", "2026/Z0007-A", "2026/Z-A")],
)  # fmt: skip
def test_a_format_makes_numbers(text: str, number: str, series: str) -> None:
    form = SerialFormat.parse(text)
    assert form.number(2026, 7) == number
    assert form.series(2026) == series


def test_a_longer_counter_is_never_cut() -> None:
    assert SerialFormat.parse("SCM-{year}-{counter:5}").number(2026, 123456) == "SCM-2026-123456"


@pytest.mark.parametrize(
    "text",
    ["", "SCM-{year}", "{counter}{counter}", "SCM-{year}-{counter:0}", "SCM-{year}-{counter:12}", "scm-{counter}",
     "SCM {counter}", "{counter.__class__}", "{year}{counter:5}{year}", "A1{counter}", "{counter}{year}", "{0}-{counter}",
     "SCM-{year:4}-{counter}", "Ä-{counter}", "X" * 40 + "{counter}", "%s-{counter}"],
)  # fmt: skip
def test_a_format_that_could_fail_later_is_refused_now(text: str) -> None:
    with pytest.raises(SerialFormatError, match="LMS_SERIAL_FORMAT"):
        SerialFormat.parse(text)


def test_the_product_does_not_start_with_a_wrong_format(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="LMS_SERIAL_FORMAT"):
        create_app(replace(test_config(tmp_path, ""), serial_format="{year}"))
