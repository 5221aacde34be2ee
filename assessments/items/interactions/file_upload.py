"""File upload: one file, marked by hand. Response: ``{"file": {"id", "filename", "media_type", "size", "sha256"}}``.

The bytes are kept before the answer is read (attempts/uploads.py); the answer only names them. What ``read`` gets under
the field is the JSON of that name, made by the server and never by a browser.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.items.interactions import answers
from assessments.items.interactions.parts import Mended, Part
from assessments.items.interactions.wordings import EXPLANATION, GUIDANCE, PROMPT, Texts
from lms.files.rules import KINDS, labels
from lms.sentences import N_, Sentence, sentence

LABEL = N_("File")
KEYS = frozenset({"media_types", "max_megabytes", "guidance"})
MANUAL = True
TAKES_FILE = True
WORDINGS: tuple[Texts, ...] = (PROMPT, EXPLANATION, GUIDANCE)
#: What a definition may say; the installation's own limit holds where it is smaller (see attempts/uploads.py).
MAX_MEGABYTES = 50
USUAL_MEGABYTES = 10
_FILE = {"id": int, "filename": str, "media_type": str, "size": int, "sha256": str}


def problems(definition: dict[str, Any]) -> list[Sentence]:
    """See Interaction.problems."""
    found = []
    media_types = definition.get("media_types")
    if (
        not isinstance(media_types, list)
        or not media_types
        or not all(isinstance(one, str) and one in KINDS for one in media_types)
    ):
        found.append(sentence(N_("'media_types' must be a list of %(kinds)s."), kinds=", ".join(KINDS)))
    most = definition.get("max_megabytes", USUAL_MEGABYTES)
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= MAX_MEGABYTES:
        found.append(sentence(answers.WHOLE_NUMBER, key="max_megabytes", least=1, most=MAX_MEGABYTES))
    if "guidance" in definition and not answers.is_text(definition["guidance"]):
        found.append(sentence(answers.A_TEXT, key="guidance"))
    return found


def shuffle(definition: dict[str, Any], chance: random.Random) -> list[int]:
    """See Interaction.shuffle; there is nothing to mix."""
    return []


def read(definition: dict[str, Any], field: str, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """See Interaction.read."""
    try:
        file = json.loads(form.get(field, ""))
    except ValueError:
        return None
    return {"file": file} if _is_file(file) else None


def check(definition: dict[str, Any], response: dict[str, Any]) -> bool:
    """See Interaction.check."""
    return set(response) == {"file"} and _is_file(response["file"])


def score(definition: dict[str, Any], response: dict[str, Any]) -> Fraction:
    """See Interaction.score; a person decides."""
    return Fraction(0)


def analyse(definition: dict[str, Any], response: dict[str, Any]) -> list[Part]:
    """See Interaction.analyse."""
    return [Part(response["file"]["filename"], None)]


def options(definition: dict[str, Any], order: Sequence[int] | None = None) -> list[Part]:
    """See Interaction.options; there is no list to choose from."""
    return []

#: See Interaction.named_parts.
named_parts = options


def mend(definition: dict[str, Any], form: MultiDict[str, str]) -> Mended | None:
    """See Interaction.mend; a person decides."""
    return None


def show(definition: dict[str, Any], order: list[int], response: dict[str, Any] | None) -> dict[str, Any]:
    """See Interaction.show."""
    media_types = definition["media_types"]
    return {
        "file": response["file"] if response else None,
        "kinds": labels(media_types),
        "accept": ",".join([*media_types, *(ending for one in media_types for ending in KINDS[one].endings)]),
        "max_megabytes": definition.get("max_megabytes", USUAL_MEGABYTES),
    }


def _is_file(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == set(_FILE)
        and all(type(value[key]) is kind for key, kind in _FILE.items())
    )
