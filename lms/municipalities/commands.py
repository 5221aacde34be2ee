"""The command ``lms municipalities``."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from lms.db import transaction
from lms.municipalities.actions import DISTRICTS, MUNICIPALITIES, import_municipalities

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def municipalities() -> None:
    """The municipalities that send participants."""


@municipalities.command("import")
@click.argument("path", type=A_FILE, default=MUNICIPALITIES)
@click.option("--districts", type=A_FILE, default=DISTRICTS, help="Another list of districts: key,name,kind.")
@with_appcontext
def import_(path: Path, districts: Path) -> None:
    """Take municipalities from PATH (ags,name; a CSV file in UTF-8), or else those that come along.

    New names replace old ones; nothing is deleted, since people and enrolments may name it.
    """
    try:
        with transaction():
            there = import_municipalities(districts, path)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{there[0]} districts and {there[1]} municipalities are there.")
