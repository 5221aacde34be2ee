"""Layouts in use: kept, uploaded, tried out, chosen, withdrawn; and the same bytes from the same version."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from certificates.conferral.models import Certificate, Conferral
from certificates.documents import actions as documents
from certificates.documents.rendering import render_pdf
from certificates.layouts import jobs, queries, trials
from certificates.layouts.actions import (
    choose_layout,
    keep_shipped_layouts,
    record_trial,
    upload_layout,
    withdraw_layout,
)
from certificates.layouts.archives import write_layout
from certificates.layouts.files import LayoutFiles, shipped_layout
from certificates.layouts.missing import list_missing
from certificates.layouts.models import Layout, LayoutVersion
from certificates.layouts.queries import (
    find_layout,
    find_version_for,
    get_layout_files,
    is_outdated,
    list_usable_layouts,
)
from certificates.layouts.rules import LayoutReason, check_files
from certificates.layouts.trials import SAMPLES, find_layout_faults
from lms.db import session, transaction
from lms.printing.isolation import LayoutFault, LayoutFaultError
from lms.sentences import Refusal, plain_sentence
from tests.cast import NOW, Cast, signed_in
from tests.certificates.test_documents import ISSUED, facts
from tests.conftest import RecordingQueue

#: As a module whose function a test replaces.
rendering: Any = import_module("certificates.documents.rendering")
FORMAL = dict(shipped_layout("formal").files)
MINE = {**FORMAL, "metadata.toml": FORMAL["metadata.toml"].replace("Förmlich".encode(), "Unser Förmliches".encode())}


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """The layouts that come along are kept."""
    with transaction():
        keep_shipped_layouts(at=NOW)
    return cast


@pytest.fixture
def one_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try layouts out with a single document; all of them are printed below and in test_failing_layouts.py."""
    monkeypatch.setattr(trials, "SAMPLES", SAMPLES[:1])


def upload(cast: Cast, files: dict[str, bytes], layout: Layout | None = None, *, good: bool = True) -> LayoutVersion:
    """Upload a layout and have it tried out."""
    with transaction():
        version = upload_layout(write_layout(files), layout=layout, actor=cast.coordinator, at=NOW)
        if good:
            record_trial(version, [], at=NOW)
    return version


def test_what_comes_along_is_kept_once_and_again_when_it_has_changed(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        keep_shipped_layouts(at=NOW)
    assert session.scalar(select(func.count()).select_from(LayoutVersion)) == 2
    before = find_version_for(kept.cohort, "certificate")
    assert before is not None
    old = get_layout_files(before)
    monkeypatch.setattr(
        "certificates.layouts.actions.shipped_layout",
        lambda slug: LayoutFiles({**shipped_layout(slug).files, "print.css": b"/* new */"}, trusted=True),
    )
    with transaction():
        keep_shipped_layouts(at=NOW)
    after = find_version_for(kept.cohort, "certificate")
    assert after is not None
    assert (before.number, after.number) == (1, 2)
    assert get_layout_files(before).files == old.files


@pytest.mark.once
def test_the_same_version_prints_the_same_bytes(kept: Cast) -> None:
    version = find_version_for(kept.cohort, "certificate")
    assert version is not None
    assert render_pdf(facts(), issued_at=ISSUED, layout=get_layout_files(version)) == render_pdf(facts(), issued_at=ISSUED)


@pytest.mark.once
@pytest.mark.usefixtures("one_sample")
def test_an_uploaded_layout_is_used_only_after_it_was_tried_out(kept: Cast, queue: RecordingQueue) -> None:
    version = upload(kept, MINE, good=False)
    assert "try_out_layouts" in queue.names
    assert version.layout.current is None
    assert version.layout not in list_usable_layouts()
    with pytest.raises(Refusal):
        choose_layout(version.layout, "certificate", cohort=kept.cohort, actor=kept.coordinator, at=NOW)
    jobs.try_out_layouts()
    session.expire_all()
    assert version.faults == []
    assert version.layout.current == version


@pytest.mark.once
@pytest.mark.usefixtures("one_sample")
def test_faults_of_a_layout_are_noted_and_the_earlier_version_stays_in_use(kept: Cast) -> None:
    first = upload(kept, MINE)
    bad = {**MINE, "template.html": MINE["template.html"].replace(b"<h1", b"<h3").replace(b"</h1>", b"</h3>")}
    second = upload(kept, bad, first.layout, good=False)
    jobs.try_out_layouts()
    session.expire_all()
    assert second.faults == [["headings", "", ""]]
    assert first.layout.current == first
    assert first.layout.versions[-1] == second


@pytest.mark.usefixtures("one_sample")
def test_what_a_screen_reader_would_miss_is_found() -> None:
    template = FORMAL["template.html"]
    for old, new in (
        (b'<html lang="{{ language }}">', b"<html>"), (b'alt="{{ words.qr }}"', b""), (b"<h2>", b"<h1>"),
        (b"<title>{{ words.title }} {{ serial }} \xe2\x80\x93 {{ name }}</title>", b""),
    ):  # fmt: skip
        assert old in template
        template = template.replace(old, new)
    files = LayoutFiles({**FORMAL, "template.html": template}, trusted=True)
    found = [code for code, _detail, _sample in find_layout_faults(files, issuer="I", base_url="https://x.de")]
    # Each comes from its own omission: what comes along has none of them.
    assert sorted(found) == ["headings", "no_alternative", "no_language", "no_title"]


@pytest.mark.parametrize("slug", ["formal", "modern"])
def test_what_comes_along_has_no_faults(slug: str) -> None:
    assert find_layout_faults(shipped_layout(slug), issuer="Institut", base_url="https://lernen.example.de") == []


def test_a_cohorts_choice_comes_before_the_courses(kept: Cast) -> None:
    modern, mine = find_layout("modern"), upload(kept, MINE).layout
    course = kept.version.course

    def in_force() -> str:
        found = find_version_for(kept.cohort, "certificate")
        assert found is not None
        return found.layout.slug

    def choose(layout: Layout | None, **scope: Any) -> None:
        with transaction():
            choose_layout(layout, "certificate", actor=kept.coordinator, at=NOW, **scope)

    assert in_force() == "formal"
    choose(modern, course=course)
    assert in_force() == "modern"
    choose(mine, cohort=kept.cohort)
    choose(mine, cohort=kept.cohort)
    assert in_force() == "unser-formliches"
    with transaction():
        withdraw_layout(mine, actor=kept.coordinator, at=NOW)
    assert in_force() == "modern"
    choose(None, course=course)
    assert in_force() == "formal"


def test_the_same_layout_twice_and_changes_of_shipped_ones_are_refused(kept: Cast) -> None:
    first = upload(kept, MINE)
    formal = find_layout("formal")
    for layout, reason in ((first.layout, LayoutReason.SAME), (formal, LayoutReason.SHIPPED)):
        with pytest.raises(Refusal) as refused:
            upload_layout(write_layout(MINE), layout=layout, actor=kept.coordinator, at=NOW)
        assert refused.value.reason == reason
        session.rollback()


@pytest.fixture
def office(app: Flask, kept: Cast, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The coordinator's browser."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    return signed_in(app, kept.coordinator)


def test_what_a_layout_loads_from_elsewhere_is_refused_with_its_place(office: FlaskClient, kept: Cast) -> None:
    emblem = FORMAL["emblem.svg"].replace(b"</svg>", b'\n<image href="https://bilder.example/b.png"/></svg>')
    bad = {**MINE, "emblem.svg": emblem, "print.css": FORMAL["print.css"] + b'p { background: url("fehlt.png") }'}
    sent = office.post("/layouts/new", data={"archive": (io.BytesIO(write_layout(bad)), "v.zip")})
    assert sent.status_code == 422
    line, rule = emblem[: emblem.index(b"<image href")].count(b"\n") + 1, bad["print.css"].count(b"\n") + 1
    assert f"emblem.svg, Zeile {line}: „https://bilder.example/b.png“." in sent.text
    assert f"print.css, Zeile {rule}: „fehlt.png“." in sent.text
    assert find_layout("unser-formliches") is None
    with pytest.raises(Refusal) as many:
        check_files({**MINE, "a.svg": b'<image href="x.png"/>' * 8})
    assert "3 more" in plain_sentence(many.value.sentence)


def test_the_office_uploads_and_chooses(office: FlaskClient, kept: Cast) -> None:
    sent = office.post("/layouts/new", data={"archive": (io.BytesIO(write_layout(MINE)), "v.zip")})
    assert sent.location == "/layouts/unser-formliches"
    assert "wird ausprobiert" in office.get(sent.location).text
    with transaction():
        record_trial(session.scalars(select(LayoutVersion).where(LayoutVersion.tried_at.is_(None))).one(), [], at=NOW)
    path = f"/cohorts/{kept.cohort.id}/layouts"
    data = {"cohort_certificate": "unser-formliches", "cohort_attendance": "modern", "course_certificate": "",
            "course_attendance": ""}  # fmt: skip
    assert office.post(path, data=data).status_code == 302
    page = office.get(path).text
    assert "Unser Förmliches" in page
    assert "nichts fehlt" in page


def test_a_bad_file_gets_its_sentence_at_the_field(office: FlaskClient) -> None:
    answer = office.post("/layouts/new", data={"archive": (io.BytesIO(b"kein ZIP"), "v.zip")})
    assert answer.status_code == 422
    assert "keine lesbare ZIP-Datei" in answer.text
    assert office.post("/layouts/new", data={}).status_code == 422


def test_200_megabytes_are_refused(office: FlaskClient) -> None:
    answer = office.post("/layouts/new", input_stream=io.BytesIO(b"--x"), content_type="multipart/form-data; boundary=x",
                         environ_overrides={"CONTENT_LENGTH": str(200 * 1024 * 1024)})  # fmt: skip
    assert answer.status_code == 413
    assert "größer als" in answer.text


@pytest.mark.once
def test_samples_are_printed_on_demand(office: FlaskClient) -> None:
    layout = find_layout("modern")
    assert layout is not None
    assert layout.current is not None
    path = f"/layouts/versions/{layout.current.id}"
    sample = office.get(f"{path}/preview.pdf?kind=attendance&language=en&name=1")
    assert sample.data.startswith(b"%PDF-1.7")
    with pikepdf.open(io.BytesIO(sample.data)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("Confirmation of attendance SAMPLE-0000")
    assert office.get(f"{path}/preview.pdf?kind=unfug&language=fr&name=99").status_code == 200
    assert office.get(f"{path}.zip").data.startswith(b"PK")


#: What a layout does that it must not (see tests/lms/printing/test_isolation.py for the deeds), in words.
TOLD = {
    LayoutFault.TIME: "braucht zu lange", LayoutFault.MEMORY: "zu viel Speicher",
    LayoutFault.FOREIGN: "nicht zu seinen eigenen Dateien gehört", LayoutFault.FORBIDDEN: "das Layouts nicht dürfen",
    LayoutFault.TEMPLATE: "In template.html ist ein Fehler", LayoutFault.SIZE: "mehr als 5 MB",
    LayoutFault.BROKEN: "lässt sich nicht drucken",
}  # fmt: skip


@pytest.mark.parametrize("fault", LayoutFault)
def test_a_hostile_layout_is_told_in_words_and_never_used(
    office: FlaskClient, kept: Cast, monkeypatch: pytest.MonkeyPatch, fault: LayoutFault
) -> None:
    def misbehave(*_what: Any, **_how: Any) -> list[bytes]:
        raise LayoutFaultError(fault, "http://127.0.0.1/x")

    monkeypatch.setattr(rendering, "print_isolated", misbehave)
    version = upload(kept, MINE, good=False)
    sample = office.get(f"/layouts/versions/{version.id}/preview.pdf")
    assert (sample.status_code, TOLD[fault] in sample.text) == (422, True)
    jobs.try_out_layouts()
    session.expire_all()
    page = office.get(f"/layouts/{version.layout.slug}").text
    assert "Die neueste Fassung lässt sich nicht verwenden" in page
    assert TOLD[fault] in page
    assert version.layout not in list_usable_layouts()


def test_names_that_cannot_be_printed_are_listed_before_issuing(office: FlaskClient, kept: Cast) -> None:
    from courses.attendance.rules import Status
    from tests.marking import mark_attendance

    with transaction():
        kept.participant.printed_name = "محمد"
        mark_attendance(kept.live_session, kept.enrolment, Status.PRESENT, actor=kept.trainer, at=NOW)
    found = list_missing(kept.cohort, at=NOW)
    assert [one.line.standing.enrolment for one in found] == [kept.enrolment]
    assert "lassen sich nicht drucken" in office.get(f"/cohorts/{kept.cohort.id}/layouts").text


def test_who_may_see_and_change_layouts(app: Flask, kept: Cast) -> None:
    expected = {"coordinator": (200, 200), "auditor": (200, 403), "trainer": (403, 403), "participant": (403, 403)}
    found = {}
    for who in expected:
        browser = signed_in(app, getattr(kept, who))
        found[who] = (browser.get("/layouts").status_code, browser.get("/layouts/new").status_code)
    assert found == expected


def test_an_updated_layout_is_printed_with_at_once(kept: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only when the hourly job has kept it; and two releases beside each other do not take turns."""
    before = find_version_for(kept.cohort, "certificate")
    assert before is not None
    assert not is_outdated(before)
    release: dict[str, Any] = {"css": b"/* of the update */"}

    def brought(slug: str) -> LayoutFiles:
        return LayoutFiles({**shipped_layout(slug).files, "print.css": release["css"]}, trusted=True)

    for module in ("actions", "queries"):
        monkeypatch.setattr(f"certificates.layouts.{module}.shipped_layout", brought)
    queries.shipped_sha256.cache_clear()
    assert is_outdated(before)
    assert queries.get_files_in_force(kept.cohort, "certificate").files["print.css"] == release["css"]
    with transaction():
        conferral = Conferral(cohort=kept.cohort, number=1, conferred_at=NOW, protocol={})
        version = documents._version_for(Certificate(conferral=conferral, kind="certificate"), at=NOW)
        assert (version.number, get_layout_files(version).files["print.css"]) == (2, release["css"])
        release["css"] = FORMAL["print.css"]
        queries.shipped_sha256.cache_clear()
        again = documents._version_for(Certificate(conferral=conferral, kind="certificate"), at=NOW)
        assert again.number == 2
        session.rollback()
    queries.shipped_sha256.cache_clear()


def test_of_two_who_choose_the_second_is_told(office: FlaskClient, kept: Cast) -> None:
    page = f"/cohorts/{kept.cohort.id}/layouts"
    usual = {"cohort_certificate": "", "cohort_attendance": "", "course_certificate": "", "course_attendance": ""}
    assert "seen" in office.get(page).text
    assert office.post(page, data={**usual, "cohort_certificate": "modern", "seen": "{}"}).status_code == 302
    second = office.post(page, data={**usual, "cohort_attendance": "modern", "seen": "{}"})
    assert second.status_code == 409
    assert "inzwischen Layouts gewählt" in second.text
    assert sorted(queries.list_choices(kept.cohort)) == ["cohort_certificate"]
    fresh = second.text.partition('name="seen"')[2].partition('value="')[2].partition('"')[0].replace("&#34;", '"')
    assert office.post(page, data={**usual, "cohort_attendance": "modern", "seen": fresh}).status_code == 302
    assert sorted(queries.list_choices(kept.cohort)) == ["cohort_attendance"]
