"""Composition root: builds the application from a Config and the four packages."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import DatabaseError, OperationalError

import assessments
import certificates
import courses
from config import Config, ConfigError
from lms.app import new_app
from lms.migration import lacks_schema


def create_app(config: Config | None = None) -> Flask:
    """Build the application. Raises ConfigError with a sentence when a setting is missing or unsafe."""
    app = new_app(config or Config.from_environment())
    courses.init_app(app)
    assessments.init_app(app)
    certificates.init_app(app)
    return app


def _create_app_for_command_line() -> Flask:
    try:
        return create_app()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def main() -> None:
    """The ``lms`` command."""
    group = FlaskGroup(
        create_app=_create_app_for_command_line,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
        help="Wegmarke: the learning platform for Smart City Manager.",
    )
    try:
        group.main(prog_name="lms")
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except DatabaseError as error:
        if lacks_schema(error):
            click.echo("The database is not up to date. Please run: lms migrate", err=True)
        elif isinstance(error, OperationalError):  # it cannot be reached, opened or written
            told = str(error.orig).partition("\n")[0].strip()
            click.echo(f"The database is in trouble ({told}). What is wrong, and what to do, says: lms check", err=True)
        else:
            raise
        sys.exit(1)
