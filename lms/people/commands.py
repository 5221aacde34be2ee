"""The command ``lms user``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext

from lms.clock import now
from lms.db import transaction
from lms.frame.filters import say
from lms.people import actions
from lms.people.models import Person
from lms.people.queries import find_person, list_people
from lms.permissions import Role
from lms.sentences import Refusal
from lms.signin.actions import make_link, set_password
from lms.signin.mail import queue_invitation_mail

ROLES = click.Choice([role.value for role in Role])


@click.group()
def user() -> None:
    """Make people, invite them, give them roles."""


@user.command()
@click.argument("email")
@click.argument("given_name")
@click.argument("family_name")
@click.option("--role", "roles", multiple=True, type=ROLES, help="May be given several times.")
@click.option("--invite/--no-invite", default=True, help="Send a mail with a link to choose a password.")
@with_appcontext
def create(email: str, given_name: str, family_name: str, roles: tuple[str, ...], invite: bool) -> None:
    """Make a person."""
    try:
        with transaction():
            person = actions.create_person(
                email=email,
                given_name=given_name,
                family_name=family_name,
                roles=tuple(Role(role) for role in roles),
                actor=None,
                at=now(),
            )
            if invite:
                queue_invitation_mail(person, make_link(person, "invitation", at=now()), None, at=now())
    except Refusal as refusal:
        raise click.ClickException(say(refusal.sentence)) from refusal
    click.echo(f"{person.full_name} <{person.email}> is there" + (" and gets an invitation." if invite else "."))


@user.command("list")
@click.argument("search", default="")
@with_appcontext
def list_(search: str) -> None:
    """List people whose name or address contains SEARCH."""
    people, total = list_people(search, 1)
    for person in people:
        roles = ", ".join(sorted(person.roles))
        click.echo(f"{person.email}\t{person.full_name}\t{roles}\t{'open' if person.is_active else 'closed'}")
    if total > len(people):
        click.echo(f"… and {total - len(people)} more; please search for a part of the name.")


@user.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@with_appcontext
def grant(email: str, role: str) -> None:
    """Give a person a role."""
    with _done():
        actions.grant_role(_get(email), Role(role), actor=None, at=now())


@user.command()
@click.argument("email")
@click.argument("role", type=ROLES)
@with_appcontext
def withdraw(email: str, role: str) -> None:
    """Take a role away from a person."""
    with _done():
        actions.withdraw_role(_get(email), Role(role), actor=None, at=now())


@user.command()
@click.argument("email")
@with_appcontext
def deactivate(email: str) -> None:
    """Close a person's account; nothing is deleted."""
    with _done():
        actions.set_active(_get(email), active=False, actor=None, at=now())


@user.command()
@click.argument("email")
@with_appcontext
def activate(email: str) -> None:
    """Open a person's account again."""
    with _done():
        actions.set_active(_get(email), active=True, actor=None, at=now())


@user.command("set-password")
@click.argument("email")
@click.password_option()
@with_appcontext
def set_password_(email: str, password: str) -> None:
    """Give a person a new password and end all their sign-ins."""
    with _done():
        set_password(_get(email), password, actor=None, at=now())


@contextmanager
def _done() -> Iterator[None]:
    """Do something in a transaction and say that it is done, or why not."""
    try:
        with transaction():
            yield
    except Refusal as refusal:
        raise click.ClickException(say(refusal.sentence)) from refusal
    click.echo("Done.")


def _get(email: str) -> Person:
    person = find_person(email)
    if person is None:
        raise click.ClickException(f"There is nobody with the address {email}.")
    return person
