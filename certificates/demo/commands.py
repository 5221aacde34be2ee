"""The command ``lms demo``."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from certificates.demo.build import build_demo
from lms.migration import bring_up_to_date
from lms.settings import current_config


@click.command()
@with_appcontext
def demo() -> None:
    """Set the database up and play a whole cohort to its certificates; saying it again changes nothing."""
    if current_config().environment == "production":
        raise click.ClickException("The demonstration makes accounts with a known password: not in production.")
    bring_up_to_date()
    manifest = build_demo(click.echo)
    click.echo("")
    click.echo(
        f"Sign in at {manifest['base_url']}{manifest['urls']['login']} with the password "
        f"{manifest['accounts']['participant']['password']}"
    )
    for role, account in manifest["accounts"].items():
        click.echo(f"  {role:<21} {account['email']}")
    click.echo(f"A certificate:          {manifest['files']['certificate_pdf']}")
    click.echo(f"Anybody verifies it at: {manifest['base_url']}{manifest['urls']['verify']}")
