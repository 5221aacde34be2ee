"""Decisions about new wordings: what was changed, and how old and new differ word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from assessments.items.interactions.typed import with_plain_lines
from assessments.items.interactions.wordings import Wording, shaped_like
from assessments.items.rules import list_wordings
from lms.sentences import N_, Reason, Sentence

#: Words of a text that are compared one by one; of longer ones the changed middle is shown as a whole.
MOST_WORDS = 400
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
#: What cannot be seen, and PostgreSQL cannot keep all of.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class WordingReason(Reason):
    """Why a question cannot be worded like this."""

    OVERTAKEN = "overtaken", N_("Somebody else has changed this question meanwhile. Please look at both, and save again.")
    BROKEN = "broken", N_("The question would not be whole any more: %(problem)s")


@dataclass(frozen=True)
class Piece:
    """A run of a compared text: ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A text that differs between two versions of a question."""

    label: Sentence
    before: str
    after: str

    @property
    def pieces(self) -> list[Piece]:
        """Old and new in one, word by word."""
        return compare(self.before, self.after)


def tidy(text: str) -> str:
    """Return a typed text as it is kept: its lines end as everywhere, and nothing is left around it."""
    return with_plain_lines(text).strip()


def has_invisible(text: str) -> bool:
    """Say whether a tidy text has characters that nobody sees."""
    return _INVISIBLE.search(text) is not None


def without_invisible(text: str) -> str:
    """Return a text without characters that nobody sees."""
    return _INVISIBLE.sub("", with_plain_lines(text))


def typed_texts(wordings: Sequence[Wording], typed: Mapping[str, str]) -> dict[str, str]:
    """Return all texts as they were typed, by name. What was not sent, or only differs in the space around it, stays."""
    return {
        one.name: one.text if tidy(typed.get(one.name, one.text)) == tidy(one.text) else tidy(typed[one.name])
        for one in wordings
    }


def list_changes(before: tuple[str, Mapping[str, Any]], after: tuple[str, Mapping[str, Any]]) -> list[Change]:
    """Return which texts differ between two versions, each as (type, definition), in the order of the later one.

    What a repair added to a list is no other text: the key has changed.
    """
    like = shaped_like(dict(after[1]), dict(before[1])) if before[0] == after[0] else dict(before[1])
    old = {one.name: one for one in list_wordings(before[0], like)}
    new = {one.name: one for one in list_wordings(after[0], dict(after[1]))}
    return [
        Change(one.label, old[name].text if name in old else "", new[name].text if name in new else "")
        for name, one in (new | {name: one for name, one in old.items() if name not in new}).items()
        if (old[name].text if name in old else "") != (new[name].text if name in new else "")
    ]


def compare(before: str, after: str) -> list[Piece]:
    """Return two texts as one: what both have, what is gone, what is new. The work is bounded, whatever the texts."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    ahead = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    most = min(len(old), len(new)) - ahead
    behind = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    gone, fresh = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    pieces = [Piece("same", "".join(old[:ahead]))]
    if max(len(gone), len(fresh)) > MOST_WORDS:
        pieces += [Piece("gone", "".join(gone)), Piece("new", "".join(fresh))]
    else:
        for kind, a, b, c, d in SequenceMatcher(None, gone, fresh, autojunk=False).get_opcodes():
            if kind == "equal":
                pieces.append(Piece("same", "".join(gone[a:b])))
            else:
                pieces += [Piece("gone", "".join(gone[a:b])), Piece("new", "".join(fresh[c:d]))]
    pieces.append(Piece("same", "".join(old[len(old) - behind :])))
    return [one for one in pieces if one.text]


def is_overtaken(seen: Mapping[str, str], standing: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Say whether texts were changed since they were seen, to something else than is given now."""
    return standing != seen and given != standing
