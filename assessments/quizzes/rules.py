"""Decisions about quizzes: what is asked, on what terms for whom, and what is shown when."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lms.sentences import N_, Reason, Refusal, Sentence, sentence

#: What is in flight when the time ends still counts.
GRACE = timedelta(seconds=20)
#: For so long after handing in, a result counts as looked at directly.
DIRECTLY = timedelta(minutes=30)


class Shown(StrEnum):
    """What a review can show."""

    OWN_ANSWERS = "own_answers"
    RIGHT_ANSWERS = "right_answers"
    POINTS = "points"
    FEEDBACK = "feedback"
    EXPLANATIONS = "explanations"


class Phase(StrEnum):
    """When somebody looks: while answering, directly after handing in, later while the quiz is open, after its closing."""

    DURING = "during"
    AFTER = "after"
    LATER = "later"
    CLOSED = "closed"


LAYOUTS = ("pages", "one_page")
_AFTERWARDS = (Phase.AFTER.value, Phase.LATER.value, Phase.CLOSED.value)


@dataclass(frozen=True)
class TagDraw:
    """So many questions out of those with this tag."""

    tag: str
    count: int


@dataclass(frozen=True)
class Options:
    """A quiz's settings besides its columns, as FORMAT.md describes them."""

    #: Ids of questions that every attempt asks.
    fixed: tuple[str, ...] = ()
    draws: tuple[TagDraw, ...] = ()
    shuffle_questions: bool = True
    shuffle_answers: bool = True
    pause_minutes: int = 0
    #: ``pages``: one question after the other; ``one_page``: all of them below one another.
    layout: str = "pages"
    review: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        """Return the settings that differ from the defaults, as plain JSON."""
        every = {
            "fixed": list(self.fixed),
            "draws": [{"tag": one.tag, "count": one.count} for one in self.draws],
            "shuffle_questions": self.shuffle_questions,
            "shuffle_answers": self.shuffle_answers,
            "pause_minutes": self.pause_minutes,
            "layout": self.layout,
            "review": {key: list(value) for key, value in self.review.items()},
        }
        defaults = {
            "fixed": [],
            "draws": [],
            "shuffle_questions": True,
            "shuffle_answers": True,
            "pause_minutes": 0,
            "layout": "pages",
            "review": {},
        }
        return {key: value for key, value in every.items() if value != defaults[key]}


def read_options(stored: Mapping[str, Any]) -> Options:
    """Return settings from plain values, an archive's or those of ``Options.stored``; other keys are passed over."""
    return Options(
        fixed=tuple(stored.get("fixed", ())),
        draws=tuple(TagDraw(one["tag"], one["count"]) for one in stored.get("draws", ())),
        shuffle_questions=stored.get("shuffle_questions", True),
        shuffle_answers=stored.get("shuffle_answers", True),
        pause_minutes=stored.get("pause_minutes", 0),
        layout=stored.get("layout", "pages"),
        review=stored.get("review", {}),
    )


@dataclass(frozen=True)
class Candidate:
    """A question that can be drawn."""

    version_id: int
    key: str
    tags: frozenset[str]
    seen: bool


def draw(pool: Sequence[Candidate], count: int, options: Options, chance: random.Random) -> list[int]:
    """Return which item versions an attempt asks, in its order.

    The fixed ones, so many with each tag, and ``count`` besides; a quiz without any of these asks all. Everybody gets the
    same number, also where questions have several tags. Questions that the person has not seen come first, so that a
    second attempt is not the first one again.
    """
    chosen = [one for one in pool if one.key in options.fixed]
    wanted: list[str | None] = [tag_draw.tag for tag_draw in options.draws for _each in range(tag_draw.count)]
    wanted += [None] * count
    if wanted:
        left = [one for one in pool if one not in chosen]
        chance.shuffle(left)
        left.sort(key=lambda one: one.seen)
        chosen += _seated(left, wanted)
    elif not options.fixed:
        chosen = list(pool)
    if options.shuffle_questions:
        chance.shuffle(chosen)
    else:
        chosen.sort(key=pool.index)
    return [one.version_id for one in chosen]


def _seated(candidates: Sequence[Candidate], wanted: Sequence[str | None]) -> list[Candidate]:
    """Return the candidates that take the wanted places, each with a tag or for any; as many as possible, the first first.

    Whoever comes takes a free place, or the place of somebody who can move on. Sets that can be seated so form a matroid:
    taking everybody who still can be seated fills the most places, and with those who come first.
    """
    seats: dict[int, Candidate] = {}

    def seat(one: Candidate, asked: set[int]) -> bool:
        fitting = [place for place, tag in enumerate(wanted) if tag is None or tag in one.tags]
        for place in sorted(fitting, key=seats.__contains__):  # the free ones first
            if place not in asked:
                asked.add(place)
                if place not in seats or seat(seats[place], asked):
                    seats[place] = one
                    return True
        return False

    return [one for one in candidates if len(seats) < len(wanted) and seat(one, set())]


def count_questions(pool: Sequence[Candidate], count: int, options: Options) -> int:
    """Return how many questions an attempt asks; fewer than the settings say where the pool has no more of them."""
    return len(draw(pool, count, options, random.Random(0)))  # noqa: S311 - no draw finds more than another


@dataclass(frozen=True)
class Window:
    """When a cohort can take a quiz; either end can be open."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None


class QuizReason(Reason):
    """Why a window or an exception cannot be."""

    CLOSES_FIRST = "closes_first", N_("The quiz must close after it opens.")
    GRANTS_NOTHING = "grants_nothing", N_("Please enter what is granted: attempts, minutes or a later closing.")
    OVERTAKEN = (
        "overtaken",
        N_(
            "Somebody else has set the times of the quiz meanwhile: %(opens)s; %(closes)s. What you have entered still stands "
            "here. If it shall hold, please save again."
        ),
    )
    ENDED_ALREADY = "ended_already", N_("The exception would have ended already. Please choose a later day.")


def window_refusal(window: Window) -> Refusal | None:
    """Return why a window cannot be."""
    if window.opens_at and window.closes_at and window.closes_at <= window.opens_at:
        return Refusal(QuizReason.CLOSES_FIRST)
    return None


def overtaken_refusal(standing: Window) -> Refusal:
    """Return what is said to somebody whose page showed another window than the standing one."""
    opens, closes = standing.opens_at, standing.closes_at
    return Refusal(
        QuizReason.OVERTAKEN,
        opens=sentence(N_("it opens %(at)s"), at=opens) if opens else sentence(N_("it is open from the beginning")),
        closes=sentence(N_("it closes %(at)s"), at=closes) if closes else sentence(N_("it is open until the end")),
    )


@dataclass(frozen=True)
class Allowance:
    """What an exception grants one person."""

    extra_attempts: int = 0
    extra_minutes: int = 0
    closes_at: datetime | None = None
    #: The exception holds until then.
    ends_at: datetime | None = None


def allowance_refusal(allowance: Allowance, now: datetime) -> Refusal | None:
    """Return why an exception cannot be granted."""
    if not (allowance.extra_attempts or allowance.extra_minutes or allowance.closes_at):
        return Refusal(QuizReason.GRANTS_NOTHING)
    if allowance.ends_at is not None and allowance.ends_at <= now:
        return Refusal(QuizReason.ENDED_ALREADY)
    return None


@dataclass(frozen=True)
class Terms:
    """The terms on which one person takes a quiz now; exceptions and the time extension are in it."""

    max_attempts: int | None
    limit_seconds: int | None
    opens_at: datetime | None
    closes_at: datetime | None
    pause: timedelta
    time_percent: int
    #: What exceptions grant besides; it is in the values above already.
    extra_minutes: int = 0
    extra_attempts: int = 0
    #: The teaching is finished: no attempt begins any more.
    cohort_completed: bool = False

    def due(self, started_at: datetime) -> datetime | None:
        """Return when an attempt must be in: at the end of its time, at the latest at the closing."""
        ends = [self.closes_at] if self.closes_at else []
        if self.limit_seconds is not None:
            ends.append(started_at + timedelta(seconds=self.limit_seconds))
        return min(ends, default=None)

    def extras(self) -> list[Sentence]:
        """Return in words what is other than for everybody, without the times that follow from it."""
        said = []
        if self.time_percent != 100:
            said.append(sentence(N_("time extension of %(percent)s %%"), percent=self.time_percent - 100))
        if self.extra_minutes:
            one, many = N_("one more minute for each attempt"), N_("%(n)s more minutes for each attempt")
            said.append(sentence(one, many, n=self.extra_minutes))
        if self.extra_attempts:
            said.append(sentence(N_("one attempt more"), N_("%(n)s attempts more"), n=self.extra_attempts))
        return said


def terms_for(
    max_attempts: int | None,
    limit_seconds: int | None,
    options: Options,
    window: Window,
    allowances: Iterable[Allowance],
    time_percent: int,
    now: datetime,
    begins_at: datetime | None = None,
    *,
    cohort_completed: bool = False,
) -> Terms:
    """Return one person's terms; ``begins_at`` is the cohort's first day."""
    held = [one for one in allowances if one.ends_at is None or one.ends_at > now]
    limit, closes = personal_times(limit_seconds, window, held, time_percent, begins_at)
    more = sum(one.extra_attempts for one in held)
    return Terms(
        None if max_attempts is None else max_attempts + more,
        limit,
        window.opens_at,
        closes,
        timedelta(minutes=options.pause_minutes),
        time_percent,
        sum(one.extra_minutes for one in held),
        0 if max_attempts is None else more,
        cohort_completed,
    )


def personal_times(
    limit_seconds: int | None,
    window: Window,
    allowances: Sequence[Allowance],
    time_percent: int,
    begins_at: datetime | None = None,
) -> tuple[int | None, datetime | None]:
    """Return one person's limit in seconds and their closing.

    More time lengthens both, or whoever begins late would have nothing of it: a time extension makes the limit longer by its
    share, the minutes of an exception are added, and the closing moves by as much as the limit. A quiz without a limit
    closes later by the same share of the time that it is open, from its opening or else from the cohort's first day. A
    closing that was granted by its date holds when it is later.
    """
    minutes = timedelta(minutes=sum(one.extra_minutes for one in allowances))
    extra = (time_percent - 100) / 100
    longer, limit = minutes, None
    if limit_seconds is not None:
        longer += timedelta(seconds=round(limit_seconds * extra))
        limit = limit_seconds + round(longer.total_seconds())
    closes = window.closes_at
    if closes is not None:
        opens = window.opens_at or begins_at
        if limit is None and opens is not None and opens < closes:
            longer += timedelta(seconds=round((closes - opens).total_seconds() * extra))
        closes = max([closes + longer, *(one.closes_at for one in allowances if one.closes_at)])
    return limit, closes


def is_closed(closes_at: datetime | None, now: datetime) -> bool:
    """Say whether nothing is taken any more that belongs before a closing; None: there is none, or nobody knows it."""
    return closes_at is not None and now > closes_at + GRACE


def phase(submitted_at: datetime | None, now: datetime, *, closed: bool) -> Phase:
    """Return when somebody looks at an attempt; ``closed``: nobody of the cohort can answer any more."""
    if submitted_at is None:
        return Phase.DURING
    if closed:
        return Phase.CLOSED
    return Phase.AFTER if now - submitted_at <= DIRECTLY else Phase.LATER


def shown_in(options: Options, when: Phase) -> frozenset[Shown]:
    """Return what a review shows then. Without a setting: nothing while answering, everything afterwards."""
    return frozenset(one for one in Shown if when.value in options.review.get(one.value, _AFTERWARDS))
