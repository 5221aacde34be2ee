"""Signing in with several people, or several clicks, at once; transactions are real."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.mail.models import OutboxMail
from lms.people.models import Person
from lms.permissions import Role
from lms.signin.actions import make_link, use_link
from lms.signin.asking import answer_request
from lms.signin.models import LinkRequest, OneTimeLink
from lms.signin.passwords import verify_password
from lms.signin.queries import find_link
from lms.signin.rules import SignInReason
from tests.cast import make_person
from tests.test_races import at_once


def test_a_link_used_twice_at_once_sets_one_password(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        person = make_person("Petra", "Anders", Role.PARTICIPANT)
        session.flush()
        token = make_link(person, "reset", at=now())
        make_link(person, "invitation", at=now())
    passwords = [f"{number}-Boote-am-langen-Steg" for number in range(8)]
    left = iter(passwords)
    won: list[str] = []

    def use() -> str:
        # Found first by all of them: what decides is the moment of using it up.
        link, password = session.scalars(select(OneTimeLink).where(OneTimeLink.purpose == "reset")).one(), next(left)
        use_link(link, password, at=now())
        won.append(password)
        return password

    results = at_once(own_app, 8, use)
    assert sorted(map(str, results)) == sorted([*won, *[SignInReason.LINK_GONE] * 7])
    with own_app.app_context():
        person = session.scalars(select(Person)).one()
        assert [one for one in passwords if verify_password(person.password_hash, one)] == won
        assert session.scalar(select(func.count()).where(AuditEntry.action == "password_set")) == 1
        assert find_link(token, "reset", now()) is None
        assert session.scalars(select(OneTimeLink).where(OneTimeLink.used_at.is_(None))).all() == []


def test_eight_who_ask_and_are_answered_at_once_get_one_mail(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        make_person("Petra", "Anders", Role.PARTICIPANT, email="petra@example.org")
        for _number in range(8):
            session.add(LinkRequest(email="petra@example.org", account_hash="x", address="127.0.0.1", at=now()))
        session.flush()
        ids = session.scalars(select(LinkRequest.id)).all()
    # Each is answered by two workers at the same moment.
    left = iter([*ids, *ids])
    assert at_once(own_app, 16, lambda: answer_request(next(left), at=now())) == [None] * 16
    with own_app.app_context():
        assert session.scalars(select(OutboxMail.kind)).all() == ["password_reset"]
        assert len(session.scalars(select(OneTimeLink).where(OneTimeLink.used_at.is_(None))).all()) == 1
