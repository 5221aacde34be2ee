"""``lms course import`` and ``lms course export``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import NoResultFound

from courses.activity_kinds import ArchiveError
from courses.archive.actions import Imported, import_draft
from courses.archive.checking import check_archive
from courses.archive.queries import get_present_archive, get_version
from courses.archive.reading import read_archive
from courses.archive.writing import write_archive
from lms.clock import now
from lms.db import transaction

group = AppGroup("course", help="Take in and give out courses.")


@group.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only check the archive; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_command(path: Path, dry_run: bool, as_json: bool) -> None:
    """Take the course in PATH, a folder or a ZIP: checked as a whole, imported as a whole or not at all."""
    found = read_archive(path)
    draft, errors = check_archive(found.files, found.errors)  # before the database is held
    imported = None
    if draft is not None and not dry_run:
        with transaction():
            imported = import_draft(draft, actor=None, at=now())
    if as_json:
        click.echo(json.dumps(_as_json(imported, errors), ensure_ascii=False, indent=2))
    else:
        _report(path, imported, errors)
    if errors:
        raise SystemExit(1)


@group.command("export")
@click.argument("slug")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--version", "number", type=int, help="Number of the version; the newest when not given.")
def export_command(slug: str, path: Path, number: int | None) -> None:
    """Write the course SLUG to PATH: a new or empty folder, or a new .zip."""
    try:
        version = get_version(slug, number)
    except NoResultFound:
        raise click.ClickException(f"There is no course “{slug}” with this version.") from None
    files = get_present_archive(version)
    try:
        write_archive(files, path)
    except FileExistsError:
        raise click.ClickException(f"{path} is there already. Name a new file or an empty folder.") from None
    click.echo(f"Version {version.number} of {slug}: {len(files)} files written to {path}.")


def _as_json(imported: Imported | None, errors: list[ArchiveError]) -> dict[str, object]:
    return {
        "ok": not errors,
        "course": imported.version.course.slug if imported else None,
        "version": imported.version.number if imported else None,
        "created": imported.created if imported else False,
        "errors": [{"path": error.path, "line": error.line, "text": error.plain} for error in errors],
    }


def _report(path: Path, imported: Imported | None, errors: list[ArchiveError]) -> None:
    for error in errors:
        click.echo(str(error), err=True)
    if errors:
        count = f"{len(errors)} errors" if len(errors) > 1 else "One error"
        click.echo(f"{count} in {path}. Nothing was imported.", err=True)
    elif imported is None:
        click.echo(f"{path} is without errors.")
    elif imported.created:
        click.echo(f"Version {imported.version.number} of {imported.version.course.slug} is imported.")
    else:
        click.echo(f"Nothing changed: this is version {imported.version.number} of {imported.version.course.slug}.")
