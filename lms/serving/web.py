"""The web server. The only place that names it."""

from __future__ import annotations

from granian import Granian
from granian.constants import Interfaces


def run_web(host: str, port: int, *, processes: int, threads: int) -> None:
    """Serve the website until SIGINT or SIGTERM."""
    Granian(
        "wsgi:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=processes,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        log_access=False,
    ).serve()
