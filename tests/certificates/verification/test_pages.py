"""The page of a document: every fact, every state, the same for everybody, and light."""

from __future__ import annotations

import gzip
import io
import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask import session as flask_session
from PIL import Image
from sqlalchemy import select

from certificates.conferral.models import CertificateEvent, SerialCounter
from certificates.verification import routes
from certificates.verification.memory import MEMORY, SECONDS, Memory
from lms.db import session, transaction
from lms.limits import Limiter
from tests.cast import Cast, signed_in
from tests.certificates.issued import add_event, issue, token


def test_every_printed_fact_stands_on_the_page(app: Flask, cast: Cast, count_queries: Any) -> None:
    certificate = issue(cast, name="Петра Łukaszewicz")
    app.extensions[MEMORY].forget()
    with count_queries() as seen:
        answer = app.test_client().get(f"/verify/{certificate.token}")
    assert len(seen) <= 3
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    facts = certificate.facts
    shown = [
        facts["name"], facts["serial"], facts["code"], facts["course"], facts["cohort"], facts["municipality"], facts["issuer"],
        facts["place"], "Zertifikat", "3. März 2026", "26. Mai 2026", "1. Juni 2026", "72 Unterrichtseinheiten", "36 von 40 UE",
        "Dr. Henriette Falk, Leitung",
        "Lektionen: Alle sind erledigt.", "20 UE Selbststudium", "12 UE", "Zertifikat sind 80", "Gültig",
        *(f"Modul {number}" for number in range(1, 11)),
    ]  # fmt: skip
    assert [fact for fact in shown if fact not in answer.text] == []


def test_the_page_is_one_small_request(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    answer = app.test_client().get(f"/verify/{certificate.token}", headers={"Accept-Encoding": "gzip"})
    text = gzip.decompress(answer.data).decode()
    assert len(answer.data) < 10 * 1024
    assert "<script src" not in text
    assert "stylesheet" not in text
    assert "connect-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("events", "words", "shows_name"),
    [(["rendered"], "Gültig", True), (["revoked"], "Widerrufen", True), (["replaced"], "Ersetzt", False),
     (["erased"], "Nicht mehr überprüfbar", False), (["concealed"], "Gültig", False),
     (["concealed", "revealed"], "Gültig", True), (["concealed", "revoked"], "Widerrufen", False)],
)  # fmt: skip
def test_each_state_shows_no_more_than_it_may(
    app: Flask, cast: Cast, events: list[str], words: str, shows_name: bool
) -> None:
    certificate = issue(cast, events=events)
    page = app.test_client().get(f"/verify/{certificate.token}")
    told = app.test_client().get(f"/verify/{certificate.token}.json").get_json()
    assert page.status_code == 200
    assert words in page.text
    assert ("Łukaszewicz" in page.text) is shows_name
    assert (told["facts"] is not None) is shows_name
    assert ("Łukaszewicz" in json.dumps(told, ensure_ascii=False)) is shows_name
    assert certificate.serial in page.text
    if events[-1] in {"revoked", "replaced", "erased"}:
        assert "9. September 2026" in page.text


def test_a_replaced_document_leads_to_its_successor(app: Flask, cast: Cast) -> None:
    old, new = issue(cast, 1), issue(cast, 2, name="Petra Neu")
    new.replaces_id = old.id
    add_event(old, "replaced")
    page = app.test_client().get(f"/verify/{old.token}")
    assert f'href="/verify/{new.token}"' in page.text
    assert "Neu" not in page.text
    assert app.test_client().get(f"/verify/{old.token}.json").get_json()["replaced_by"] == f"/verify/{new.token}"


def test_an_expired_document_says_until_when(app: Flask, cast: Cast) -> None:
    certificate = issue(cast, valid_until=date(2020, 5, 1))
    page = app.test_client().get(f"/verify/{certificate.token}").text
    assert "Abgelaufen" in page
    assert "1. Mai 2020" in page


def test_a_document_without_its_file_is_as_valid(app: Flask, cast: Cast) -> None:
    page = app.test_client().get(f"/verify/{issue(cast).token}").text
    assert "Gültig" in page
    assert "wird noch erstellt" in page


def test_nothing_internal_is_told(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    add_event(certificate, "revoked", note="geheimer Grund")
    for path in (f"/verify/{certificate.token}", f"/verify/{certificate.token}.json"):
        assert "geheim" not in app.test_client().get(path).text


@pytest.mark.parametrize(
    "wrong",
    [token(1)[:-1], token(1)[:-2] + "99", token(1).swapcase(), token(1) + "A", "x" * 32, "kurz", "ä" * 32, "x" * 5000, "%00",
     "..%2f..%2fetc%2fpasswd", token(1)[:-1] + "'", f"{token(1)}.txt"],
    ids=range(12),
)  # fmt: skip
def test_truncated_flipped_foreign_and_unknown_links(app: Flask, cast: Cast, wrong: str) -> None:
    issue(cast)
    answer = app.test_client().get(f"/verify/{wrong}")
    assert answer.status_code == 404
    assert "Łukaszewicz" not in answer.text
    if "%2f" not in wrong and ".txt" not in wrong:
        assert "Unbekannt" in answer.text
        assert "Vielleicht fehlt in der Adresse ein Zeichen" in answer.text
    for more in ("/picture.png", "/file"):
        if "%" not in wrong:
            assert app.test_client().open(f"/verify/{wrong}{more}", method="GET" if "." in more else "POST").status_code == 404
    if len(wrong) < 100 and "%" not in wrong:
        assert app.test_client().get(f"/verify/{wrong}.json").get_json()["state"] == "unknown"


def test_a_number_or_code_in_the_place_of_a_link_leads_to_the_form(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    with transaction():
        session.add(SerialCounter(series="SCM-2026", last=1))
    client = app.test_client()
    never = certificate.serial[:-1] + "9"
    issued, other = (client.get(f"/verify/{number}") for number in (certificate.serial, never))
    assert (issued.status_code, other.status_code) == (200, 200)
    assert issued.text == other.text.replace(never, certificate.serial), "whether it was issued is not told"
    assert f'name="serial" value="{certificate.serial}"' in issued.text
    assert "Bitte geben Sie auch den Familiennamen ein" in issued.text
    assert client.get(f"/verify/{never}.json").get_json() == {"asked": never, "state": None, "problem": "name_missing"}
    signs = certificate.code or ""
    code = "-".join(signs[at : at + 4] for at in (0, 4, 8))
    assert f'name="code" value="{code}"' in client.get(f"/verify/{code}").text


def test_the_page_is_the_same_for_everybody_and_cacheable(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    path = f"/verify/{certificate.token}"
    stranger = app.test_client().get(path)
    inside = signed_in(app, cast.coordinator)
    inside.set_cookie("language", "en")
    inside.set_cookie("theme", "dark")
    again = inside.get(path)
    assert again.data == stranger.data
    assert again.headers["ETag"] == stranger.headers["ETag"]
    assert "Set-Cookie" not in again.headers
    assert "Cookie" not in stranger.headers["Vary"]
    assert "public" in stranger.headers["Cache-Control"]
    assert app.test_client().get(path, headers={"If-None-Match": stranger.headers["ETag"]}).status_code == 304
    english = app.test_client().get(f"{path}?lang=en")
    assert "Valid" in english.text
    assert english.headers["ETag"] != stranger.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "form", "page"),
    [(f"/verify/{token(1)}/file", {}, f"/verify/{token(1)}"), (f"/verify/{token(7)}/file", {}, f"/verify/{token(7)}"),
     ("/verify/file", {}, "/verify"), ("/verify", {"code": "K7QF-3M9P-XXXX"}, "/verify"), ("/verify", {}, "/verify"),
     ("/verify/many", {"list": "K7QF-3M9P-X201"}, "/verify/many"), ("/verify/many", {}, "/verify/many")],
)  # fmt: skip
def test_another_language_leads_from_an_answer_to_the_page_of_its_form(
    app: Flask, cast: Cast, path: str, form: dict[str, str], page: str
) -> None:
    issue(cast)
    client = app.test_client()
    for here, other, name in (("", "en", "English"), ("?lang=en", "de", "Deutsch")):
        answer = client.post(path + here, data=form)
        link = f'<a href="{page}?lang={other}" lang="{other}" hreflang="{other}">{name}</a>'
        assert link in answer.text, answer.text.partition("<header>")[2].partition("</header>")[0]
        again = client.get(f"{page}?lang={other}")
        assert again.status_code == (404 if token(7) in page else 200)
        assert f'<html lang="{other}">' in again.text
        if path.endswith("/file"):
            assert client.get(path + here).location == page + here


@pytest.mark.parametrize(
    ("form", "field", "said"),
    [
        ({"code": ""}, "code", "Prüfcode auf dem Dokument: Bitte geben Sie den Prüfcode ein."),
        ({"code": "K7QF"}, "code", "Prüfcode auf dem Dokument: Ein Prüfcode hat zwölf Buchstaben und Ziffern."),
        ({"serial": "", "family_name": "Muster"}, "serial", "Nummer auf dem Dokument: Bitte geben Sie die Nummer ein."),
        (
            {"serial": "SCM-2026-00001", "family_name": ""},
            "family_name",
            "Nachname auf dem Dokument: Bitte geben Sie den Nachnamen ein.",
        ),
    ],
)
def test_title_summary_and_field_say_what_is_missing(app: Flask, form: dict[str, str], field: str, said: str) -> None:
    answer = app.test_client().post("/verify", data=form)
    assert answer.status_code == 422
    assert "<title>Fehler: " in answer.text
    assert "Bitte prüfen Sie Ihre Eingaben" in answer.text
    assert f'<a href="#{field}">{said}' in answer.text
    assert f'id="{field}-error">{said.partition(": ")[2]}' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1


def test_a_refusal_of_a_form_leads_to_its_page_in_another_language(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post(f"/verify/{token(1)}/file", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert f'href="/verify/{token(1)}?lang=en"' in answer.text


def test_a_revocation_shows_at_once_although_the_page_is_remembered(app: Flask, cast: Cast, count_queries: Any) -> None:
    certificate = issue(cast)
    client = app.test_client()
    first = client.get(f"/verify/{certificate.token}")
    with count_queries() as seen:
        assert client.get(f"/verify/{certificate.token}").data == first.data
    assert seen == []
    add_event(certificate, "revoked")
    known = client.get(f"/verify/{certificate.token}", headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 200
    assert "Widerrufen" in known.text


def test_another_process_is_behind_by_two_seconds_at_most() -> None:
    answers, moment = [b"one", b"two"], [0.0]

    def slow(_environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html"), ("Cache-Control", "public"), ("ETag", 'W/"a"')])
        return [answers.pop(0)]

    memory, told = Memory(slow, clock=lambda: moment[0]), []

    def ask(**more: str) -> bytes:
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/verify/x", "QUERY_STRING": "", **more}
        return b"".join(memory(environ, lambda *answer: told.append(answer[0])))

    assert [ask(), ask()] == [b"one", b"one"]
    assert ask(HTTP_IF_NONE_MATCH='W/"a"') == b""
    assert told[-1].startswith("304")
    moment[0] = SECONDS
    assert ask() == b"two"


def test_the_shared_picture_shows_no_more_than_the_page(app: Flask, cast: Cast) -> None:
    certificate = issue(cast, name="Ελένη " + "Παπαδοπούλου-" * 8 + "Ende")
    page = app.test_client().get(f"/verify/{certificate.token}").text
    assert f'content="http://127.0.0.1:8000/verify/{certificate.token}/picture.png"' in page
    path = f"/verify/{certificate.token}/picture.png"
    named = app.test_client().get(path)
    assert named.mimetype == "image/png"
    assert Image.open(io.BytesIO(named.data)).size == (1200, 630)
    assert len(named.data) < 60 * 1024
    add_event(certificate, "concealed")
    nameless = app.test_client().get(path).data
    assert nameless != named.data
    hidden = app.test_client().get(f"/verify/{certificate.token}").text
    assert "Παπαδοπούλου" not in hidden
    other = issue(cast, 2, events=["concealed"])
    assert app.test_client().get(f"/verify/{other.token}/picture.png").data == nameless
    assert app.test_client().get(f"/verify/{'x' * 32}/picture.png").status_code == 404


def test_looking_leaves_no_trace(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    before = len(session.scalars(select(CertificateEvent)).all())
    app.test_client().get(f"/verify/{certificate.token}")
    assert len(session.scalars(select(CertificateEvent)).all()) == before


def test_asking_without_end_is_slowed_down_in_words(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "pages", Limiter(per_minute=2))
    client = app.test_client()
    answers = [client.get(f"/verify/{'y' * 32}") for _number in range(3)]
    assert answers[-2].status_code == 404
    assert answers[-1].status_code == 429
    assert "Zu viele Anfragen" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) >= 1
    for_programs = [client.get(f"/verify/{'y' * 32}.json"), client.get("/verify", headers={"Accept": "application/json"})]
    for answer in for_programs:
        assert answer.status_code == 429
        assert answer.get_json()["error"] == {
            "status": 429,
            "code": "too_many_requests",
            "message": "Bitte warten Sie eine Minute und versuchen Sie es dann erneut.",
            "request_id": answer.headers["X-Request-Id"],
        }
        assert int(answer.headers["Retry-After"]) >= 1


def test_no_cookie_is_read_on_pages_for_strangers(app: Flask, cast: Cast) -> None:
    issue(cast)
    with signed_in(app, cast.participant) as client:
        assert client.get("/").status_code == 200
        assert len(flask_session) > 0
        for path in (f"/verify/{token(2)}", "/verify", "/verify/many", "/credentials/issuer", "/did.json"):
            client.get(path)
            assert len(flask_session) == 0, path
        assert client.get("/").status_code == 200


def test_strangers_find_the_way_from_the_front_door(app: Flask, cast: Cast) -> None:
    link = '<a href="/verify">Zertifikat prüfen</a>'
    page = app.test_client().get("/", follow_redirects=True).text
    assert "<h1>Anmelden</h1>" in page
    assert '<a class="kern-link" href="/verify">Zertifikat prüfen</a>' in page.partition("<footer")[0]
    assert link in page.partition("<footer")[2]
    assert link in signed_in(app, cast.participant).get("/").text.partition("<footer")[2]


def test_networks_of_ipv6_count_as_one_address() -> None:
    limiter = Limiter(per_minute=1)
    assert limiter.wait("2001:db8:1:2::1", 1000) == 0
    assert limiter.wait("2001:db8:1:2:ffff::9", 1000) > 0
    assert limiter.wait("2001:db8:1:3::1", 1000) == 0
    assert limiter.wait("::ffff:192.0.2.1", 1000) == limiter.wait("192.0.2.2", 1000) == limiter.wait("", 1000) == 0
    assert limiter.wait("192.0.2.1", 1000) > 0
