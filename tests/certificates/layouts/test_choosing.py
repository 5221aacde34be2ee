"""Layouts chosen by two people at once: the second is told what the first one chose."""

from __future__ import annotations

import pytest

from certificates.layouts.rules import overtaken_refusal
from lms.sentences import plain_sentence


@pytest.mark.parametrize(
    ("wanted", "standing", "seen", "said"),
    [({}, {}, {}, None), ({"cohort_certificate": "modern"}, {}, {}, None),
     ({"cohort_certificate": "modern"}, {"course_attendance": "modern"}, {}, "attendance, in the whole course: Modern."),
     # Who wants what the other one has chosen takes nothing back.
     ({"cohort_certificate": "modern"}, {"cohort_certificate": "modern"}, {}, None),
     ({}, {"cohort_certificate": "modern"}, {}, "Certificate, in this cohort: Modern."),
     ({"course_certificate": "modern"}, {}, {"cohort_certificate": "modern"}, "in this cohort: none of its own.")],
)  # fmt: skip
def test_who_decides_on_what_stands_no_longer_is_told(
    wanted: dict[str, str], standing: dict[str, str], seen: dict[str, str], said: str | None
) -> None:
    refusal = overtaken_refusal(wanted, standing, seen, {"modern": "Modern"})
    assert (refusal is None) is (said is None)
    assert refusal is None or (said or "") in plain_sentence(refusal.sentence)
