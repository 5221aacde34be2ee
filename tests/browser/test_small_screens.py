"""How the quiz lies on the screen: nothing lies over what has the focus, and a new question is in view."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Person, Site
from tests.browser.test_question_types import begin, go_to, number_of, set_stage

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 320, "height": 640}, "reduced_motion": "reduce"}
#: Whether some point of what has the focus, or of its label, can be seen.
FOCUS_SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (!box.width || !one.closest("main")) return true;
  for (let y = box.top + 2; y < box.bottom; y += 4) {
    const top = document.elementFromPoint(box.left + box.width / 2, y);
    if (top && (one.contains(top) || [...(one.labels ?? [])].some((label) => label.contains(top)))) return true;
  }
  return false;
}"""


def test_what_has_the_focus_is_not_hidden_when_tabbing_back(site: Site, person: Any) -> None:
    stage = set_stage(site, "klein-zurueck", "de", 'layout = "one_page"\ntime_limit_minutes = 45\n')
    learner: Person = person(**PHONE)
    begin(site, learner, stage)
    page = learner.page
    page.context.route("**/answers/*", lambda route: route.abort())
    page.locator("#q4").fill("Verband")
    page.get_by_text("Ihre Antwort bleibt auf diesem Gerät").wait_for()
    page.get_by_role("button", name="Zur Zusammenfassung").focus()
    hidden = []
    for _step in range(80):
        page.keyboard.press("Shift+Tab")
        if not page.evaluate(FOCUS_SEEN):
            hidden.append(page.evaluate("document.activeElement.outerHTML"))
        if page.evaluate("document.activeElement.dataset.step") == "1":
            break
    assert hidden == []
    assert page.evaluate("document.activeElement.dataset.step") == "1"


def test_after_going_on_the_new_question_is_in_view(site: Site, person: Any) -> None:
    stage = set_stage(site, "klein-weiter", "de", "time_limit_minutes = 45\n")
    learner: Person = person(**PHONE)
    begin(site, learner, stage)
    page = learner.page
    assert page.evaluate("scrollY") == 0, "the page has only been opened"
    for number in (2, number_of("short_text")):
        go_to(learner, number)
        top = page.locator("h1.quiz-count").evaluate("one => one.getBoundingClientRect().top")
        prompt = page.locator(".question-prompt").evaluate("one => one.getBoundingClientRect().top")
        assert 0 <= top < 20
        assert prompt < 420
        assert page.evaluate("document.activeElement.matches('h1.quiz-count')")


def test_a_number_and_its_unit_stand_side_by_side(site: Site, person: Any) -> None:
    stage = set_stage(site, "zahl-einheit")
    learner: Person = person()
    begin(site, learner, stage)
    go_to(learner, number_of("numerical"))
    number, unit = (learner.page.locator(one).bounding_box() for one in ("#answer", "*:has(> #answer-unit)"))
    assert number is not None
    assert unit is not None
    assert (number["y"], number["height"]) == (unit["y"], unit["height"])
