"""What an address carries, and anybody can write: a path to go on to, a page of a list, the number of a row."""

from __future__ import annotations

from urllib.parse import SplitResult, urlencode, urlsplit

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

#: The largest key that both databases take (PostgreSQL's INTEGER).
LARGEST = 2**31 - 1
#: No list has more pages; what asks for a later one gets this one, which is empty.
MOST_PAGES = 1_000_000


class RowNumber(IntegerConverter):
    """``<int:…>`` of a route: a number that a row can have; for any larger one there is no such page."""

    def __init__(self, map: Map, **arguments: int) -> None:
        """Take the arguments of Werkzeug's converter."""
        super().__init__(map, **{"max": LARGEST, **arguments})  # type: ignore[arg-type]  # digits of its own kinds


def row_number(text: str) -> int:
    """Return a number that a row can have, 0 included. Raises ValueError, as what reads arguments expects."""
    if not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > LARGEST:
        raise ValueError(f"{text[:20]!r} is not the number of a row")
    return int(text)


def find_number(text: str) -> int | None:
    """Return the number that a posted text is, as ``row_number`` does, or None for anything else."""
    try:
        return row_number(text)
    except ValueError:
        return None


def page_number() -> int:
    """Return which page of a list this request asks for (``?page=``), the first by default."""
    return min(max(request.args.get("page", 1, type=row_number), 1), MOST_PAGES)


def page_address(number: int) -> str:
    """Return the address of another page of the list that this request shows, with all that it was narrowed by."""
    return "?" + urlencode([*((key, value) for key, value in request.args.items(multi=True) if key != "page"), ("page", number)])


def split_address(address: str) -> SplitResult:
    """Return the parts of an address; one that cannot be read has none."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def safe_path(path: str) -> str:
    """Return a path of this site, or the start page instead of anything else."""
    # Browsers drop line breaks and tabs and take \ for /, so that what looks like a path could name another site.
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if inside else "/"


def init_app(app: Flask) -> None:
    """Have every route's numbers checked, before the first route is added, and lists turned over."""
    app.url_map.converters["int"] = RowNumber
    app.add_template_global(page_address)
