"""The documentation cannot drift: what must be documented is listed by the code."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest
from flask import Flask

import assessments.events
import certificates.events
import courses.events
import lms.events
from assessments.permissions import AssessmentPermission
from certificates.permissions import CertificatePermission
from config import Config
from courses.permissions import CoursePermission
from lms.jobs.registry import JOBS
from lms.permissions import CorePermission

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text("utf-8") + (ROOT / "CONTRIBUTING.md").read_text("utf-8")


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Config)])
def test_every_setting_is_in_the_readme(name: str) -> None:
    field = next(one for one in dataclasses.fields(Config) if one.name == name)
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| `LMS_{name.upper()}` |"))
    assert field.metadata["text"] in row


@pytest.mark.parametrize("package", [CorePermission, CoursePermission, AssessmentPermission, CertificatePermission])
def test_every_permission_is_documented(package: type[CorePermission]) -> None:
    assert [one for one in package if f"| `{one}` | {', '.join(sorted(one.roles))} |" not in TEXT] == []


@pytest.mark.parametrize("package", [CorePermission, CoursePermission, AssessmentPermission, CertificatePermission])
def test_every_permission_is_asked_for(package: type[CorePermission], app: Flask) -> None:
    on_routes = {getattr(view, "permission", None) for view in app.view_functions.values()}
    sources = "".join(
        path.read_text("utf-8")
        for room in ("lms", "courses", "assessments", "certificates")
        for path in (ROOT / room).rglob("*.py")
        if path.name != "permissions.py"
    )
    in_rules = {one for one in package if f"{package.__name__}.{one.name})" in sources.replace(",", ")")}
    assert [one.name for one in package if one not in on_routes | in_rules] == []


def test_every_job_is_documented(app: Flask) -> None:
    assert len(JOBS) >= 4
    rows = {name: re.search(rf"^\| `{name}` \| {JOBS[name].every} \| (.+) \|$", TEXT, re.MULTILINE) for name in JOBS}
    assert [name for name, row in rows.items() if row is None] == []
    broken_off = re.compile(r"(,|\b(a|an|and|no|of|or|so|that|the))$")
    assert [name for name, row in rows.items() if row and broken_off.search(row[1])] == []


def test_every_event_is_documented() -> None:
    names = [
        name
        for module in (lms.events, courses.events, assessments.events, certificates.events)
        for name, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
    ]
    assert len(names) >= 5
    assert [name for name in names if f"| `{name}` |" not in TEXT] == []


def test_every_command_is_documented(app: Flask) -> None:
    assert len(app.cli.commands) >= 8
    assert [name for name in app.cli.commands if f"| `lms {name}` |" not in TEXT] == []


def test_the_two_commands_are_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    for name in ("LICENSE", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "publiccode.yml"):
        assert (ROOT / name).is_file()


def test_no_file_holds_a_merge_that_was_not_finished() -> None:
    looked_at = [
        path
        for folder in ("lms", "courses", "assessments", "certificates", "migrations", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".html", ".css", ".js", ".toml", ".yaml", ".po", ".txt"} and "built" not in path.parts
    ]
    looked_at += [path for path in ROOT.glob("*") if path.is_file()]
    assert len(looked_at) > 500
    marks = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
    assert [str(path) for path in looked_at if marks.search(path.read_bytes())] == []
