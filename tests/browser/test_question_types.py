"""Every question type in a real browser: by keyboard alone, without JavaScript, in both languages, accessible in every state."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assessments.items.interactions.registry import INTERACTIONS
from certificates.demo.people import PASSWORD
from tests.browser.axe import COLOURS, EVERY_RULE, Rules, complaints
from tests.browser.conftest import Person, Site
from tests.browser.keys import look_at_keys
from tests.browser.stage_types import make_stage

pytestmark = pytest.mark.browser

DURING = "".join(f'{key} = ["during", "after", "later", "closed"]\n'
                 for key in ("own_answers", "right_answers", "points", "feedback", "explanations"))  # fmt: skip
TIMED = "time_limit_minutes = 45\n"
CHECKABLE = f"{TIMED}[quiz.review]\n{DURING}"
NARROW = 320
WORDS = {
    "de": {"saved": "Gespeichert", "right": "Ihre Antwort ist geprüft", "marked": "wartet auf Bewertung",
           "left": r"Noch \d+ Minuten"},
    "en": {"saved": "Saved", "right": "Your answer is checked", "marked": "waits for a mark", "left": "minutes left"},
}  # fmt: skip


def set_stage(site: Site, slug: str, language: str = "de", settings: str = "") -> dict[str, str]:
    """Make a cohort of the twelve types beside the demonstration."""
    return site.within(make_stage, slug, language, settings)


def tab_to(learner: Person, selector: str) -> None:
    """Press Tab until the focus is on what the selector means, as somebody without a mouse does."""
    for _step in range(120):
        if learner.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        learner.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def press_by_keyboard(learner: Person, selector: str) -> None:
    tab_to(learner, selector)
    learner.page.keyboard.press("Enter")


def answer_by_keyboard(learner: Person, name: str) -> None:
    """Answer the shown question of this type with the keyboard alone."""
    page, keys = learner.page, learner.page.keyboard
    place = "[data-question] "
    if name in {"single_choice", "multiple_choice", "true_false", "hotspot"}:
        tab_to(learner, f"{place}.answers input")
        keys.press("Space")
        if name == "true_false":
            tab_to(learner, f"{place}.answers-more input")
            keys.press("Space")
    elif name in {"short_text", "numerical"}:
        tab_to(learner, f"{place}input[type=text]")
        keys.type("Verband" if name == "short_text" else "11")
        if name == "numerical":
            tab_to(learner, f"{place}select")
            keys.press("ArrowDown")
    elif name == "ordering":
        press_by_keyboard(learner, f"{place}.move-button[aria-disabled=false]")
    elif name == "matching":
        for number in range(page.locator(f"{place}select").count()):
            tab_to(learner, f"#answer-{number}")
            keys.press("ArrowDown")
    elif name == "categorising":
        for number in range(page.locator(f"{place}.answer-member").count()):
            tab_to(learner, f"[name=answer-{number}]")
            keys.press("Space")
    elif name == "gaps":
        tab_to(learner, "#answer-a")
        keys.type("Ambt")
        tab_to(learner, "#answer-b")
        keys.press("ArrowDown")
    elif name == "essay":
        tab_to(learner, f"{place}textarea")
        keys.type("Wir messen zuerst.\nDann entscheiden wir.")
    else:
        tab_to(learner, f"{place}input[type=file]")
        keys.press("Enter")


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    """A file to hand in."""
    path = tmp_path / "mein plan.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"plan " * 2000)
    return path


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("language", "scheme", "settings", "rules"),
    [("de", "light", CHECKABLE, EVERY_RULE), ("en", "dark", TIMED, COLOURS)],
    ids=["de", "en"],
)
def test_all_types_by_keyboard_alone(
    site: Site, person: Any, pdf: Path, language: str, scheme: str, settings: str, rules: Rules
) -> None:
    stage = set_stage(site, f"tasten-{language}", language, settings)
    words = WORDS[language]
    learner: Person = person(viewport={"width": NARROW, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page = learner.sign_in(stage["email"], PASSWORD).page
    # From the start, since what opens before the browser is told to ask us goes to a dialogue that nobody sees.
    page.on("filechooser", lambda chooser: chooser.set_files(pdf))
    found: list[str] = []

    def look(name: str) -> None:
        learner.take_picture(f"type-{name}-{language}-{scheme}")
        found.extend(f"{name}: {complaint}" for complaint in complaints(learner, rules, "main"))
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROW:
            found.append(f"{name}: {wide} px wide")

    page.goto(stage["quiz"])
    press_by_keyboard(learner, "main .kern-btn--primary")
    page.locator("[data-loaded=all]").wait_for(state="attached")
    assert re.search(words["left"], page.locator(".time-left").inner_text())
    for number, name in enumerate(INTERACTIONS, start=1):
        page.locator(f"[data-question='{number}']").wait_for()
        look(f"{number:02}-{name}-1-asked")
        answer_by_keyboard(learner, name)
        page.get_by_text(words["saved"], exact=True).wait_for(timeout=15_000)
        look(f"{number:02}-{name}-2-answered")
        if page.locator("button[name=check]").count():
            press_by_keyboard(learner, "button[name=check]")
            page.get_by_role("heading", name=words["right"]).wait_for()
            look(f"{number:02}-{name}-3-checked")
            page.locator("[data-loaded=all]").wait_for(state="attached")
        press_by_keyboard(learner, "button[name=go].kern-btn--primary")
    page.wait_for_url("**/summary")
    look("13-summary")
    press_by_keyboard(learner, "main .post-button .kern-btn--primary")
    page.wait_for_url("**/result")
    page.get_by_text(words["marked"], exact=True).first.wait_for()
    look("14-reviewed")
    if language == "de":
        mark(site, person, learner, page.url, found)
        look("16-marked-reviewed")
        found += look_at_keys(person(viewport={"width": NARROW, "height": 800}, bypass_csp=True), stage)
    assert found == []


def mark(site: Site, person: Any, learner: Person, result: str, found: list[str]) -> None:
    """Mark what waits as the trainer, and have the participant read it."""
    trainer: Person = person(bypass_csp=True).sign_in_as("trainer")
    trainer.page.goto("/grading")
    found.extend(complaints(trainer))
    trainer.page.goto(result.replace("/result", "/marks"))
    trainer.take_picture("type-15-marks")
    found.extend(complaints(trainer))
    for points, comment in zip(
        trainer.page.locator("input[name^=points_]").all(), trainer.page.locator("textarea").all(), strict=True
    ):
        points.fill("0,5")
        comment.fill("Ein guter Anfang. Nennen Sie noch eine Zahl.")
    trainer.press("Bewertung speichern")
    trainer.page.get_by_text("ist gespeichert").first.wait_for()
    learner.page.reload()
    learner.reads("Ein guter Anfang")
    with learner.page.expect_download() as download:
        learner.page.get_by_role("link", name="mein plan.pdf").click()
    assert download.value.suggested_filename == "mein plan.pdf"


@pytest.mark.parametrize("settings", ["", 'layout = "one_page"'], ids=["pages", "one page"])
def test_all_types_without_javascript(site: Site, person: Any, pdf: Path, settings: str) -> None:
    slug = "ohne-js-eine-seite" if settings else "ohne-js"
    stage = set_stage(site, slug, "de", settings)
    learner: Person = person(viewport={"width": 320, "height": 800}, java_script_enabled=False)
    page = learner.sign_in(stage["email"], PASSWORD).page
    page.goto(stage["quiz"])
    learner.press("Quiz starten")
    for number, name in enumerate(INTERACTIONS, start=1):
        learner.arrives(f"[data-question='{number}']")
        place = page.locator(f"[data-question='{number}']")
        for group in place.locator(".answers").all():
            group.locator("label").first.click()
        for choice in place.locator("select").all():
            choice.select_option(index=1)
        for text in place.locator("input[type=text], textarea").all():
            text.fill("12 Gründe")
        if name == "file_upload":
            place.locator("input[type=file]").set_input_files(pdf)
        if not settings:
            page.locator("button[name=go].kern-btn--primary").click()
    if settings:
        learner.press("Speichern")
        page.get_by_text("Ihre Antworten sind gespeichert").wait_for()
        assert page.locator("#q11").input_value() == "12 Gründe"
        learner.press("Zur Zusammenfassung")
    learner.reads("Sie haben alle Fragen beantwortet")
    learner.press("Abgeben")
    learner.reads("werden noch von den Trainerinnen und Trainern bewertet")
    learner.reads("mein plan.pdf")


def begin(site: Site, learner: Person, stage: dict[str, str]) -> str:
    """Start the quiz with all questions fetched; return the attempt's path."""
    page = learner.sign_in(stage["email"], PASSWORD).page
    page.goto(stage["quiz"])
    learner.press("Quiz starten|Quiz fortsetzen")
    page.locator("[data-loaded=all]").wait_for(state="attached")
    return f"/attempts/{page.locator('[data-quiz]').get_attribute('data-attempt')}"


def go_to(learner: Person, number: int) -> None:
    learner.page.locator(f"[data-step='{number}']").click()
    learner.page.locator(f"[data-question='{number}']").wait_for()


def saved(learner: Person) -> None:
    learner.page.get_by_text("Gespeichert", exact=True).wait_for(timeout=15_000)


def number_of(name: str) -> int:
    return list(INTERACTIONS).index(name) + 1


def test_the_picture_can_be_pressed_and_steps_dragged(site: Site, person: Any) -> None:
    stage = set_stage(site, "zeigen")
    learner: Person = person(viewport={"width": 768, "height": 900})
    attempt = begin(site, learner, stage)
    page = learner.page
    go_to(learner, number_of("hotspot"))
    page.locator("[data-area='0'] rect").click()
    saved(learner)
    assert page.locator("input[value='0']").is_checked()
    assert "is-chosen" in (page.locator("[data-area='0']").get_attribute("class") or "")
    go_to(learner, number_of("ordering"))
    first = page.locator("[data-ordering] > div").first
    text = first.get_attribute("data-step-text")
    first.locator("dt").hover()
    page.mouse.down()
    box = page.locator("[data-ordering] > div").last.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=12)
    page.mouse.up()
    saved(learner)
    assert page.locator("[data-ordering] > div").last.get_attribute("data-step-text") == text
    page.goto(f"{attempt}/questions/{number_of('ordering')}")
    assert page.locator("[data-ordering] > div").last.get_attribute("data-step-text") == text
    assert [one.input_value() for one in page.locator("[data-ordering] select").all()] == ["0", "1", "2"]


def test_of_two_devices_the_one_that_lost_sees_the_newer_answer(site: Site, person: Any) -> None:
    stage = set_stage(site, "zwei-geraete")
    desk, phone = person(), person()
    begin(site, desk, stage)
    begin(site, phone, stage)
    for learner in (desk, phone):
        go_to(learner, number_of("short_text"))
    desk.page.fill("#answer", "Am Schreibtisch")
    saved(desk)
    phone.page.fill("#answer", "Unterwegs")
    saved(phone)
    assert desk.page.input_value("#answer") == "Am Schreibtisch"
    desk.page.evaluate("dispatchEvent(new Event('focus'))")
    desk.reads("Auf einem anderen Gerät oder in einem anderen Fenster geändert")
    assert desk.page.input_value("#answer") == "Unterwegs"
    # By its next save a device learns of it as well, also of a question that is not shown.
    go_to(desk, number_of("numerical"))
    desk.page.fill("#answer", "12")
    saved(desk)
    phone.page.fill("#answer", "Doch anders")
    # It is saved, and the line may already say instead that the desk has changed the other question.
    phone.page.get_by_text(re.compile("^Gespeichert$|in einem anderen Fenster geändert")).first.wait_for(timeout=15_000)
    desk.page.fill("#answer", "13")
    desk.page.get_by_text("Frage 4 wurde auf einem anderen Gerät oder in einem anderen Fenster geändert").wait_for()
    go_to(desk, number_of("short_text"))
    assert desk.page.input_value("#answer") == "Doch anders"


def test_a_long_essay_and_a_file_survive_the_lost_line_and_the_closed_browser(
    site: Site, person: Any, pdf: Path
) -> None:
    stage = set_stage(site, "ohne-netz")
    learner: Person = person()
    attempt = begin(site, learner, stage)
    page, text = learner.page, "Wir messen zuerst, dann entscheiden wir. " * 800
    go_to(learner, number_of("essay"))
    learner.context.set_offline(True)
    page.fill("#answer", text)
    page.get_by_text("bleibt auf diesem Gerät").wait_for()
    go_to(learner, number_of("file_upload"))
    page.set_input_files("#answer-file", pdf)
    page.get_by_text("mein plan.pdf liegt auf diesem Gerät bereit").wait_for()
    page.close(run_before_unload=False)
    learner.context.set_offline(False)
    learner.page = page = learner.context.new_page()
    page.goto(f"{attempt}/questions/{number_of('file_upload')}")
    page.get_by_role("link", name="mein plan.pdf").wait_for(timeout=15_000)
    page.goto(f"{attempt}/questions/{number_of('essay')}")
    assert page.input_value("#answer") == text.strip()
    assert "4.800 Wörter" in page.locator(".essay-words").inner_text()


def test_who_types_without_a_pause_is_saved_all_the_same(site: Site, person: Any) -> None:
    stage = set_stage(site, "ohne-pause")
    learner: Person = person()
    begin(site, learner, stage)
    go_to(learner, number_of("essay"))
    with learner.page.expect_response(re.compile("/answers/"), timeout=5_500):
        learner.page.locator("#answer").press_sequentially("immer weiter " * 5, delay=90)


def test_a_wrong_file_is_told_where_it_was_chosen(site: Site, person: Any, tmp_path: Path) -> None:
    stage = set_stage(site, "falsche-datei")
    learner: Person = person()
    begin(site, learner, stage)
    go_to(learner, number_of("file_upload"))
    wrong = tmp_path / "plan.pdf"
    wrong.write_text("<html>")
    control = learner.page.locator("#answer-file").element_handle()
    with learner.page.expect_response(learner.page.url):  # the question is fetched anew, to show what the server has
        control.set_input_files(wrong)
        learner.page.locator("#answer-error").get_by_text("ist nicht, was der Name sagt").wait_for()
    assert learner.page.locator("[aria-current] [data-state]").text_content() == "offen", "nothing was taken"
    assert learner.page.get_by_text("ist nicht, was der Name sagt").count() == 1
    assert learner.page.locator("[data-save-state]").text_content() == "Noch nicht gespeichert"
    large = tmp_path / "groß.pdf"
    large.write_bytes(b"%PDF-" + b"x" * 3 * 1024 * 1024)
    # The dialogue for it may have been open all the time: the control must still be the page's own.
    control.set_input_files(large)
    learner.page.locator("#answer-error").get_by_text("größer als 2 MB").wait_for()


def test_one_page_with_javascript_saves_each_question_by_itself(site: Site, person: Any) -> None:
    stage = set_stage(site, "eine-seite", "de", 'layout = "one_page"')
    learner: Person = person(viewport={"width": 320, "height": 800}, bypass_csp=True)
    attempt = begin(site, learner, stage)
    page = learner.page
    assert page.locator("[data-question]").count() == 12
    assert complaints(learner) == []
    page.fill("#q4", "Zweckverband")
    saved(learner)
    page.locator("[data-question='1'] label").first.click()
    saved(learner)
    page.reload()
    assert page.input_value("#q4") == "Zweckverband"
    assert page.locator(".quiz-step.is-answered").count() == 2
    page.goto(f"{attempt}/questions/4")
    assert page.url.endswith("/questions#question-4")
    learner.take_picture("type-one-page")
