"""The command ``lms serve``."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from config import environment_with
from lms.db import ENGINE
from lms.migration import schema_is_current
from lms.serving.children import Children
from lms.settings import current_config


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (LMS_PORT).")
@click.option("--host", help="Address to listen on (LMS_HOST).")
@click.option("--web-only", is_flag=True, help="Only the website: worker and scheduler run elsewhere.")
@with_appcontext
def serve(port: int | None, host: str | None, web_only: bool) -> None:
    """Serve the website, with its worker and scheduler under one parent."""
    config = current_config()
    with current_app.extensions[ENGINE].connect() as connection:
        if not schema_is_current(connection):
            raise click.ClickException("The database is not up to date. Please run: lms migrate")
    current_app.extensions[ENGINE].dispose()
    host, port = host or config.host, port or config.port
    # Each reads the settings itself, and an address that follows the port has to follow this one.
    children = Children(environment_with(port=port))
    children.add("web", [sys.executable, "-m", "lms.serving.web", host, str(port), str(config.threads)])
    if not web_only:
        # The same interpreter and code as this command, whatever PATH says.
        for name in ("worker", "scheduler"):
            children.add(name, [sys.executable, "-c", "from wsgi import main; main()", name])
    click.echo(f"Serving on http://{host}:{port} – stop with Ctrl+C")
    sys.exit(children.run())
