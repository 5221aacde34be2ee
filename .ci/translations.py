"""Keeps the message catalogues: `update` reads the sources' strings into them, `compile` makes what the program reads.

Each package has its own catalogue (`lms/translations/de/LC_MESSAGES/messages.po` and so on), so that two people who
work in two packages don't meet in one file. Messages are sorted and carry no line numbers for the same reason.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("lms", "courses", "assessments", "certificates")
LANGUAGES = ("de",)
KEYWORDS = ("N_", "_l", "lazy_gettext", "lazy_ngettext:1,2")
HEADER = "# The texts of Wegmarke in another language. `make translations` keeps this file; people write the msgstr."


def extract(package: str) -> Catalog:
    """Return the source strings of a package's Python files and templates."""
    with TemporaryDirectory() as folder:
        template = Path(folder, "messages.pot")
        subprocess.run(
            [
                sys.executable,
                "-m",
                "babel.messages.frontend",
                "--quiet",
                "extract",
                "--mapping=pyproject.toml",
                *(f"--keyword={keyword}" for keyword in KEYWORDS),
                "--add-comments=Translators:",
                f"--output-file={template}",
                package,
            ],
            check=True,
            cwd=ROOT,
        )
        with template.open("rb") as text:
            return read_po(text)


def update() -> None:
    """Add new source strings to the catalogues and set those aside that are no longer there."""
    for package in PACKAGES:
        sources = extract(package)
        for language in LANGUAGES:
            path = ROOT / package / "translations" / language / "LC_MESSAGES" / "messages.po"
            before = path.read_bytes() if path.exists() else b""
            catalogue = (
                read_po(BytesIO(before), locale=language)
                if before
                else Catalog(
                    language,
                    project="Wegmarke",
                    version="1",
                    last_translator="Wegmarke",
                    language_team=language,
                    msgid_bugs_address="publiccode.yml",
                    revision_date=datetime.now(UTC),
                    fuzzy=False,
                )
            )
            catalogue.header_comment = HEADER
            catalogue.update(sources, no_fuzzy_matching=True, update_creation_date=False)
            after = BytesIO()
            write_po(after, catalogue, width=118, no_location=True, sort_output=True)
            if after.getvalue() != before:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(after.getvalue())


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
