"""Write QTI 3: a package of items whose scoring is written out, so that any delivery engine counts as we do."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from assessments.exchange.formats.qti_hotspot import write_hotspot
from assessments.exchange.formats.qti_lines import (
    NAME,
    Item,
    decimal_text,
    float_value,
    map_response,
    set_outcome,
    when_right,
)
from assessments.exchange.formats.qti_manifest import identifier_of, write_package
from assessments.exchange.formats.qti_said import feedback_of, said_rule, write_feedback
from assessments.exchange.formats.qti_steps import feedback_of as feedback_of_steps
from assessments.exchange.formats.qti_steps import steps_rule
from assessments.exchange.formats.qti_tree import with_markdown
from assessments.exchange.pictures import FOLDER, addresses_in
from assessments.exchange.reasons import NotTaken, Why, named
from assessments.exchange.written import Load, Written, meta_tags, refuse_keys
from assessments.exchange.xml_writing import escaped, first_words
from assessments.items.interactions.answers import share
from assessments.items.interactions.expected import Expected, as_expected, full_texts
from assessments.items.interactions.gaps import MARK, option_texts
from assessments.items.interactions.typed import accepts_everything
from assessments.items.interactions.typed_numbers import values

NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
Definition = dict[str, Any]


def write(questions: list[Definition], load: Load) -> Written:
    """Return the package. What QTI 3 cannot say is refused by name."""
    return Written.of(questions, partial(one, load=load), join=write_package, ending="qti.zip")


def one(question: Definition, load: Load) -> tuple[Definition, str, dict[str, bytes]]:
    """Return a question with its item and the pictures beside it. Raises NotTaken."""
    writer = _WRITERS.get(question["type"])
    if question["type"] == "hotspot":
        writer = partial(write_hotspot, load=load)
    if writer is None:
        raise NotTaken(Why.CANNOT_SAY, format=NAME)
    refuse_keys(question, {"other_solutions"}, NAME)
    pictures = {f"pictures/{address.removeprefix(FOLDER)}": load(address) for address in addresses_in(question)}
    escaped("".join(meta_tags(question)), NAME)  # refuses what XML cannot hold
    item = Item(question)
    item.open(
        "qti-assessment-item", xmlns=NAMESPACE, identifier=identifier_of(question["id"]),
        title=first_words(question["prompt"]), adaptive="false", time_dependent="false",
    )  # fmt: skip
    writer(item)
    if explanation := question.get("explanation"):
        item.open("qti-modal-feedback", outcome_identifier="EXPLANATION", identifier="EXPLANATION", show_hide="show")
        item.markdown("qti-content-body", explanation, block=True)
        item.close("qti-modal-feedback")
    item.close("qti-assessment-item")
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + item.text()
    return (
        question,
        text.replace(f'src="{FOLDER}', 'src="../pictures/').replace(f"]({FOLDER}", "](../pictures/"),
        pictures,
    )


def _choice(item: Item) -> None:
    question = item.question
    answers = question["answers"]
    single = question["type"] == "single_choice"
    names = [f"A{number}" for number in range(1, len(answers) + 1)]
    right = [name for name, answer in zip(names, answers, strict=True) if answer.get("correct")]
    feedback = any("feedback" in answer for answer in answers)
    scoring = question.get("scoring", "partial")
    cardinality = "single" if single else "multiple"
    weighted = single and any("percent" in answer for answer in answers)
    if (single and not weighted) or (not single and scoring == "all_or_nothing"):
        item.correct("RESPONSE", "identifier", cardinality, right)
        rule = when_right(item.points)
    else:
        worth, shift = _worth(question, scoring, item.points)
        pairs = [(name, amount) for name, amount in zip(names, worth, strict=True) if amount]
        item.mapped("RESPONSE", "identifier", cardinality, right, pairs, lower=shift is None)
        rule = set_outcome("SCORE", map_response("RESPONSE")) if shift is None else _shifted(shift)
    item.outcomes(feedback=feedback)
    item.begin_body()
    item.open(
        "qti-choice-interaction", response_identifier="RESPONSE", max_choices="1" if single else "0",
        shuffle="true" if question.get("shuffle", True) else "false",
    )  # fmt: skip
    for name, answer in zip(names, answers, strict=True):
        _simple_choice(item, name, answer["text"], answer.get("feedback", ""))
    item.close("qti-choice-interaction")
    item.close("qti-item-body")
    item.processing(rule, feedback=feedback)


def _simple_choice(item: Item, name: str, text: str, feedback: str) -> None:
    escaped(text + feedback, NAME)
    body = with_markdown(text, block=False)
    if feedback:
        more = with_markdown(feedback, block=False)
        body += (
            f'<qti-feedback-inline outcome-identifier="FEEDBACK" identifier="{name}" show-hide="show">{more}'
            "</qti-feedback-inline>"
        )
    item.raw("qti-simple-choice", body, identifier=name)


def _worth(question: Definition, scoring: str, points: int) -> tuple[list[Fraction], Fraction | None]:
    """Return what each answer is worth, and what is added to the sum of a partial scoring."""
    answers = question["answers"]
    right = sum(1 for answer in answers if answer.get("correct"))
    if question["type"] == "single_choice" or scoring == "weighted":
        usual = [100 if answer.get("correct") and "percent" not in answer else 0 for answer in answers]
        shares = [Fraction(str(answer.get("percent", one))) / 100 for answer, one in zip(answers, usual, strict=True)]
        return [share * points for share in shares], None
    each = Fraction(points, right) if scoring == "penalty" else Fraction(2 * points, len(answers))
    worth = [each if answer.get("correct") else -each for answer in answers]
    return worth, None if scoring == "penalty" else points - right * each


def _shifted(shift: Fraction) -> str:
    """Nothing for no answer; otherwise the mapping plus a constant, never below nothing."""
    total = f"<qti-sum>{float_value(decimal_text(shift))}{map_response('RESPONSE')}</qti-sum>"
    value = f"<qti-max>{float_value('0')}{total}</qti-max>"
    return (
        '<qti-response-condition><qti-response-if><qti-is-null><qti-variable identifier="RESPONSE"/></qti-is-null>'
        f"{set_outcome('SCORE', float_value('0'))}</qti-response-if>"
        f"<qti-response-else>{set_outcome('SCORE', value)}</qti-response-else></qti-response-condition>"
    )


def _true_false(item: Item) -> None:
    refuse_keys(item.question, {"reasons", "shuffle"}, NAME)
    feedback = any(key in item.question for key in ("feedback_true", "feedback_false"))
    item.correct("RESPONSE", "identifier", "single", ["true" if item.question["correct"] else "false"])
    item.outcomes(feedback=feedback)
    item.begin_body()
    item.open("qti-choice-interaction", response_identifier="RESPONSE", max_choices="1", shuffle="false")
    for name, word in (("true", "Richtig"), ("false", "Falsch")):
        _simple_choice(item, name, word, item.question.get(f"feedback_{name}", ""))
    item.close("qti-choice-interaction")
    item.close("qti-item-body")
    item.processing(when_right(item.points), feedback=feedback)


def _short_text(item: Item) -> None:
    question = item.question
    refuse_keys(question, {"ignore_diacritics"}, NAME)
    listed = [as_expected(entry) for entry in question["accepted"]]
    said = feedback_of(listed)
    case = question.get("case_sensitive", False)
    worth = _text_worth(listed[:-1] if accepts_everything(listed[-1].text) else listed, Fraction(item.points))
    item.mapped("RESPONSE", "string", "single", full_texts(question["accepted"])[:1], worth, case_sensitive=case)
    item.outcomes(feedback=bool(said))
    item.begin_body()
    item.raw("p", '<qti-text-entry-interaction response-identifier="RESPONSE"/>')
    item.close("qti-item-body")
    rules = [said_rule(listed, case_sensitive=case)] if said else []
    item.processing(set_outcome("SCORE", map_response("RESPONSE")), *rules)
    write_feedback(item, said)


def _text_worth(listed: list[Expected], points: Fraction) -> list[tuple[str, Fraction]]:
    """Return what each expected text is worth. Raises NotTaken for what a mapping cannot say."""
    if any("*" in one.text for one in listed):
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("star"))
    return [(one.text, one.share * points) for one in listed]


def _numerical(item: Item) -> None:
    question = item.question
    refuse_keys(question, {"units"}, NAME)
    listed, otherwise = values(question), question.get("feedback_otherwise", "")
    said = feedback_of_steps(listed, otherwise)
    several = bool(said) or len(listed) > 1
    if several and any(one.get("tolerance_kind", "absolute") != "absolute" for one in listed):
        raise NotTaken(Why.CANNOT_SCORE, format=NAME, scoring=named("by relative"))
    relative = question.get("tolerance_kind", "absolute") == "relative"
    tolerance = question.get("tolerance", 0)
    amount = str(tolerance)
    if relative:
        amount = decimal_text(Fraction(str(tolerance)) * 100)
    item.correct("RESPONSE", "float", "single", [str(question["value"])])
    item.outcomes(feedback=bool(said))
    item.begin_body()
    item.raw("p", '<qti-text-entry-interaction response-identifier="RESPONSE"/>')
    item.close("qti-item-body")
    mode = "relative" if relative else "absolute"
    test = f'<qti-equal tolerance-mode="{mode}" tolerance="{amount} {amount}">{{}}</qti-equal>'
    item.processing(steps_rule(listed, item.points, otherwise) if several else when_right(item.points, test=test))
    write_feedback(item, said)


def _matching(item: Item) -> None:
    question = item.question
    rights = [pair["right"] for pair in question["pairs"]] + list(question.get("distractors", []))
    lefts = [(pair["left"], number) for number, pair in enumerate(question["pairs"])]
    _match(item, lefts, rights, shuffle=question.get("shuffle", True))


def _categorising(item: Item) -> None:
    categories = item.question["categories"]
    lefts = [(member, number) for number, category in enumerate(categories) for member in category["members"]]
    if len({number for _left, number in lefts}) == len(lefts):
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("categories"))
    _match(item, lefts, [category["name"] for category in categories])


def _match(item: Item, lefts: list[tuple[str, int]], rights: list[str], *, shuffle: bool = True) -> None:
    each = Fraction(item.points, len(lefts))
    pairs = [(f"L{number} R{right + 1}", each) for number, (_text, right) in enumerate(lefts, start=1)]
    item.mapped("RESPONSE", "directedPair", "multiple", [pair for pair, _worth in pairs], pairs)
    item.outcomes()
    item.begin_body()
    item.open(
        "qti-match-interaction", response_identifier="RESPONSE", shuffle="true" if shuffle else "false",
        max_associations=str(len(lefts)),
    )  # fmt: skip
    item.open("qti-simple-match-set")
    for number, (text, _right) in enumerate(lefts, start=1):
        item.markdown("qti-simple-associable-choice", text, block=False, identifier=f"L{number}", match_max="1")
    item.close("qti-simple-match-set")
    item.open("qti-simple-match-set")
    for number, text in enumerate(rights, start=1):
        item.leaf("qti-simple-associable-choice", text, identifier=f"R{number}", match_max=str(len(lefts)))
    item.close("qti-simple-match-set")
    item.close("qti-match-interaction")
    item.close("qti-item-body")
    item.processing(set_outcome("SCORE", map_response("RESPONSE")))


def _ordering(item: Item) -> None:
    question = item.question
    if question.get("scoring", "pairs") != "all_or_nothing":
        raise NotTaken(Why.CANNOT_SCORE, format=NAME, scoring=named(f"by {question.get('scoring', 'pairs')}"))
    names = [f"S{number}" for number in range(1, len(question["steps"]) + 1)]
    item.correct("RESPONSE", "identifier", "ordered", names)
    item.outcomes()
    item.begin_body()
    item.open("qti-order-interaction", response_identifier="RESPONSE", shuffle="true")
    for name, step in zip(names, question["steps"], strict=True):
        item.markdown("qti-simple-choice", step, block=False, identifier=name)
    item.close("qti-order-interaction")
    item.close("qti-item-body")
    item.processing(when_right(item.points))


def _gaps(item: Item) -> None:
    question = item.question
    refuse_keys(question, {"ignore_diacritics"}, NAME)
    by_id = {gap["id"]: gap for gap in question["gaps"]}
    each = Fraction(item.points, len(by_id))
    controls = {}
    for piece in MARK.findall(question["text"]):
        gap, response = by_id[piece], f"RESPONSE_{piece}"
        if "options" in gap:
            texts = option_texts(gap)
            names = [f"O{number}" for number in range(1, len(texts) + 1)]
            right = names[texts.index(gap["correct"])]
            tables = [(name, one) for name, one in zip(names, gap["options"], strict=True) if isinstance(one, dict)]
            if any("feedback" in one for _name, one in tables):
                raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("feedback"))
            worth = [(name, share(one["percent"]) * each) for name, one in tables if one.get("percent")]
            item.mapped(response, "identifier", "single", [right], [(right, each), *worth])
            choices = "".join(
                f'<qti-inline-choice identifier="{name}">{escaped(text, NAME)}</qti-inline-choice>'
                for name, text in zip(names, texts, strict=True)
            )
            controls[piece] = (
                f'<qti-inline-choice-interaction response-identifier="{response}" shuffle="false">{choices}'
                "</qti-inline-choice-interaction>"
            )
        else:
            listed = [as_expected(entry) for entry in gap["accepted"]]
            if any(one.feedback for one in listed):
                raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("feedback"))
            worth = _text_worth(listed, each)
            case = question.get("case_sensitive", False)
            item.mapped(response, "string", "single", full_texts(gap["accepted"])[:1], worth, case_sensitive=case)
            controls[piece] = f'<qti-text-entry-interaction response-identifier="{response}"/>'
    item.outcomes()
    item.begin_body()
    parts = [
        controls[piece] if number % 2 else escaped(piece, NAME).replace("\n", "<br/>")
        for number, piece in enumerate(MARK.split(question["text"]))
    ]
    if len(by_id) == 1 and not re.sub(r"\[\[.*?\]\]", "", question["text"]).strip():
        raise NotTaken(Why.CANNOT_KEEP, format=NAME, part=named("text"))
    item.raw("p", "".join(parts))
    item.close("qti-item-body")
    total = "".join(map_response(f"RESPONSE_{piece}") for piece in controls)
    item.processing(set_outcome("SCORE", f"<qti-sum>{total}</qti-sum>" if len(controls) > 1 else total))


def _by_hand(item: Item, interaction: Callable[[], None]) -> None:
    item.leaf("qti-response-declaration", identifier="RESPONSE", cardinality="single",
              base_type="file" if item.question["type"] == "file_upload" else "string")  # fmt: skip
    item.outcomes(by_hand=True)
    item.begin_body()
    interaction()
    if guidance := item.question.get("guidance"):
        item.open("qti-rubric-block", use="scoring", view="scorer")
        item.markdown("qti-content-body", guidance, block=True)
        item.close("qti-rubric-block")
    item.close("qti-item-body")
    if "explanation" in item.question:
        item.processing()


def _essay(item: Item) -> None:
    words = {
        name: str(item.question[key])
        for key, name in (("min_words", "data_min_words"), ("max_words", "data_max_words"))
        if key in item.question
    }
    _by_hand(item, lambda: item.leaf("qti-extended-text-interaction", response_identifier="RESPONSE", **words))


def _upload(item: Item) -> None:
    size = item.question.get("max_megabytes")
    more = {"data_max_megabytes": str(size)} if size is not None else {}
    types = " ".join(item.question["media_types"])
    _by_hand(item, lambda: item.leaf("qti-upload-interaction", response_identifier="RESPONSE", type=types, **more))


_WRITERS: dict[str, Callable[[Item], None]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "short_text": _short_text,
    "numerical": _numerical,
    "matching": _matching,
    "categorising": _categorising,
    "ordering": _ordering,
    "gaps": _gaps,
    "essay": _essay,
    "file_upload": _upload,
}
