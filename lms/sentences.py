"""Sentences to people, made below the level that knows a language and translated when they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark for translation, do not translate yet"
    """Mark a source string for the catalogue; it is translated when it is shown."""
    return text


@dataclass(frozen=True)
class Sentence:
    """An English source string with its values; a template shows it by ``|say``.

    ``plural`` with a value ``n`` chooses between the two forms as gettext does. Values may be Sentences themselves,
    aware datetimes, dates and numbers: they are shown as the language writes them.
    """

    text: str
    values: dict[str, Any]
    plural: str | None = None


def sentence(text: str, plural: str | None = None, **values: Any) -> Sentence:
    """Make a Sentence; ``text`` is marked by ``N_`` at the call so that the catalogue finds it."""
    return Sentence(text, values, plural)


class Reason(StrEnum):
    """Why something is not possible. A member is ``NAME = "code", N_("English sentence with %(values)s.")``."""

    text: str

    def __new__(cls, value: str, text: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = text
        return member


class Refusal(Exception):
    """A rule said no; the transaction is rolled back and the person reads the reason's sentence."""

    def __init__(self, reason: Reason, **values: Any) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.sentence = Sentence(reason.text, values)
