"""A course that is exported says what is asked: in the new words, and otherwise to the letter as it was imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from assessments.items.models import Item, ItemVersion
from assessments.repair.rules import Kind
from assessments.wording.actions import reword_item
from assessments.wording.archive import reworded_file
from courses.archive.actions import import_course
from courses.archive.queries import get_archive, get_present_archive, get_version
from courses.archive.reading import read_archive
from lms.clock import now
from lms.db import transaction
from tests.assessments.repair.test_repair import Stage, other_key, repair, version_of
from tests.cast import Cast

#: However a file is written, only the entry whose words changed is written anew.
FILES = {
    "blocks": """\
# Vor allem
- id: a
  type: true_false
  prompt: Eins?   # warum auch immer
  explanation: |
    Ja.

    Immer.
  correct: true

# Dazwischen
- id: b
  type: short_text
  prompt: >-
    Zwei
    Zeilen?
  accepted: [x, 'y']
  explanation: Nein.
# Am Ende
""",
    "flow": '[{id: a, type: true_false, prompt: "Eins?", explanation: "Ja.", correct: true},\n'
    " {id: b, type: short_text, prompt: 'Zwei', explanation: Nein., accepted: [x]}]\n",
    "indented": """\
  - {id: a, type: true_false, prompt: "Eins?", explanation: "Ja: immer", correct: true}
  -   id: b
      type: short_text
      accepted:
        - x
        - "y"
      prompt: Zwei
      explanation: |-
        Nein.
        Nie.""",
}  # fmt: skip


def asked(**questions: dict[str, Any]) -> dict[str, ItemVersion]:
    """Return versions of questions by their key."""
    return {
        name: ItemVersion(
            item=Item(key=name),
            type=one["type"],
            definition={key: value for key, value in one.items() if key not in {"id", "type"}},
        )
        for name, one in questions.items()
    }


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("changed", ["a", "b", "ab"])
def test_only_what_says_something_else_is_written_anew(name: str, changed: str) -> None:
    text = FILES[name]
    before = yaml.safe_load(text)
    wanted = [one | ({"prompt": "Neu: „ja“?\n\n- a\n- b"} if one["id"] in changed else {}) for one in before]
    versions = asked(**{one["id"]: one for one in wanted})
    new = reworded_file(text, versions)
    assert yaml.safe_load(new) == wanted
    for key, own in (("a", ("Vor allem", "warum auch immer")), ("b", ("Zwei\n    Zeilen?", "'y'"))):
        if key not in changed:
            assert [part for part in own if part in text and part not in new] == []
    assert ("# Dazwischen" in new) is ("# Dazwischen" in text)
    assert ("# Am Ende" in new) is ("# Am Ende" in text)
    assert reworded_file(text, asked(**{one["id"]: one for one in before})) == text
    assert reworded_file(text, {}) == text


def test_the_export_has_the_new_words_and_the_key_of_the_file(cast: Cast, quiz: Stage, app: Flask, tmp_path: Path) -> None:
    version = quiz[0].activity.version
    before = get_archive(version)
    assert get_present_archive(version) == before
    with transaction():
        old = version_of("an-02")
        reword_item(old.item, {"prompt": "Ein Amt: für viele Gemeinden."}, seen=old, actor=cast.coordinator, at=now())
    repair(cast, "an-02", Kind.KEY, definition=other_key(version_of("an-02")))
    after = get_present_archive(version)
    path = "modules/01-anfang/questions/01-aufbruch.yaml"
    assert [name for name in before if before[name] != after[name]] == [path]
    first, second = yaml.safe_load(after[path])
    assert first == yaml.safe_load(before[path])[0]
    assert (second["prompt"], second["correct"]) == ("Ein Amt: für viele Gemeinden.", True)
    assert after[path].decode().startswith(before[path].decode()[: before[path].decode().index("- id: an-02")])
    answer = app.test_cli_runner().invoke(args=["course", "export", version.course.slug, str(tmp_path / "kurs")])
    assert answer.exit_code == 0, answer.output
    assert read_archive(tmp_path / "kurs").files == after


def test_an_export_comes_back_as_what_is_asked(cast: Cast, quiz: Stage) -> None:
    with transaction():
        old = version_of("an-01")
        made = reword_item(old.item, {"prompt": "Womit beginnt er?"}, seen=old, actor=cast.coordinator, at=now())
    files = get_present_archive(quiz[0].activity.version)
    with transaction():
        again = import_course(files, actor=cast.coordinator, at=now()).version
    assert again.number == 2
    assert version_of("an-01") == made, "the same words make no new version"
    assert get_present_archive(get_version(again.course.slug)) == files
