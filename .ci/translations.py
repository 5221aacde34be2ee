"""Keeps the message catalogues: `update` reads the sources' strings into them, `compile` makes what the program reads.

Each package has its own catalogue (`lms/translations/de/LC_MESSAGES/messages.po` and so on), so that two people who
work in two packages don't meet in one file. Messages are sorted and carry no line numbers for the same reason.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lms", "courses", "assessments", "certificates")
LANGUAGES = ("de",)
KEYWORDS = ("N_", "lazy_gettext", "lazy_ngettext:1,2")
LAYOUT = ("--no-location", "--sort-output", "--width=118")


def pybabel(*arguments: str) -> None:
    """Run Babel's command in the project's folder."""
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "--quiet", *arguments], check=True, cwd=ROOT)


def update() -> None:
    """Add new source strings to the catalogues and set those aside that are no longer there."""
    with TemporaryDirectory() as folder:
        for package in PACKAGES:
            template = f"{folder}/{package}.pot"
            pybabel("extract", "--mapping=pyproject.toml", *(f"--keyword={keyword}" for keyword in KEYWORDS),
                    "--project=Wegmarke", "--add-comments=Translators:", *LAYOUT[:2],
                    f"--output-file={template}", package)
            for language in LANGUAGES:
                catalogue = ROOT / package / "translations" / language / "LC_MESSAGES" / "messages.po"
                pybabel("update" if catalogue.exists() else "init", f"--input-file={template}",
                        f"--output-file={catalogue}", f"--locale={language}", LAYOUT[2],
                        *(("--ignore-pot-creation-date", "--no-fuzzy-matching") if catalogue.exists() else ()))


def compile_catalogues() -> None:
    """Write each .mo that is older than its .po."""
    for package in PACKAGES:
        for source in sorted((ROOT / package / "translations").glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            with source.open("rb") as text:
                catalogue = read_po(text, locale=source.parent.parent.name, abort_invalid=True)
            with target.open("wb") as compiled:
                write_mo(compiled, catalogue)


def report() -> int:
    """Print what is still untranslated; return how much that is."""
    count = 0
    for package in PACKAGES:
        for source in sorted((ROOT / package / "translations").glob("*/LC_MESSAGES/*.po")):
            with source.open("rb") as text:
                catalogue = read_po(text)
            for message in catalogue:
                strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
                if message.id and (message.fuzzy or not all(strings)):
                    count += 1
                    print(f"{source.relative_to(ROOT)}: {message.id!r}")
    return count


if __name__ == "__main__":
    if sys.argv[1] == "update":
        update()
    compile_catalogues()
    if sys.argv[1] == "update" and (untranslated := report()):
        sys.exit(f"{untranslated} messages have no translation yet.")
