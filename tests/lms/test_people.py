"""Roles and accounts: who may give and take them, and that somebody is always left who can."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from lms.audit.models import AuditEntry
from lms.clock import now
from lms.db import session, transaction
from lms.people.actions import grant_role, set_active, withdraw_role
from lms.people.models import Person
from lms.people.rules import PersonReason, refuse_account, refuse_withdrawal
from lms.permissions import Role
from lms.signin.actions import make_link
from tests.cast import Cast, make_person, signed_in
from tests.test_races import at_once

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tokens of forms have tests of their own."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.mark.parametrize(
    ("roles", "active", "own", "may_grant", "other_admins", "problem"),
    [
        ({Role.PARTICIPANT}, False, False, False, 1, None),
        ({Role.PARTICIPANT, Role.TRAINER}, False, False, False, 1, None),
        (set(), True, False, False, 1, None),
        ({Role.PARTICIPANT}, False, True, True, 1, PersonReason.NOT_ONESELF),
        ({Role.COORDINATOR}, False, False, False, 1, PersonReason.STAFF_ACCOUNT),
        ({Role.TRAINER, Role.AUDITOR}, False, False, False, 1, PersonReason.STAFF_ACCOUNT),
        ({Role.ADMIN}, True, False, False, 1, PersonReason.STAFF_ACCOUNT),
        ({Role.ADMIN}, False, False, True, 1, None),
        ({Role.ADMIN}, False, False, True, 0, PersonReason.LAST_ADMIN),
        ({Role.ADMIN}, True, False, True, 0, None),
    ],
)
def test_whose_account_is_whose_business(
    roles: set[Role], active: bool, own: bool, may_grant: bool, other_admins: int, problem: PersonReason | None
) -> None:
    found = refuse_account(roles, active=active, own=own, may_grant=may_grant, other_admins=other_admins)
    assert found == problem


@pytest.mark.parametrize(
    ("role", "own", "other_admins", "problem"),
    [
        (Role.TRAINER, True, 0, None),
        (Role.ADMIN, False, 1, None),
        (Role.ADMIN, True, 1, PersonReason.NOT_ONESELF),
        (Role.ADMIN, False, 0, PersonReason.LAST_ADMIN),
    ],
)
def test_an_administrator_is_left(role: Role, own: bool, other_admins: int, problem: PersonReason | None) -> None:
    assert refuse_withdrawal(role, own=own, other_admins=other_admins) == problem


def test_on_a_phone_each_person_is_a_block_whose_lines_name_their_column(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.coordinator).get("/people").text
    assert 'class="table-scroll stacked"' in page
    for label in ("E-Mail-Adresse", "Rollen", "Stand"):
        assert f'data-label="{label}"' in page


@pytest.mark.parametrize("whose", ["admin", "auditor", "coordinator"])
def test_the_office_closes_no_account_of_the_staff(app: Flask, cast: Cast, whose: str) -> None:
    office, person = signed_in(app, cast.coordinator), getattr(cast, whose)
    page = office.get(f"/people/{person.id}").text
    assert "Konto schließen" not in page
    answer = office.post(f"/people/{person.id}/active", data={"active": "0"})
    assert answer.status_code == 409
    assert person.is_active


def test_the_office_closes_and_opens_a_participants_account(app: Flask, cast: Cast) -> None:
    office, person = signed_in(app, cast.coordinator), cast.participant
    theirs = signed_in(app, person)
    with transaction():
        token = make_link(person, "reset", at=now())
    path = f"/people/{person.id}"
    assert path in office.get("/people").text
    page = office.get(path).text
    assert ("Konto schließen" in page, "Wegnehmen" in page, "Geben" in page) == (True, False, False)
    for _twice in range(2):
        assert office.post(f"{path}/active", data={"active": "0"}).location == path
    assert "Konto öffnen" in office.get(path).text
    assert office.post(f"{path}/active", data={"active": "1"}).location == path
    found = office.get("/people?q=example").text
    assert f'href="{path}?q=example"' in found, "the search is kept for the way back"
    assert found.index("Person einladen") < found.index(person.email)
    again = office.post(f"{path}/active?q=example", data={"active": "1"}, follow_redirects=True).text
    assert f"Das Konto von {person.full_name} ist wieder geöffnet." in again
    assert 'href="/people?q=example"' in again
    # What was open before is not open again.
    assert theirs.get("/account").status_code == 302
    assert theirs.get(f"/password/reset/{token}").status_code == 410
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.like("account_%")).order_by(AuditEntry.id)).all()
    assert [(one.action, one.actor_id, one.subject_id) for one in entries] == [
        (action, cast.coordinator.id, str(person.id)) for action in ("account_closed", "account_opened")
    ]


def test_an_administrator_gives_and_takes_roles(app: Flask, cast: Cast) -> None:
    admin, person = signed_in(app, cast.admin), cast.trainer
    theirs, path = signed_in(app, cast.trainer), f"/people/{cast.trainer.id}"
    page = admin.get(path).text
    assert "Geben: Programmbüro" in page
    assert "Wegnehmen: Trainerin oder Trainer" in page
    assert theirs.get("/people").status_code == 403
    for _twice in range(2):
        assert admin.post(f"{path}/roles/coordinator/give").location == path
    assert theirs.get("/people").status_code == 200
    for _twice in range(2):
        assert admin.post(f"{path}/roles/coordinator/take").location == path
    assert theirs.get("/people").status_code == 403
    assert person.roles == {Role.TRAINER}
    assert admin.post(f"{path}/roles/king/give").status_code == 404
    assert admin.post("/people/999999/roles/trainer/give").status_code == 404
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action.like("role_%")).order_by(AuditEntry.id)).all()
    assert [(one.action, one.details["role"], one.actor_id) for one in entries] == [
        (action, "coordinator", cast.admin.id) for action in ("role_granted", "role_withdrawn")
    ]


def test_nobody_but_an_administrator_gives_roles(app: Flask, cast: Cast) -> None:
    for who in (cast.coordinator, cast.auditor, cast.trainer):
        browser = signed_in(app, who)
        for verb in ("give", "take"):
            assert browser.post(f"/people/{cast.participant.id}/roles/trainer/{verb}").status_code == 403
    auditor = signed_in(app, cast.auditor).get(f"/people/{cast.participant.id}").text
    assert ("Konto schließen" in auditor, "Geben" in auditor) == (False, False)


def test_the_last_administrator_stays_one(app: Flask, cast: Cast) -> None:
    admin, path = signed_in(app, cast.admin), f"/people/{cast.admin.id}"
    assert "Wegnehmen: Verwaltung" not in admin.get(path).text
    assert admin.post(f"{path}/roles/admin/take").status_code == 409
    assert admin.post(f"{path}/active", data={"active": "0"}).status_code == 409
    with transaction():
        second = make_person("Alma", "Zweite", Role.ADMIN)
    path = f"/people/{second.id}"
    assert "Wegnehmen: Verwaltung" in admin.get(path).text
    assert admin.post(f"{path}/active", data={"active": "0"}).status_code == 302
    assert admin.post(f"{path}/roles/admin/take").status_code == 302
    assert cast.admin.roles == {Role.ADMIN}


@pytest.mark.parametrize("way", ["withdraw", "close"])
def test_two_administrators_who_remove_each_other_leave_one(own_app: Flask, way: str) -> None:
    with own_app.app_context(), transaction():
        people = [make_person("Adam", "Eins", Role.ADMIN), make_person("Alma", "Zwei", Role.ADMIN)]
        session.flush()
        ids = [person.id for person in people]
    pairs = iter([ids, ids[::-1]])

    def remove() -> str:
        actor, other = (session.get_one(Person, one) for one in next(pairs))
        if way == "withdraw":
            withdraw_role(other, Role.ADMIN, actor=actor, at=AT)
        else:
            set_active(other, active=False, actor=actor, at=AT)
        return "removed"

    refused = [result for result in at_once(own_app, 2, remove) if result != "removed"]
    # Whoever comes second is not an administrator any more, or would be the last one to go.
    assert refused in ([PersonReason.LAST_ADMIN], [PersonReason.STAFF_ACCOUNT])
    with own_app.app_context():
        left = [person for person in session.scalars(select(Person)) if person.is_active and Role.ADMIN in person.roles]
        assert len(left) == 1


def test_a_role_given_eight_times_at_once_is_given_once(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        make_person("Petra", "Anders")

    def give() -> str:
        grant_role(session.scalars(select(Person)).one(), Role.TRAINER, actor=None, at=AT)
        return "given"

    assert at_once(own_app, 8, give) == ["given"] * 8
    with own_app.app_context():
        assert session.scalars(select(AuditEntry.action)).all() == ["role_granted"]


def test_the_commands_do_the_same(own_app: Flask) -> None:
    with own_app.app_context(), transaction():
        make_person("Adam", "Eins", Role.ADMIN, email="adam@example.org")
        make_person("Petra", "Anders", Role.TRAINER, email="petra@example.org")

    def say(*words: str) -> tuple[int, str]:
        done = own_app.test_cli_runner().invoke(args=["user", *words])
        return done.exit_code, done.output + done.stderr

    assert say("withdraw", "petra@example.org", "trainer") == (0, "Done.\n")
    assert say("deactivate", "petra@example.org") == (0, "Done.\n")
    assert "closed" in say("list", "petra")[1]
    assert say("activate", "petra@example.org") == (0, "Done.\n")
    for words in (("withdraw", "adam@example.org", "admin"), ("deactivate", "adam@example.org")):
        code, output = say(*words)
        assert code == 1
        assert "Verwaltung" in output
    assert say("activate", "niemand@example.org")[0] == 1
    with own_app.app_context():
        people = session.scalars(select(Person).order_by(Person.email)).all()
        assert [(person.is_active, sorted(person.roles)) for person in people] == [(True, [Role.ADMIN]), (True, [])]
