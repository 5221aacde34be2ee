"""The process in which a layout of somebody else is printed; started by ``isolation.py`` and by nobody else.

It reads an order from its standard input and writes the documents, or what went wrong, to its standard output.
"""

from __future__ import annotations

import base64
import ctypes
import json
import os
import resource
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

from lms.printing.layouts import Sheet, print_sheet
from lms.printing.references import BASE
from lms.printing.rendering import AttachedFile, load_weasyprint

CPU_SECONDS_START, CPU_SECONDS_SHEET = 8, 4
MEMORY_BYTES = 1024 * 1024 * 1024
FILE_BYTES = 100 * 1024 * 1024
MOST_PDF_BYTES = 5 * 1024 * 1024
CLONE_NEWUSER, CLONE_NEWNET = 0x1000_0000, 0x4000_0000


def main() -> None:
    """Print what is ordered."""
    order = json.load(sys.stdin)
    load_weasyprint()
    _leave_the_network()
    _limit(len(order["sheets"]))
    json.dump(answer(order), sys.stdout)


def _limit(sheets: int) -> None:
    seconds = CPU_SECONDS_START + CPU_SECONDS_SHEET * sheets
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _leave_the_network() -> None:
    """Go where there is no network; where the system does not allow that, the fetcher alone keeps a layout at home."""
    with suppress(OSError, AttributeError):
        kernel = ctypes.CDLL(None, use_errno=True)
        kernel.unshare(CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET)


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """Return the documents, or the fault that ended it and the number of the sheet that it came out with."""
    printed: list[bytes] = []
    said = _print(order, printed)
    return said if "printed" in said else {**said, "sheet": len(printed)}


def _print(order: dict[str, Any], printed: list[bytes]) -> dict[str, Any]:
    from weasyprint.urls import FatalURLFetchingError, URLFetchingError

    refused: list[str] = []
    try:
        layout = _files(order["layout"])
        for one in order["sheets"]:
            pdf = print_sheet(layout, _sheet(one), refused)
            if refused and order.get("strict"):
                return _fault("foreign", refused[0].removeprefix(BASE))
            if len(pdf) > MOST_PDF_BYTES:
                return _fault("size")
            printed.append(pdf)
    except MemoryError:
        return _fault("memory")
    except (FatalURLFetchingError, URLFetchingError) as error:
        return _fault("foreign", refused[-1].removeprefix(BASE) if refused else str(error))
    except (SecurityError, OverflowError) as error:
        return _fault("forbidden", str(error))
    except (TemplateError, TypeError, KeyError, AttributeError, ZeroDivisionError) as error:
        line = getattr(error, "lineno", None)
        return _fault("template", f"{error}{f' (line {line})' if line else ''}")
    except Exception as error:  # whatever a hostile layout provokes in the libraries
        return _fault("broken", f"{type(error).__name__}: {error}")
    return {"printed": [base64.b64encode(pdf).decode("ascii") for pdf in printed]}


def _fault(fault: str, detail: str = "") -> dict[str, Any]:
    return {"fault": fault, "detail": detail.splitlines()[0][:200] if detail else ""}


def _files(texts: dict[str, str]) -> dict[str, bytes]:
    return {name: base64.b64decode(text) for name, text in texts.items()}


def _sheet(order: dict[str, Any]) -> Sheet:
    return Sheet(
        values=order["values"],
        identifier=order["identifier"],
        at=datetime.fromisoformat(order["at"]),
        files=_files(order["files"]),
        attached=[
            AttachedFile(one["name"], base64.b64decode(one["content"]), one["description"]) for one in order["attached"]
        ],
    )


if __name__ == "__main__":
    main()
