"""What axe says about a page, against WCAG 2.2 AA."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import ROOT, Person

Rules = dict[str, Any]
_AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
EVERY_RULE = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Enough for a page that was looked at with every rule in the other theme.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: A complaint shows the element itself. What axe makes beside it, a selector for every element of the page and its style
#: sheets once more, takes a third of the time.
_RUN = """async ([within, runOnly]) => {
  const only = {resultTypes: ['violations'], selectors: false, preload: {assets: ['media']}};
  const found = await axe.run(within, {runOnly, ...only});
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)}`));
}"""


def complaints(person: Person, rules: Rules = EVERY_RULE, within: str = "html") -> list[str]:
    """Return what axe finds on the shown page, in what the selector means."""
    # Evaluated in an isolated world: the page's policy forbids foreign scripts, as it should. Once a page is enough.
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(_AXE)
    return person.page.evaluate(_RUN, [within, rules])  # type: ignore[no-any-return]  # a list of texts
