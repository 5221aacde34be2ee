"""Who may do what. Each package states its permissions on one page of its own, as members of a Permission enum.

A permission is named ``scope:resource:action``. The scope says whose things are meant: ``self`` one's own, ``cohort``
those of cohorts one is in charge of (a trainer their own, a coordinator all), ``institution`` everything there is.
Having a permission is never enough for a row: ``access.py`` of the feature decides on the row.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, Self, TypeVar

from flask import abort, current_app
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a person is to the institution; one person can be several things."""

    PARTICIPANT = "participant"
    TRAINER = "trainer"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """A member is ``NAME = "scope:resource:action", Role.A, Role.B``: the roles that have it."""

    roles: frozenset[Role]

    def __new__(cls, value: str, *roles: Role) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.roles = frozenset(roles)
        return member


class CorePermission(Permission):
    """The permissions of the core."""

    KEEP_ACCOUNT = "self:account:keep", *Role
    READ_AUDIT = "institution:audit:read", Role.AUDITOR, Role.ADMIN
    READ_PEOPLE = "institution:people:read", Role.COORDINATOR, Role.AUDITOR, Role.ADMIN
    MANAGE_PEOPLE = "institution:people:manage", Role.COORDINATOR, Role.ADMIN
    GRANT_ROLES = "institution:roles:grant", Role.ADMIN
    READ_MAIL = "institution:mail:read", Role.ADMIN
    READ_SYSTEM = "institution:system:read", Role.ADMIN


def requires(permission: Permission) -> Callable[[View], View]:
    """Let only people with this permission into the route: 401 (sign-in page) without a sign-in, 403 without the right."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # set by Flask-Login
            if not current_user.may(permission):
                abort(403)
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]  # read by the test over the URL map
        return guarded  # type: ignore[return-value]  # wraps() keeps the signature, mypy cannot see it

    return decorate


def public(view: View) -> View:
    """State that anybody may use this route."""
    view.permission = "public"  # type: ignore[attr-defined]  # read by the test over the URL map
    return view
