"""Layouts of somebody else: what they may not do, and that it ends with a sentence each time."""

from __future__ import annotations

import base64
import http.server
import io
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from lms.printing import cell, isolation
from lms.printing.isolation import LayoutFault, LayoutFaultError
from lms.printing.layouts import Sheet

AT = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
CSS = '@font-face { font-family: "S"; src: url("font:sans-regular.ttf"); } html { font: 10pt "S"; }'
SHEET = Sheet(values={"name": "Petra Łukaszewicz", "words": {"title": "Zertifikat"}}, identifier="P-1", at=AT)


def layout(body: str, css: str = "", files: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """Return a small layout."""
    html = f'<!doctype html><html lang="de"><head><title>T</title></head><body><h1>{{{{ name }}}}</h1>{body}</body></html>'
    return {"template.html": html.encode(), "print.css": (CSS + css).encode(), **(files or {})}


def answer(made: dict[str, bytes]) -> tuple[str, str]:
    """Return fault and detail as the process with limits would say them; run here, since starting one takes seconds."""
    said = cell.answer({"layout": isolation.in_text(made), "sheets": [isolation.sheet_in_text(SHEET)]})
    return said.get("fault", ""), said.get("detail", "")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a process a few seconds only: all of them are spent where a layout has no end."""
    monkeypatch.setattr(isolation, "START_SECONDS", 2)
    monkeypatch.setattr(isolation, "SHEET_SECONDS", 2)


def test_a_good_layout_is_printed_as_it_is_elsewhere() -> None:
    from lms.printing.layouts import print_sheet

    printed = isolation.print_isolated(layout("<p>{{ words.title }}</p>"), [SHEET, SHEET])
    assert printed == [print_sheet(layout("<p>{{ words.title }}</p>"), SHEET)] * 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% for a in range(10**9) %}x{% endfor %}", LayoutFault.FORBIDDEN),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", LayoutFault.FORBIDDEN),
        ("{{ name.__init__.__globals__ }}", LayoutFault.FORBIDDEN),
        ("{{ words.update({'title': 1}) }}", LayoutFault.FORBIDDEN),
        ("{{ '{0.__class__.__mro__}'.format(name) }}", LayoutFault.FORBIDDEN),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", LayoutFault.FORBIDDEN),
        ("{{ nothing }}", LayoutFault.TEMPLATE),
        ("{% include '/etc/passwd' %}", LayoutFault.TEMPLATE),
        ("{% for", LayoutFault.TEMPLATE),
    ],
    ids=["range", "attributes", "globals", "change", "format", "popen", "undefined", "include", "syntax"],
)
def test_a_hostile_template_ends_with_a_sentence(body: str, expected: LayoutFault) -> None:
    assert answer(layout(body))[0] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", {LayoutFault.TIME}),
        ("{{ ('x' * 10**10)|length }}", {LayoutFault.MEMORY}),
        ("<div>" * 100_000, {LayoutFault.TIME, LayoutFault.BROKEN, LayoutFault.MEMORY}),
    ],
    ids=["loop", "memory", "depth"],
)
def test_a_greedy_template_ends(body: str, expected: set[LayoutFault], impatient: None, tmp_path: Path,
                                monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    began = time.monotonic()
    # When the machine is busy, a process may not get to its memory in time.
    with pytest.raises(LayoutFaultError) as raised:
        isolation.print_isolated(layout(body), [SHEET])
    assert raised.value.fault in expected | {LayoutFault.TIME}
    assert time.monotonic() - began < 30
    assert list(tmp_path.iterdir()) == []  # nothing stays behind


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that notes who called."""
    calls: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_error(404)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", calls
    server.shutdown()
    server.server_close()


def test_a_layout_that_calls_out_reaches_nobody(listener: tuple[str, list[str]]) -> None:
    url, calls = listener
    picture = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/svg" width="9" height="9"/></svg>'.encode()
    ways = [
        layout(f'<img src="{url}/img" alt="x">'),
        layout("", f'body {{ background: url("{url}/css") }}'),
        {**layout(""), "print.css": f'@import "{url}/import";'.encode()},
        layout("", f'@font-face {{ font-family: X; src: url("{url}/font") }} h1 {{ font-family: X }}'),
        layout(f'<link rel="stylesheet" href="{url}/link">'),
        layout(f'<link rel="attachment" href="{url}/attachment">'),
    ]
    assert [answer(way)[0] for way in ways] == [LayoutFault.FOREIGN] * len(ways)
    answer(layout('<img src="a.svg" alt="x">', files={"a.svg": picture}))
    assert calls == []


@pytest.mark.parametrize(
    ("address", "named"),
    [("file:///etc/passwd", "file:///etc/passwd"), ("../../../config.py", "config.py"), ("ftp://x/y", "ftp://x/y"),
     ("data:image/png;base64,AAAA", "data:image/png;base64,AAAA"), ("bilder/fehlt.png", "bilder/fehlt.png")],
)  # fmt: skip
def test_a_layout_reads_no_other_file_and_says_which(address: str, named: str) -> None:
    assert answer(layout(f'<img src="{address}" alt="x">')) == (LayoutFault.FOREIGN, named)


def test_an_entity_in_a_picture_reads_no_file() -> None:
    entity = b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    picture = b'<?xml version="1.0"?>' + entity + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
    made = layout('<img src="a.svg" alt="x">', files={"a.svg": picture})
    said = cell.answer({"layout": isolation.in_text(made), "sheets": [isolation.sheet_in_text(SHEET)]})
    assert "root:" not in str(said)
    for printed in said.get("printed", ()):
        with pikepdf.open(io.BytesIO(base64.b64decode(printed))) as pdf:
            assert b"root:" not in b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))


def test_a_process_with_limits_knows_nothing_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(*_command: Any, **options: Any) -> Any:
        seen.update(options)
        raise subprocess.TimeoutExpired("x", 1)

    monkeypatch.setenv("LMS_SECRET_KEY", "geheim")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(LayoutFaultError):
        isolation.print_isolated(layout(""), [SHEET])
    assert not any(name.startswith("LMS_") for name in seen["env"])
    assert b"geheim" not in seen["input"]
