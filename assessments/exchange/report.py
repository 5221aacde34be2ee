"""What a format could not say, as a text beside the file."""

from __future__ import annotations

from assessments.exchange.formats.registry import NAMES
from assessments.exchange.written import Written
from lms.sentences import plain_sentence


def report_of(course: str, format_name: str, written: Written) -> str:
    """Return the report: how many questions are in the file, and each one that is not, with its reason."""
    lines = [
        f"Course {course}, {NAMES[format_name]}",
        f"Written: {len(written.written)}",
        f"Refused: {len(written.refused)}",
        "",
        *(f"{key}: {plain_sentence(reason)}" for key, reason in written.refused),
    ]
    return "\n".join(lines) + "\n"
