"""Certificates a second, sealed: the plain and the fast path, beside others with the same content."""

from __future__ import annotations

import os
import random
import string
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from certificates.documents.rendering import Order, render_batch, render_pdf
from lms.institution.seal import sign_pdf
from tests.benchmarks.peers import ReportLab, Typst
from tests.certificates.test_documents import ISSUED, facts
from wsgi import create_app

PEOPLE = (25, 200)
#: So many are rendered where each takes as long as the one before.
SAMPLE = 25
CORES = 2
GIVEN = ["Petra", "Uwe", "Łukasz", "Zoë", "Maximiliane", "Jürgen", "Anna-Lena", "Çelik", "Heike"]
FAMILY = ["Łukaszewicz", "Müller", "Groß", "Hohenstein", "Öztürk", "Meyer", "Nowak", "Šefčik", "Schulze"]
PLACES = ["Ahrensfelde", "Brandenburg an der Havel", "Cottbus/Chóśebuz", "Kleinmachnow", "Wittstock/Dosse", "Lübbenau"]
CODE = "ACDEFGHJKMNPQRTUVWXY3479"
TOKEN = string.ascii_letters + string.digits + "-_"


@dataclass(frozen=True)
class Result:
    """How long a certificate took: by the clock, and of the processors' time. ``kilobytes`` is a file's size."""

    way: str
    people: int
    per_second: float
    wall: float
    cpu: float
    kilobytes: float


def measure() -> list[dict[str, Any]]:
    """Return the figures of every way for every number of people; each has printed a few before it is measured."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LMS_DATA_DIR"] = folder
        app = create_app()
        peers = {"Typst, PDF/A-3a, not sealed": Typst(Path(folder)).render, "ReportLab, untagged, not sealed": ReportLab().render}
        with app.app_context():
            results = [result for number in PEOPLE for result in _measured(people(number), peers)]
        results += [_measured_on_all_cores(number) for number in PEOPLE]
    return [asdict(one) for one in results]


def _measured(snapshots: Sequence[dict[str, Any]], peers: Mapping[str, Callable[[dict[str, Any]], bytes]]) -> list[Result]:
    plain(snapshots[:1])
    fast(people(8))
    results = [
        _timed("plain path", len(snapshots), snapshots[:SAMPLE], plain),
        _timed("fast path", len(snapshots), snapshots, fast),
    ]
    for way, render in peers.items():
        render(snapshots[0])
        results.append(_timed(way, len(snapshots), snapshots, lambda chosen, one=render: [one(each) for each in chosen]))  # type: ignore[misc]  # bound in the loop
    return results


def _timed(
    way: str, number: int, chosen: Sequence[dict[str, Any]], render: Callable[[Sequence[dict[str, Any]]], list[bytes]]
) -> Result:
    wall, cpu = time.perf_counter(), time.process_time()
    pdfs = render(chosen)
    wall, cpu = (time.perf_counter() - wall) / len(chosen), (time.process_time() - cpu) / len(chosen)
    return Result(way, number, 1 / wall, wall * 1000, cpu * 1000, sum(map(len, pdfs)) / len(pdfs) / 1024)


def _measured_on_all_cores(number: int) -> Result:
    """Let as many processes as there are cores print a part each, as the workers do: the middle one of three cohorts.

    The first one of four makes sure that every process is there and has printed the layout before.
    """
    processes = get_context("spawn")
    with ProcessPoolExecutor(CORES, processes, _set_up_worker, (processes.Barrier(CORES),)) as pool:
        _first, *measured = [_printed_by_all(pool, people(number, cohort)) for cohort in range(4)]
    return sorted(measured, key=lambda one: one.wall)[1]


def _printed_by_all(pool: ProcessPoolExecutor, snapshots: Sequence[dict[str, Any]]) -> Result:
    began = time.perf_counter()
    parts = list(pool.map(_fast_elsewhere, [snapshots[part::CORES] for part in range(CORES)]))
    wall = (time.perf_counter() - began) / len(snapshots)
    cpu, size = (sum(figures) / len(snapshots) for figures in zip(*parts, strict=True))
    return Result(f"fast path, {CORES} processes", len(snapshots), 1 / wall, wall * 1000, cpu * 1000, size / 1024)


def _set_up_worker(others: Barrier) -> None:
    create_app().app_context().push()
    others.wait()


def _fast_elsewhere(snapshots: Sequence[dict[str, Any]]) -> tuple[float, int]:
    began = time.process_time()
    pdfs = fast(snapshots)
    return time.process_time() - began, sum(map(len, pdfs))


def plain(snapshots: Sequence[dict[str, Any]]) -> list[bytes]:
    """Render and seal one after the other."""
    return [
        sign_pdf(render_pdf(one, issued_at=ISSUED), at=ISSUED, reason=one["serial"], location=one["place"])
        for one in snapshots
    ]


def fast(snapshots: Sequence[dict[str, Any]]) -> list[bytes]:
    """Render and seal as a batch."""
    return render_batch([Order(one, ISSUED) for one in snapshots], sealed_at=ISSUED)


def people(number: int, cohort: int = 0) -> list[dict[str, Any]]:
    """Return so many snapshots, always the same ones for a cohort, in which everything personal differs."""
    chance = random.Random(1000 * number + cohort)
    return [
        facts(
            name=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}", serial=f"SCM-2026-{counter:05}",
            municipality=chance.choice(PLACES), code="-".join("".join(chance.choices(CODE, k=4)) for _group in range(3)),
            verify_url=f"https://lernen.example.de/verify/{''.join(chance.choices(TOKEN, k=32))}",
            ue={"total": 72, "live_planned": 40, "live_attended": chance.randint(32, 40), "self_study": 20, "project": 12},
        )
        for counter in range(1, number + 1)
    ]  # fmt: skip


def format_table(rows: list[dict[str, Any]]) -> str:
    """Return the figures as a Markdown table; times are milliseconds a certificate."""
    lines = ["| way | people | certificates/s | ms | CPU ms | KB |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {row['way']} | {row['people']} | {row['per_second']:.1f} | {row['wall']:.1f} | {row['cpu']:.1f} | "
        f"{row['kilobytes']:.0f} |"
        for row in rows
    ]
    return "\n".join(lines)
