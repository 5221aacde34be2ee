"""A start page without a cohort speaks to the role."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.db import session, transaction
from lms.permissions import Role
from tests.cast import Cast, make_person, signed_in

ENROLLED = "Sobald Sie zu einem Durchgang angemeldet sind"


@pytest.mark.parametrize(
    ("roles", "said", "links"),
    [
        ([Role.PARTICIPANT], ENROLLED, []),
        ([Role.TRAINER], "Noch kein Durchgang", []),
        ([Role.COORDINATOR], "Es gibt noch keinen Durchgang", ["/cohorts/new"]),
        ([Role.AUDITOR], "Noch kein Durchgang", ["/audit", "/issued"]),
        ([Role.ADMIN], "Wo Sie arbeiten", ["/people", "/mails", "/audit"]),
        ([Role.ADMIN, Role.PARTICIPANT], ENROLLED, ["/people"]),
    ],
)
def test_who_reads_what(roles: list[Role], said: str, links: list[str], app: Flask, database: Flask) -> None:
    with transaction():
        person = make_person("Neu", "Hier", *roles)
        session.flush()
    main = signed_in(app, person).get("/").text.partition("<main")[2].partition("</main>")[0]
    assert said in main
    assert ("Wo Sie arbeiten" in main) is bool({Role.ADMIN, Role.AUDITOR} & set(roles))
    assert (ENROLLED in main) is (said == ENROLLED)
    for link in links:
        assert f'href="{link}"' in main


def test_an_auditor_with_cohorts_finds_the_audit_log_as_well(app: Flask, cast: Cast) -> None:
    main = signed_in(app, cast.auditor).get("/").text.partition("<main")[2]
    assert "Durchgang herbst-2026" in main
    assert 'href="/audit"' in main.partition("</main>")[0]
