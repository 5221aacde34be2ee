"""``lms items import`` and ``lms items export``."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from assessments.exchange.actions import count_changes, take_reading
from assessments.exchange.entries import MEGABYTE, Entry
from assessments.exchange.formats.registry import READERS, WRITERS
from assessments.exchange.queries import (
    Planned,
    find_course,
    load_picture,
    newest_versions,
    plan_entries,
    questions_for,
)
from assessments.exchange.reading import Reading, read_questions
from assessments.exchange.reasons import Why
from assessments.exchange.report import report_of
from assessments.exchange.writing import write_questions
from courses.content.models import Course
from lms.clock import now
from lms.db import transaction
from lms.sentences import Sentence, plain_sentence
from lms.settings import current_config

group = AppGroup("items", help="Take questions into a course's item bank, and give them out.")


@group.command("import")
@click.argument("course")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(list(READERS)), help="Told by the content when not given.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken; nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON: a list with one entry for each question.")
def import_command(course: str, file: Path, format_name: str | None, dry_run: bool, as_json: bool) -> None:
    """Take the questions in FILE into the bank of COURSE (its slug). Each is taken exactly, or refused with its reason.

    Ends with 0 when at least one question can be taken, with 1 when there is none or the file cannot be read.
    """
    with transaction():  # so that the database is free again while the file is read
        _course(course)
    reading = _read(file, format_name)
    with transaction():
        found = _course(course)
        if dry_run or not reading.taken:
            planned = plan_entries(found.id, reading)
        else:
            planned = take_reading(found, reading, file_name=file.name, actor=None, at=now())
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in planned], ensure_ascii=False, indent=2))
    else:
        _say(file, reading, planned, dry_run=dry_run)
    if not reading.taken:
        raise SystemExit(1)


@group.command("export")
@click.argument("course")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(list(WRITERS)), required=True)
@click.option("--tag", help="Only questions with this tag.")
@click.option("--type", "type_name", help="Only questions of this type.")
@click.option("--retired", is_flag=True, help="Retired questions as well.")
def export_command(
    course: str, file: Path, format_name: str, tag: str | None, type_name: str | None, retired: bool
) -> None:
    """Write the bank of COURSE (its slug) to FILE. What the format cannot say is named in FILE.report.txt beside it.

    Ends with 0 when at least one question was written, with 1 when there was none.
    """
    found = _course(course)
    versions = [
        version
        for version in newest_versions(found.id).values()
        if (retired or version.item.retired_at is None)
        and (tag is None or tag in version.definition.get("tags", []))
        and (type_name is None or version.type == type_name)
    ]
    report = file.with_name(f"{file.name}.report.txt")
    if file.exists() or report.exists():
        raise click.ClickException(f"{file if file.exists() else report} is there already. Name a new file.")
    written = write_questions(questions_for(found.id, versions, format_name), format_name, load_picture)
    if not written.written:
        click.echo(report_of(course, format_name, written), err=True)
        raise click.ClickException("No question was written.")
    try:
        file.write_bytes(written.content)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}.") from None
    click.echo(f"{len(written.written)} questions written to {file}.")
    if written.refused:
        report.write_text(report_of(course, format_name, written), "utf-8")
        click.echo(f"{len(written.refused)} questions refused; {report} says which and why.", err=True)


def _read(file: Path, format_name: str | None) -> Reading:
    most = current_config().upload_megabytes
    try:
        with file.open("rb") as opened:
            content = opened.read(most * MEGABYTE + 1)
    except OSError as error:
        why = Sentence(Why.CANNOT_OPEN.text, {"error": error.strerror or type(error).__name__})
        return Reading(format_name or "", [Entry(file.name or str(file), "", None, why)], failed=True)
    return read_questions(content, file.name, format_name, megabytes=most)


def _course(slug: str) -> Course:
    found = find_course(slug)
    if found is None:
        raise click.ClickException(f"There is no course “{slug}”.")
    return found


def _as_json(planned: Planned) -> dict[str, str | None]:
    entry = planned.entry
    return {
        "name": entry.name,
        "type": entry.type,
        "status": "taken" if entry.taken else "refused",
        "reason": plain_sentence(entry.reason) if entry.reason else None,
        **({"note": plain_sentence(entry.note)} if entry.note else {}),
    }


def _say(file: Path, reading: Reading, planned: list[Planned], *, dry_run: bool) -> None:
    for one in planned:
        if said := one.entry.reason or one.entry.note:
            kind = f" ({one.entry.type})" if one.entry.type else ""
            click.echo(f"{one.entry.name}{kind}: {plain_sentence(said)}", err=True)
    if reading.failed:
        click.echo("Nothing was taken.", err=True)
        return
    counts = count_changes(planned)
    word = "would be taken" if dry_run else "taken"
    click.echo(
        f"{file.name} ({reading.format or 'unknown format'}): {len(reading.taken)} questions {word} "
        f"({counts['new']} new, {counts['changed']} changed, {counts['same']} unchanged), {counts['refused']} refused."
    )
