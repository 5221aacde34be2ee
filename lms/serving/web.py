"""The web server process: ``python -m lms.serving.web HOST PORT THREADS``. The only place that names the server."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import Interfaces


def main(host: str, port: int, threads: int) -> None:
    """Serve until SIGINT or SIGTERM."""
    Granian(
        "wsgi:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
