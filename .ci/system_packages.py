"""Finds what the system lacks, and installs it where that goes without asking anybody.

`demo` needs a Python that can make virtual environments and the libraries that draw PDFs; `test` needs PostgreSQL,
a Chromium and a few programs that read PDFs and QR codes on top. What counts is the ability, not where it came from:
a Python or PostgreSQL of one's own is as good as Debian's. With everything in place nothing is asked of the network.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

MINIMUM_PYTHON = (3, 11)
CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


class Need(NamedTuple):
    """What Debian calls it, and how to find out whether it is there."""

    package: str
    is_there: Callable[[], bool]


def can_make_virtual_environments() -> bool:
    """Say whether this Python has venv and the pip that goes into one; Debian ships them apart."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def library(name: str) -> Callable[[], bool]:
    """Make a check for a shared library."""

    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def program(*names: str) -> Callable[[], bool]:
    """Make a check for a program that goes by one of these names."""
    return lambda: any(map(shutil.which, names))


def postgresql() -> bool:
    """Say whether there are PostgreSQL's server programs; Debian keeps them off the PATH."""
    return bool(shutil.which("initdb")) or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def browser() -> bool:
    """Say whether there is a Chromium: the one without windows, which takes a quarter less, or any where it cannot be had."""
    if shutil.which("chromium-headless-shell"):
        return True
    another = program("chromium", "chromium-browser", "google-chrome")
    return another() and not (is_offered("chromium-headless-shell") and way_to_root() is not None)


DEMO = (
    Need("python3-venv", can_make_virtual_environments),
    Need("libpangoft2-1.0-0", library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", library("libharfbuzz-subset.so.0")),
)
TEST = (
    *DEMO,
    Need("postgresql", postgresql),
    Need("libatomic1", library("libatomic.so.1")),  # for the Node that comes inside Playwright
    Need("chromium-headless-shell", browser),
    Need("poppler-utils", program("pdftotext")),
    Need("qpdf", program("qpdf")),
    Need("zbar-tools", program("zbarimg")),
    Need("softhsm2", program("softhsm2-util")),  # a token in software, for the seal's key
)
PURPOSES = {"demo": DEMO, "test": TEST}


def missing(purpose: str) -> list[str]:
    """Return the Debian packages whose ability is not there."""
    importlib.invalidate_caches()
    needs = PURPOSES[purpose]
    if sys.platform != "linux":
        needs = tuple(need for need in needs if not need.package.startswith("lib"))
    return [need.package for need in needs if not need.is_there()]


def way_to_root() -> list[str] | None:
    """Return what to put before a command so that it runs as root; None when that would need a password."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if shutil.which("sudo") and subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0:
        return sudo
    return None


def is_offered(package: str) -> bool:
    """Say whether apt knows a package."""
    question = ["apt-cache", "show", package]
    return bool(shutil.which("apt-cache")) and not subprocess.run(question, capture_output=True, check=False).returncode


def install(packages: list[str], as_root: list[str]) -> bool:
    """Install Debian packages, reading the archive's list anew where the one at hand is missing or too old."""
    quiet_apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    wanted = ["install", "--yes", "--no-install-recommends", *packages]
    if "postgresql" in packages and not CREATE_CLUSTER.exists():
        # The tests start servers of their own; nobody asked for one that runs on this machine from now on.
        subprocess.run([*as_root, "mkdir", "-p", str(CREATE_CLUSTER.parent)], check=True)
        subprocess.run(
            [*as_root, "tee", str(CREATE_CLUSTER)],
            input=b"create_main_cluster = false\n",
            stdout=subprocess.DEVNULL,
            check=True,
        )
    known = subprocess.run([*quiet_apt, "--simulate", *wanted], capture_output=True, check=False).returncode == 0
    if known and succeeds([*quiet_apt, *wanted]):
        return True
    return succeeds([*quiet_apt, "update"]) and succeeds([*quiet_apt, *wanted])


def succeeds(command: list[str]) -> bool:
    """Run a command, show what it printed only when it failed."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode == 0


def main(purpose: str) -> int:
    """Return 0 when everything is there in the end."""
    if sys.version_info < MINIMUM_PYTHON:
        print(
            f"Python 3.11 or newer is needed; this is {platform.python_version()}. Name another one by "
            "'make PYTHON=python3.12 ...'.",
            file=sys.stderr,
        )
        return 1
    packages = missing(purpose)
    if not packages:
        return 0
    if not shutil.which("apt-get"):
        print(
            "This system lacks what Debian calls " + ", ".join(packages) + ". Please install them first.",
            file=sys.stderr,
        )
        return 1
    as_root = way_to_root()
    if as_root is None:
        line = f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(packages)}"
        print(f"Some system packages are missing. Please run:\n\n    {line}\n", file=sys.stderr)
        return 1
    print(f"Installing system packages: {', '.join(packages)} ...", flush=True)
    if not install(packages, as_root):
        print(f"apt-get could not install {' '.join(packages)}.", file=sys.stderr)
        return 1
    if still := missing(purpose):
        print(f"Installed, but still not usable: {', '.join(still)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
