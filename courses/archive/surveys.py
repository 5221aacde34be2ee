"""What the type of a questionnaire's question wants beside it, which its keys alone do not say."""

from __future__ import annotations

from courses.activity_kinds import ArchiveError
from courses.archive.parsing import Document
from lms.sentences import N_, sentence

_KEYS = {"scale": {"low", "high"}, "choice": {"options"}, "text": set()}
_TEXTS = {
    "scale": N_("A question of the type scale has “low” and “high”, and no “options”."),
    "choice": N_("A question of the type choice has “options”, and neither “low” nor “high”."),
    "text": N_("A question of the type text has neither “low” and “high” nor “options”."),
}


def survey_problems(document: Document) -> list[ArchiveError]:
    """Return an error for each question of a questionnaire that has other keys than its type wants."""
    found = []
    for index, question in enumerate(document.fitting.get("questions", [])):
        kind = question.get("type")
        if kind and {"low", "high", "options"} & document.data["questions"][index].keys() != _KEYS[kind]:
            line = document.line(("questions", index))
            found.append(ArchiveError(document.path, line, sentence(_TEXTS[kind])))
    return found
