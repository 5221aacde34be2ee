"""Printing with a layout that somebody uploaded: in a process of its own, with limits.

That process gets the layout, the values and nothing else: no settings, no database, no network where the system allows
to take it away, a folder of its own that is deleted afterwards, and so much time, memory and output. Whatever a layout
does there, it ends, and a sentence says what went wrong.
"""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lms.printing.layouts import Sheet
from lms.sentences import N_, Reason

ROOT = Path(__file__).parents[2]
#: Starting takes two seconds, a document a quarter of one; a slow machine may take some times as long.
START_SECONDS, SHEET_SECONDS = 15, 5


class LayoutFault(Reason):
    """What a layout did that it must not."""

    TIME = "time", N_("The layout takes too long. It may hold an endless loop.")
    MEMORY = "memory", N_("The layout needs too much memory.")
    FOREIGN = "foreign", N_("The layout loads something that is not among its own files: %(detail)s")
    FORBIDDEN = "forbidden", N_("The template tries something that layouts may not do: %(detail)s")
    TEMPLATE = "template", N_("The template has a mistake: %(detail)s")
    SIZE = "size", N_("The layout prints documents of more than 5 MB.")
    BROKEN = "broken", N_("The layout cannot be printed: %(detail)s")


class LayoutFaultError(RuntimeError):
    """A layout could not be printed with; ``fault`` says why, ``detail`` what, and ``sheet`` with which one, if known."""

    def __init__(self, fault: LayoutFault, detail: str = "", sheet: int | None = None) -> None:
        """``detail`` is one short line for whoever wrote the layout; sheets are counted from 0."""
        super().__init__(f"{fault}: {detail}")
        self.fault, self.detail, self.sheet = fault, detail, sheet


def print_isolated(layout: Mapping[str, bytes], sheets: Sequence[Sheet], *, strict: bool = False) -> list[bytes]:
    """Return the unsealed PDFs of several documents of one layout. Raises LayoutFaultError.

    ``strict``: also where something foreign was only left out, as a picture within a picture is. That is for trying a
    layout out; what was issued with one is printed again as it was.
    """
    order = json.dumps(
        {"layout": in_text(layout), "sheets": [sheet_in_text(sheet) for sheet in sheets], "strict": strict}
    )
    with tempfile.TemporaryDirectory(prefix="layout-") as folder, tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(  # our own module, with the order on its standard input
                [sys.executable, "-m", "lms.printing.cell"],
                input=order.encode(),
                stdout=out,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env={"HOME": folder, "TMPDIR": folder, "XDG_CACHE_HOME": folder, "LC_ALL": "C.UTF-8"},
                timeout=START_SECONDS + SHEET_SECONDS * len(sheets),
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise LayoutFaultError(LayoutFault.TIME) from None
        out.seek(0)
        return _read(out.read(), done.returncode, len(sheets))


def _read(answer: bytes, code: int, count: int) -> list[bytes]:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        raise LayoutFaultError(LayoutFault.TIME)
    if code == -signal.SIGXFSZ:
        raise LayoutFaultError(LayoutFault.SIZE)
    try:
        said: dict[str, Any] = json.loads(answer)
        if "fault" in said:
            raise LayoutFaultError(LayoutFault(said["fault"]), str(said["detail"])[:200], int(said["sheet"]))
        printed = [base64.b64decode(one) for one in said["printed"]]
    except (ValueError, KeyError, TypeError):
        # It died without a word: the libraries that draw end the process when they get no memory.
        raise LayoutFaultError(LayoutFault.MEMORY) from None
    if len(printed) != count:
        raise LayoutFaultError(LayoutFault.BROKEN)
    return printed


def in_text(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return files as an order spells them."""
    return {name: base64.b64encode(content).decode("ascii") for name, content in files.items()}


def sheet_in_text(sheet: Sheet) -> dict[str, Any]:
    """Return a document to print as an order spells it."""
    return {
        "values": sheet.values,
        "identifier": sheet.identifier,
        "at": sheet.at.isoformat(),
        "files": in_text(sheet.files),
        "attached": [
            {"name": one.name, "description": one.description, **in_text({"content": one.content})}
            for one in sheet.attached
        ],
    }
