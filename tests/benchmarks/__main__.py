"""Measure the pages that decide whether the product feels quick, on the server that carries it and on its rival; and printing."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any

from config import Config
from tests import postgresql
from tests.benchmarks import certificates
from tests.benchmarks.attempts import run_attempts
from tests.benchmarks.load import Figures, Request, run
from tests.benchmarks.seed import form_token

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results"
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "600"))
#: Measure only this part: requests or certificates.
PART = os.environ.get("BENCH_PART", "")
#: Measure only this page.
ONLY = os.environ.get("BENCH_ONLY", "")
THREADS = 16
#: So many requests come before the measured ones, so that every process has met the page.
WARMING = 40


def main() -> None:
    """Print the tables of each part, and write them and a JSON file into tests/benchmarks/results."""
    RESULTS.mkdir(exist_ok=True)
    say_pace()
    if PART in ("", "requests"):
        everything: dict[str, Any] = {}
        with tempfile.TemporaryDirectory() as folder:
            everything["sqlite"] = measure(Path(folder), "")
        with tempfile.TemporaryDirectory() as folder, postgresql.server(durable=True) as server:
            everything["postgresql"] = measure(Path(folder), server.new_database("lms"))
        tables = "\n\n".join(f"### {name}\n\n{format_table(rows)}" for name, rows in everything.items())
        keep("results", everything, tables)
    if PART in ("", "certificates"):
        rows = certificates.measure()
        keep("certificates", rows, certificates.format_table(rows))
    say_pace()


def say_pace() -> None:
    """Print how long this machine takes for a fixed piece of Python, so that figures of different days can be compared."""
    began = time.process_time()
    sum(number * number for number in range(5_000_000))
    sys.stdout.write(f"Pace of the machine: {(time.process_time() - began) * 1000:.0f} ms for five million squares\n")


def keep(name: str, figures: object, table: str) -> None:
    """Write figures as JSON and as Markdown, and print the latter."""
    (RESULTS / f"{name}.json").write_text(json.dumps(figures, indent=1))
    (RESULTS / f"{name}.md").write_text(table + "\n")
    sys.stdout.write(table + "\n")


def measure(folder: Path, url: str) -> list[dict[str, Any]]:
    """Seed an installation and measure it."""
    environment = {
        **os.environ,
        "LMS_DATA_DIR": str(folder),
        "LMS_DATABASE_URL": url,
        "LMS_LOG_LEVEL": "ERROR",
        "LMS_TRUSTED_PROXIES": "1",
    }
    subprocess.run([sys.executable, "-c", "from wsgi import main; main()", "migrate"], cwd=ROOT, env=environment, check=True,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    seeded = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.seed"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    seed = json.loads(seeded.stdout)
    rows: list[dict[str, Any]] = []
    to_start, *to_take, to_weigh, to_warm = seed["other_quizzes"][:6]
    for server in ("gunicorn", "granian"):  # the product's own server last: finishing closes the attempts
        with serve(server, environment) as (port, pid):
            for name, make in pages(seed, port, to_start).items():
                if ONLY not in ("", name) or (server == "gunicorn" and name != "save an answer"):
                    continue
                if name == "quiz start":  # which each can do once
                    run(port, pid, 8, WARMING, pages(seed, port, to_warm)[name])
                elif name != "finish":  # which each can do once as well
                    run(port, pid, 8, WARMING, make)
                for connections in (1, 8, 32) if name != "quiz start" else (32,):
                    total = REQUESTS if connections > 1 else REQUESTS // 3
                    total = len(seed["people"]) if name == "quiz start" else total  # each starts once
                    figures = run(port, pid, connections, total, make)
                    rows.append({"server": server, "page": name, "connections": connections, **asdict(figures)})
            if server == "granian" and ONLY in ("", "whole attempt"):
                token = page_token(seed, port)
                for connections, quiz in zip((1, 8, 32), to_take, strict=True):
                    people = seed["people"] if connections > 1 else seed["people"][:60]
                    figures = run_attempts(port, pid, connections, people, quiz, token)
                    rows.append(
                        {"server": server, "page": "whole attempt", "connections": connections, **asdict(figures)}
                    )
    if ONLY in ("", "weight"):
        weighed = subprocess.run([sys.executable, "-m", "tests.benchmarks.attempts", str(to_weigh)], cwd=ROOT,
                                 env=environment, check=True, capture_output=True)  # fmt: skip
        sys.stdout.write(f"1,000 attempts of ten questions: {json.loads(weighed.stdout)['megabytes']:.2f} MB\n")
    return rows


def pages(seed: dict[str, Any], port: int, to_start: int) -> dict[str, Callable[[int], Request]]:
    """Return what is measured: a name, and how the n-th request is made; ``to_start`` is the quiz that is started."""
    people = seed["people"]
    token = page_token(seed, port)
    sent = count(1 + int(time.time()) % 10**6 * 1000)  # rises from server to server: an answer that came before is not written

    def who(number: int) -> dict[str, Any]:
        chosen: dict[str, Any] = people[number % len(people)]
        return chosen

    def as_person(path: str) -> Callable[[int], Request]:
        return lambda n: Request(
            path.format(**who(n), **{key: seed[key] for key in ("quiz", "lesson", "cohort")}), who(n)["cookie"]
        )

    def post(path: str, **fields: str) -> Callable[[int], Request]:
        return lambda n: Request(
            path.format(**who(n), quiz=seed["quiz"], slot=1 + n // len(people) % 8), who(n)["cookie"],
            (("csrf_token", token), ("counter", str(next(sent))),
             *((key, value.format(n=n % 2)) for key, value in fields.items())),
        )  # fmt: skip

    return {
        "login page": lambda _n: Request("/login"),
        "dashboard": as_person("/"),
        "course": as_person("/learn/{enrolment}"),
        "lesson": as_person("/learn/{enrolment}/lessons/{lesson}"),
        "quiz start": post(f"/learn/{{enrolment}}/quizzes/{to_start}/attempts"),
        "save an answer": post("/attempts/{attempt}/answers/{slot}", answer="{n}", device="messung"),
        "finish": post("/attempts/{attempt}/submit"),
        "review": as_person("/attempts/{attempt}/result"),
        "grade overview": lambda _n: Request(f"/cohorts/{seed['cohort']}/grades", seed["office"]),
        "verification": lambda _n: Request(f"/verify/{seed['verify']}"),
    }


def page_token(seed: dict[str, Any], port: int) -> str:
    """Return the token of the first person's forms."""
    first = seed["people"][0]
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/learn/{first['enrolment']}/quizzes/{seed['quiz']}",
        headers={"Cookie": first["cookie"]},
    )
    with urllib.request.urlopen(request, timeout=30) as page:
        return form_token(page.read().decode())


@contextlib.contextmanager
def serve(server: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Run a web server with the product's numbers of processes and threads; yield port and process id."""
    port, processes = postgresql.free_port(), Config.from_environment(environment).serving_processes
    commands = {
        "granian": ["-c", "from wsgi import main; main()", "serve", "--web-only", "--port", str(port)],
        "gunicorn": ["-m", "gunicorn", "wsgi:create_app()", "-b", f"127.0.0.1:{port}", "-k", "gthread",
                     "--workers", str(processes), "--threads", str(THREADS), "--log-level", "error"],
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, *commands[server]], cwd=ROOT, env=environment | {"LMS_THREADS": str(THREADS)},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        for _try in range(150):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
                break
            time.sleep(0.2)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def format_table(rows: list[dict[str, Any]]) -> str:
    """Return the figures as a Markdown table."""
    head = "| server | page | connections | requests/s | p50 ms | p95 ms | p99 ms | CPU ms | errors |"
    lines = [head, "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for row in rows:
        figures = Figures(**{key: row[key] for key in Figures.__dataclass_fields__})
        lines.append(
            f"| {row['server']} | {row['page']} | {row['connections']} | {figures.per_second:.0f} | {figures.p50:.1f} | "
            f"{figures.p95:.1f} | {figures.p99:.1f} | {figures.cpu:.1f} | {figures.errors} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
