"""What axe says about a page, against WCAG 2.2 AA."""

from __future__ import annotations

from tests.browser.conftest import ROOT, Person

_AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
EVERY_RULE = "{type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"
#: Enough for a page that was looked at with every rule in the other theme.
COLOURS = "{type: 'rule', values: ['color-contrast', 'link-in-text-block']}"


def complaints(person: Person, rules: str = EVERY_RULE, within: str = "html") -> list[str]:
    """Return what axe finds on the shown page, in what the selector means."""
    # Evaluated in an isolated world: the page's policy forbids foreign scripts, as it should. Once a page is enough.
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(_AXE)
    result = person.page.evaluate(f"axe.run('{within}', {{runOnly: {rules}, resultTypes: ['violations']}})")
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]
