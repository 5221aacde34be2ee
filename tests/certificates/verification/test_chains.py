"""Documents that replaced each other: the first link leads to the newest one, and says the truth about it."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from certificates.conferral.models import Certificate
from certificates.lifecycle.models import CorrectionDecision, CorrectionRequest
from certificates.verification.rules import CertificateState, Happening, LaterVersion, newest_of
from lms.db import session, transaction
from tests.cast import NOW, Cast
from tests.certificates.issued import add_event, issue, token

OLD_NAME = "Falschname"


def chain(cast: Cast, length: int, *, corrected: bool = True, valid_until: date | None = None) -> list[Certificate]:
    """Return so many documents of which each replaced the one before; only the last one has the right name."""
    made: list[Certificate] = []
    for number in range(1, length + 1):
        last = number == length
        before = {"serial": made[-1].serial, "issue_date": "2026-05-01"} if made else None
        one = issue(
            cast, number, name="Petra Neu" if last else f"Petra {OLD_NAME}", replaces=before,
            valid_until=valid_until if last else None, issue_date=f"2026-06-0{number}",
        )  # fmt: skip
        if made:
            with transaction():
                one.replaces_id = made[-1].id
                session.flush()
                if corrected:
                    request = CorrectionRequest(certificate=made[-1], number=1, text="-", requested_at=NOW)
                    decision = CorrectionDecision(accepted=True, reason="-", at=NOW, successor_id=one.id)
                    request.decision = decision
                    session.add(request)
            add_event(made[-1], "replaced")
        made.append(one)
    return made


def ask(app: Flask, certificate: Certificate) -> tuple[str, dict[str, Any]]:
    """Return the public page and the answer for machines."""
    client = app.test_client()
    told: dict[str, Any] = client.get(f"/verify/{certificate.token}.json").get_json()
    return client.get(f"/verify/{certificate.token}").text, told


@pytest.mark.parametrize("length", [2, 3, 5])
@pytest.mark.parametrize(
    ("event", "valid_until", "state", "words"),
    [(None, None, "valid", "Es gilt das Dokument {serial} vom {length}. Juni 2026."),
     ("revoked", None, "revoked", "{serial}, wurde aber am 9. September 2026 widerrufen"),
     (None, date(2020, 5, 1), "expired", "{serial}, galt aber nur bis 1. Mai 2020"),
     ("erased", None, "erased", "{serial}, wurden aber rechtmäßig gelöscht")],
)  # fmt: skip
def test_the_first_link_leads_to_the_newest_document(
    app: Flask,
    cast: Cast,
    count_queries: Any,
    length: int,
    event: str | None,
    valid_until: date | None,
    state: str,
    words: str,
) -> None:
    versions = chain(cast, length, valid_until=valid_until)
    newest = versions[-1]
    if event:
        add_event(newest, event)
    for older in versions[:-1]:
        link = f"/verify/{older.token}?lang=de"
        session.expire_all()
        with count_queries() as seen:
            page = app.test_client().get(link).text
        assert len(seen) <= 3
        told = ask(app, older)[1]
        assert words.format(serial=newest.serial, length=length) in re.sub("<[^>]+>", "", page)
        assert f'href="/verify/{newest.token}?lang=de"' in page
        assert (told["state"], told["replaced_by"], told["replaced_because"]) == (
            "replaced", f"/verify/{newest.token}", "correction",
        )  # fmt: skip
        assert (told["newest"]["serial"], told["newest"]["state"]) == (newest.serial, state)
        assert (told["facts"], told["replaces"], told["pdf_sha256"]) == (None, None, None)
        for name in ("Petra", OLD_NAME):
            assert name not in page + json.dumps(told)


def test_the_new_document_names_what_it_replaces_and_no_more(app: Flask, cast: Cast) -> None:
    first, second, third = chain(cast, 3)
    page, told = ask(app, third)
    assert f"{second.serial} vom 1. Mai 2026" in page
    assert told["replaces"] == {"serial": second.serial, "issue_date": "2026-05-01"}
    assert told["newest"] is None
    for hidden in (OLD_NAME, first.serial, first.token, second.token, second.code or "-"):
        assert hidden not in page + json.dumps(told)
    add_event(third, "concealed")
    page, told = ask(app, third)
    assert second.serial not in page
    assert told["replaces"] is None


def test_what_was_revoked_and_issued_anew_says_both_and_nothing_wrong(app: Flask, cast: Cast) -> None:
    old, new = chain(cast, 2)
    add_event(old, "revoked")
    page, told = ask(app, old)
    assert "Widerrufen" in page
    assert "Danach wurde ein neueres Dokument ausgestellt." in page
    assert f'href="/verify/{new.token}"' in page
    assert (told["state"], told["newest"]["state"], told["facts"], told["pdf_sha256"]) == (
        "revoked",
        "valid",
        None,
        None,
    )
    assert OLD_NAME not in page + json.dumps(told)


def test_what_is_remembered_follows_the_newest_document(app: Flask, cast: Cast) -> None:
    old, new = chain(cast, 2)
    link = f"/verify/{old.token}"
    tags = [app.test_client().get(link).headers["ETag"]]
    third = issue(cast, 3, name="Petra Dritt", replaces={"serial": new.serial, "issue_date": "2026-06-02"})
    with transaction():
        third.replaces_id = new.id
    add_event(new, "replaced")
    page = app.test_client().get(link)
    assert f'href="/verify/{token(3)}"' in page.text
    tags.append(page.headers["ETag"])
    add_event(third, "revoked")
    page = app.test_client().get(link, headers={"If-None-Match": tags[-1]})
    assert (page.status_code, third.serial in page.text) == (200, True)
    tags.append(page.headers["ETag"])
    assert len(set(tags)) == 3


def test_a_list_names_the_newest_document(app: Flask, cast: Cast) -> None:
    old, _second, third = chain(cast, 3)
    answer = app.test_client().post("/verify/many", data={"list": f"/verify/{old.token}"}).text
    assert third.serial in answer
    assert OLD_NAME not in answer


@pytest.mark.parametrize(
    ("corrects", "kinds", "valid_until", "expected"),
    [([], [], None, None),
     ([True], ["issued"], None, (CertificateState.VALID, True)),
     ([False], ["issued"], None, (CertificateState.VALID, False)),
     ([True, False], ["issued"], None, (CertificateState.VALID, True)),
     ([False, False], ["issued", "revoked"], None, (CertificateState.REVOKED, False)),
     ([False], ["issued"], NOW.date() - timedelta(days=1), (CertificateState.EXPIRED, False)),
     ([True], ["issued", "revoked", "erased"], None, (CertificateState.ERASED, True))],
)  # fmt: skip
def test_the_newest_one_counts_and_every_step_tells_why(
    corrects: list[bool], kinds: list[str], valid_until: date | None, expected: tuple[CertificateState, bool] | None
) -> None:
    happened = [Happening(kind, NOW) for kind in kinds]
    later = [LaterVersion("N", "t", None, valid_until, happened, one) for one in corrects]
    found = newest_of(later, NOW.date())
    assert (found and (found.state, found.corrected)) == expected
