"""A layout that cannot print what was issued: refused when it is tried out; and documents that wait for another one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from certificates.conferral.models import Certificate
from certificates.documents.models import Printing
from certificates.documents.queries import get_printing_progress
from certificates.layouts import samples, trials
from certificates.layouts.actions import (
    choose_layout,
    keep_shipped_layouts,
    record_trial,
    upload_layout,
    withdraw_layout,
)
from certificates.layouts.archives import write_layout
from certificates.layouts.files import LayoutFiles, shipped_layout
from certificates.layouts.models import Layout, LayoutVersion
from certificates.layouts.queries import find_layout
from certificates.layouts.rules import fault_sentence
from certificates.layouts.samples import KINDS, LANGUAGES, VARIANTS, sample_facts
from certificates.layouts.trials import SAMPLES, find_layout_faults
from courses.cohorts.models import Cohort
from lms.clock import now
from lms.db import session, transaction
from lms.people.models import Person
from lms.printing import cell, isolation
from lms.printing.isolation import LayoutFault, LayoutFaultError
from lms.printing.layouts import Sheet
from lms.sentences import plain_sentence
from tests.cast import Cast
from tests.certificates.conferring import confer
from tests.certificates.conftest import PEOPLE

jobs: Any = import_module("certificates.documents.jobs")
rendering: Any = import_module("certificates.documents.rendering")
FORMAL = dict(shipped_layout("formal").files)
MINE = {**FORMAL, "metadata.toml": FORMAL["metadata.toml"].replace("Förmlich".encode(), b"Eigenes")}


def printing(text: str, instead_of: str = "{{ words.to }}") -> dict[str, bytes]:
    """Return a layout of one's own that prints this."""
    template = MINE["template.html"].decode()
    assert instead_of in template
    return {**MINE, "template.html": template.replace(instead_of, text).encode()}


SECOND = printing("{{ signatories[1].name }}")


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process with limits answers, but is not started: that takes seconds."""

    def print_here(layout: dict[str, bytes], sheets: Sequence[Sheet], *, strict: bool = False) -> list[bytes]:
        order = json.dumps(
            {
                "layout": isolation.in_text(layout),
                "sheets": [isolation.sheet_in_text(one) for one in sheets],
                "strict": strict,
            }
        )
        return isolation._read(json.dumps(cell.answer(json.loads(order))).encode(), 0, len(sheets))

    monkeypatch.setattr(rendering, "print_isolated", print_here)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("text", "sample"),
    [
        ("{{ signatories[1].name }}", "one_signatory"), ("{{ municipality.upper() }}", "no_municipality"),
        ("{{ criteria[0].title }}", "no_criteria"), ("{{ attendance_percent + 0 }}", "no_percent"),
        ("{{ 1 if valid_until_date is none else valid_until_date.day.x }}", "expiry"),
        ("{{ replaces and replaces.x.y }}", "next"),
        ("{{ 1 if name|length < 100 else name.x.y }}", "long"),
        ("{{ code.x.y }}", ""), ("{{ valid_until_date }}{{ replaces }}", None),
    ],
)  # fmt: skip
def test_a_layout_that_does_not_fit_every_document_is_refused_with_its_sample(
    text: str, sample: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sample is not None:
        only_samples(monkeypatch, "", sample)
    files = LayoutFiles(printing(text), trusted=False)
    found = find_layout_faults(files, issuer="Institut", base_url="https://lernen.example.de")
    assert [(code, variant) for code, _detail, variant in found] == ([("template", sample)] if sample is not None else [])
    for fault in found:
        said = plain_sentence(fault_sentence(*fault))
        assert said.startswith("template.html prints something without asking")
        assert not sample or VARIANTS[sample] in said


def only_samples(monkeypatch: pytest.MonkeyPatch, *variants: str) -> None:
    """Try layouts out with one document of each of these variants only; each takes half a second."""
    samples = {variant: (kind, language, variant) for kind, language, variant in SAMPLES}
    monkeypatch.setattr(trials, "SAMPLES", [samples[variant] for variant in dict.fromkeys(variants)])


def test_layouts_are_tried_out_with_everything_that_documents_can_be() -> None:
    assert {variant for _kind, _language, variant in SAMPLES} == {"", *VARIANTS}
    assert SAMPLES[:4] == [(kind, language, "") for kind in KINDS for language in LANGUAGES]


def test_a_sample_has_all_that_a_document_has(graduates: Cast) -> None:
    [issued, _other] = confer(graduates)
    sample = sample_facts(kind="certificate", language="de", name="N", issuer="I", base_url="https://x.de")
    assert set(sample) == set(issued.facts)


def choose(layout: Layout | None, *, cohort: Cohort) -> None:
    """Choose, in a transaction of its own."""
    with transaction():
        coordinator = session.scalars(select(Person).where(Person.given_name == "Karin")).one()
        for kind in ("certificate", "attendance"):
            choose_layout(layout, kind, cohort=cohort, actor=coordinator, at=now())


def upload(files: dict[str, bytes], layout: Layout | None = None) -> LayoutVersion:
    """Upload a layout that its trial finds good, in a transaction of its own."""
    with transaction():
        coordinator = session.scalars(select(Person).where(Person.given_name == "Karin")).one()
        version = upload_layout(write_layout(files), layout=layout, actor=coordinator, at=now())
        record_trial(version, [], at=now())
    return version


@pytest.fixture
def stuck(conferred: Flask, here: None, short_print: None) -> Any:
    """A cohort whose documents wait, because its layout wants a second signature."""
    with conferred.app_context():
        with transaction():
            keep_shipped_layouts(at=now())
        cohort = session.scalars(select(Cohort)).one()
        choose(upload(SECOND).layout, cohort=cohort)
        jobs.render_due_certificates()
        assert get_printing_progress(cohort).done == 0
        yield cohort


def printed_with() -> set[tuple[str, int]]:
    """Return the layouts and versions that documents were printed with; all of them are."""
    session.expire_all()
    assert session.scalars(select(Certificate.pdf_sha256)).all().count(None) == 0
    made = session.scalars(select(Printing)).all()
    assert len(made) == PEOPLE
    assert {(one.problem, one.fault) for one in made} == {(None, None)}
    return {(one.layout_version.layout.slug, one.layout_version.number) for one in made}


def test_a_mended_version_prints_what_waited(stuck: Cohort) -> None:
    upload(MINE, find_layout("eigenes"))
    assert get_printing_progress(stuck).problem is None
    jobs.render_due_certificates()
    assert printed_with() == {("eigenes", 2)}


def test_another_choice_prints_what_waited(stuck: Cohort) -> None:
    choose(find_layout("modern"), cohort=stuck)
    jobs.render_due_certificates()
    assert printed_with() == {("modern", 1)}


def test_a_withdrawn_layout_leaves_the_formal_one(stuck: Cohort) -> None:
    with transaction():
        mine, coordinator = find_layout("eigenes"), session.scalars(select(Person).where(Person.given_name == "Karin")).one()
        assert mine is not None
        withdraw_layout(mine, actor=coordinator, at=now())
    jobs.render_due_certificates()
    assert printed_with() == {("formal", 1)}


def test_another_choice_while_a_worker_tries_the_old_one_counts_at_once(
    stuck: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = jobs.render_batch

    def choose_meanwhile(orders: Any, *, layout: LayoutFiles, **named: Any) -> Any:
        if not layout.trusted:
            choose(find_layout("modern"), cohort=stuck)
            raise LayoutFaultError(LayoutFault.TIME)
        return real(orders, layout=layout, **named)

    monkeypatch.setattr(jobs, "render_batch", choose_meanwhile)
    with transaction():
        for one in session.scalars(select(Printing)):
            one.due_at, one.problem = now(), None  # as at the first try
    jobs.render_due_certificates()
    assert printed_with() == {("modern", 1)}


def test_what_was_printed_notes_the_layout_that_it_was_printed_with(
    stuck: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = jobs.render_batch
    upload(MINE, find_layout("eigenes"))

    def choose_meanwhile(orders: Any, **named: Any) -> Any:
        printed = real(orders, **named)
        with transaction():
            for one in session.scalars(select(Printing)):
                one.problem = "layout"  # of an earlier try
        choose(find_layout("modern"), cohort=stuck)
        return printed

    monkeypatch.setattr(jobs, "render_batch", choose_meanwhile)
    jobs.render_due_certificates()
    assert printed_with() == {("eigenes", 2)}


def test_what_waits_for_something_else_keeps_its_layout(stuck: Cohort) -> None:
    with transaction():
        for one in session.scalars(select(Printing)):
            one.problem = "seal"
    choose(find_layout("modern"), cohort=stuck)
    session.expire_all()
    assert {one.layout_version.layout.slug for one in session.scalars(select(Printing))} == {"eigenes"}
    assert get_printing_progress(stuck).layout_fault is None


def test_the_same_choice_again_tries_nothing_again(stuck: Cohort) -> None:
    choose(find_layout("eigenes"), cohort=stuck)
    assert min(session.scalars(select(Printing.due_at))) > now() + timedelta(minutes=5)


def test_the_office_reads_which_layout_fails_why_and_what_to_do(conferred: Flask, stuck: Cohort) -> None:
    progress = get_printing_progress(stuck)
    assert progress.layout_fault is not None
    assert progress.layout_fault.said == fault_sentence("template", "list object has no element 1")
    with conferred.test_request_context():
        page = conferred.jinja_env.get_template("documents/_progress.html").render(progress=progress, reload="/x")
    assert "Das Layout „Eigenes“, Fassung 1, scheitert:" in page
    assert "ohne vorher zu fragen, ob das Dokument es hat (list object has no element 1)" in page
    assert 'href="/layouts/eigenes"' in page
    assert f'href="/cohorts/{stuck.id}/layouts"' in page
    assert "Administration" not in page


def test_letters_without_a_font_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    # No font of this machine helps out: nobody has given this code point a letter.
    only_samples(monkeypatch, "", "letters")
    monkeypatch.setattr(samples, "NAMES", (*samples.NAMES[:2], "Jan \U000F1234"))
    found = find_layout_faults(LayoutFiles(MINE, trusted=True), issuer="Institut", base_url="https://lernen.example.de")
    assert found == [("letters", "", "letters")]
    assert "empty boxes" in plain_sentence(fault_sentence(*found[0]))
