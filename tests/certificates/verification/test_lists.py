"""By code, by number, and many at once: right for who holds the documents, of no use to who tries."""

from __future__ import annotations

import io
import json
from typing import Any

import pikepdf
import pytest
from flask import Flask

from certificates.conferral.models import SerialCounter
from certificates.verification import lists
from certificates.verification.rules import Inquiry, has_family_name, read_inquiry, read_list, spell_number
from lms.db import session, transaction
from lms.institution.inspection import inspect_seal
from tests.cast import Cast
from tests.certificates.issued import issue, token


@pytest.mark.parametrize(
    ("line", "expected"),
    [("K7QF-3M9P-X201", Inquiry("K7QF-3M9P-X201", code="K7QF3M9PX201")),
     ("k7qf 3m9p x2oi", Inquiry("k7qf 3m9p x2oi", code="K7QF3M9PX201")),
     ("K7QF–3M9P–X201;", Inquiry("K7QF–3M9P–X201", code="K7QF3M9PX201")),
     ("SCM-2026-00001; Łukaszewicz", Inquiry("SCM-2026-00001", serial="SCM-2026-00001", family_name="Łukaszewicz")),
     ('"scm-2026-00001","Łukaszewicz"', Inquiry("SCM-2026-00001", serial="SCM-2026-00001", family_name="Łukaszewicz")),
     ("SCM-2026-00001\tvon und zu Groß", Inquiry("SCM-2026-00001", serial="SCM-2026-00001", family_name="von und zu Groß")),
     ("SCM-2026-00001", Inquiry("SCM-2026-00001", serial="SCM-2026-00001")),
     ("SCM-2026-00001 von der Pohl", Inquiry("SCM-2026-00001", serial="SCM-2026-00001", family_name="von der Pohl")),
     ("scm 2026 00001 Pohl", Inquiry("SCM202600001", serial="SCM202600001", family_name="Pohl")),
     ("K7QF-3M9P-X201 Pohl", Inquiry("K7QF-3M9P-X201", code="K7QF3M9PX201")),
     ("SCM202600001;Pohl", Inquiry("SCM202600001", code="SCM202600001", serial="SCM202600001", family_name="Pohl")),
     ("Quatsch", Inquiry("QUATSCH", serial="QUATSCH")),
     (f" https://x.example/verify/{token(1)}?lang=en ",
      Inquiry(f"/verify/{token(1)}", token=token(1))),
     (f"Geprüft und echt: https://x.example/verify/{token(1)} für alle", Inquiry(f"/verify/{token(1)}", token=token(1)))],
)  # fmt: skip
def test_what_a_line_asks_about(line: str, expected: Inquiry) -> None:
    assert read_inquiry(line) == expected


def test_a_list_may_have_headings_and_gaps() -> None:
    text = "\ufeffNummer;Familienname\r\n\r\nSCM-2026-00001;Adam\r\n;;\r\nSCM-2026-00002;Berg\r\n"
    assert [one.family_name for one in read_list(text)] == ["Adam", "Berg"]
    assert read_list("") == read_list("Nummer;Name") == []


@pytest.mark.parametrize(
    ("heading", "row"),
    [("Nachname;Vorname;Nummer", "Adam;Eva 2;SCM-2026-00001"), ("Nummer,Name", '"SCM-2026-00001","Adam, Eva"'),
     ("Nr.;Anrede;Zertifikats-Nr.;Familienname", "7;Frau;SCM-2026-00001;Adam"), ("Last name\tNo.", "Adam\tSCM-2026-00001"),
     ("Vorname;Nachname;Zertifikatsnummer;Prüfcode", "Eva;Adam;SCM-2026-00001;")],
)  # fmt: skip
def test_headings_say_where_number_and_name_stand(heading: str, row: str) -> None:
    [asked] = read_list(f"{heading}\n{row}")
    assert (asked.serial, asked.family_name, asked.line) == ("SCM-2026-00001", "Adam", row)


def test_headings_say_where_code_and_link_stand() -> None:
    text = "Name;Kurs;Prüfcode\nAdam;Nummer 7;k7qf 3m9p x201\nBerg;–;\n;;;\nK7QF-3M9P-X203\n" + f";;https://x/verify/{'a' * 32}"
    asked = read_list(text)
    assert [one.code for one in asked] == ["K7QF3M9PX201", None, "K7QF3M9PX203", None]
    assert asked[1].is_unreadable
    assert asked[3].token == "a" * 32
    assert [one.serial for one in read_list("Name;Kurs\nSCM-2026-00001;Adam")] == ["SCM-2026-00001"]


TABLE = "Nachname;Vorname;Nummer\r\nMüller-Weiß;Žofie;SCM-2026-00001\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_table_is_read_in_every_encoding_that_spreadsheets_write(app: Flask, cast: Cast, encoding: str) -> None:
    issue(cast, name="Žofie Müller-Weiß")
    page = app.test_client().post("/verify/many", data={"file": (io.BytesIO(TABLE.encode(encoding)), "liste.csv")})
    assert [part.partition('"')[0] for part in page.text.split('data-line="')[1:]] == ["valid"]
    assert "Müller-Weiß;Žofie;SCM-2026-00001</th>" in page.text
    assert "\0" not in page.text


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\nall of it letters\n", b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n\0\1", b"PK\x03\x04 a workbook", b"\xd0\xcf\x11\xe0\0\1",
     b"SCM-2026-00001;Adam\0\1\2", b"\xff\xfeA"],
    ids=["plain-pdf", "pdf", "xlsx", "xls", "zeros", "half-utf-16"],
)  # fmt: skip
def test_a_file_that_is_no_text_is_refused_and_what_was_typed_kept(app: Flask, cast: Cast, content: bytes) -> None:
    def send(**headers: str) -> Any:
        data = {"list": "K7QF-3M9P-X201", "file": (io.BytesIO(content), "liste.csv")}
        return app.test_client().post("/verify/many", data=data, headers=headers)

    page = send()
    assert page.status_code == 422
    assert "Die gewählte Datei ist kein Text." in page.text
    assert ">K7QF-3M9P-X201</textarea>" in page.text
    assert send(Accept="application/json").get_json()["error"]["code"] == "no_text"


@pytest.mark.parametrize(
    ("typed", "fits"),
    [("Łukaszewicz", True), ("lukaszewicz", True), ("LUKASZEWICZ ", True), ("Petra Lukaszewicz", True), ("wicz", False),
     ("", False), ("Z", False), ("Anders", False), ("Petra", False)],
)  # fmt: skip
def test_a_family_name_is_the_end_of_the_printed_name(typed: str, fits: bool) -> None:
    assert has_family_name("Petra Łukaszewicz", typed) is fits


@pytest.mark.parametrize(
    ("printed", "spellings", "others"),
    [("Franziska Großschönebeck", "grossschoenebeck GROSSSCHÖNEBECK Groszschonebeck großschönebeck", "schoenebeck beck"),
     ("Jan Krüger", "Krueger kruger KRÜGER Kru\u0308ger", "Krieger ger"), ("Jan Krueger", "Krüger Kruger", "Kriger"),
     ("Jörg Müller-Weiß", "Mueller-Weiss MULLER-WEISZ muellerweiss weiss", "Mueller weis"), ("Bo Ü", "Ue", "Ü U")],
)  # fmt: skip
def test_umlauts_may_be_written_out(printed: str, spellings: str, others: str) -> None:
    assert [one for one in spellings.split() if not has_family_name(printed, one)] == []
    assert [one for one in others.split() if has_family_name(printed, one)] == []


@pytest.mark.parametrize(
    ("typed", "series", "printed"),
    [("SCM202600003", ["SCM-2026"], "SCM-2026-00003"), ("scm/2026/00003", ["SCM-2026"], "SCM-2026-00003"),
     ("2026SCM00003", ["2026/SCM"], "2026/SCM.00003"), ("SCM000032026", ["SCM-/2026"], "SCM-00003/2026"),
     ("00003BB", ["BB"], "00003-BB"), ("00003", ["-"], "00003")],
)  # fmt: skip
def test_a_number_may_be_written_without_its_signs(typed: str, series: list[str], printed: str) -> None:
    assert printed in spell_number(typed, series)
    assert spell_number("XYZ202600003", series) == spell_number("SCM2026", ["SCM-2026"]) == set()


def test_a_number_without_its_signs_leads_to_the_document(app: Flask, cast: Cast) -> None:
    certificate = issue(cast)
    with transaction():
        session.add_all([SerialCounter(series="SCM-2026", last=9), SerialCounter(series="SCM-20", last=9)])
    client = app.test_client()
    for serial in ("scm 2026 00001", "SCM202600001", "SCM/2026/00001"):
        answer = client.post("/verify", data={"serial": serial, "family_name": "lukaszewicz"})
        assert answer.location == f"/verify/{certificate.token}", serial
    other = issue(cast, 2)
    with transaction():
        other.serial = "SCM-20-2600001"  # both are SCM202600001 without their signs
    assert client.post("/verify", data={"serial": "SCM202600001", "family_name": "lukaszewicz"}).status_code == 404
    named = client.post("/verify", data={"serial": "SCM-2026-00001", "family_name": "lukaszewicz"})
    assert named.location == f"/verify/{certificate.token}"


def test_a_list_is_shown_as_it_was_written_and_kept(app: Flask, cast: Cast) -> None:
    issue(cast)
    text = "SCM-2026-00001 Łukaszewicz\nscm-2026-00001 Pohl\nQuatsch\nscm 2026 00001"
    page = app.test_client().post("/verify/many", data={"list": text}).text
    rows = [row.partition('"')[0] for row in page.split('data-line="')[1:]]
    assert rows == ["valid", "unknown", "unreadable", "name_missing"]
    for line in ("SCM-2026-00001 Łukaszewicz", "scm-2026-00001 Pohl", "Quatsch", "scm 2026 00001"):
        assert f'<th scope="row">{line}</th>' in page
    assert f">{text}</textarea>" in page
    assert "Weder Nummer noch Prüfcode" in page


def test_a_code_or_a_number_with_its_name_leads_to_the_document(app: Flask, cast: Cast) -> None:
    issue(cast)
    client = app.test_client()
    for fields in (
        {"code": "k7qf-3m9p-x2o1"}, {"serial": "K7QF 3M9P X201"}, {"serial": "scm-2026-00001", "family_name": "lukaszewicz"},
    ):  # fmt: skip
        answer = client.post("/verify", data=fields)
        assert answer.location == f"/verify/{token(1)}", fields
        assert "Set-Cookie" not in answer.headers


def test_a_wrong_name_and_an_unknown_number_are_answered_alike(app: Flask, cast: Cast, count_queries: Any) -> None:
    issue(cast, 5)
    client = app.test_client()
    answers, work = [], []
    for serial in ("SCM-2026-00005", "SCM-2026-00077"):
        with count_queries() as seen:
            answers.append(client.post("/verify", data={"serial": serial, "family_name": "Anders"}))
        work.append([one for one in seen if "guess_counts" not in one])
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace("00005", "00077") == answers[1].text
    assert work[0] == work[1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"serial": "SCM-2026-00001"}, "Bitte geben Sie den Nachnamen ein"),
     ({"serial": "", "family_name": ""}, "Bitte geben Sie die Nummer ein"),
     ({"code": ""}, "Bitte geben Sie den Prüfcode ein"),
     ({"code": "ABC"}, "zwölf Buchstaben und Ziffern"), ({"code": "UUUU-UUUU-UUUU"}, "zwölf Buchstaben und Ziffern")],
)  # fmt: skip
def test_an_incomplete_form_says_what_is_missing(app: Flask, cast: Cast, fields: dict[str, str], words: str) -> None:
    answer = app.test_client().post("/verify", data=fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_guessing_is_slow(app: Flask, cast: Cast) -> None:
    issue(cast)
    client = app.test_client()
    statuses = [
        client.post("/verify", data={"serial": "SCM-2026-00001", "family_name": "Anders"}).status_code
        for _n in range(20)
    ]
    assert 429 in statuses
    assert app.test_client().get(f"/verify/{token(1)}").status_code == 200


def test_a_foreign_page_cannot_send_the_forms(app: Flask, cast: Cast) -> None:
    for path in ("/verify", "/verify/many", "/verify/file"):
        answer = app.test_client().post(path, data={"code": "K7QF-3M9P-X201"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


LIST = """\
Nummer;Name
SCM-2026-00001;Łukaszewicz
K7QF-3M9P-X202
SCM-2026-00003
SCM-2026-00004;Łukaszewicz
SCM-2026-00004;Falsch
K7QF-3M9P-ZZZZ"""


def make_some(cast: Cast) -> None:
    """Make four documents in different states."""
    issue(cast, 1)
    issue(cast, 2, events=["revoked"], name="Bodo Zweit")
    issue(cast, 3)
    issue(cast, 4, events=["concealed"])


def test_many_at_once_as_a_page_and_as_json(app: Flask, cast: Cast, count_queries: Any) -> None:
    make_some(cast)
    client = app.test_client()
    with count_queries() as seen:
        page = client.post("/verify/many", data={"list": LIST})
    assert len(seen) <= 7  # three look up, four count the guesses
    assert "Set-Cookie" not in page.headers
    expected = ["valid", "revoked", "name_missing", "valid", "unknown", "unknown"]
    assert [part.partition('"')[0] for part in page.text.split('data-line="')[1:]] == expected
    assert "Bodo Zweit" in page.text
    data = client.post("/verify/many", json={"documents": LIST.split("\n")[1:]}, headers={"Accept": "application/json"})
    told = data.get_json()["documents"]
    assert [one["state"] or one["problem"] for one in told] == expected
    assert [one.get("name") for one in told[:4]] == ["Petra Łukaszewicz", "Bodo Zweit", None, None]
    uploaded = client.post("/verify/many", data={"file": (io.BytesIO(LIST.encode("cp1252", "replace")), "liste.csv")})
    assert 'data-line="revoked"' in uploaded.text


def test_a_number_alone_says_nothing(app: Flask, cast: Cast) -> None:
    make_some(cast)
    data = app.test_client().post(
        "/verify/many",
        json=[f"SCM-2026-{number:05}" for number in range(1, 500)],
        headers={"Accept": "application/json"},
    )
    answers = [{**one, "asked": ""} for one in data.get_json()["documents"]]
    assert answers == [{"asked": "", "state": None, "problem": "name_missing"}] * 499


def test_a_list_is_no_way_to_try_out_names(app: Flask, cast: Cast) -> None:
    make_some(cast)
    lines = [f"SCM-2026-00001;Name{number}" for number in range(300)] + ["SCM-2026-00001;Łukaszewicz"]
    client = app.test_client()
    page = client.post("/verify/many", data={"list": "\n".join(lines)})
    states = [part.partition('"')[0] for part in page.text.split('data-line="')[1:]]
    assert states.count("unknown") <= 13
    assert states[-1] == "not_checked"
    assert "damit hier niemand Namen durchprobieren kann" in page.text
    assert client.post("/verify", data={"serial": "SCM-2026-00001", "family_name": "Anders"}).status_code == 429
    assert client.post("/verify/many", data={"list": "SCM-2026-00001;Łukaszewicz"}).status_code == 429


@pytest.mark.parametrize(("text", "words"), [("", "nichts darin"), ("K7QF-3M9P-X202\n" * 501, "501 Zeilen")])
def test_a_list_too_long_or_empty_says_so(app: Flask, cast: Cast, text: str, words: str) -> None:
    answer = app.test_client().post("/verify/many", data={"list": text})
    assert answer.status_code == 422
    assert words in answer.text
    as_json = app.test_client().post("/verify/many", data={"list": text}, headers={"Accept": "application/json"})
    assert as_json.status_code == 422
    error = json.loads(as_json.data)["error"]
    assert (error["most"], error["request_id"]) == (500, as_json.headers["X-Request-Id"])
    assert words in error["message"]


def test_the_receipt_is_dated_and_sealed(app: Flask, cast: Cast) -> None:
    make_some(cast)
    answer = app.test_client().post("/verify/many", data={"list": LIST, "receipt": "1"})
    assert answer.mimetype == "application/pdf"
    report = inspect_seal(answer.data)
    assert report.intact
    assert report.whole_file
    assert report.own
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == "Prüfbeleg"


def test_no_width_of_a_receipts_table_depends_on_its_hundreds_of_lines(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(*_what: Any) -> None:
        raise AssertionError("Every cell is laid out several times.")

    monkeypatch.setattr("weasyprint.layout.table.auto_table_layout", measured)
    answer = app.test_client().post("/verify/many", data={"list": LIST, "receipt": "1"})
    assert answer.mimetype == "application/pdf"


def test_receipts_are_made_slowly_and_one_at_a_time(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    make_some(cast)
    monkeypatch.setattr(lists, "print_report", lambda *_what, **_values: b"%PDF-")
    client = app.test_client()
    ask = {"list": LIST, "receipt": "1"}
    with lists.PRINTING:
        busy = client.post("/verify/many", data=ask)
    assert busy.status_code == 503
    assert "Gerade wird ein anderer Prüfbeleg erstellt" in busy.text
    assert [client.post("/verify/many", data=ask).status_code for _n in range(2)] == [200, 429]
    assert client.post("/verify/many", data={"list": LIST}).status_code == 200


def test_a_first_line_without_a_digit_may_be_asked_about() -> None:
    for written in ("KQFM-MPXA-ABCD", "KQFMMPXAABCD", "kqfm mpxa abcd", "KQFM–MPXA–ABCD;Pohl"):
        assert [one.code for one in read_list(written)] == ["KQFMMPXAABCD"]
    assert [one.code for one in read_list("KQFM MPXA ABCD\nK7QF-3M9P-X201")] == ["KQFMMPXAABCD", "K7QF3M9PX201"]
    assert len(read_list("Verifikation\nK7QF-3M9P-X201")) == len(read_list("Name Kurs Code\nK7QF-3M9P-X201")) == 1
    assert [one.token for one in read_list(f"https://x.example/verify/{'a' * 32}")] == ["a" * 32]


def test_json_that_is_nested_without_end_is_an_empty_list(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post(
        "/verify/many", data="[" * 100_000, content_type="application/json", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 422
