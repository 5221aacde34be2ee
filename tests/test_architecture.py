"""The house keeps its shape: one-way packages, no loops, pure rules, one commit, one clock, small files."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("lms", "courses", "assessments", "certificates")
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Return the modules of ours that a file imports, wherever the import stands (types alone do not count)."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = tree.body if top_level_only else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return {name for name in found if name in MODULES}


def test_there_is_something_to_look_at() -> None:
    assert len(FILES) > 100


@pytest.mark.parametrize("package", PACKAGES)
def test_no_package_imports_one_above_it(package: str) -> None:
    above = PACKAGES[PACKAGES.index(package) + 1 :]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in FILES
        if path.relative_to(ROOT).parts[0] == package
        for name in imports(path)
        if name.split(".")[0] in above
    ]
    assert wrong == []


def test_no_two_files_import_each_other_in_a_loop() -> None:
    graph = {name: imports(path) - {name} for name, path in MODULES.items()}
    # A package's own __init__ holds a docstring or registers its rooms: only wsgi.py imports those that register.
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail[trail.index(name) :], name])
        if name in done:
            return
        for other in sorted(graph[name]):
            walk(other, (*trail, name))
        done.add(name)

    for module in sorted(graph):
        walk(module, ())


def test_rules_are_pure() -> None:
    forbidden = re.compile(r"^\s*(from|import) (flask|flask_\w+|sqlalchemy|lms\.clock|lms\.db)\b", re.MULTILINE)
    rules = [path for path in FILES if path.name == "rules.py"]
    assert len(rules) > 10
    assert [str(path) for path in rules if forbidden.search(path.read_text("utf-8"))] == []


def test_the_audit_log_holds_nothing_that_somebody_wrote() -> None:
    written = {"reason", "note", "comment", "text", "message"}
    found = [
        f"{path}: {keyword.arg}"
        for path in FILES
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "record_audit"
        for keyword in call.keywords
        if keyword.arg in written
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r"\.commit\(", {"lms/db.py"}),
        (r"datetime\.(now|utcnow|today)\(|date\.today\(", {"lms/clock.py"}),
        (r"os\.environ|getenv\(", {"config.py"}),
    ],
)
def test_one_place_for_each(pattern: str, allowed: set[str]) -> None:
    looked_at = [*FILES, ROOT / "config.py", ROOT / "wsgi.py"]
    found = {str(path.relative_to(ROOT)) for path in looked_at if re.search(pattern, path.read_text("utf-8"))}
    assert found == allowed


def test_routes_hold_no_queries() -> None:
    pattern = re.compile(r"\bselect\(|\bsession\.(scalars?|execute|get|query|add|delete|flush)\(")
    routes = [path for path in FILES if path.name == "routes.py"]
    assert len(routes) > 10
    assert [str(path.relative_to(ROOT)) for path in routes if pattern.search(path.read_text("utf-8"))] == []


def test_below_the_route_nobody_asks_who_or_when() -> None:
    names = {"rules.py", "access.py", "queries.py", "actions.py", "models.py"}
    pattern = re.compile(r"\bcurrent_user\b|from lms\.clock import")
    wrong = [str(path) for path in FILES if path.name in names and pattern.search(path.read_text("utf-8"))]
    assert wrong == []


def test_files_stay_small_and_are_named_after_something() -> None:
    tests = sorted((ROOT / "tests").rglob("*.py"))
    long = [
        f"{path} ({lines})" for path in [*FILES, *tests] if (lines := len(path.read_text("utf-8").splitlines())) > 350
    ]
    assert long == []
    nameless = {"utils.py", "util.py", "helpers.py", "helper.py", "common.py", "misc.py", "base.py"}
    assert [str(path) for path in [*FILES, *tests] if path.name in nameless] == []


def test_templates_lie_next_to_the_code_that_renders_them() -> None:
    """Partials, which begin with _, and the frame are what templates of any room may take from another."""
    templates = [path for path in ROOT.glob("*/*/templates/*/*.html") if not path.name.startswith("_")]
    assert len(templates) > 70
    away = []
    for template in templates:
        room, folder = template.parents[2], template.parent.name
        code = "".join(path.read_text("utf-8") for path in room.rglob("*.py"))
        if room.name == "frame":
            continue
        if folder != room.name or f"{folder}/{template.name}" not in code:
            away.append(str(template.relative_to(ROOT)))
    assert away == []
