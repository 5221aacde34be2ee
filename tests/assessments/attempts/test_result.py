"""The result of an attempt leads on."""

from __future__ import annotations

from flask import Flask

from assessments.quizzes.models import Quiz
from courses.cohorts.models import Enrolment
from tests.assessments.taking import take
from tests.cast import Cast, signed_in


def test_who_did_not_pass_is_led_to_the_module(app: Flask, cast: Cast, quiz: tuple[Quiz, Enrolment]) -> None:
    attempt = take(*quiz, right=False)
    module, enrolment_id = quiz[0].activity.module, quiz[1].id
    assert module
    client, link = signed_in(app, cast.participant), f"/learn/{enrolment_id}#module-{module.position}"
    assert f'href="{link}"' in client.get(f"/attempts/{attempt.id}/result").text
    assert f'id="module-{module.position}"' in client.get(f"/learn/{enrolment_id}").text
