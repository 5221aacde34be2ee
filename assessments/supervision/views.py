"""An attempt's log as staff read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext

from assessments.attempts.rules import Slot, State, Step, StepKind, apply, fold
from assessments.items.models import ItemVersion
from assessments.items.rendering import answer_words
from lms.frame.filters import number

#: Of a long text the log shows so much.
MOST_LETTERS = 500


def _(text: str, **values: str) -> str:
    return str(gettext(text, **values))


@dataclass(frozen=True)
class Line:
    """One step in words; ``parts`` are those of an answer."""

    number: int
    at: datetime
    #: The local time to the second.
    clock: str
    text: str
    question: int | None
    parts: list[str]
    device: str | None


def log_lines(
    steps: list[Step], versions: dict[int, ItemVersion], names: dict[int, str], zone: str
) -> list[Line]:
    """Return a log in words; ``versions`` holds every version that was drawn, ``names`` who is who."""
    slots = fold(steps[:1]).slots
    lost = _list_lost(steps)

    def clock(at: datetime) -> str:
        return at.astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")

    return [
        Line(
            number=number,
            at=step.at,
            clock=clock(step.at),
            text=_("Answered without a connection at %(at)s, before the answer that stands; it changes nothing",
                   at=clock(lost[number])) if number in lost else _describe(step, names),
            question=step.slot + 1 if step.slot is not None else None,
            parts=_parts(step, slots, versions),
            device=step.device[:6] if step.device else None,
        )
        for number, step in enumerate(steps, 1)
    ]


def _list_lost(steps: list[Step]) -> dict[int, datetime]:
    """Return the answers that came after a later one of another device, as they count in the log: when each was given."""
    state, lost = State(), {}
    for sequence, step in enumerate(steps):
        apply(state, step)
        if step.kind == StepKind.ANSWERED and step.slot is not None and state.stamps[step.slot][0] != sequence:
            lost[sequence + 1] = step.at - timedelta(seconds=(step.payload or {}).get("age", 0))
    return lost


def _describe(step: Step, names: dict[int, str]) -> str:
    payload: dict[str, Any] = step.payload or {}
    kind = StepKind(step.kind)
    if kind is StepKind.ANSWERED:
        # A long text is kept as its changes: then there is an edit instead of a response.
        answered = "edit" in payload or payload.get("response") is not None
        return _("Answered") if answered else _("Took the answer back")
    if kind is StepKind.FLAGGED:
        return _("Flagged for later") if payload.get("flag") else _("Took the flag away")
    if kind is StepKind.SUBMITTED:
        return _("Handed in because the time was over") if payload.get("overdue") else _("Handed in")
    if kind is StepKind.SCORED:
        points = number(sum(payload["scores"]) / 100)
        return (_("Scored anew after a correction. Points: %(points)s", points=points) if payload.get("repair")
                else _("Scored. Points: %(points)s", points=points))  # fmt: skip
    who = names.get(payload.get("actor", 0), "–")
    if kind is StepKind.MARKED:
        points = number(payload["points"] / 100)
        return (_("Mark changed by %(who)s. Points: %(points)s. %(reason)s", who=who, points=points, reason=payload["reason"])
                if "reason" in payload else _("Marked by %(who)s. Points: %(points)s", who=who, points=points))  # fmt: skip
    if kind is StepKind.VOIDED:
        return _("Taken out by %(who)s: %(reason)s", who=who, reason=payload["reason"])
    if kind is StepKind.REOPENED:
        return _("Opened again by %(who)s: %(reason)s", who=who, reason=payload["reason"])
    return _("Had the answer checked") if kind is StepKind.CHECKED else _("Started")


def _parts(step: Step, slots: list[Slot], versions: dict[int, ItemVersion]) -> list[str]:
    if step.kind == StepKind.ANSWERED and step.payload and "edit" in step.payload:
        # A long text is kept as its changes (see attempts/edits.py).
        start, _end, between = step.payload["edit"]
        return [_("After %(n)s characters: “%(words)s”", n=str(start), words=between[:MOST_LETTERS])]
    response = (step.payload or {}).get("response")
    if step.kind != StepKind.ANSWERED or response is None or step.slot is None or step.slot >= len(slots):
        return []
    return [words[:MOST_LETTERS] for words in answer_words(versions[slots[step.slot].item_version_id], response)]
