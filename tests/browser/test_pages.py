"""Every page: accessible in both themes and languages, whole at 320 px, light on the line."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.browser.axe import COLOURS, EVERY_RULE, Rules, complaints
from tests.browser.conftest import ROOT, Person, Site

pytestmark = pytest.mark.browser

MOST_BYTES = 80_000
MOST_REQUESTS = 8

#: Who looks at which page of demo.json, and at which other paths.
PAGES: dict[str | None, list[str]] = {
    None: ["login", "verify", "verify_revoked", "verify_replaced", "/password/forgotten", "verify_form",
           "verify_bulk", "/verify/unbekannt", "/pages/impressum", "/pages/datenschutz",
           "/pages/barrierefreiheit", "/pages/leichte-sprache",
           "feedback", "/feedback#sent", "/feedback/thanks", "/gibt-es-nicht", "/_patterns"],
    "participant": ["dashboard", "course", "lesson", "quiz", "quiz_review", "assignment", "receipt", "receipt_validation",
                    "schedule", "certificates",
                    "/account", "/account/password"],
    "finished_participant": ["certificates", "dashboard", "ask_correction"],
    "trainer": ["dashboard", "cohort", "/grading", "submission", "readiness", "schedule"],
    "coordinator": ["dashboard", "cohort", "readiness", "conferral", "/people", "person", "/people/new", "/cohorts",
                    "/cohorts/new", "/cohorts/1/edit", "/courses/import", "cohort_quiz",
                    "attempt_log", "quiz_statistics", "quiz_repair", "time_factors", "receipt_validation",
                    "item_bank", "item", "item_wording", "item_import", "item_export", "layouts",
                    "layout", "/layouts/new", "cohort_layouts",
                    "issued", "issued_certificate", "issued_revoked", "correction", "erasure", "erasure_result", "proposal"],
    "auditor": ["/audit", "conferral", "dashboard", "proposal"],
    "admin": ["person", "/mails", "/system", "/audit", "dashboard", "/issued/erasure"],
}  # fmt: skip

#: After such a path the page's form is sent as it is, so that what it refuses is looked at.
SENT = "#sent"

#: How a page is looked at: width, theme, and the rules of axe that can say something else than in the view before.
VIEWS: list[tuple[int, Literal["light", "dark"], Rules | None]] = [
    (1280, "light", EVERY_RULE), (1280, "dark", COLOURS), (768, "light", None), (320, "light", EVERY_RULE)
]  # fmt: skip


@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", PAGES, ids=str)
def test_pages(site: Site, person: Any, who: str | None) -> None:
    visitor: Person = person(bypass_csp=True)
    if who:
        visitor.sign_in_as(who)
    found = []
    for number, name in enumerate(PAGES[who]):
        path = site.demo["urls"].get(name, name)
        visitor.page.goto(path)
        if path.endswith(SENT):
            with visitor.page.expect_navigation():
                visitor.page.locator("main form button").click()
        for width, scheme, rules in VIEWS:
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.take_picture(f"{who or 'stranger'}-{name.strip('/').replace('/', '-')}-{width}-{scheme}")
            wide = visitor.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{path}: {wide} px wide at {width}")
            # Head and foot are the same on all pages of a person: one page shows how they are in the other views.
            within = "html" if number == 0 or (width, scheme, rules) == VIEWS[0] else "main"
            if rules:
                found += [f"{path}: {complaint}" for complaint in complaints(visitor, rules, within)]
    assert found == []


@pytest.mark.parametrize(("system", "offered"), [("light", "Dunkel"), ("dark", "Hell")])
def test_the_button_of_the_theme_changes_what_is_seen(person: Any, system: str, offered: str) -> None:
    page = person(color_scheme=system).page
    page.goto("/login")
    button = page.get_by_role("button", name="Dunkel").or_(page.get_by_role("button", name="Hell"))
    assert button.all_inner_texts() == [offered]
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    with page.expect_navigation():
        button.click()
    assert page.evaluate(ground) != before
    assert button.count() == 1
    assert button.all_inner_texts() != [offered]


def test_what_is_wrong_with_a_page_is_found(person: Any) -> None:
    visitor: Person = person(bypass_csp=True)
    faults = "<img src='x'><p style='color: #aaa'>grau</p>"
    visitor.page.set_content(f"<html lang='de'><title>x</title><main><h1>x</h1>{faults}</main>")
    assert {one.partition(":")[0] for one in complaints(visitor)} == {"image-alt", "color-contrast"}
    assert [one.partition(":")[0] for one in complaints(visitor, COLOURS)] == ["color-contrast"]


def test_the_errors_of_an_archive(site: Site, person: Any, tmp_path: Path) -> None:
    long = f"modules/01-{'sehr-' * 20}lang/lessons/01-{'auch-' * 20}lang.md"
    with zipfile.ZipFile(tmp_path / "kurs.zip", "w") as archive:
        archive.writestr("course.toml", "format = 2\ntitel = 3\n")
        archive.writestr(long, "---\ntitle: [x\n---\nText")
        archive.writestr("media/plan.svg", "<svg><x></svg>")
    office: Person = person(bypass_csp=True).sign_in_as("coordinator")
    office.page.goto("/courses/import")
    office.page.set_input_files("#file", tmp_path / "kurs.zip")
    office.press("Nur prüfen")
    office.reads("Das ist kein gültiges YAML.")
    assert office.page.locator("main q[lang=en]").count() == 2
    found = []
    for width, scheme, rules in VIEWS:
        office.page.set_viewport_size({"width": width, "height": 900})
        office.page.emulate_media(color_scheme=scheme)
        office.take_picture(f"coordinator-archive-errors-{width}-{scheme}")
        wide = office.page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} px wide at {width}"] if wide > width else []
        found += complaints(office, rules) if rules else []
    assert found == []


@pytest.mark.parametrize("name", ["login", "dashboard", "course", "lesson", "quiz", "quiz_review", "cohort", "verify"])
def test_a_cold_page_is_light(site: Site, person: Any, name: str) -> None:
    visitor: Person = person()
    if name not in {"login", "verify"}:
        visitor.sign_in_as("trainer" if name == "cohort" else "participant")
    cold: Person = person(storage_state=visitor.context.storage_state())
    weights: list[int] = []
    cold.page.on("requestfinished", lambda request: weights.append(request.sizes()["responseBodySize"]))
    cold.page.goto(site.demo["urls"][name], wait_until="networkidle")
    assert len(weights) <= MOST_REQUESTS
    assert sum(weights) <= MOST_BYTES


def test_the_quiz_by_keyboard_alone(site: Site, person: Any) -> None:
    learner: Person = person(viewport={"width": 320, "height": 700}).sign_in_as("other_participant")
    page = learner.page
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    for _step in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("document.activeElement.closest('main') && document.activeElement.className")
        if focused and "kern-btn--primary" in focused:
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/**")


def test_no_template_has_inline_scripts_or_styles() -> None:
    templates = [
        path
        for package in ("lms", "courses", "assessments", "certificates")
        for path in (ROOT / package).rglob("*.html")
    ]
    pages = [path for path in templates if "layouts" not in path.parts and "mail" not in path.parts]
    assert len(pages) > 30
    wrong: list[Path] = [
        path for path in pages
        if any(mark in path.read_text("utf-8") for mark in (' style="', " onclick=", " onchange=", "<style", "javascript:"))
    ]  # fmt: skip
    assert wrong == []
