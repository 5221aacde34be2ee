"""What is shown of a numerical question's numbers is exactly what counts, and whoever types it is right."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from werkzeug.datastructures import MultiDict

from assessments.items.interactions.registry import get_interaction
from assessments.items.interactions.typed_numbers import as_typed, tolerance_as_typed
from assessments.items.models import ItemVersion
from assessments.items.rendering import key_form
from assessments.items.rules import list_wordings, mend, score_response
from lms.frame.filters import say

RANGE = '{% from "items/_numerical.html" import as_range %}{{ as_range(one) }}'
KEY = '{% from "items/_numerical.html" import key %}{{ key(keyed, keyed.definition) }}'


@pytest.mark.parametrize(
    ("value", "within", "shown"),
    [
        (3.1415, {"tolerance": 0.0005}, "3,1415 ± 0,0005"),
        (0.125, {}, "0,125"),
        (1e-05, {"tolerance": 2e-06}, "0,00001 ± 0,000002"),
        (1.6e-19, {}, "0,00000000000000000016"),
        (-2.718, {"tolerance": 0.0}, "−2,718"),
        (-6.25e-40, {}, "−6,25 · 10^−40"),
        (1e30, {"tolerance": 1e28}, "1 · 10^30 ± 1 · 10^28"),
        (123456789.125, {}, "123.456.789,125"),
        (12.0, {"tolerance": 0.07, "tolerance_kind": "relative"}, "12 ± 7 %"),
        (12, {"tolerance": 0.00125, "tolerance_kind": "relative"}, "12 ± 0,125 %"),
    ],
)
def test_who_types_the_right_answer_that_is_shown_is_right(
    app: Flask, value: float, within: dict[str, Any], shown: str
) -> None:
    question = {"prompt": "?", "value": value} | within
    [right] = get_interaction("numerical").show(question, [], None)["right"]
    with app.test_request_context(), force_locale("de"):
        assert render_template_string(RANGE, one=right) == shown
    typed = shown.partition(" ±")[0]
    assert score_response("numerical", question, {"text": typed, "unit": None}) == 100
    assert score_response("numerical", question, {"text": as_typed(value), "unit": None}) == 100


def test_a_key_shows_its_numbers_exactly_and_stays_when_nobody_touches_it(app: Flask) -> None:
    question = {
        "prompt": "?", "value": 1e-05, "tolerance": 1e-07,
        "other_values": [{"value": 3.1415, "tolerance": 0.0005, "percent": 50, "feedback": "Fast."}],
    }  # fmt: skip
    keyed = key_form(ItemVersion(type="numerical", definition=question), None, [], media="")
    with app.test_request_context(), force_locale("de"):
        said = render_template_string(KEY, keyed=keyed)
        labels = [say(one.label) for one in list_wordings("numerical", question)]
    assert 'value="0,00001"' in said
    assert 'value="0,0000001"' in said
    assert "3,1415 ± 0,0005" in said
    assert any("3,1415" in label for label in labels)
    form = {"key-value": "0,00001", "key-tolerance": tolerance_as_typed(question), "key-percent-0": "50"}
    assert mend("numerical", question, MultiDict(form)) == (question, [])
