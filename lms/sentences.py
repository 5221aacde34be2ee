"""Sentences to people, made below the level that knows a language and translated when they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "mark for translation, do not translate yet"
    """Mark a source string for the catalogue; it is translated when it is shown."""
    return text


@dataclass(frozen=True)
class Sentence:
    """An English source string with its values; a template shows it by ``|say``.

    ``plural`` with a value ``n`` chooses between the two forms as gettext does. Values may be Sentences themselves,
    lists of them (shown one after the other), aware datetimes, dates and numbers: they are shown as the language writes them.
    """

    text: str
    values: dict[str, Any]
    plural: str | None = None


def sentence(text: str, plural: str | None = None, **values: Any) -> Sentence:
    """Make a Sentence; ``text`` is marked by ``N_`` at the call so that the catalogue finds it."""
    return Sentence(text, values, plural)


def plain_sentence(said: Sentence) -> str:
    """Return a sentence in English, as commands, their JSON and logs have it."""
    values = {name: _plain(one) for name, one in said.values.items()}
    form = said.text if said.plural is None or said.values["n"] == 1 else said.plural
    return form % values if values else form


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return plain_sentence(value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return " ".join(map(plain_sentence, value)) if isinstance(value, list) else value


def stored_sentence(said: Sentence) -> dict[str, Any]:
    """Return a sentence as JSON can keep it, for ``read_sentence``."""
    values = {name: _stored(one) for name, one in said.values.items()}
    return {"text": said.text, "values": values} | ({"plural": said.plural} if said.plural is not None else {})


def read_sentence(stored: dict[str, Any]) -> Sentence:
    """Return a sentence that was kept by ``stored_sentence``."""
    values = {name: _read(one) for name, one in stored["values"].items()}
    return Sentence(stored["text"], values, stored.get("plural"))


def _stored(value: Any) -> Any:
    if isinstance(value, Sentence):
        return stored_sentence(value)
    return [stored_sentence(one) for one in value] if isinstance(value, list) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return read_sentence(value)
    return [read_sentence(one) for one in value] if isinstance(value, list) else value


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
