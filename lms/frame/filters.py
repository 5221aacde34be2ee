"""How values are shown: dates as people say them, numbers with the language's separators, sentences in its words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal, format_percent
from flask import Flask
from flask_babel import get_locale, gettext
from markupsafe import Markup

from lms.markdown import render_markdown
from lms.sentences import Sentence
from lms.settings import current_config

_PATTERNS = {
    "de": {"date": "d. MMMM y", "weekday": "EEE, d. MMMM y", "time": "%H:%M Uhr", "span": "%H:%M"},
    "en": {"date": "d MMMM y", "weekday": "EEE, d MMMM y", "time": "%H:%M", "span": "%H:%M"},
}


def date_text(value: date) -> str:
    """Return a day: 8. September 2026."""
    return babel_date(value, _patterns()["date"], locale=_language())


def iso_date(value: str) -> str:
    """Return a day or instant given in ISO 8601: 8. September 2026."""
    return date_text(datetime.fromisoformat(value).date())


def datetime_text(value: datetime, zone: str | None = None) -> str:
    """Return an instant in a zone: Di., 8. September 2026, 9:00 Uhr."""
    local = value.astimezone(ZoneInfo(zone or current_config().zone))
    return f"{_weekday(local)}, {local.strftime(_patterns()['time']).removeprefix('0')}"


def span_text(value: datetime, end: datetime, zone: str | None = None) -> str:
    """Return from when to when: Di., 8. September 2026, 9:00–12:15 Uhr; with both days when it goes past midnight."""
    where = ZoneInfo(zone or current_config().zone)
    first, last = value.astimezone(where), end.astimezone(where)
    if first.date() != last.date():
        return f"{datetime_text(value, zone)} – {datetime_text(end, zone)}"
    begin = first.strftime(_patterns()["span"]).removeprefix("0")
    return f"{_weekday(first)}, {begin}–{last.strftime(_patterns()['time']).removeprefix('0')}"


def number(value: float | Decimal) -> str:
    """Return a number with the language's separators, at most two decimals."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(int(value))  # as most are: nothing to separate
    return _signed(format_decimal(value, format="#,##0.##", locale=_language()))


#: A number with more signs is written with a power of ten.
MOST_PLACES = 24


def exact_number(value: float) -> str:
    """Return a number with the language's separators and all its decimals, as somebody could type it: ``1,6 · 10^−40``."""
    exactly, power = Decimal(str(value)), ""
    if len(f"{exactly:f}") > MOST_PLACES:
        power = f" · 10^{exactly.adjusted()}"
        exactly = exactly.scaleb(-exactly.adjusted())
    text = format_decimal(exactly, format="#,##0.#", locale=_language(), decimal_quantization=False)
    return _signed(text) + power.replace("-", "−")


def percent(value: float) -> str:
    """Return a figure in per cent, given as 60 for 60 %."""
    return _signed(format_percent(value / 100, locale=_language()))


def filesize(value: int) -> str:
    """Return a size in bytes as people read it."""
    if value < 1024:
        return f"{value} B"
    if value < 1024 * 1024:
        return f"{number(round(value / 1024))} KB"
    return f"{number(round(value / 1024 / 1024, 1))} MB"


def say(value: Sentence | str) -> str:
    """Return a sentence in the person's language."""
    if not isinstance(value, Sentence):
        return str(gettext(value))
    values = {key: shown(one) for key, one in value.values.items()}
    if value.plural is not None:
        # Both forms are single entries of the catalogue (N_), and German and English choose alike.
        form = value.text if value.values["n"] == 1 else value.plural
        return str(gettext(form, **values))
    return str(gettext(value.text, **values))


@lru_cache(maxsize=2048)
def _rendered(text: str) -> str:
    """Return text as HTML; the same questions are shown to a whole cohort within minutes."""
    return render_markdown(text)


def markdown(text: str) -> Markup:
    """Return text that people wrote as safe HTML."""
    return Markup(_rendered(text))  # noqa: S704 - every HTML of render_markdown comes through nh3


def markdown_inline(text: str) -> Markup:
    """Return one short text as safe HTML without a paragraph around it."""
    html = _rendered(str(text)).strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return Markup(html)  # noqa: S704 - every HTML of render_markdown comes through nh3


def init_app(app: Flask) -> None:
    """Give the filters to all templates."""
    for function in (
        date_text,
        iso_date,
        datetime_text,
        span_text,
        number,
        exact_number,
        percent,
        filesize,
        say,
        shown,
        markdown,
        markdown_inline,
    ):
        app.add_template_filter(function)


def shown(value: Any) -> Any:
    """Return a value as the language writes it: sentences, an instant, a day or a number; anything else as it is."""
    if isinstance(value, Sentence):
        return say(value)
    if isinstance(value, list):
        return " ".join(map(say, value))
    if isinstance(value, datetime):
        return datetime_text(value)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return number(value)
    return value


def _signed(text: str) -> str:
    """Return a figure with a real minus sign, and nothing without one: what is rounded to -0 is 0."""
    if not text.startswith("-"):
        return text
    return f"−{text[1:]}" if any(digit in text for digit in "123456789") else text[1:]


def _weekday(local: datetime) -> str:
    return babel_date(local.date(), _patterns()["weekday"], locale=_language())


def _language() -> str:
    locale = get_locale()
    return locale.language if locale and locale.language in _PATTERNS else "de"


def _patterns() -> dict[str, str]:
    return _PATTERNS[_language()]
