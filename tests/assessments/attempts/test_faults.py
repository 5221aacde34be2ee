"""Whatever the line does to the answers, the log ends where it would have ended without faults; and it replays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.attempts.rules import State, Step, StepKind, apply, fold, is_overtaken, next_answer
from assessments.attempts.scoring import score_state
from assessments.items.interactions.registry import INTERACTIONS
from assessments.items.queries import Wording
from tests.assessments.items.test_scoring import QUESTIONS
from tests.cast import NOW

Sent = tuple[int, dict[str, Any] | None, str | None, int | None]
STARTED = Step("started", NOW, payload={"draw": [[number + 1, []] for number in range(4)]})
SENTENCE = "Wir messen zuerst, dann entscheiden wir, und am Ende fragen wir die Leute. "


class Server:
    """The log of one attempt: it takes what arrives as the product does, and keeps JSON as the database does."""

    def __init__(self) -> None:
        self.log = [STARTED]
        self.state = fold(self.log)

    def arrives(self, sent: Sent, *, at: datetime = NOW, age: int = 0, upon: int | None = None) -> None:
        slot, response, device, counter = sent
        step = next_answer(self.state, slot, response, device, counter, at, age=age, upon=upon)
        if step is not None:
            kept = Step(step.kind, step.at, step.slot, step.device, step.counter, json.loads(json.dumps(step.payload)))
            self.log.append(kept)
            apply(self.state, kept)


# What people do: choose, take back, write on, shorten, rewrite in the middle.
ANSWERS = st.one_of(
    st.none(),
    st.integers(0, 5).map(lambda choice: {"choice": choice}),
    st.tuples(st.integers(0, 30), st.text(max_size=20), st.integers(0, 30)).map(
        lambda parts: {"text": SENTENCE * parts[0] + parts[1] + SENTENCE * parts[2] + "."}
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), ANSWERS), max_size=25), st.data())
def test_disconnects_duplicates_and_disorder_end_where_a_good_line_ends(
    answers: list[tuple[int, dict[str, Any] | None]], data: st.DataObject
) -> None:
    sent: list[Sent] = [(slot, answer, "phone", counter) for counter, (slot, answer) in enumerate(answers, start=1)]
    good = Server()
    for one in sent:
        good.arrives(one)
    # A queue that keeps only the newest answer of a question loses older ones; a lost reply makes doubles; lanes overtake.
    newest = {slot: counter for slot, _answer, _device, counter in sent}
    lost = data.draw(st.sets(st.sampled_from([one[3] for one in sent if newest[one[0]] != one[3]] or [None])))
    arriving = [one for one in sent if one[3] not in lost]
    arriving += data.draw(st.lists(st.sampled_from(arriving), max_size=8)) if arriving else []
    bad = Server()
    for one in data.draw(st.permutations(arriving)):
        bad.arrives(one)
    assert bad.state.responses == good.state.responses
    assert fold(bad.log) == bad.state
    assert fold(good.log) == good.state


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), ANSWERS, st.sampled_from(["phone", "desk", None])), max_size=25))
def test_between_devices_the_later_arrival_stands_and_carries_the_newest_stamp(
    answers: list[tuple[int, dict[str, Any] | None, str | None]],
) -> None:
    server = Server()
    for counter, (slot, answer, device) in enumerate(answers, start=1):
        server.arrives((slot, answer, device, counter if device else None))
        assert server.state.responses.get(slot) == answer
    for slot, (stamp, _device) in server.state.stamps.items():
        assert stamp == max(number for number, step in enumerate(server.log) if step.slot == slot)
    assert fold(server.log) == server.state


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), ANSWERS, st.sampled_from(["phone", "desk"])), max_size=25), st.data())
def test_what_a_device_repeats_never_takes_the_place_of_another_devices_answer(
    answers: list[tuple[int, dict[str, Any] | None, str]], data: st.DataObject
) -> None:
    good, bad = Server(), Server()
    earlier: list[Sent] = []
    for counter, (slot, answer, device) in enumerate(answers, start=1):
        sent: Sent = (slot, answer, device, counter)
        earlier.append(sent)
        good.arrives(sent)
        bad.arrives(sent)
        for again in data.draw(st.lists(st.sampled_from(earlier), max_size=3)):
            bad.arrives(again)
    assert bad.state.responses == good.state.responses
    assert fold(bad.log) == bad.state


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), ANSWERS, st.sampled_from(["phone", "desk", "tablet"])), max_size=20), st.data())
def test_whichever_device_gets_its_line_back_first_the_later_answer_stands(
    answers: list[tuple[int, dict[str, Any] | None, str]], data: st.DataObject
) -> None:
    sent = {minute: (slot, answer, device, minute) for minute, (slot, answer, device) in enumerate(answers, start=1)}
    good, bad = Server(), Server()
    for minute, one in sent.items():
        good.arrives(one, at=NOW + timedelta(minutes=minute))
    # A queue that keeps only the newest answer of a question loses older ones; lost replies make doubles.
    newest = {(slot, device): minute for minute, (slot, _answer, device, _counter) in sent.items()}
    lost = data.draw(st.sets(st.sampled_from([minute for minute in sent if minute not in newest.values()] or [0])))
    arriving = [minute for minute in sent if minute not in lost]
    arriving += data.draw(st.lists(st.sampled_from(arriving), max_size=8)) if arriving else []
    at = NOW + timedelta(hours=1)
    for minute in data.draw(st.permutations(arriving)):
        at += timedelta(seconds=data.draw(st.integers(0, 90)))
        bad.arrives(sent[minute], at=at, age=int((at - NOW).total_seconds()) - 60 * minute)
    assert bad.state.responses == good.state.responses
    assert bad.state.given_at == good.state.given_at
    assert fold(bad.log) == bad.state, "what lost is in the log, and loses again when it is replayed"
    for slot, device in newest:
        assert is_overtaken(bad.state, slot, device, newest[slot, device]) is (bad.state.stamps[slot][1] != device)


LATER = NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("age", "upon", "stands"),
    [
        (0, None, "phone"),  # a page from before this was sent: the arrival counts
        (119, None, "phone"),  # written a second after the other one
        (121, None, "desk"),  # written before it
        (10**9, None, "desk"),  # a device that was off for years, or says so
        (-5, None, "phone"),
        (500, 1, "phone"),  # its writer saw the other answer, whatever the clock says
        (500, 0, "desk"),
    ],
)
def test_an_answer_that_waited_on_its_device_counts_from_when_it_was_given(age: int, upon: int | None, stands: str) -> None:
    server = Server()
    server.arrives((0, {"text": "desk"}, "desk", 1), at=LATER - timedelta(minutes=2))
    server.arrives((0, {"text": "phone"}, "phone", 1), at=LATER, age=age, upon=upon)
    assert server.state.responses[0] == {"text": stands}
    assert server.log[-1].payload is not None
    assert server.log[-1].payload["response"] == {"text": "phone"}, "what lost is in the log"
    assert 0 <= server.log[-1].payload.get("age", 0) <= 600, "nothing is older than the attempt"
    assert is_overtaken(server.state, 0, "phone", 1) is (stands == "desk")
    assert fold(server.log) == server.state
    # Whoever lost may take their answer up again: it is a new one.
    server.arrives((0, {"text": "again"}, "phone", 2), at=LATER, age=0, upon=server.state.stamps[0][0])
    assert server.state.responses[0] == {"text": "again"}


def test_a_long_text_that_lost_is_kept_whole_and_changes_nothing() -> None:
    server = Server()
    server.arrives((0, {"text": SENTENCE * 9}, "desk", 1), at=NOW + timedelta(minutes=1))
    server.arrives((0, {"text": SENTENCE * 10}, "desk", 2), at=NOW + timedelta(minutes=5))
    server.arrives((0, {"text": SENTENCE * 9 + "Ende."}, "phone", 1), at=LATER, age=400)
    assert server.log[-1].payload == {"response": {"text": SENTENCE * 9 + "Ende."}, "age": 400}
    server.arrives((0, {"text": SENTENCE * 11}, "desk", 3), at=LATER)
    assert "edit" in (server.log[-1].payload or {})
    assert server.state.responses[0] == {"text": SENTENCE * 11}
    assert fold(server.log) == server.state


def test_steps_from_before_ages_were_kept_count_by_their_arrival_even_if_the_clock_was_set_back() -> None:
    log = [
        STARTED,
        Step("answered", LATER, 0, "desk", 1, {"response": {"text": "desk"}}),
        Step("answered", NOW, 0, "phone", 1, {"response": {"text": "phone"}}),
    ]
    assert fold(log).responses[0] == {"text": "phone"}


def test_a_lost_reply_is_told_what_stands_meanwhile() -> None:
    server = Server()
    server.arrives((0, {"choice": 1}, "phone", 5))
    assert not is_overtaken(server.state, 0, "phone", 5), "its own answer stands"
    server.arrives((0, {"choice": 2}, "desk", 1))
    server.arrives((0, {"choice": 1}, "phone", 5))
    assert server.state.responses[0] == {"choice": 2}
    assert is_overtaken(server.state, 0, "phone", 5)
    assert not is_overtaken(server.state, 0, "desk", 1)
    assert not is_overtaken(server.state, 0, "phone", 6)


def written(text: str, counter: int) -> Sent:
    return 0, {"text": text}, "phone", counter


def test_an_hour_of_writing_makes_a_small_log() -> None:
    server, text = Server(), ""
    for counter in range(1, 601):
        text += SENTENCE
        server.arrives(written(text, counter))
    assert server.state.responses[0] == {"text": text}
    assert len(text) > 30_000
    assert len(json.dumps([step.payload for step in server.log])) < 90_000


def test_replay_gives_the_first_scoring_again_marks_included() -> None:
    versions = {number: Wording(name, QUESTIONS[name]) for number, name in enumerate(INTERACTIONS, start=1)}
    numbers = {name: number - 1 for number, name in enumerate(INTERACTIONS, start=1)}
    log = [Step("started", NOW, payload={"draw": [[number, []] for number in versions]})]
    given_answers = {
        "single_choice": {"choice": 1}, "multiple_choice": {"choices": [0]}, "short_text": {"text": "Amt Kleinwasser"},
        "numerical": {"text": "12,7", "unit": None}, "ordering": {"places": [1, 0, 2]}, "hotspot": {"areas": [0]},
        "essay": {"text": "Ein Text."},
    }  # fmt: skip
    log += [Step("answered", NOW, numbers[name], "phone", 1, {"response": one}) for name, one in given_answers.items()]
    first = score_state(fold(log), versions, {})
    assert first.pending == (numbers["essay"],)
    assert first.payload()["pending"] == [numbers["essay"]]
    log += [Step(StepKind.SUBMITTED.value, NOW), Step(StepKind.SCORED.value, NOW, payload=first.payload())]
    assert score_state(fold(log), versions, {}) == first
    log.append(Step("marked", NOW, numbers["essay"], payload={"points": 75, "comment": "Gut", "actor": 1}))
    second = score_state(fold(log), versions, {})
    assert second.pending == ()
    assert second.given == first.given + 75
    log.append(Step(StepKind.SCORED.value, NOW, payload=second.payload()))
    assert score_state(fold(log), versions, {}) == second
    assert fold(log).marks[numbers["essay"]].points == 75


def test_a_changed_answer_loses_its_mark() -> None:
    state = State()
    for step in (
        STARTED,
        Step("answered", NOW, 0, "phone", 1, {"response": {"text": "Ein Text."}}),
        Step("marked", NOW, 0, payload={"points": 50, "comment": "", "actor": 1}),
        Step("answered", NOW, 0, "desk", 1, {"response": {"text": "Ein Text."}}),
    ):
        apply(state, step)
    assert state.marks[0].points == 50, "the same text again is the same answer"
    apply(state, Step("answered", NOW, 0, "desk", 2, {"response": {"text": "Ein anderer."}}))
    assert state.marks == {}
