"""The command ``lms check``."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from lms.health.checks import run_checks


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def check(as_json: bool) -> None:
    """Look at everything that can be wrong with this installation."""
    findings = run_checks()
    if as_json:
        click.echo(json.dumps([vars(finding) for finding in findings], indent=1))
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            mark = "WRONG" if finding.problem else "ok"
            click.echo(f"{finding.name:<{width}}  {mark:<5}  {finding.problem or finding.good}")
    sys.exit(any(finding.problem for finding in findings))
