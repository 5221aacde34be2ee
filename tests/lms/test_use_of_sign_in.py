"""What a request is told of its sign-in: a person as the session would have loaded them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from lms.clock import now
from lms.db import only_read, session, transaction
from lms.people.models import Person
from lms.permissions import Role
from lms.signin.actions import start_sign_in
from lms.signin.queries import Used, use_sign_in
from tests.cast import make_person

IDLE = timedelta(hours=1)


def _use(token: str) -> Used:
    used = use_sign_in(token, idle=IDLE, now=now())
    assert used is not None
    return used


def test_the_person_is_the_sessions_own_and_knows_their_roles(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        made = make_person("Vera", "Weber", Role.TRAINER, Role.COORDINATOR)
        nobody = make_person("Nora", "Weber")
        session.flush()
        tokens = [start_sign_in(one, address="127.0.0.1", browser="test", at=now()) for one in (made, nobody)]
        person_id = made.id
    with own_app.app_context(), transaction():
        used = _use(tokens[0])
        assert session.get(Person, person_id) is used.person
        assert used.person.roles == frozenset({Role.TRAINER, Role.COORDINATOR})
        assert list(session.dirty) == []
        used.person.language = "en"
        used.person.role_grants.pop()
        assert _use(tokens[1]).person.roles == frozenset()
    with own_app.app_context():
        person = _use(tokens[0]).person
        assert (person.language, len(person.roles)) == ("en", 1)


def test_what_is_rolled_back_is_read_anew(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        token = start_sign_in(make_person("Vera", "Weber", Role.TRAINER), address="127.0.0.1", browser="test", at=now())
    with own_app.app_context():
        only_read()
        person = _use(token).person
        with own_app.app_context(), transaction():
            _use(token).person.theme = "dark"
        session.rollback()
        assert (person.theme, person.roles) == ("dark", frozenset({Role.TRAINER}))
