"""What is wrong with a quiz's settings in an archive: each with its key, so that the line is found. Pure, like rules.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessments.items.interactions.answers import ONE_OF, TRUE_OR_FALSE, WHOLE_NUMBER
from assessments.quizzes.rules import LAYOUTS, Candidate, Phase, Shown, count_questions, read_options
from courses.activity_kinds import UNKNOWN_KEY
from lms.sentences import N_, Sentence, sentence

KEYS = frozenset(
    {"title", "draw", "max_attempts", "pass_percent", "grading", "time_limit_minutes", "questions"}
    | {"fixed", "draws", "shuffle_questions", "shuffle_answers", "pause_minutes", "layout", "review"}
)
GRADINGS = ("best", "last", "first", "average")
#: Keys with a whole number, with the least and the most.
NUMBERS = {
    "draw": (0, 200),
    "max_attempts": (1, 100),
    "pass_percent": (0, 100),
    "time_limit_minutes": (1, 24 * 60),
    "pause_minutes": (0, 60 * 24 * 30),
}

Problem = tuple[str, Sentence]


def setting_problems(definition: Mapping[str, Any], questions: Sequence[Mapping[str, Any]] | None) -> list[Problem]:
    """Return what is wrong with an archive's settings; ``questions`` are the quiz's own, None when not all can be read."""
    known = ", ".join(sorted(KEYS - {"questions"}))
    found = [(key, sentence(UNKNOWN_KEY, key=key, known=known)) for key in sorted(set(definition) - KEYS)]
    for key, (least, most) in NUMBERS.items():
        value = definition.get(key, least)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            found.append((key, sentence(WHOLE_NUMBER, key=key, least=least, most=most)))
    for key, choices in (("grading", GRADINGS), ("layout", LAYOUTS)):
        if definition.get(key, choices[0]) not in choices:
            found.append((key, sentence(ONE_OF, key=key, choices=", ".join(choices))))
    found += [
        (key, sentence(TRUE_OR_FALSE, key=key))
        for key in ("shuffle_questions", "shuffle_answers")
        if not isinstance(definition.get(key, True), bool)
    ]
    found += _fixed_problems(definition.get("fixed", []), questions)
    if questions is not None:
        found += _count_problems(definition.get("draw", 0), len(questions))
    found += _draw_problems(definition.get("draws", []), questions)
    if not found and questions is not None:
        found += _sum_problems(definition, questions)
    return found + _review_problems(definition.get("review", {}))


def _fixed_problems(fixed: Any, questions: Sequence[Mapping[str, Any]] | None) -> list[Problem]:
    if (
        not isinstance(fixed, list)
        or not all(isinstance(one, str) for one in fixed)
        or len(set(map(str, fixed))) != len(fixed)
    ):
        return [("fixed", sentence(N_("'fixed' must be a list of different question ids.")))]
    if questions is None:
        return []
    keys = {str(one.get("id")) for one in questions}
    text = N_("'fixed' names the question '%(id)s', which the quiz does not have.")
    return [("fixed", sentence(text, id=one)) for one in fixed if one not in keys]


def _count_problems(draw: Any, there: int) -> list[Problem]:
    if there == 0:
        return [("", sentence(N_("The quiz has no questions.")))]
    if not isinstance(draw, int) or draw <= there:
        return []
    text = N_("The quiz draws %(draw)s questions, but there are only %(n)s.")
    return [
        ("draw", sentence(N_("The quiz draws %(draw)s questions, but there is only one."), text, draw=draw, n=there))
    ]


def _draw_problems(draws: Any, questions: Sequence[Mapping[str, Any]] | None) -> list[Problem]:
    if not isinstance(draws, list) or not all(
        isinstance(one, dict)
        and set(one) == {"tag", "count"}
        and isinstance(one["tag"], str)
        and isinstance(one["count"], int)
        and not isinstance(one["count"], bool)
        and one["count"] > 0
        for one in draws
    ):
        return [("draws", sentence(N_("'draws' must be a list of tables with 'tag' and 'count'.")))]
    text = N_("'draws' wants questions with the tag '%(tag)s': %(count)s are wanted, %(there)s are there.")
    if questions is None:
        return []
    found = []
    for one in draws:
        there = sum(1 for question in questions if one["tag"] in _tags(question))
        if there < one["count"]:
            found.append(("draws", sentence(text, tag=one["tag"], count=one["count"], there=there)))
    return found


def _sum_problems(definition: Mapping[str, Any], questions: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Say so where each setting could be met by itself, but not all together: a question is asked once only."""
    options = read_options(definition)
    pool = [
        Candidate(number, str(one.get("id")), frozenset(_tags(one)), seen=False)
        for number, one in enumerate(questions)
    ]
    count = definition.get("draw", 0)
    wanted = len(options.fixed) + sum(one.count for one in options.draws) + count
    there = count_questions(pool, count, options)
    text = N_("'fixed', 'draws' and 'draw' want more questions than can be asked at once: %(wanted)s instead of %(there)s.")
    key = "draws" if options.draws else "draw"
    return [(key, sentence(text, wanted=wanted, there=there))] if there < wanted else []


def _tags(question: Mapping[str, Any]) -> list[str]:
    """Return a question's tags; what is no list of them is refused with the question."""
    tags = question.get("tags")
    return [str(tag) for tag in tags] if isinstance(tags, list) else []


def _review_problems(review: Any) -> list[Problem]:
    if not isinstance(review, dict):
        return [("review", sentence(N_("'review' must be a table.")))]
    found = []
    for key, whens in review.items():
        if key not in list(Shown):
            found.append(("review", sentence(UNKNOWN_KEY, key=key, known=", ".join(Shown))))
        elif not isinstance(whens, list) or not set(map(str, whens)) <= {str(one) for one in Phase}:
            text = N_("'%(key)s' must be a list of %(choices)s.")
            found.append(("review", sentence(text, key=f"review.{key}", choices=", ".join(Phase))))
    return found
