"""The command ``lms serve``."""

from __future__ import annotations

import sys
from functools import partial

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from config import pass_on
from lms.db import ENGINE, session
from lms.health.checks import run_checks
from lms.jobs.scheduler import run_scheduler
from lms.jobs.worker import run_worker
from lms.serving.children import Children
from lms.serving.web import port_problem, run_web
from lms.settings import current_config


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (LMS_PORT).")
@click.option("--host", help="Address to listen on (LMS_HOST).")
@click.option("--web-only", is_flag=True, help="Only the website: worker and scheduler run elsewhere.")
@click.pass_obj
@with_appcontext
def serve(info: ScriptInfo, port: int | None, host: str | None, web_only: bool) -> None:
    """Serve the website, with its worker and scheduler under one parent."""
    config = current_config()
    for finding in run_checks(("database", "migrations", "assets")):
        if finding.wrong:
            raise click.ClickException(finding.problem)
    session.remove()
    current_app.extensions[ENGINE].dispose()
    host, port = host or config.host, port or config.port
    problem = port_problem(host, port)
    if problem:
        raise click.ClickException(problem)
    # Every process reads the settings itself: an address that follows the port has to follow this one.
    pass_on(port=port)
    make_app = info.create_app or info.load_app
    children = Children()
    children.add("lms-web", partial(run_web, host, port, processes=config.serving_processes, threads=config.threads))
    if not web_only:
        children.add("lms-worker", lambda: run_worker(make_app()))
        children.add("lms-scheduler", lambda: run_scheduler(make_app()))
    click.echo(f"Serving on http://{host}:{port} – stop with Ctrl+C")
    sys.exit(children.run())
