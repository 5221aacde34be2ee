"""Aiken: a question in lines, lettered answers, and ``ANSWER:`` with the right letter. Only read."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from assessments.exchange import making
from assessments.exchange.decoding import decode
from assessments.exchange.entries import Entry, read_entry
from assessments.exchange.limits import check_count, check_parts
from assessments.exchange.making import Given
from assessments.exchange.reasons import NotTaken, Unreadable, Why, shortened
from assessments.exchange.texts import Text

ANSWER = re.compile(r"([A-Z])[).]\s*(.*)", re.DOTALL)
#: The letter may have the sign behind it that it has before its answer.
KEY = re.compile(r"ANSWER:\s*(.*?)[).]?")


def parse(content: bytes) -> list[Entry]:
    """Return every question of the file. Raises Unreadable."""
    text = decode(content)
    blocks = _blocks(text)
    check_count(len(blocks))
    entries = [_entry(block) for block in blocks]
    if not entries:
        raise Unreadable(Why.NO_QUESTIONS, line=text.count("\n") + 1)
    return entries


def _blocks(text: str) -> list[list[tuple[int, str]]]:
    """Return the questions as numbered lines. A question ends with ANSWER:, or at an empty line after its answers.

    Paragraphs before the answers are one question: a text that asks nothing belongs to the question that follows.
    """
    blocks: list[list[tuple[int, str]]] = []
    current: list[tuple[int, str]] = []
    answered = False
    for number, line in enumerate(text.split("\n"), start=1):
        bare = line.strip()
        if not bare:
            if current and answered:
                blocks.append(current)
                current, answered = [], False
            elif current and current[-1][1]:
                current.append((number, ""))
            continue
        current.append((number, bare))
        answered = answered or ANSWER.fullmatch(bare) is not None
        if KEY.fullmatch(bare):
            blocks.append(current)
            current, answered = [], False
    if current:
        blocks.append(current)
    return blocks


def _entry(block: list[tuple[int, str]]) -> Entry:
    text = [line for _number, line in block if line and not ANSWER.fullmatch(line) and not KEY.fullmatch(line)]
    return read_entry(shortened(" ".join(text) or block[0][1]), "single_choice", "", lambda: _read(block))


def _read(block: list[tuple[int, str]]) -> dict[str, Any]:
    prompt: list[str] = []
    answers: list[str] = []
    key = ""
    for (_number, before), (number, line) in pairwise([(0, "-"), *block]):
        if not line:  # forgiven between text and answers
            continue
        answer = ANSWER.fullmatch(line)
        if found := KEY.fullmatch(line):
            key = found[1].strip()
            if not prompt:
                raise NotTaken(Why.AIKEN_NO_TEXT, line=block[0][0])
            if not re.fullmatch("[A-Z]", key) or ord(key) - ord("A") >= len(answers):
                if len(answers) < 2:
                    raise NotTaken(Why.FEW_ANSWERS, least=2)
                raise NotTaken(Why.AIKEN_BAD_KEY, key=shortened(key), line=number)
        elif answer:
            if not prompt:
                raise NotTaken(Why.AIKEN_NO_TEXT, line=number)
            if ord(answer[1]) - ord("A") != len(answers):
                raise NotTaken(Why.AIKEN_LETTERS, line=number)
            answers.append(answer[2].strip())
            check_parts(len(answers))
        elif answers:
            raise NotTaken(Why.AIKEN_LINES, line=number, text=shortened(line))
        elif not before:
            # In Aiken a question's text is one line, and Moodle keeps the last one only: of paragraphs nobody knows whether
            # they are one text.
            raise NotTaken(Why.AIKEN_PARAGRAPHS, line=number)
        else:
            prompt.append(line)
    if not key:
        raise NotTaken(Why.AIKEN_NO_KEY, line=max(number for number, line in block if line))
    given = [
        Given(Text(text, "plain").inline(), 100 if position == ord(key) - ord("A") else 0)
        for position, text in enumerate(answers)
    ]
    return making.question(Text("\n".join(prompt), "plain").block(), making.choice(given, single=True))
