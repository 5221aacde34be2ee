"""Sentences that are made in one place and shown in another: their placeholders fit their values and their German."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from lms.preferences.choices import PACKAGES, ROOT
from lms.sentences import Sentence, plain_sentence, read_sentence, sentence, stored_sentence
from tests.sayings import in_german

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
#: What finds something wrong in a course's archive, and in the questions that a file of another system holds.
IMPORTERS = [
    *sorted((ROOT / "courses" / "archive").glob("*.py")),
    ROOT / "courses" / "activity_kinds.py",
    ROOT / "courses" / "schedule" / "kind.py",
    *sorted((ROOT / "assessments" / "items" / "interactions").glob("*.py")),
    ROOT / "assessments" / "items" / "rules.py",
    ROOT / "assessments" / "quizzes" / "kind.py",
    ROOT / "assessments" / "quizzes" / "settings.py",
    ROOT / "assessments" / "assignments" / "kind.py",
]
#: Called the same in both languages.
NAMES = {"Quiz", "%(where)s: %(problem)s"}
#: Chosen from a table or between two; all that can be chosen have the same places, and the tests of refusals show each.
CHOSEN = {
    "answers.py: called.one", "answers.py: called.same", "surveys.py: _TEXTS[kind]",
    "numerical.py: problem", "parsing.py: problem", "reading.py: problem", "shapes.py: form",
}  # fmt: skip


def placeholders(text: str) -> set[str]:
    """Return the names of the values that a text has a place for."""
    return set(PLACEHOLDER.findall(text))


def marked(node: ast.AST) -> list[str]:
    """Return the strings that are marked by N_ anywhere in a piece of code."""
    return [
        one.args[0].value
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "N_"
        if isinstance(one.args[0], ast.Constant) and isinstance(one.args[0].value, str)
    ]


@cache
def catalogue() -> dict[str, str]:
    """Return every single entry of all catalogues."""
    found: dict[str, str] = {}
    for package in PACKAGES:
        with (ROOT / package / "translations" / "de" / "LC_MESSAGES" / "messages.po").open("rb") as file:
            found |= {one.id: str(one.string) for one in read_po(file, locale="de") if isinstance(one.id, str) and one.id}
    return found


def test_german_has_the_same_placeholders() -> None:
    different = {text for text, german in catalogue().items() if placeholders(text) != placeholders(german)}
    assert different == set()


@pytest.mark.parametrize("path", IMPORTERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_an_importer_says_is_german(path: Path) -> None:
    german = catalogue()
    texts = marked(ast.parse(path.read_text("utf-8")))
    assert [text for text in texts if german.get(text, text) == text and text not in NAMES] == []


def constants() -> dict[str, str]:
    """Return what names and attributes stand for, where they stand for one text in all importers."""
    found: dict[str, str] = {}
    for path in IMPORTERS:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (texts := marked(node.value)):
                found[node.targets[0].id] = texts[0]
    return found


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, dict[str, str]]]:
    """Return every call of ``sentence`` with what the names around it stand for, in the order of the lines."""
    for function in [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]:
        local: dict[str, list[tuple[int, str]]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (texts := marked(node.value)):
                local.setdefault(node.targets[0].id, []).append((node.lineno, texts[0]))
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sentence":
                names = {
                    name: max(one for one in texts if one[0] <= node.lineno)[1]
                    for name, texts in local.items()
                    if any(one[0] <= node.lineno for one in texts)
                }
                yield node, names


def test_every_sentence_of_an_importer_gets_the_values_that_it_has_places_for() -> None:
    known, looked_at, unknown = constants(), 0, set()
    for path in IMPORTERS:
        for call, local in calls(ast.parse(path.read_text("utf-8"))):
            for text in call.args:
                name = text.id if isinstance(text, ast.Name) else text.attr if isinstance(text, ast.Attribute) else ""
                said = next(iter(marked(text)), local.get(name) or known.get(name))
                if said is None:
                    unknown.add(f"{path.name}: {ast.unparse(text)}")
                    continue
                given = {keyword.arg for keyword in call.keywords if keyword.arg}
                assert placeholders(said) <= given, f"{path.name}:{call.lineno}"
                assert len(call.args) > 1 or placeholders(said) == given, f"{path.name}:{call.lineno}"
                looked_at += 1
    assert looked_at > 150
    assert unknown - CHOSEN == set()


def test_numbers_parts_and_plurals_are_said_in_both_languages() -> None:
    many = sentence("The quiz draws %(draw)s questions, but there is only one.", "The quiz draws %(draw)s questions, but "
                    "there are only %(n)s.", draw=1200, n=1100)  # fmt: skip
    one = sentence("'%(key)s' is missing.", key="prompt")
    whole = sentence("The question cannot be taken: %(problems)s", problems=[one, many])
    assert plain_sentence(whole) == (
        "The question cannot be taken: 'prompt' is missing. The quiz draws 1200 questions, but there are only 1100."
    )
    assert in_german(whole).startswith("Die Frage kann nicht übernommen werden: „prompt“ fehlt oder ist leer. „draw“ verlangt")
    assert in_german(whole).endswith("verlangt sind 1.200, vorhanden nur 1.100.")
    assert plain_sentence(sentence("100 % of it")) == "100 % of it"


def test_a_sentence_is_kept_with_its_parts() -> None:
    one = sentence("'%(key)s' is missing.", key="prompt")
    whole = Sentence("%(n)s: %(problems)s %(part)s", {"n": 2, "problems": [one], "part": one}, "%(n)s! %(problems)s")
    kept = json.loads(json.dumps(stored_sentence(whole)))
    assert read_sentence(kept) == whole
    assert stored_sentence(one) == {"text": one.text, "values": one.values}  # as what was kept before plurals were
