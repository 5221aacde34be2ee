"""What is wrong with quizzes, questions and assignments of an archive is said with file and line, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from assessments.items.rules import question_problems
from courses.archive.checking import check_archive
from lms.sentences import plain_sentence
from tests.assessments.items.test_scoring import QUESTIONS
from tests.assessments.twelve import SMALL_COURSE, twelve_types
from tests.sayings import in_english, in_german

MODULE = "modules/01-anfang/module.toml"
SECOND = '[[assignments.criteria]]\nid = "bedarf"\ntitle = "x"\nlevels = ["a", "b"]\n[en]'
ANSWERS = [{"text": "a", "correct": True}, {"text": "b"}]


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (MODULE, "draw = 2", "draw = 99", "8: The quiz draws 99 questions, but there are only 2."),
        (MODULE, "draw = 2", 'draw = "2"', "8: 'draw' must be a whole number from 0 to 200."),
        (MODULE, "draw = 2", "drawn = 2", "8: The key “drawn” is unknown here. Known are draw, draws,"),
        (MODULE, "max_attempts = 3", "max_attempts = 0", "9: 'max_attempts' must be a whole number from 1 to 100."),
        (MODULE, 'grading = "best"', 'grading = "worst"', "11: 'grading' must be one of best, last, first, average."),
        (MODULE, 'grading = "best"', 'fixed = ["x"]', "11: 'fixed' names the question 'x', which the quiz does not have."),
        ("course.toml", "pass_points = 2", "pass_points = 9", "44: 'pass_points' must be a whole number from 0 to 4."),
        ("course.toml", "resubmissions = 1", "peers = 1", "46: The key “peers” is unknown here."),
        ("course.toml", '["text", "file"]', '["fax"]', "43: 'accepts' must be a list of text and file."),
        ("course.toml", 'levels = ["nicht', 'stufen = ["nicht', "47: Criterion 1 needs 'id', 'title' and 'levels'"),
        ("course.toml", 'id = "bedarf"', "id = 1", "47: Criterion 1 needs an 'id' and a 'title'."),
        ("course.toml", '"nicht erkennbar", ', '"", ', "47: 'levels' of criterion 1 must be 2 to 11 texts."),
        ("course.toml", "[[assignments.criteria]]", "[[assignments.kriterien]]", "38: 'criteria' must be a list of at least"),
        ("course.toml", "[en]", SECOND, "38: Two criteria have the same id."),
        ("course.toml", "resubmissions = 1", 'template = "media/x.odt"', "46: There is no file media/x.odt in the archive."),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_on_its_line(app: Flask, path: str, old: str, new: str, expected: str) -> None:
    files = {file.relative_to(SMALL_COURSE).as_posix(): file.read_bytes() for file in SMALL_COURSE.rglob("*.*")}
    assert check_archive(files)[1] == []
    before = files[path].decode()
    assert old in before
    files[path] = before.replace(old, new, 1).encode()
    errors = check_archive(files)[1]
    assert in_english(error.text for error in errors) == [plain_sentence(error.text) for error in errors]
    assert any(str(error).startswith(f"{path}:{expected}") for error in errors), [*map(str, errors)]


def test_a_bad_criterion_hides_nothing_else_of_its_assignment(app: Flask) -> None:
    files = {file.relative_to(SMALL_COURSE).as_posix(): file.read_bytes() for file in SMALL_COURSE.rglob("*.*")}
    for old, new in [
        (b"resubmissions = 1", b"resubmissions = 99"),
        (b'id = "bedarf"', b'id = "bedarf"\nfarbe = 1'),
        (b'title = "Bedarf"', b"title = 1"),
        (b'levels = ["nicht erkennbar", ', b'levels = ["", '),
    ]:
        assert old in files["course.toml"]
        files["course.toml"] = files["course.toml"].replace(old, new)
    assert in_english(error.text for error in check_archive(files)[1]) == [
        "'resubmissions' must be a whole number from 0 to 20.",
        "'levels' of criterion 1 must be 2 to 11 texts.",
        "Criterion 1 needs 'id', 'title' and 'levels' and nothing else.",
        "Criterion 1 needs an 'id' and a 'title'.",
    ]


def test_tags_that_are_no_list_are_refused(app: Flask) -> None:
    files = {file.relative_to(SMALL_COURSE).as_posix(): file.read_bytes() for file in SMALL_COURSE.rglob("*.*")}
    path = next(path for path in files if "/questions/" in path)
    files[path] = files[path].replace(b"tags: [anfang, amt]", b"tags: 3")
    assert [*map(str, check_archive(files)[1])] == [f"{path}:12: 'tags' must be a list of words."]


def test_a_picture_that_is_no_text_is_refused(app: Flask) -> None:
    files = twelve_types("")
    path = next(path for path in files if path.endswith(".yaml") and "/questions/" in path)
    files[path] = files[path].replace(b"image: media/plan.svg", b"image: [media/plan.svg]", 1)
    assert any("is not in the archive" in str(error) for error in check_archive(files)[1])


def test_questions_that_cannot_be_read_are_not_missed_in_their_quiz(app: Flask) -> None:
    files = {file.relative_to(SMALL_COURSE).as_posix(): file.read_bytes() for file in SMALL_COURSE.rglob("*.*")}
    path = next(path for path in files if "/questions/" in path)
    wrong = b'fixed = ["an-01"]\ndraws = [{tag = "amt", count = 1}]\nmax_attempts = 0'
    files[MODULE] = files[MODULE].replace(b"max_attempts = 3", wrong)
    files[path] = b"- ["
    assert [str(error).split(": ")[0] for error in check_archive(files)[1]] == [f"{MODULE}:11", f"{path}:2"]


def test_a_question_is_refused_in_its_file(app: Flask) -> None:
    files = twelve_types("draw = 30")
    path = next(path for path in files if path.endswith(".yaml") and "/questions/" in path)
    files[path] = files[path].replace(b"media/plan.svg", b"media/weg.svg", 1)
    found = in_english(error.text for error in check_archive(files)[1])
    assert any("The image 'media/weg.svg' is not in the archive." in error for error in found), found
    assert any("The quiz draws 30 questions, but there are only 12." in error for error in found), found


def test_a_quiz_without_enough_questions_is_refused(app: Flask) -> None:
    files = {file.relative_to(SMALL_COURSE).as_posix(): file.read_bytes() for file in SMALL_COURSE.rglob("*.*")}
    path = next(path for path in files if "/questions/" in path)
    one, mark, _two = files[path].partition(b"- id: an-02")
    assert mark
    doubled = one.replace(b"an-01", b"an-02")
    for questions, expected in [
        (one, f"{MODULE}:8: The quiz draws 2 questions, but there is only one."),
        (one + doubled * 2, f"{path}:23: The id 'an-02' stands already at {path}:12."),
        (None, f"{MODULE}:6: The quiz has no questions."),
    ]:
        files = files | {path: questions} if questions else {at: one for at, one in files.items() if at != path}
        errors = check_archive(files)[1]
        assert in_english(error.text for error in errors)
        assert expected in map(str, errors), [*map(str, errors)]


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("single_choice", {"answers": [3, 4]}, "Answer 1 must have a 'text'."),
        ("single_choice", {"answers": [{"text": ""}, *ANSWERS]}, "Answer 1 needs a 'text'."),
        ("single_choice", {"answers": [{"text": "x", "correct": "yes"}, *ANSWERS]}, "Answer 1: 'correct' must be true or false."),
        ("single_choice", {"answers": [{"text": "x", "feedback": ""}, *ANSWERS]}, "Answer 1: 'feedback' must be a text."),
        ("single_choice", {"answers": [{"text": "x", 5: 6, "y": 7}, *ANSWERS]}, "Answer 1 has the unknown key '5'."),
        ("multiple_choice", {"answers": [{"text": "a"}, {"text": "b"}]}, "At least one answer must be correct."),
        ("multiple_choice", {"scoring": "luck"}, "'scoring' must be one of all_or_nothing, partial, penalty, weighted."),
        ("true_false", {"correct": 1}, "'correct' must be true or false."),
        ("true_false", {"feedback_true": ""}, "'feedback_true' must be a text."),
        ("true_false", {"reasons": []}, "'reasons' must be a list with 2 to 12 entries."),
        ("true_false", {"reasons": [{"text": "a"}, {"text": "b"}]},
         "Exactly one reason must be correct; another that is right as well has 'percent: 100'."),
        ("true_false", {"reasons": [ANSWERS[0], {"text": "a"}]}, "Two reasons have the same text."),
        ("true_false", {"reasons": [{"text": "x", "correct": 1}, *ANSWERS]}, "Reason 1: 'correct' must be true or false."),
        ("short_text", {"accepted": []}, "'accepted' must be a list of at least one text."),
        ("short_text", {"accepted": ["*"]}, "An accepted text must be more than '*', or every answer would be right."),
        ("short_text", {"case_sensitive": 1}, "'case_sensitive' must be true or false."),
        ("numerical", {"value": "12"}, "'value' must be a number."),
        ("numerical", {"tolerance": -1}, "'tolerance' must be a number from 0 on."),
        ("numerical", {"tolerance_kind": "x"}, "'tolerance_kind' must be absolute or relative."),
        ("numerical", {"units": ["kWh"]}, "'units' must be a list of {name, factor}, with factors above 0."),
        ("matching", {"pairs": []}, "'pairs' must be a list of 2 to 10 entries with 'left' and 'right'."),
        ("matching", {"distractors": 1}, "'distractors' must be a list of texts."),
        ("matching", {"pairs": [{"left": "a", "right": x} for x in "bc"]}, "Two left-hand texts are the same."),
        ("matching", {"pairs": [{"left": x, "right": "a"} for x in "bc"]}, "Two right-hand texts are the same."),
        ("ordering", {"steps": ["a", "b"]}, "'steps' must be a list of 3 to 10 texts."),
        ("ordering", {"steps": ["a", "b", "b"]}, "Two steps are the same."),
        ("categorising", {"categories": []}, "'categories' must be a list of 2 to 6 entries with 'name' and 'members'."),
        ("categorising", {"categories": [{"name": x, "members": []} for x in "ab"]}, "There must be 2 to 16 members in all."),
        ("categorising", {"categories": [{"name": x, "members": ["m"]} for x in "ab"]}, "A member stands twice."),
        ("categorising", {"categories": [{"name": "a", "members": [x]} for x in "ab"]}, "Two categories have the same name."),
        ("gaps", {"text": ""}, "'text' must be a text with gaps such as [[a]]."),
        ("gaps", {"gaps": []}, "'gaps' must be a list of 1 to 12 gaps."),
        ("gaps", {"text": "ohne"}, "Every gap must stand exactly once in 'text' and once in 'gaps'."),
        ("gaps", {"gaps": [{"id": "a"}]}, "Gap 'a' needs either 'accepted' or 'options' and 'correct'."),
        ("gaps", {"gaps": [{"id": "a", "accepted": ["*"]}]}, "Gap 'a': An accepted text must be more than '*'"),
        ("gaps", {"gaps": [{"id": "a", "options": ["x", "y"], "correct": "z"}]}, "'correct' of gap 'a' is not among"),
        ("hotspot", {"areas": [{"farbe": 1}, 3]}, "Area 1 must have the keys coords, correct, label, shape and no others."),
        ("hotspot", {"areas": [{"correct": 1}, 3]}, "Area 1 must have true or false as 'correct'."),
        ("hotspot", {"areas": [{"label": ""}, 3]}, "Area 1 needs a 'label' for those who do not see the picture."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_question_is_said_in_both_languages(name: str, change: dict[str, Any], problem: str) -> None:
    found = in_english(question_problems(QUESTIONS[name] | change))
    assert any(one.startswith(problem) for one in found), found


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ordering", {"steps": 3, "scoring": "luck"}),
        ("matching", {"pairs": 3, "distractors": 3}),
        ("gaps", {"text": 3, "gaps": 3}),
        ("gaps", {"text": 3, "gaps": [{"id": "a"}]}),
    ],
)
def test_one_bad_part_of_a_question_hides_no_other(name: str, change: dict[str, Any]) -> None:
    assert len(in_english(question_problems(QUESTIONS[name] | change))) == 2


def test_reasons_are_called_reasons_in_german() -> None:
    (found,) = question_problems(QUESTIONS["true_false"] | {"reasons": [{"text": "x", "y": 1}, *ANSWERS]})
    assert in_german(found) == "Begründung 1 hat den unbekannten Schlüssel „y“. Bitte berichtigen oder löschen Sie ihn."
