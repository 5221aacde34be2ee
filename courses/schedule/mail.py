"""What is written to those whom a changed session concerns: the old and the new, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import format_date, format_time
from flask_babel import gettext as _

from courses.schedule.models import LiveSession
from courses.schedule.queries import list_concerned
from lms.mail.letters import Letter, absolute, queue_letter
from lms.people.models import Person


def tell_about_move(
    live_session: LiveSession,
    *,
    old_starts_at: datetime,
    old_ends_at: datetime,
    old_location: str,
    actor: Person,
    at: datetime,
) -> None:
    """Write to everybody concerned but the one who did it."""

    def compose() -> Letter:
        old = _place_and_time(old_starts_at, old_ends_at, old_location, live_session.zone)
        new = _place_and_time(live_session.starts_at, live_session.ends_at, live_session.location, live_session.zone)
        return Letter(
            subject=_("New time: %(title)s", title=live_session.title),
            paragraphs=[
                _(
                    "the live session “%(title)s” of “%(cohort)s” has been changed.",
                    title=live_session.title,
                    cohort=live_session.cohort.title,
                ),
                _("Until now: %(when)s", when=old),
                _("Now: %(when)s", when=new),
            ],
            why=_why(live_session),
            link=_link(live_session),
        )

    _write("live_session_moved", live_session, compose, actor, at)


def tell_about_cancellation(live_session: LiveSession, *, actor: Person, at: datetime) -> None:
    """Write to everybody concerned but the one who did it."""

    def compose() -> Letter:
        when = _place_and_time(live_session.starts_at, live_session.ends_at, live_session.location, live_session.zone)
        return Letter(
            subject=_("Cancelled: %(title)s", title=live_session.title),
            paragraphs=[
                _(
                    "the live session “%(title)s” of “%(cohort)s” will not take place.",
                    title=live_session.title,
                    cohort=live_session.cohort.title,
                ),
                _("It was planned for: %(when)s", when=when),
            ],
            why=_why(live_session),
            link=_link(live_session),
        )

    _write("live_session_cancelled", live_session, compose, actor, at)


def _write(kind: str, live_session: LiveSession, compose: Callable[[], Letter], actor: Person, at: datetime) -> None:
    for person in list_concerned(live_session):
        if person.id != actor.id:
            queue_letter(person, kind=kind, compose=compose, at=at)


def _why(live_session: LiveSession) -> str:
    title = live_session.cohort.title
    why: str = _("You get this mail because you take part in “%(cohort)s” or teach there.", cohort=title)
    return why


def _link(live_session: LiveSession) -> tuple[str, str]:
    # Not url_for: mails are also written by commands and jobs, where there is no request.
    path = current_app.url_map.bind("").build("schedule.show_session", {"session_id": live_session.id})
    return _("Open the session"), absolute(str(path))


def _place_and_time(starts_at: datetime, ends_at: datetime, location: str, zone: str) -> str:
    begin, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    # The session's own zone counts, wherever the server or the reader is.
    day = format_date(begin.date(), "full")
    hours = f"{format_time(begin, 'short', rebase=False)}–{format_time(end, 'short', rebase=False)}"
    return ", ".join(part for part in (day, hours, location) if part)
