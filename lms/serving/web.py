"""The web server. The only place that names it."""

from __future__ import annotations

import logging
import socket
from errno import EADDRINUSE

from granian import Granian
from granian.constants import Interfaces


def port_problem(host: str, port: int) -> str | None:
    """Return in a sentence why nothing can be served there, or None.

    The web server shares its port with whoever else does so, and a second one would start without an error. This socket
    does not share: a port that somebody listens on is refused, one that was left a moment ago is not.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        if error.errno == EADDRINUSE:
            return f"Port {port} of {host} is taken: something is served there already. Please stop it, or take another --port."
        return f"Nothing can be served on {host}:{port}: {error.strerror or error}."
    return None


def _is_needed(record: logging.LogRecord) -> bool:
    """Leave out the web server's doubt about the number of threads: LMS_THREADS says it, and they wait more than they work."""
    return "Python threads" not in record.getMessage()


#: The web server's own lines go where all others go, and look like them.
LOGGED_WITH_THE_REST = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}}


def run_web(host: str, port: int, *, processes: int, threads: int) -> None:
    """Serve the website until SIGINT or SIGTERM."""
    logging.getLogger("_granian").addFilter(_is_needed)
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
        log_dictconfig=LOGGED_WITH_THE_REST,
        respawn_failed_workers=True,  # one that falls takes no other down with it
    ).serve()
