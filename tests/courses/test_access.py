"""Every route of the package, by the whole cast."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, signed_in

PEOPLE = (
    "coordinator",
    "trainer",
    "other_trainer",
    "participant",
    "other_participant",
    "auditor",
    "admin",
    "anonymous",
)

#: Path and method, then who gets what, in the order of PEOPLE. Strangers must sign in: 302, after a POST 401.
ROUTES = [
    ("GET", "/", (200, 200, 200, 200, 200, 200, 200, 302)),
    ("GET", "/learn/{enrolment}", (403, 403, 403, 200, 404, 403, 403, 302)),
    ("GET", "/learn/{enrolment}/lessons/lektion-1", (403, 403, 403, 200, 404, 403, 403, 302)),
    ("POST", "/learn/{enrolment}/lessons/lektion-1", (403, 403, 403, 302, 404, 403, 403, 401)),
    ("POST", "/learn/{enrolment}/lessons/lektion-1/reopen", (403, 403, 403, 302, 404, 403, 403, 401)),
    ("GET", "/content/{version}", (200, 200, 200, 403, 403, 200, 403, 302)),
    ("GET", "/content/{version}/lessons/lektion-1", (200, 200, 200, 403, 403, 200, 403, 302)),
    ("GET", "/content/{version}/glossary", (200, 200, 200, 200, 200, 200, 403, 302)),
    ("GET", "/content/{version}/pages/keine", (404, 404, 404, 404, 404, 404, 403, 302)),
    ("GET", "/content/{version}/peer-review/keine", (404, 404, 404, 404, 404, 404, 403, 302)),
    ("GET", "/content/{version}/plans/keiner", (404, 404, 404, 403, 403, 404, 403, 302)),
    ("GET", "/content/{version}/surveys/keiner", (404, 404, 404, 403, 403, 404, 403, 302)),
    ("GET", "/content/{version}/media/kein.svg", (404, 404, 404, 404, 404, 404, 403, 302)),
    ("GET", "/schedule", (200, 200, 200, 200, 200, 200, 403, 302)),
    ("GET", "/schedule.ics", (200, 200, 200, 200, 200, 200, 403, 302)),
    ("GET", "/schedule/{session}", (200, 200, 404, 200, 404, 200, 403, 302)),
    ("GET", "/schedule/{session}.ics", (200, 200, 404, 200, 404, 200, 403, 302)),
    ("GET", "/schedule/{session}/move", (200, 200, 404, 403, 403, 403, 403, 302)),
    ("POST", "/schedule/{session}/cancel", (302, 302, 404, 403, 403, 403, 403, 401)),
    ("GET", "/schedule/{session}/attendance", (200, 200, 404, 403, 403, 403, 403, 302)),
    ("GET", "/cohorts", (200, 200, 200, 403, 403, 200, 403, 302)),
    ("GET", "/cohorts/new", (200, 403, 403, 403, 403, 403, 403, 302)),
    ("GET", "/cohorts/{cohort}", (200, 200, 404, 403, 403, 200, 403, 302)),
    ("GET", "/cohorts/{cohort}/edit", (200, 403, 403, 403, 403, 403, 403, 302)),
    ("GET", "/cohorts/{cohort}/enrol", (200, 403, 403, 403, 403, 403, 403, 302)),
    ("GET", "/cohorts/{cohort}/sessions/new", (200, 200, 404, 403, 403, 403, 403, 302)),
    ("POST", "/cohorts/{cohort}/sessions/propose", (302, 302, 404, 403, 403, 403, 403, 401)),
    ("POST", "/enrolments/{enrolment}/withdraw", (302, 403, 403, 403, 403, 403, 403, 401)),
    ("POST", "/cohorts/{cohort}/complete", (409, 403, 403, 403, 403, 403, 403, 401)),
    ("POST", "/cohorts/{cohort}/reopen", (409, 403, 403, 403, 403, 403, 403, 401)),
]


@pytest.fixture(autouse=True)
def without_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests ask who may, not whether the form was ours."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


def browser(app: Flask, cast: Cast, who: str) -> FlaskClient:
    """Return the browser of one of the cast."""
    return app.test_client() if who == "anonymous" else signed_in(app, getattr(cast, who))


@pytest.mark.parametrize("at", range(len(PEOPLE)), ids=PEOPLE)
@pytest.mark.parametrize(
    ("method", "path", "expected"), ROUTES, ids=[f"{method} {path}" for method, path, _all in ROUTES]
)
def test_who_may(method: str, path: str, expected: tuple[int, ...], at: int, app: Flask, cast: Cast) -> None:
    path = path.format(
        enrolment=cast.enrolment.id, version=cast.version.id, session=cast.live_session.id, cohort=cast.cohort.id
    )
    answer = browser(app, cast, PEOPLE[at]).open(path, method=method)
    if PEOPLE[at] == "anonymous":
        assert answer.status_code in {302, 401}  # to the sign-in page, or told to sign in with what was written kept
    else:
        assert answer.status_code == expected[at]


def test_every_route_of_the_package_is_asked(app: Flask) -> None:
    asked = {path.replace("{", "").replace("}", "") for _method, path, _expected in ROUTES}
    rules = [
        rule for rule in app.url_map.iter_rules() if app.view_functions[rule.endpoint].__module__.startswith("courses.")
    ]
    assert len({(rule.rule, *sorted(rule.methods or ())) for rule in rules}) <= len(asked) + 2
