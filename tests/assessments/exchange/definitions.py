"""Strategies that make questions of every type, with the texts that break formats."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

from tests.assessments.twelve import PICTURE

#: The address of the only picture that these questions show.
PLAN = f"/pictures/{hashlib.sha256(PICTURE.encode()).hexdigest()}.svg"
#: Signs that mean something to GIFT, XML, HTML, Markdown or cloze, and letters from everywhere.
UGLY = (
    "a", "B", "ä", "ß", "Ł", "é", "1", "7", " ", "~", "=", "#", "{", "}", ":", "\\", "%", "-", ">", "<", "&", "]", "[", "*", "_",
    "`", "|", "!", "(", ")", "/", "\"", "'", "$", "@", ".", ",", "?", "😀", "ע", "م", "\u202e", "\u00a0", "„", "“", "…",
)  # fmt: skip
SAYINGS = (
    "]]>", "<![CDATA[", "&amp;", "&#10;", "\\n", "\\=", "####", "::", "->", "{1:SA:=x}", "[[a]]", "%50%", "[html]", "[markdown]x",
    "// x", "$CATEGORY: x", "<b>fett</b>", "<script>", "**fett**", "- Punkt", "1. eins", "# Titel", "> Zitat", "a | b", "```",
    "::: note", "ANSWER: A", "A) x", "@@PLUGINFILE@@/x.png", "&nbsp;", "T", "TRUE", "=", "…", "Grün", "\\*", "http://x.de/?a=b&c=d",
)  # fmt: skip
WORDS = ("Wasser", "👩‍💻", "Gemeinde", "Straße", "öffentlich", "Żółw", "שלום", "مرحبا", "🌍", "zwei Wörter")

plain_words = st.sampled_from(WORDS)
ugly_text = st.one_of(
    plain_words,
    st.sampled_from(SAYINGS),
    st.text(st.sampled_from(UGLY), min_size=1, max_size=12),
    st.builds(lambda a, b: f"{a} {b}", plain_words, st.sampled_from(SAYINGS)),
    st.builds(lambda a, b: f"{a}{b}", st.sampled_from(SAYINGS), st.text(st.sampled_from(UGLY), max_size=5)),
).filter(lambda text: bool(text.strip()))
ugly_block = st.one_of(
    ugly_text,
    st.lists(ugly_text, min_size=2, max_size=4).map("\n\n".join),
    st.lists(ugly_text, min_size=2, max_size=3).map("\n".join),
)
numbers = st.one_of(
    st.integers(-(10**6), 10**6), st.sampled_from([0.5, 3.14, -0.001, 1e-7, 12345.678, 0.1, 2.0]), st.just(0)
)


def unique(strategy: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Return lists of texts that differ even without the spaces around them."""
    return st.lists(strategy, min_size=least, max_size=most, unique_by=str.strip)


@st.composite
def answers(draw: st.DrawFn, texts: st.SearchStrategy[str], right: int | None = None) -> list[dict[str, Any]]:
    """Make a list of answers; ``right`` of them, or any number, are correct."""
    made: list[dict[str, Any]] = [{"text": text} for text in draw(unique(texts, 2, 6))]
    count = right or draw(st.integers(1, len(made)))
    for position in draw(st.permutations(range(len(made))))[:count]:
        made[position]["correct"] = True
    for answer in made:
        if draw(st.booleans()):
            answer["feedback"] = draw(texts)
    return made


@st.composite
def bodies(draw: st.DrawFn, texts: st.SearchStrategy[str], type_name: str) -> dict[str, Any]:
    """Make what a question of a type has besides what all have."""
    made = _MAKERS[type_name](draw, texts)
    return {"type": type_name} | made


def _single_choice(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    made = draw(answers(texts, right=1))
    for answer in made:
        if not answer.get("correct") and draw(st.booleans()):
            answer["percent"] = draw(st.sampled_from([25, 50, 33.33333, 5, 100]))
    return {"answers": made} | draw(_shuffle)


def _multiple_choice(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    made = draw(answers(texts))
    scoring = draw(st.sampled_from(["all_or_nothing", "partial", "penalty", "weighted"]))
    if scoring == "weighted":
        right = [answer for answer in made if answer.get("correct")]
        shares = [100 // len(right)] * len(right)
        shares[0] += 100 - sum(shares)
        for answer, share in zip(right, shares, strict=True):
            answer["percent"] = share
        for answer in made:
            if not answer.get("correct") and draw(st.booleans()):
                answer["percent"] = draw(st.sampled_from([-50, -100, -12.5]))
    return {"answers": made, "scoring": scoring} | draw(_shuffle)


_shuffle = st.sampled_from([{}, {}, {"shuffle": False}])


def _true_false(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"correct": draw(st.booleans())}
    for key in ("feedback_true", "feedback_false"):
        if draw(st.booleans()):
            made[key] = draw(texts)
    if draw(st.integers(0, 9)) == 0:
        made["reasons"] = draw(answers(texts, right=1))
    return made


@st.composite
def expected(draw: st.DrawFn, texts: st.SearchStrategy[str], accepted: list[str]) -> list[Any]:
    """Return expected answers of which one gives all points, each perhaps with points and feedback."""
    made: list[Any] = []
    for text in accepted:
        entry: dict[str, Any] = {"text": text}
        if made and draw(st.integers(0, 3)) == 0:
            entry["percent"] = draw(st.sampled_from([0, 25, 33.33333, 50, 99.5]))
        if draw(st.integers(0, 3)) == 0:
            entry["feedback"] = draw(texts)
        made.append(entry if len(entry) > 1 else text)
    if draw(st.integers(0, 4)) == 0:
        made.append({"text": "*", "percent": 0, "feedback": draw(texts)})
    return made


@st.composite
def option(draw: st.DrawFn, texts: st.SearchStrategy[str], text: str, correct: str) -> Any:
    """Return an option of a gap, perhaps with points, unless it is the one that has all, and feedback."""
    entry: dict[str, Any] = {"text": text}
    if text != correct and draw(st.integers(0, 3)) == 0:
        entry["percent"] = draw(st.sampled_from([25, 33.33333, 50, 99.5, 100]))
    if draw(st.integers(0, 3)) == 0:
        entry["feedback"] = draw(texts)
    return entry if len(entry) > 1 else text


def _short_text(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    accepted = draw(unique(texts.filter(lambda text: bool(text.replace("*", "").strip())), 1, 4))
    more = draw(st.sampled_from([{}, {"case_sensitive": True}, {"ignore_diacritics": True}]))
    return {"accepted": draw(expected(texts, accepted))} | more


def _numerical(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"value": draw(numbers), "tolerance": abs(draw(numbers))}
    if draw(st.integers(0, 3)) == 0:
        made["tolerance_kind"] = "relative"
    if draw(st.integers(0, 3)) == 0:
        made["units"] = [{"name": "m", "factor": 1}, {"name": "cm", "factor": 0.01}, {"name": "km", "factor": 1000}]
    for key in ("feedback", "feedback_otherwise"):
        if draw(st.integers(0, 3)) == 0:
            made[key] = draw(texts)
    if draw(st.integers(0, 3)) == 0:
        made["other_values"] = [
            {"value": draw(numbers)}
            | draw(st.sampled_from([{}, {"tolerance": 0.5}, {"tolerance": 0}]))
            | draw(st.sampled_from([{}, {"percent": 50}, {"percent": 0}, {"percent": 100}]))
            | ({"feedback": draw(texts)} if draw(st.booleans()) else {})
            for _number in range(draw(st.integers(0, 3)))
        ]
    return made


def _matching(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    lefts = draw(unique(texts, 2, 5))
    rights = draw(unique(texts, len(lefts), len(lefts) + 2))
    made: dict[str, Any] = {
        "pairs": [{"left": left, "right": right} for left, right in zip(lefts, rights, strict=False)]
    }
    made |= {"distractors": rights[len(lefts) :]} if len(rights) > len(lefts) else {}
    return made | _others(draw, list(range(len(lefts), 0, -1)))


def _others(draw: st.DrawFn, other: list[int]) -> dict[str, Any]:
    return {"other_solutions": [other]} if draw(st.integers(0, 4)) == 0 else {}


def _categorising(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    names = draw(unique(texts, 2, 4))
    members = draw(unique(texts, 2, 7))
    places = [draw(st.integers(0, len(names) - 1)) for _member in members]
    return {
        "categories": [
            {
                "name": name,
                "members": [member for member, place in zip(members, places, strict=True) if place == number],
            }
            for number, name in enumerate(names)
        ]
    } | _others(draw, [1 if place else 2 for place in sorted(places)])


def _ordering(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    steps = draw(unique(texts, 3, 6))
    scoring = draw(st.sampled_from(["pairs", "places", "all_or_nothing"]))
    return {"steps": steps, "scoring": scoring} | _others(draw, list(range(len(steps), 0, -1)))


def _gaps(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    gaps: list[dict[str, Any]] = []
    pieces = [draw(plain_words)]
    for name in draw(st.lists(st.sampled_from(["a", "b", "c", "1", "gap-2"]), min_size=1, max_size=4, unique=True)):
        if draw(st.booleans()):
            options = draw(unique(texts, 2, 4))
            correct = draw(st.sampled_from(options))
            gaps.append({"id": name, "options": [draw(option(texts, one, correct)) for one in options], "correct": correct})
        else:
            gaps.append({"id": name, "accepted": draw(expected(texts, draw(unique(texts, 1, 3))))})
        pieces += [f"[[{name}]]", draw(st.one_of(texts, plain_words)).replace("[[", "[ [")]
    return {"text": " ".join(pieces), "gaps": gaps} | draw(st.sampled_from([{}, {}, {"case_sensitive": True}]))


def _essay(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    return draw(st.sampled_from([{}, {"min_words": 50, "max_words": 200}])) | (
        {"guidance": draw(texts)} if draw(st.booleans()) else {}
    )


def _file_upload(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    return {"media_types": ["application/pdf"], "max_megabytes": 10} | (
        {"guidance": draw(texts)} if draw(st.booleans()) else {}
    )


_coords = {
    "rect": st.sampled_from([[0, 0, 50, 50], [10, 20, 90.5, 100], [33.3333, 0.5, 66.6667, 99], [12, 34, 56, 78]]),
    "circle": st.sampled_from([[50, 50, 10], [0, 100, 5.5], [33.3, 66.6, 100], [1, 2, 3]]),
}


def _hotspot(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    areas: list[dict[str, Any]] = []
    for label in draw(unique(texts, 2, 5)):
        shape = draw(st.sampled_from(["rect", "circle"]))
        areas.append({"label": label, "shape": shape, "coords": draw(_coords[shape])})
    for area in draw(st.permutations(areas))[: draw(st.integers(1, len(areas)))]:
        area["correct"] = True
    several = sum(1 for area in areas if area.get("correct")) > 1
    return {"image": PLAN, "alt": draw(texts), "areas": areas} | ({"single": True} if several and draw(st.booleans()) else {})


_MAKERS = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_text": _short_text,
    "numerical": _numerical,
    "matching": _matching,
    "categorising": _categorising,
    "ordering": _ordering,
    "gaps": _gaps,
    "essay": _essay,
    "file_upload": _file_upload,
    "hotspot": _hotspot,
}
TYPES = tuple(_MAKERS)


@st.composite
def questions(draw: st.DrawFn, *, ugly: bool = True, types: tuple[str, ...] = TYPES) -> dict[str, Any]:
    """Make a question."""
    texts = ugly_text if ugly else st.sampled_from([f"{one} {n}" for n in "abcdef" for one in WORDS])
    blocks = ugly_block if ugly else texts
    body = draw(bodies(texts, draw(st.sampled_from(types))))
    made: dict[str, Any] = {"id": draw(st.sampled_from(["q1", "9-a", "an.b_c", "x" * 80])), "prompt": draw(blocks)}
    if draw(st.booleans()):
        made["explanation"] = draw(blocks)
    if draw(st.booleans()):
        made["tags"] = draw(unique(texts.map(str.strip), 1, 3))
    if draw(st.booleans()):
        made["difficulty"] = draw(st.sampled_from([1, 2, 3]))
    if draw(st.integers(0, 3)) == 0:
        made["points"] = draw(st.integers(1, 5))
    return made | body
