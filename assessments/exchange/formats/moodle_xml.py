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
from assessments.exchange.formats.moodle_schema import check_category, check_question
from assessments.exchange.formats.moodle_source import Source, raw_text
from assessments.exchange.formats.moodle_writing import write
from assessments.exchange.limits import check_count, check_parts
from assessments.exchange.making import Given
from assessments.exchange.reasons import NotTaken, Unreadable, Why, shortened
from assessments.exchange.xml_reading import local, read_xml
from lms.files.rules import KINDS, media_type_of
from lms.sentences import Sentence

__all__ = ["parse", "write"]

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
#: Feedback for the answer as a whole, for which there is no place.
_COMBINED = frozenset({"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"})
#: A course's own tags are tags of the question as well.
_TAGS = ("tags/tag", "coursetags/tag")
#: What an editor leaves around words, or where nothing is written. A picture is none of it.
_AROUND_WORDS = re.compile(r"</?(?:p|div|span|br|b|strong|em|i)(?:\s[^<>]*)?>|&nbsp;")
_GRADINGS = {"-1": "all_or_nothing", "0": "places"}


def parse(content: bytes) -> list[Entry]:
    """Return every question of the file. Raises Unreadable."""
    root = read_xml(content)
    check_count(len(root))
    if local(root.tag) != "quiz":
        raise Unreadable(Why.WRONG_ROOT, element=shortened(local(root.tag)), format="Moodle XML")
    entries = _loose(root.text)
    tags: list[str] = []
    for element in root:
        if element.tag == "question" and element.get("type") == "category":
            path = element.find("category")
            tags = category_tags(raw_text(path).strip()) if path is not None else []
            entries += _more_than_a_category(element)
        elif element.tag == "question":
            entries.append(_entry(element, tags))
        else:
            entries.append(_foreign(element))
        entries += _loose(element.tail)
    if not entries:
        raise Unreadable(Why.NO_QUESTIONS, line=content.count(b"\n") + 1)
    return entries


def _foreign(element: Element) -> Entry:
    name = shortened(local(element.tag))
    return Entry(name, name, None, Sentence(Why.UNKNOWN_PART.text, {"part": name}))


def _loose(text: str | None) -> list[Entry]:
    """Return a refusal for what stands between the questions, if anything does."""
    words = shortened(text or "")
    return [Entry(words, "text", None, Sentence(Why.LOOSE_TEXT.text, {"text": words}))] if words else []


def _more_than_a_category(element: Element) -> list[Entry]:
    """Return a refusal for a category that holds what would be lost, if it does."""
    try:
        check_category(element)
    except NotTaken as refused:
        path = element.find("category")
        name = shortened(raw_text(path)) if path is not None else ""
        return [Entry(name or "category", "category", None, refused.sentence)]
    return []


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
    entry = read_entry(shown, type_name, identifier, lambda: _question(source, kind, reader, name))
    return Entry(entry.name, entry.type, entry.question, entry.reason, identifier, source.media if entry.taken else {})


Reader = Callable[[Source, str], dict[str, Any]]


def _question(source: Source, kind: str, read: Reader, name: str) -> dict[str, Any]:
    check_question(source.element, kind)
    _check_common(source)
    text = source.find("questiontext")
    usual = text.get("format", "html") if text is not None else "html"
    if kind == "cloze":  # its prompt and its gaps are one text
        prompt, made = read_cloze(*source.text(text, "html"), name)
    else:
        prompt, made = source.block(text, "html"), read(source, usual)
    tags = source.tags + [raw_text(tag).strip() for path in _TAGS for tag in source.element.findall(path)]
    # A cloze question's points are its gaps' weights added up: whatever stands beside them Moodle does not read.
    points = made.pop("points") if kind == "cloze" else making.number(source.value("defaultgrade") or "1")
    explanation = source.block(source.find("generalfeedback"), usual)
    return making.question(prompt, made, explanation=explanation, tags=tags, points=points)


def _check_common(source: Source) -> None:
    """Refuse a question with a part for which there is no place, whatever its type."""
    if source.flag("hidden", "0"):
        raise NotTaken(Why.HIDDEN)
    for child in source.element:
        said = "".join(child.itertext()).strip()
        if child.tag == "hint" and _says_something(child):
            raise NotTaken(Why.HINTS)
        if child.tag in {"image", "image_base64"} and said:
            raise NotTaken(Why.PICTURE, name=shortened(said))
        if child.tag in _COMBINED:
            for file in child.findall("file"):
                raise NotTaken(Why.FILES, name=shortened(file.get("name", "")))
            words = _words(said)
            if words and words.lower() not in _USUAL_FEEDBACK:
                raise NotTaken(Why.COMBINED_FEEDBACK, text=shortened(words))


def _words(html: str) -> str:
    return " ".join(_AROUND_WORDS.sub(" ", html).split())


def _says_something(hint: Element) -> bool:
    """Say whether a hint has a text or a file; how it would be shown says nothing without."""
    texts = (hint, *hint.iter("text"), *hint.iter("hintcontent"))
    return any((one.text or "").strip() for one in texts) or next(hint.iter("file"), None) is not None


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
    answers = _given(source, _answers(source), usual, plain=True)
    given = {answer.text.strip().lower(): answer for answer in answers}
    if set(given) != {"true", "false"} or len(answers) != len(given):
        raise NotTaken(Why.TRUE_FALSE, names=shortened(", ".join(one.text for one in answers) or "–"))
    if (percents := sorted(answer.percent for answer in given.values())) != [0, 100]:
        raise NotTaken(Why.SEVERAL_RIGHT_ANSWERS if percents == [100, 100] else Why.NO_RIGHT_ANSWER)
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
        (_said(unit, "unit_name"), making.number(_said(unit, "multiplier") or "1"))
        for unit in source.element.findall("units/unit")
    ]
    if units:
        if source.value("showunits") == "3":  # units are stated there, and none is asked
            raise NotTaken(Why.OPTIONAL_UNIT)
        if source.value("unitgradingtype", "0") not in {"1", "2"}:
            raise NotTaken(Why.OPTIONAL_UNIT)
        if Fraction(source.value("unitpenalty", "0") or "0") < 1:
            raise NotTaken(Why.UNIT_PENALTY)
    return making.numerical(
        given,
        [(name, _factor(name, multiplier)) for name, multiplier in units],
    )


def _said(element: Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else raw_text(found).strip()


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
    return making.matching(pairs, shuffle=source.flag("shuffleanswers", "1"))


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
    template = source.find("responsetemplate")
    if template is not None and (_words(raw_text(template)) or template.find("file") is not None):
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


def _cloze(_source: Source, _usual: str) -> dict[str, Any]:
    raise AssertionError("a cloze question is read from its text")


_READERS: dict[str, Reader] = {
    "multichoice": _multichoice,
    "multichoiceset": _multichoice_set,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
}
