"""Makes .venv what the lock files say: `build` runs and builds the product, `dev` tests it as well.

What was made from what is noted inside .venv. As long as nothing has changed, nothing is done and no network is
needed; a changed lock file makes the environment anew, so that it never holds what is no longer locked.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv"
PYTHON = HOME / "bin" / "python"
LEVELS = ("build", "dev")


def fingerprint(*names: str) -> str:
    """Return a hash of files' contents, of this Python and of the place: an environment can't be moved."""
    told = hashlib.sha256(f"{ROOT}\0{sys.base_prefix}\0{platform.python_version()}".encode())
    for name in names:
        told.update((ROOT / name).read_bytes())
    return told.hexdigest()


def noted(name: str) -> str:
    """Return what was noted at the end of an earlier run; empty when there was none."""
    note = HOME / f"made-from-{name}"
    return note.read_text() if note.exists() else ""


def note(name: str, value: str) -> None:
    """Remember for the next run."""
    (HOME / f"made-from-{name}").write_text(value)


def pip(*arguments: str) -> None:
    """Run the environment's pip; it speaks only when something goes wrong."""
    subprocess.run(
        [PYTHON, "-m", "pip", "--quiet", "--quiet", "--disable-pip-version-check", "install", *arguments],
        check=True,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
    )


def main(level: str) -> int:
    """Return 0 when the environment is what it should be."""
    locks = fingerprint(*(f"requirements-{name}.txt" for name in LEVELS))
    if noted("locks") != locks:
        venv.create(HOME, clear=True, with_pip=True, symlinks=True)
    if LEVELS.index(level) > LEVELS.index(noted("level") or "build") or not noted("level"):
        print(f"Installing Python packages into .venv from requirements-{level}.txt ...", flush=True)
        pip("--require-hashes", "--requirement", f"requirements-{level}.txt")
        note("locks", locks)
        note("level", level)
    project = fingerprint("pyproject.toml")
    if noted("project") != project:
        pip("--no-index", "--no-deps", "--no-build-isolation", "--editable", ".")
        note("project", project)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"pip failed (exit {error.returncode}); the next run tries again.")
