"""A PostgreSQL server of one's own, in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


def binaries() -> Path:
    """Return the folder with initdb and postgres of the newest installed version. Raises RuntimeError without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    raise RuntimeError("PostgreSQL is not installed; 'make test' installs it.")


@dataclass(frozen=True)
class Server:
    """A running server, in which databases are made by name; it is reached by a socket in its folder."""

    folder: Path
    bin_dir: Path

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder), safe='')}"

    def new_database(self, name: str, *, like: str = "template0") -> str:
        """Make a database as another one is, which nobody may be using, and return its URL."""
        subprocess.run(
            [self.bin_dir / "createdb", "--maintenance-db", self.url("postgres"), "--template", like, name], check=True
        )
        return self.url(name)


@contextmanager
def server(*, durable: bool) -> Iterator[Server]:
    """Start a server, yield it, and take all of it away again; without ``durable`` nothing waits for the disk.

    PostgreSQL refuses to run as root; root starts it as the user that its package made.
    """
    folder = Path(tempfile.mkdtemp(prefix="lms-postgresql-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_owner = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
    data, bin_dir = folder / "data", binaries()
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "200",
        "log_min_messages": "fatal",
        "autovacuum": "off",  # with a database a test it would go through another one each second
        "jit": "off",
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    subprocess.run(
        [*as_owner, bin_dir / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
         "--no-sync"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    process = subprocess.Popen(
        [*as_owner, bin_dir / "postgres", "-D", data, "-p", "5432",
         *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        made = Server(folder, bin_dir)
        _wait_until_ready(made, process)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("PostgreSQL did not start.")
        ready = subprocess.run([server.bin_dir / "pg_isready", "-q", "-h", server.folder, "-p", "5432"], check=False)
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not become ready within 30 seconds.")
