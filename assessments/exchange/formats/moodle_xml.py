"""Moodle XML: what a ``<quiz>`` says about each question. Cloze has a file of its own, and so has writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from xml.etree.ElementTree import Element

from assessments.exchange import making
from assessments.exchange.entries import Entry, read_entry
from assessments.exchange.formats.gift import category_tags
from assessments.exchange.formats.moodle_cloze import read_cloze
from assessments.exchange.formats.moodle_source import Source, raw_text
from assessments.exchange.formats.moodle_writing import write
from assessments.exchange.limits import check_count, check_parts
from assessments.exchange.making import Given
from assessments.exchange.reasons import NotTaken, Unreadable, Why, shortened
from assessments.exchange.xml_reading import local, read_xml
from lms.files.rules import KINDS, media_type_of
from lms.sentences import Sentence

__all__ = ["parse", "write"]

#: What a question of any type can have, and what of it says nothing that counts here: the penalty and the numbering are
#: for ways of asking that we don't have.
_COMMON = frozenset(
    {"name", "questiontext", "generalfeedback", "defaultgrade", "penalty", "hidden", "idnumber", "tags", "hint"}
    | {"answernumbering", "showstandardinstruction", "shownumcorrect", "image", "image_base64", "version", "status"}
    | {"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback", "coursetags"}
)
#: Moodle's own sentences say only whether the answer is right, which the result says anyhow.
_USUAL_FEEDBACK = frozenset(
    {
        "your answer is correct.", "your answer is partially correct.", "your answer is incorrect.",
        "die antwort ist richtig.", "die antwort ist teilweise richtig.", "die antwort ist falsch.",
        "ihre antwort ist richtig.", "ihre antwort ist teilweise richtig.", "ihre antwort ist falsch.",
        "correct answer", "partially correct answer.", "wrong answer", "correct", "incorrect", "partially correct",
        "that's right!", "parts, but only parts, of your response are correct.", "that is not right at all.",
    }
)  # fmt: skip
_TYPES = {
    "truefalse": "true_false", "shortanswer": "short_text", "numerical": "numerical", "matching": "matching",
    "essay": "essay", "ordering": "ordering", "cloze": "gaps", "multichoiceset": "multiple_choice",
}  # fmt: skip
#: Types of Moodle that cannot be said here, and what can be done instead.
_REASONS = {
    "ddmarker": Why.DROPPED, "ddimageortext": Why.DROPPED, "ddwtos": Why.SHARED_WORDS, "gapselect": Why.SHARED_WORDS,
    "calculated": Why.CALCULATED, "calculatedsimple": Why.CALCULATED, "calculatedmulti": Why.CALCULATED,
    "random": Why.OTHER_QUESTIONS, "randomsamatch": Why.OTHER_QUESTIONS,
}  # fmt: skip
_GRADINGS = {"-1": "all_or_nothing", "0": "places"}


def parse(content: bytes) -> list[Entry]:
    """Return every question of the file. Raises Unreadable."""
    root = read_xml(content)
    check_count(len(root))
    if local(root.tag) != "quiz":
        raise Unreadable(Why.WRONG_ROOT, element=shortened(local(root.tag)), format="Moodle XML")
    entries = []
    tags: list[str] = []
    for element in root:
        if element.tag == "question" and element.get("type") == "category":
            path = element.find("category")
            tags = category_tags(raw_text(path).strip()) if path is not None else []
        elif element.tag == "question":
            entries.append(_entry(element, tags))
        else:
            entries.append(_foreign(element))
    if not entries:
        raise Unreadable(Why.NO_QUESTIONS, line=content.count(b"\n") + 1)
    return entries


def _foreign(element: Element) -> Entry:
    name = shortened(local(element.tag))
    return Entry(name, name, None, Sentence(Why.UNKNOWN_PART.text, {"part": name}))


def _entry(element: Element, tags: list[str]) -> Entry:
    kind = element.get("type", "")
    source = Source(element, list(tags))
    name = " ".join(source.value("name").split())
    identifier = source.value("idnumber")
    text = shortened(re.sub(r"<[^<>]*>", " ", source.value("questiontext")[:2000]))
    shown = name or text
    if kind == "description":
        return Entry(shown, kind, None, Sentence(Why.DESCRIPTION.text, {}), identifier)
    type_name = _TYPES.get(kind, kind)
    if kind == "multichoice":
        type_name = "single_choice" if source.flag("single", "true") else "multiple_choice"
    reader = _READERS.get(kind)
    if kind in _REASONS:
        return Entry(shown, kind, None, Sentence(_REASONS[kind].text, {}), identifier)
    if reader is None:
        return Entry(shown, kind, None, Sentence(Why.UNKNOWN_TYPE.text, {"type": shortened(kind)}), identifier)
    entry = read_entry(shown, type_name, identifier, lambda: _question(source, *reader, name))
    return Entry(entry.name, entry.type, entry.question, entry.reason, identifier, source.media if entry.taken else {})


Reader = Callable[[Source, str], dict[str, Any]]


def _question(source: Source, read: Reader | None, parts: frozenset[str], name: str) -> dict[str, Any]:
    _check_parts(source, parts)
    text = source.find("questiontext")
    usual = text.get("format", "html") if text is not None else "html"
    if read is None:  # a cloze: its prompt and its gaps are one text
        prompt, made = read_cloze(*source.text(text, "html"), name)
    else:
        prompt, made = source.block(text, "html"), read(source, usual)
    tags = source.tags + [raw_text(tag).strip() for tag in source.element.findall("tags/tag")]
    grade = source.value("defaultgrade")
    points: making.Number = making.number(grade) if grade else made.pop("points", 1)
    made.pop("points", None)
    explanation = source.block(source.find("generalfeedback"), usual)
    return making.question(prompt, made, explanation=explanation, tags=tags, points=points)


def _check_parts(source: Source, parts: frozenset[str]) -> None:
    """Refuse a question with a part that nobody here would read."""
    if source.flag("hidden", "0"):
        raise NotTaken(Why.HIDDEN)
    for child in source.element:
        name = local(child.tag)
        said = "".join(child.itertext()).strip()
        if name == "hint" and said:
            raise NotTaken(Why.HINTS)
        if name in {"image", "image_base64"} and said:
            raise NotTaken(Why.PICTURE, name=shortened(said))
        if name.endswith("feedback") and name != "generalfeedback":
            words = re.sub(r"<[^<>]*>|&nbsp;", " ", said)
            if " ".join(words.split()).lower() not in _USUAL_FEEDBACK and words.strip():
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened(words))
        if name not in _COMMON | parts and said:
            raise NotTaken(Why.UNKNOWN_PART, part=shortened(name))


def _given(source: Source, answers: Sequence[Element], usual: str, *, plain: bool) -> list[Given]:
    given = []
    check_parts(len(answers))
    for answer in answers:
        text = source.literal(answer) if plain else source.inline(answer, usual)
        given.append(
            Given(
                text,
                making.percentage(answer.get("fraction", "0")),
                source.inline(answer.find("feedback"), usual),
                (raw_text(tolerance).strip() or "0") if (tolerance := answer.find("tolerance")) is not None else "0",
            )
        )
    return given


def _answers(source: Source) -> list[Element]:
    return source.element.findall("answer")


def _multichoice(source: Source, usual: str) -> dict[str, Any]:
    given = _given(source, _answers(source), usual, plain=False)
    # Moodle shuffles only where it is said so.
    return making.choice(given, single=source.flag("single", "true"), shuffle=source.flag("shuffleanswers", "0"))


def _multichoice_set(source: Source, usual: str) -> dict[str, Any]:
    given = _given(source, _answers(source), usual, plain=False)
    return making.all_or_nothing(given, shuffle=source.flag("shuffleanswers", "1"))


def _true_false(source: Source, usual: str) -> dict[str, Any]:
    given = {answer.text.strip().lower(): answer for answer in _given(source, _answers(source), usual, plain=True)}
    if set(given) != {"true", "false"}:
        raise NotTaken(Why.TRUE_FALSE, names=shortened(", ".join(given) or "–"))
    if sorted(answer.percent for answer in given.values()) != [0, 100]:
        raise NotTaken(Why.NO_RIGHT_ANSWER)
    return making.true_false(
        correct=given["true"].percent == 100,
        when_true=given["true"].feedback,
        when_false=given["false"].feedback,
    )


def _short_answer(source: Source, usual: str) -> dict[str, Any]:
    given = _given(source, _answers(source), usual, plain=True)
    return making.short_text(given, case_sensitive=source.flag("usecase", "0"))


def _numerical(source: Source, usual: str) -> dict[str, Any]:
    given = _given(source, _answers(source), usual, plain=True)
    units = [
        ((unit.findtext("unit_name") or "").strip(), making.number(unit.findtext("multiplier") or "1"))
        for unit in source.element.findall("units/unit")
    ]
    if units:
        if source.value("unitgradingtype", "0") not in {"1", "2"}:
            raise NotTaken(Why.OPTIONAL_UNIT)
        if Fraction(source.value("unitpenalty", "0") or "0") < 1:
            raise NotTaken(Why.UNIT_PENALTY)
    return making.numerical(
        given,
        [(name, _factor(name, multiplier)) for name, multiplier in units],
    )


def _factor(name: str, multiplier: making.Number) -> making.Number:
    """Return how much one of this unit is in the main one: Moodle says how many of them make one of the main one."""
    try:
        return making.number(making.decimal(1 / Fraction(str(multiplier))))
    except (NotTaken, ZeroDivisionError):
        raise NotTaken(Why.INEXACT_UNIT, unit=shortened(name)) from None


def _matching(source: Source, usual: str) -> dict[str, Any]:
    pairs = []
    subquestions = source.element.findall("subquestion")
    check_parts(len(subquestions))
    for sub in subquestions:
        answer = sub.find("answer")
        pairs.append((source.inline(sub, usual), source.literal(answer)))
    return making.matching(pairs)


def _ordering(source: Source, usual: str) -> dict[str, Any]:
    check_parts(len(_answers(source)))
    steps = [source.inline(answer, usual) for answer in _answers(source)]
    grading = source.value("gradingtype", "0")
    # Names stand there in newer files, numbers in older ones.
    scoring = _GRADINGS.get({"ALL_OR_NOTHING": "-1", "ABSOLUTE_POSITION": "0"}.get(grading.upper(), grading))
    if scoring is None:
        raise NotTaken(Why.ORDER_SCORING, grading=shortened(grading))
    if source.value("selecttype", "0").upper() not in {"0", "ALL"} and source.value("selectcount", "0") not in {
        "0",
        str(len(steps)),
    }:
        raise NotTaken(Why.ORDER_SUBSET)
    return making.ordering(steps, scoring)


def _essay(source: Source, usual: str) -> dict[str, Any]:
    if source.plain(source.find("responsetemplate"), "html").strip():
        raise NotTaken(Why.RESPONSE_TEMPLATE)
    guidance = source.block(source.find("graderinfo"), usual)
    more = {"guidance": guidance} if guidance.strip() else {}
    response = source.value("responseformat", "editor")
    attachments = source.value("attachments", "0")
    if response == "noinline":
        return _upload(source, attachments) | more
    if response not in {"editor", "plain", "monospaced"}:
        raise NotTaken(Why.RESPONSE_FORMAT, format=shortened(response))
    if attachments != "0":
        raise NotTaken(Why.OPTIONAL_ANSWER)
    words = {key: source.value(name) for key, name in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit"))}
    limits = {key: making.number(value) for key, value in words.items() if value not in {"", "0"}}
    return {"type": "essay"} | limits | more


def _upload(source: Source, attachments: str) -> dict[str, Any]:
    if attachments != "1" or source.value("attachmentsrequired", "1") != "1":
        raise NotTaken(Why.RESPONSE_FORMAT, format=f"attachments={attachments}")
    listed = re.split(r"[\s,;]+", source.value("filetypeslist"))
    types = list(dict.fromkeys(one if one in KINDS else media_type_of(f"x{one}") or "" for one in listed))
    if not all(types):
        raise NotTaken(Why.FILE_TYPES, types=shortened(", ".join(filter(None, listed)) or "*"))
    size = int(source.value("maxbytes", "0") or "0")
    made: dict[str, Any] = {"type": "file_upload", "media_types": types}
    if size:
        if size % (1024 * 1024):
            raise NotTaken(Why.UNKNOWN_PART, part=f"maxbytes={size}")
        made["max_megabytes"] = size // (1024 * 1024)
    return made


_CHOICE = frozenset({"answer", "single", "shuffleanswers"})
_READERS: dict[str, tuple[Reader | None, frozenset[str]]] = {
    "multichoice": (_multichoice, _CHOICE),
    "multichoiceset": (_multichoice_set, _CHOICE),
    "truefalse": (_true_false, frozenset({"answer"})),
    "shortanswer": (_short_answer, frozenset({"answer", "usecase"})),
    "numerical": (
        _numerical,
        frozenset({"answer", "units", "unitgradingtype", "unitpenalty", "showunits", "unitsleft", "instructions"}),
    ),
    "matching": (_matching, frozenset({"subquestion", "shuffleanswers"})),
    "ordering": (
        _ordering,
        frozenset(
            {"answer", "layouttype", "selecttype", "selectcount", "gradingtype", "showgrading", "numberingstyle"}
        ),
    ),
    "essay": (
        _essay,
        frozenset({"responseformat", "responserequired", "responsefieldlines", "minwordlimit", "maxwordlimit"})
        | {
            "attachments",
            "attachmentsrequired",
            "maxbytes",
            "filetypeslist",
            "graderinfo",
            "responsetemplate",
            "answer",
        },
    ),
    "cloze": (None, frozenset()),
}
