"""Whatever is written into an address, the answer is a page: never a fault of ours, never another site."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assessments.items.interactions.answers import positions_in
from lms.addresses import LARGEST, find_number, row_number, safe_path, split_address
from tests.cast import Cast, signed_in

HUGE = "9" * 20


@pytest.mark.parametrize(
    ("path", "safe"),
    [("/account?x=1#y", "/account?x=1#y"), ("/kurse/ä", "/kurse/ä"), ("//[", "/"), ("/[", "/["), ("//x.example", "/"),
     ("/\\x.example", "/"), ("/\t/x.example", "/"), ("/x\r\nSet-Cookie: a", "/"), ("https://x.example/", "/"), ("", "/")],
)  # fmt: skip
def test_a_safe_path_is_one_of_ours(path: str, safe: str) -> None:
    assert safe_path(path) == safe


@pytest.mark.parametrize("text", ["", "-1", "x", "1.0", "²", str(LARGEST + 1), HUGE, "9" * 5000])
def test_what_no_row_has_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="not the number"):
        row_number(text)


def test_a_number_and_an_address_are_read() -> None:
    assert [find_number(text) for text in ("7", "0", "²", HUGE, "")] == [7, 0, None, None, None]
    assert positions_in(["2", "0", "2", "9", "²", HUGE, "9" * 5000, "x"], 3) == [0, 2]
    assert row_number(str(LARGEST)) == LARGEST
    assert split_address("https://a.example/b").netloc == "a.example"
    assert split_address("//[").path == ""


@pytest.mark.parametrize("next_", ["//[", "https://[", "/\\["])
def test_a_broken_way_back_leads_to_the_start(client: FlaskClient, cast: Cast, next_: str, app: Flask) -> None:
    assert client.get("/login", query_string={"next": next_}).status_code == 200
    assert signed_in(app, cast.participant).get("/login", query_string={"next": next_}).location == "/"


def test_choosing_a_theme_survives_a_broken_address(
    client: FlaskClient, database: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"Referer": "http://["}
    assert client.post("/preferences", data={"back": "//["}, headers=broken).status_code == 401  # without its token
    monkeypatch.setitem(database.config, "WTF_CSRF_ENABLED", False)
    answer = client.post("/preferences", data={"back": "//[", "theme": "dark"}, headers=broken)
    assert (answer.status_code, answer.location) == (302, "/")


def test_turning_over_a_list_keeps_what_it_was_narrowed_by(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lms.people.queries.PAGE", 1)
    office = signed_in(app, cast.coordinator)
    page = office.get("/people?q=%26%22e&page=1").text
    assert "pagination" not in page, "nobody is called that"
    page = office.get("/people", query_string={"q": "e", "page": "2", "x": "ä&<"}).text
    assert 'rel="prev" href="?q=e&amp;x=%C3%A4%26%3C&amp;page=1"' in page
    assert 'rel="next" href="?q=e&amp;x=%C3%A4%26%3C&amp;page=3"' in page


@pytest.mark.parametrize("path", ["/people", "/audit", "/issued", "/account?kept=", "/bank/kleiner-kurs"])
@pytest.mark.parametrize("number", [HUGE, "9" * 5000, str(LARGEST), "-5", "x"])
def test_a_number_that_no_database_takes_is_answered(app: Flask, cast: Cast, path: str, number: str) -> None:
    for who in (cast.admin, cast.coordinator):
        address = path + number if "=" in path else f"{path}?page={number}"
        assert signed_in(app, who).get(address).status_code in {200, 403, 404}


def test_no_row_has_a_number_that_large(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    coordinator = signed_in(app, cast.coordinator)
    assert coordinator.get(f"/cohorts/{HUGE}").status_code == 404
    assert coordinator.post(f"/people/{HUGE}/active", data={"active": "0"}).status_code == 404
    assert coordinator.get(f"/cohorts/{cast.cohort.id}/time-factors?person={HUGE}").status_code == 200


@pytest.mark.parametrize(
    ("path", "data"),
    [("/people?q=%00", None), ("/audit?person=%00", None), ("/audit?action=%00", None), ("/issued?q=a%00", None),
     ("/bank/a%00", None), ("/account?kept=%00", None), ("/login", {"email": "a\x00", "password": "x"}),
     ("/password/forgotten", {"email": "a\x00@example.org"}), ("/password/reset/%00", {"password": "x"}),
     ("/people/new", {"given_name": "A\x00", "family_name": "B", "email": "x@example.org"})],
)  # fmt: skip
def test_a_zero_byte_is_nobodys_fault(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, path: str, data: dict[str, str] | None
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    for who in (cast.coordinator, cast.auditor):
        browser = signed_in(app, who)
        answer = browser.get(path) if data is None else browser.post(path, data=data)
        assert answer.status_code < 500
