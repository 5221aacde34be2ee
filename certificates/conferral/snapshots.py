"""Everything that is printed on a certificate, frozen: later changes of person, cohort or course do not reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import force_locale

from certificates.conferral.rules import attendance_percent, grouped_code, list_scope, sum_scope
from certificates.readiness.queries import Line, last_day_of
from courses.cohorts.models import Cohort
from courses.progress.queries import Standing
from courses.progress.rules import (
    Achievement,
    Attendance,
    Record,
    RuleKind,
    RuleState,
    confirmation_percent,
    evaluate,
    needed_ue,
)
from lms.frame.filters import say
from lms.sentences import N_, sentence
from lms.settings import current_config

SNAPSHOT_FORMAT = 2
#: Of a document that is valid until a certain day: since this format its end is printed. Those without an end, and proposals
#: that wait for a decision, say to the letter what they said before.
ENDING_FORMAT = 3


def draft_facts(
    cohort: Cohort,
    line: Line,
    *,
    signatories: Sequence[dict[str, str]],
    place: str,
) -> dict[str, Any]:
    """Return what would be printed for a person, as plain values, without what issuing adds: number, link and dates.

    Dates are ISO 8601, texts in the course's language.
    """
    standing = line.standing
    version = cohort.version
    municipality = standing.enrolment.municipality
    confirmation = confirmation_percent(cohort.rules)
    with force_locale(version.language):
        if line.achievement is Achievement.ATTENDANCE:
            attendance = standing.attendance
            criteria = [_confirmation(attendance.planned_ue, attendance.attended_ue, confirmation)]
        else:
            criteria = [
                {"kind": result.kind.value, "title": say(result.title), "text": say(result.text)}
                for result in standing.results
                if result.state is RuleState.MET
            ]
        modules = _modules(standing)
    return {
        "format": SNAPSHOT_FORMAT,
        "kind": line.achievement.value,
        "language": version.language,
        "name": standing.enrolment.person.full_name,
        "municipality": municipality.name if municipality else None,
        "course": version.title,
        "cohort": cohort.title,
        "begin_date": cohort.begin_date.isoformat(),
        "end_date": last_day_of(cohort).isoformat(),
        "ue": {**sum_scope(modules, version.project_ue), "live_attended": standing.attendance.attended_ue},
        "modules": modules,
        "criteria": criteria,
        "attendance_percent": _attendance_percent(cohort.rules),
        "confirmation_percent": confirmation,
        "issuer": current_config().institution_name,
        "signatories": [dict(one) for one in signatories],
        "place": place,
    }


def make_snapshot(
    draft: Mapping[str, Any],
    *,
    serial: str,
    token: str,
    code: str,
    issue_date: date,
    valid_until: date | None = None,
    replaces: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the printed facts of one document: a draft with its number, link and dates.

    ``replaces`` are the facts of the document that this one corrects or renews.
    """
    return {
        **draft,
        "format": ENDING_FORMAT if valid_until else draft["format"],
        "serial": serial,
        "verify_url": f"{current_config().base_url.rstrip('/')}/verify/{token}",
        "code": grouped_code(code),
        "issue_date": issue_date.isoformat(),
        "valid_until_date": valid_until.isoformat() if valid_until else None,
        "replaces": {"serial": replaces["serial"], "issue_date": replaces["issue_date"]} if replaces else None,
    }


def draft_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document's facts without what issuing adds, to issue a new version from."""
    return {key: value for key, value in facts.items() if key not in _ISSUED}


_ISSUED = frozenset({"serial", "verify_url", "code", "issue_date", "valid_until_date", "replaces"})


def restate_attendance(before: Mapping[str, Any], corrected: Mapping[str, Any]) -> dict[str, Any]:
    """Return corrected facts in which what is said about attendance follows the corrected figures.

    As long as the figures are the same, the words are: a catalogue that has changed since changes no document.
    """
    planned, attended = corrected["ue"]["live_planned"], corrected["ue"]["live_attended"]
    percent = attendance_percent(corrected)
    same = all(before["ue"][key] == corrected["ue"][key] for key in ("live_planned", "live_attended"))
    if same or percent is None:
        return dict(corrected)
    with force_locale(corrected["language"]):
        if corrected["kind"] == Achievement.ATTENDANCE.value:
            said = _confirmation(planned, attended, percent)
        else:
            said = _requirement(planned, attended, percent)
    kept = [said if one["kind"] == RuleKind.ATTENDANCE.value else one for one in corrected["criteria"]]
    return {**corrected, "criteria": kept}


def _requirement(planned: int, attended: int, percent: int) -> dict[str, Any]:
    """Return the criterion as the course's own rule states it."""
    rule = {"kind": RuleKind.ATTENDANCE.value, "percent": percent}
    result = evaluate([rule], Record(Attendance(planned, attended, open_ue=0)))[0]
    return {"kind": result.kind.value, "title": say(result.title), "text": say(result.text)}


def _confirmation(planned: int, attended: int, percent: int) -> dict[str, Any]:
    text = sentence(
        N_("%(attended)s of %(planned)s UE attended; %(needed)s were needed for this confirmation."),
        attended=attended,
        planned=planned,
        needed=needed_ue(planned, percent),
    )
    return {"kind": RuleKind.ATTENDANCE.value, "title": say(sentence(N_("Attendance"))), "text": say(text)}


def _modules(standing: Standing) -> list[dict[str, Any]]:
    """Return the table of modules with the units that this cohort had: cancelled sessions are no part of it.

    The same sessions count as in ``sum_attendance``: those not cancelled, and the course's own that have no date.
    """
    position = {one.id: one.module.position for one in standing.activities if one.module}
    dated = {live.activity_id for live in standing.sessions}
    live = [(position.get(one.activity_id or 0), one.ue) for one in standing.sessions if one.cancelled_at is None]
    live += [
        (position.get(one.id), one.ue)
        for one in standing.activities
        if one.kind == "live_session" and one.id not in dated
    ]
    modules = {one.module.position: (one.module.title, one.module.ue) for one in standing.activities if one.module}
    return list_scope(
        modules,
        live,
        self_study=standing.enrolment.cohort.version.self_study_ue,
        outside=say(sentence(N_("Outside the modules"))),
    )


def _attendance_percent(rules: Sequence[dict[str, Any]]) -> int | None:
    return next((rule["percent"] for rule in rules if rule["kind"] == RuleKind.ATTENDANCE.value), None)
