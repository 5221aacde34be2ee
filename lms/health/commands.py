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
        told = [{"name": one.name, "good": one.good, "problem": one.problem} for one in findings]
        click.echo(json.dumps(told, indent=1))
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            mark = "WRONG" if finding.wrong else "–" if finding.waits else "ok"
            click.echo(f"{finding.name:<{width}}  {mark:<5}  {finding.problem or finding.good}")
    sys.exit(any(finding.wrong for finding in findings))
