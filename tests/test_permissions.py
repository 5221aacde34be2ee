"""Every route of the whole URL map says who may use it, and strangers get nowhere without being let in."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.permissions import Permission
from tests.cast import Cast, signed_in

pytestmark = pytest.mark.once

#: What anybody may open. A new public route is added here on purpose.
PUBLIC = {
    "signin.login", "signin.sign_in", "signin.logout", "signin.forgotten", "signin.send_reset", "signin.open_link",
    "signin.use_link", "preferences.choose", "pages.page", "frame.patterns", "mail.all_mails", "health.alive", "health.ready",
    "verification.verify", "verification.number", "verification.find_number", "verification.many", "verification.check_many",
    "verification.picture", "verification.check_file_of", "verification.check_any_file",
    "verification.file_page_of", "verification.file_page",
    "feedback.write", "feedback.send", "feedback.thanks",
    "credentials.did", "credentials.jwks", "credentials.issuer", "credentials.status_list",
}  # fmt: skip


def test_every_route_states_a_permission(app: Flask) -> None:
    stated = {name: getattr(view, "permission", None) for name, view in app.view_functions.items()}
    assert len(stated) > 50
    assert [name for name, permission in stated.items() if permission is None] == []
    assert {name for name, permission in stated.items() if permission == "public"} == PUBLIC
    assert all(permission == "public" or isinstance(permission, Permission) for permission in stated.values())


def test_permissions_are_named_by_the_formula(app: Flask) -> None:
    used = {getattr(view, "permission", None) for view in app.view_functions.values()} - {"public"}
    assert [one for one in used if not re.fullmatch(r"(self|cohort|institution):[a-z]+:[a-z]+", str(one))] == []
    assert [one for one in used if not getattr(one, "roles", None)] == []


def paths(app: Flask) -> list[tuple[str, str]]:
    """Return method and an example path of every route that is not public."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        found += [(method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_a_stranger_gets_nothing_anywhere(app: Flask, client: FlaskClient, database: Flask) -> None:
    for method, path in paths(app):
        answer = client.open(path, method=method)
        allowed = {302, 401} if method == "GET" else {401}
        assert answer.status_code in allowed, (method, path, answer.status_code)
        if answer.status_code == 302:
            assert answer.location.startswith("/login?next="), path


@pytest.mark.parametrize(
    "who", ["participant", "other_participant", "trainer", "other_trainer", "coordinator", "auditor", "admin"]
)
def test_who_lacks_the_permission_is_refused_everywhere(
    app: Flask, cast: Cast, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    person = getattr(cast, who)
    client = signed_in(app, person)
    asked = 0
    for rule in app.url_map.iter_rules():
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if permission == "public" or person.may(permission):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            asked += 1
            assert client.open(re.sub(r"<[^>]+>", "1", rule.rule), method=method).status_code == 403, (
                method,
                rule.rule,
            )
    assert asked > 3


#: What is asked without a token: it carries nobody's authority, and what another site sends is refused by its headers.
WITHOUT_TOKEN = {
    "verification.find_number", "verification.check_many", "verification.check_file_of", "verification.check_any_file",
}  # fmt: skip


@pytest.mark.parametrize("token", ["", "von-anderswo"])
def test_every_form_demands_its_token(app: Flask, cast: Cast, token: str) -> None:
    client = signed_in(app, cast.coordinator)
    asked, without = 0, set()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            asked += 1
            path, data = re.sub(r"<[^>]+>", "1", rule.rule), {"csrf_token": token} if token else {}
            answer = client.post(path, data=data, headers={"Accept": "application/json"}).get_json(silent=True) or {}
            if answer.get("error", {}).get("code") != "token_expired":
                without.add(rule.endpoint)
    assert asked > 50
    assert without == WITHOUT_TOKEN
