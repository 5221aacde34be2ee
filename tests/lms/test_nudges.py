"""Nudges leave with the transaction that they were made in, and with no other one."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.db import transaction
from lms.jobs.registry import nudge
from lms.jobs.rows import do_each
from tests.conftest import RecordingQueue

NAME = "send_due_mails"


def test_a_nudge_is_made_once_a_transaction_and_after_it(database: Flask, queue: RecordingQueue) -> None:
    for _time in range(2):
        with transaction():
            nudge(NAME)
            nudge(NAME)
            nudge("keep_layouts")
            seen = list(queue.names)
        assert seen == queue.names[: len(seen)]
    assert queue.names == [NAME, "keep_layouts"] * 2


def test_a_nudge_that_was_rolled_back_silences_none_after_it(database: Flask, queue: RecordingQueue) -> None:
    def act(row: int) -> None:
        nudge(NAME)
        if row == 1:
            raise RuntimeError("this row's own fault")

    do_each(lambda: [1, 2, 3], act)
    assert queue.names == [NAME, NAME]


def test_what_is_no_job_cannot_be_nudged(database: Flask) -> None:
    with pytest.raises(KeyError), transaction():
        nudge("gibt_es_nicht")
