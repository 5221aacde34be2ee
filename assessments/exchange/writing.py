"""Write questions into a file. What would not come back the same is not written, and said by name."""

from __future__ import annotations

from typing import Any

from assessments.exchange.formats.registry import NAMES, READERS, WRITERS
from assessments.exchange.pictures import FOLDER, pictures_in
from assessments.exchange.reasons import Unreadable, Why, named, shortened
from assessments.exchange.written import Load, Written, meaningful
from assessments.items.rules import REPAIRED
from lms.sentences import Sentence

Definition = dict[str, Any]
#: A question is written and read back by itself; this many pieces at a time keep large banks quick.
_TOGETHER = 40


def write_questions(questions: list[Definition], format_name: str, load: Load) -> Written:
    """Return a file with these questions (as FORMAT.md has them) and the reasons for those that are not in it.

    Every question is read back before it is given out: a format that changes it does not get it. ``load`` fetches the
    bytes of a picture by its address.
    """
    repaired = [question for question in questions if REPAIRED in question]
    sound = [question for question in questions if REPAIRED not in question]
    good: list[Definition] = []
    refused = [(question["id"], Sentence(Why.REPAIRED.text, {})) for question in repaired]
    lost = [(question["id"], found) for question in sound if (found := _lost_picture(question, format_name))]
    refused += lost
    sound = [question for question in sound if question["id"] not in dict(lost)]
    if format_name in READERS:
        sound = [meaningful(question) for question in sound]
        for start in range(0, len(sound), _TOGETHER):
            _keep(sound[start : start + _TOGETHER], format_name, load, good, refused)
    else:
        good = sound  # our own words need no reading back, and are given out as they came
    written = WRITERS[format_name].write(good, load)
    refused += [one for one in written.refused if one not in refused]
    order = {question["id"]: number for number, question in enumerate(questions)}
    return Written(written.content, written.ending, written.written, sorted(refused, key=lambda entry: order[entry[0]]))


def _lost_picture(question: Definition, format_name: str) -> Sentence | None:
    """Refuse a picture that is not there: a course's archive has its own, every other format only what is kept here."""
    in_archive = format_name not in READERS
    for address in pictures_in(question):
        if address.startswith(FOLDER) is in_archive:
            return Sentence(Why.PICTURE.text, {"name": shortened(address.rsplit("/", 1)[-1])})
    return None


def _keep(
    questions: list[Definition],
    format_name: str,
    load: Load,
    good: list[Definition],
    refused: list[tuple[str, Sentence]],
) -> None:
    written = WRITERS[format_name].write(questions, load)
    refused += written.refused
    kept = [question for question in questions if question["id"] in set(written.written)]
    if not kept:
        return
    back = _read_back(written.content, format_name)
    if back is None and len(kept) > 1:
        for question in kept:
            _keep([question], format_name, load, good, refused)
        return
    for number, question in enumerate(kept):
        again = back[number] if back is not None and len(back) == len(kept) else None
        if again == question:
            good.append(question)
        elif len(kept) > 1 and again is None:
            _keep([question], format_name, load, good, refused)
        else:
            values = {"format": NAMES[format_name], "part": _difference(question, again)}
            refused.append((question["id"], Sentence(Why.NOT_THE_SAME.text, values)))


def _read_back(content: bytes, format_name: str) -> list[Definition | None] | None:
    try:
        entries = READERS[format_name].parse(content)
    except Unreadable:
        return None
    return [
        None if entry.question is None else {"id": _key(entry.identifier)} | meaningful(entry.question)
        for entry in entries
    ]


def _key(identifier: str) -> str:
    # QTI's identifiers begin with a letter or an underscore, ours with a letter or a digit.
    return identifier.removeprefix("_")


def _difference(question: Definition, again: Definition | None) -> Sentence | str:
    if again is None:
        return shortened(str(question["prompt"]))
    return next(named(key) for key in question | again if question.get(key) != again.get(key))
