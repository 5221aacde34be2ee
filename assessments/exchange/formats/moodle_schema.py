"""What a question of Moodle XML may hold, level by level. Written down from what Moodle 1.9 to 5 export and import."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from assessments.exchange.schema import Part, check_part
from assessments.exchange.texts import FORMATS

#: What says nothing here, and why. Each may stand in a question with any value, and is left out.
IGNORED = {
    "penalty": "What a further try costs; there is one answer to a question in an attempt here.",
    "answernumbering": "How answers are numbered is the page's affair.",
    "showstandardinstruction": "Each type has its instruction here.",
    "shownumcorrect": "A review shows every answer that is right, as far as the quiz lets it.",
    "correctresponsesfeedback": "The older name of shownumcorrect.",
    "version": "The bank counts versions itself.",
    "layouttype": "Whether steps stand in a column or a row is the page's affair.",
    "showgrading": "What a review shows is the quiz's affair.",
    "numberingstyle": "How steps are numbered is the page's affair.",
    "responserequired": "Any question may be left without an answer here; it then has no points, as there.",
    "responsefieldlines": "The height of a field is the page's affair.",
    "unitsleft": "Units are chosen from a list here, beside the number.",
}

_IGNORED_EVERYWHERE = (
    "penalty", "answernumbering", "showstandardinstruction", "shownumcorrect", "correctresponsesfeedback", "version",
)  # fmt: skip

#: What Moodle writes for yes and no; nothing is no.
YES, NO = frozenset({"1", "true"}), frozenset({"", "0", "false"})
_FORMAT = {"format": frozenset(FORMATS)}
_TEXT = Part(text=True, attributes={"{http://www.w3.org/XML/1998/namespace}space": None})


def _value(values: frozenset[str] | None = None, *, many: bool = False) -> Part:
    """Return a part with a plain value, which stands in it or in a text below it. A format says nothing of it."""
    return Part({"text": Part(text=True, values=values)}, _FORMAT, text=True, values=values, many=many)


_FILE = Part(text=True, many=True, attributes={"name": None, "path": None, "encoding": frozenset({"base64"})})
_RICH = Part({"text": _TEXT, "file": _FILE}, _FORMAT, text=True)
_BLANK = Part({"text": _TEXT}, _FORMAT, text=True, blank=True)
_FLAG = _value(YES | NO)
_TAGS = Part({"tag": _value(many=True)})
#: A hint with a text is refused as one; without any it may say how it would have been shown.
_HINT_FLAGS = ("shownumcorrect", "clearwrong", "options", "statenumberofcorrectresponses", "clearincorrectresponses",
               "showfeedbacktoresponses")  # fmt: skip
_HINT_PARTS = {"text": _TEXT, "file": _FILE, "hintcontent": _RICH} | dict.fromkeys(_HINT_FLAGS, _value())
_HINT = Part(_HINT_PARTS, _FORMAT, text=True, many=True)
_COMMON = {
    "name": _value(),
    "questiontext": _RICH,
    "generalfeedback": _RICH,
    "defaultgrade": _value(),
    "hidden": _FLAG,
    "idnumber": _value(),
    "status": _value(frozenset({"", "ready"})),
    "tags": _TAGS,
    "coursetags": _TAGS,
    "hint": _HINT,
    "image": _value(),
    "image_base64": _value(),
    "correctfeedback": _RICH,
    "partiallycorrectfeedback": _RICH,
    "incorrectfeedback": _RICH,
} | dict.fromkeys(_IGNORED_EVERYWHERE, _value())
_ANSWERED = {"fraction": None} | _FORMAT
_FEEDBACK = {"feedback": _RICH}


def _answer(more: dict[str, Part]) -> Part:
    """Return an answer; its text may stand in it as in old files."""
    return Part({"text": _TEXT, "file": _FILE} | more, _ANSWERED, text=True, many=True)


_CHOICE = {"answer": _answer(_FEEDBACK), "shuffleanswers": _FLAG}
_UNIT = Part({"multiplier": _value(), "unit_name": _value()}, many=True)
_LITERAL = Part({"text": _TEXT, "file": _FILE}, _FORMAT, text=True)
_SUBQUESTION = Part({"text": _TEXT, "file": _FILE, "answer": _LITERAL}, _FORMAT, text=True, many=True)
_TYPES = {
    "multichoice": _CHOICE | {"single": _FLAG},
    "multichoiceset": _CHOICE | {"single": _value(NO)},
    "truefalse": {"answer": _answer(_FEEDBACK)},
    "shortanswer": {"answer": _answer(_FEEDBACK), "usecase": _FLAG},
    "numerical": {
        "answer": _answer(_FEEDBACK | {"tolerance": _value(), "tolerancetype": _value(frozenset({"", "2"}))}),
        "units": Part({"unit": _UNIT}),
        "unitgradingtype": _value(frozenset({"", "0", "1", "2"})),
        "unitpenalty": _value(),
        "showunits": _value(frozenset({"", "0", "1", "2", "3"})),
        "unitsleft": _value(),
        "instructions": _BLANK,
    },
    "matching": {"subquestion": _SUBQUESTION, "shuffleanswers": _FLAG},
    "ordering": {
        # An old export has an empty feedback at each step.
        "answer": _answer({"feedback": _BLANK}),
        "selecttype": _value(frozenset({"", "0", "1", "2", "all", "random", "contiguous"})),
        "selectcount": _value(),
        "gradingtype": _value(),
    }
    | dict.fromkeys(("layouttype", "showgrading", "numberingstyle"), _value()),
    "essay": {
        "answer": Part({"text": _TEXT, "feedback": _BLANK}, _ANSWERED, text=True, blank=True, many=True),
        "responseformat": _value(),
        "minwordlimit": _value(),
        "maxwordlimit": _value(),
        "attachments": _value(),
        "attachmentsrequired": _value(),
        "maxbytes": _value(),
        "filetypeslist": _value(),
        "graderinfo": _RICH,
        "responsetemplate": _RICH,
    }
    | dict.fromkeys(("responserequired", "responsefieldlines"), _value()),
    "cloze": {},
}
_QUESTIONS = {kind: Part(_COMMON | parts, {"type": None}) for kind, parts in _TYPES.items()}
#: A category becomes tags of the questions below it; its description and its number are about a folder, not a question.
_CATEGORY = Part({"category": _value(), "info": _RICH, "idnumber": _value()}, {"type": None})


def check_question(element: Element, kind: str) -> None:
    """Refuse a question with a part that nobody here would read. Raises NotTaken."""
    check_part(element, _QUESTIONS[kind])


def check_category(element: Element) -> None:
    """Refuse a category that says more than where its questions are. Raises NotTaken."""
    check_part(element, _CATEGORY)
