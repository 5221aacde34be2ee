"""The wording of a question: which texts a type has, in reading order, and the same question with other ones.

Each type declares its texts as paths in the definition (``answers.*.feedback``; ``*`` is every entry of a list). What says
which answer is right, and what given answers name by its text (units, accepted texts), is none of them: so a new wording
never changes what an answer is worth, and an answer that was given keeps its meaning.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assessments.items.interactions.answers import is_right
from assessments.items.interactions.typed_numbers import as_typed
from lms.sentences import N_, Sentence, sentence

Definition = dict[str, Any]
_EVERY = "*"
#: Lists to which a repair adds entries, and what an entry is known by, wherever it stands.
_GROWING = {"accepted": ("text",), "other_values": ("value", "tolerance", "tolerance_kind")}
_Place = tuple[list[int], Any, Definition]


class Markup(StrEnum):
    """How a text is shown: Markdown in paragraphs, Markdown within a line, or as it is typed."""

    BLOCK = "block"
    LINE = "line"
    PLAIN = "plain"


@dataclass(frozen=True)
class Texts:
    """Texts of one kind. ``label`` is marked by N_ and can have ``%(number)s`` and ``%(inner)s``, the places in the lists.

    An entry that has the key ``called`` is called by what stands there instead.
    """

    path: str
    label: str
    markup: Markup = Markup.LINE
    called: str = ""
    #: Whether a question can do without it; an empty one is taken out.
    optional: bool = False
    #: Texts of one kin stand beside each other: no two are alike, and none may change places. Empty: no matter.
    kin: str = ""
    #: Whether the kin are those of the same list only; otherwise those of the whole question.
    by_list: bool = False
    #: The key beside the list that repeats the text of the right entry, and follows it.
    right: str = ""
    #: Why a new text cannot be taken in a question, or None.
    refuse: Callable[[Definition, str], Sentence | None] | None = None


PROMPT = Texts("prompt", N_("Question"), Markup.BLOCK)
EXPLANATION = Texts("explanation", N_("Explanation"), Markup.BLOCK, optional=True)
GUIDANCE = Texts("guidance", N_("For the person who marks"), Markup.BLOCK, optional=True)
ANSWERS = (
    Texts("answers.*.text", N_("Answer %(number)s"), kin="answers"),
    Texts("answers.*.feedback", N_("Feedback for answer %(number)s"), optional=True),
)


@dataclass(frozen=True)
class Wording:
    """One text of a question. ``name`` stays the same whatever the text says; ``is_right`` is for who reads the field."""

    name: str
    label: Sentence
    text: str
    texts: Texts
    kin: str = ""
    is_right: bool = False


def list_wordings(declared: Sequence[Texts], definition: Definition) -> list[Wording]:
    """Return the texts of a question as they are read: lists entry by entry, an optional text also where there is none."""
    heads = list(dict.fromkeys(texts.path.split(".")[0] for texts in declared))
    found: list[tuple[tuple[int, list[int], int], Wording]] = []
    for number, texts in enumerate(declared):
        steps = texts.path.split(".")
        for places, holder, owner in _places(definition, steps):
            filled = _filled(steps, places)
            text = _text_of(holder[filled[-1]]) if isinstance(holder, list) else holder.get(filled[-1], "")
            if not isinstance(text, str) or (not text and not texts.optional):
                continue
            entries = _entries(definition, steps, places)
            names = [_name(one.get(texts.called, place + 1)) if isinstance(one, dict) else place + 1
                     for place, one in zip(places, entries, strict=True)]  # fmt: skip
            kin = texts.kin and ".".join([texts.kin, *(map(str, places[:-1]) if texts.by_list else ())])
            entry = holder[filled[-1]] if isinstance(holder, list) else owner
            full = bool(texts.kin) and isinstance(entry, dict) and is_right(entry)
            right = full or bool(texts.right and owner.get(texts.right) == text)
            label = Sentence(texts.label, dict(zip(("number", "inner"), names, strict=False)))
            wording = Wording("-".join(map(str, filled)), label, text, texts, kin, is_right=right)
            found.append(((heads.index(steps[0]), places, number), wording))
    return [wording for _order, wording in sorted(found, key=lambda one: one[0])]


def reword(declared: Sequence[Texts], definition: Definition, texts: Mapping[str, str]) -> Definition:
    """Return the same question with these texts, by name; the others stay. Keys, credits and numbers never change."""
    new = copy.deepcopy(definition)
    for one in declared:
        steps = one.path.split(".")
        for places, before, owner in list(_places(definition, steps)):
            filled = _filled(steps, places)
            text = texts.get("-".join(map(str, filled)))
            if text is None:
                continue
            holder: Any = new
            for step in filled[:-1]:
                holder = holder[step]
            if text and isinstance(holder, list) and isinstance(holder[filled[-1]], dict):
                holder[filled[-1]]["text"] = text
            elif text:
                holder[filled[-1]] = text
            elif one.optional and isinstance(holder, dict):
                holder.pop(filled[-1], None)
            if one.right and list(map(_text_of, before)).index(owner[one.right]) == filled[-1]:
                beside = new
                for step in filled[:-2]:
                    beside = beside[step]
                beside[one.right] = text
    return new


def shaped_like(definition: Definition, other: Definition) -> Definition:
    """Return ``other``, a version of the same question, with its texts under the names that they have in ``definition``.

    What a repair added to a list, or took out of it, is there or not as in ``definition``.
    """
    new = dict(other)
    for key, entries in definition.items():
        others = other.get(key, [])
        if key in _GROWING:
            keys = _GROWING[key]  # with its points if possible: a number can be expected twice, first for more
            known = {_known_by(entry, names): entry for names in (keys, (*keys, "percent")) for entry in reversed(others)}
            new[key] = [
                known.get(_known_by(entry, (*keys, "percent")), known.get(_known_by(entry, keys), entry)) for entry in entries
            ]
        elif isinstance(entries, list) and isinstance(others, list) and len(entries) == len(others):
            pairs = zip(entries, others, strict=True)
            new[key] = [shaped_like(*pair) if all(isinstance(one, dict) for one in pair) else pair[1] for pair in pairs]
    return new


def _known_by(entry: Any, keys: Sequence[str]) -> tuple[Any, ...]:
    table = entry if isinstance(entry, dict) else {"text": entry}
    return tuple(table.get(key) for key in keys)


def refuse_wordings(declared: Sequence[Texts], definition: Definition, texts: Mapping[str, str]) -> dict[str, Sentence]:
    """Return why some of these texts cannot be taken, by name."""
    wordings = list_wordings(declared, definition)
    changed = {one.name for one in wordings if texts.get(one.name, one.text) != one.text}
    found: dict[str, Sentence] = {}
    for one in wordings:
        if one.name not in changed:
            continue
        new = texts[one.name].strip()
        kin = [other for other in wordings if one.kin and other.kin == one.kin and other is not one]
        alike = [other for other in kin if texts.get(other.name, other.text).strip() == new or other.text == one.text]
        moved = [other for other in kin if other.text.strip() == new]
        if alike:
            said = N_("“%(label)s” says the same. The two could not be told apart.")
            found[one.name] = sentence(said, label=alike[0].label)
        elif moved:
            said = N_("So far this is “%(label)s”. Texts cannot change places here, since what is right stays at its place.")
            found[one.name] = sentence(said, label=moved[0].label)
        elif one.texts.refuse is not None and (refused := one.texts.refuse(definition, texts[one.name])) is not None:
            found[one.name] = refused
    return found


def _places(definition: Any, steps: Sequence[str]) -> Iterator[_Place]:
    """Yield where a path leads: the places in its lists, what holds the text, and the nearest entry with keys around it."""
    *ways, last = steps

    def walk(value: Any, ways: Sequence[str], places: list[int], owner: Definition) -> Iterator[_Place]:
        if isinstance(value, dict):
            owner = value
        if not ways:
            if last == _EVERY and isinstance(value, list):
                yield from (([*places, place], value, owner) for place in range(len(value)))
            elif last != _EVERY and isinstance(value, dict):
                yield places, value, owner
        elif ways[0] == _EVERY and isinstance(value, list):
            for place, entry in enumerate(value):
                yield from walk(entry, ways[1:], [*places, place], owner)
        elif isinstance(value, dict) and ways[0] in value:
            yield from walk(value[ways[0]], ways[1:], places, owner)

    return walk(definition, ways, [], definition)


def _name(called: Any) -> Any:
    """Return what an entry is called by; a number of its own whole, while pages round the figures of a sentence."""
    return as_typed(called) if isinstance(called, float) else called


def _text_of(entry: Any) -> Any:
    """Return the text of a list's entry, which can be a table that says more about it."""
    return entry.get("text") if isinstance(entry, dict) else entry


def _filled(steps: Sequence[str], places: Sequence[int]) -> list[Any]:
    """Return a path with the places in its lists."""
    left = iter(places)
    return [next(left) if step == _EVERY else step for step in steps]


def _entries(definition: Any, steps: Sequence[str], places: Sequence[int]) -> list[Any]:
    """Return the entries of lists that a path passes."""
    value, left, found = definition, iter(places), []
    for step in steps:
        if step == _EVERY:
            value = value[next(left)]
            found.append(value)
        elif isinstance(value, dict):
            value = value.get(step)
    return found
