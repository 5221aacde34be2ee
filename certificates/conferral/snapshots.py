"""Everything that is printed on a certificate, frozen: later changes of person, cohort or course do not reach it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import force_locale

from certificates.conferral.models import Conferral
from certificates.conferral.rules import grouped_code
from certificates.readiness.queries import Line
from courses.progress.queries import Standing
from courses.progress.rules import RuleKind, RuleState
from lms.frame.filters import say
from lms.settings import current_config

SNAPSHOT_FORMAT = 2


def make_snapshot(
    conferral: Conferral,
    line: Line,
    *,
    serial: str,
    token: str,
    code: str,
    signatories: Sequence[dict[str, str]],
    place: str,
    at: datetime,
) -> dict[str, Any]:
    """Return the printed facts as plain values; dates are ISO 8601, texts in the course's language."""
    cohort, standing = conferral.cohort, line.standing
    version = cohort.version
    config = current_config()
    person = standing.enrolment.person
    municipality = standing.enrolment.municipality
    with force_locale(version.language):
        criteria = [
            {"kind": result.kind.value, "title": say(result.title), "text": say(result.text)}
            for result in standing.results
            if result.state is RuleState.MET
        ]
    return {
        "format": SNAPSHOT_FORMAT,
        "kind": line.achievement.value,
        "serial": serial,
        "verify_url": f"{config.base_url.rstrip('/')}/verify/{token}",
        "code": grouped_code(code),
        "language": version.language,
        "name": person.full_name,
        "municipality": municipality.name if municipality else None,
        "course": version.title,
        "cohort": cohort.title,
        "begin_date": cohort.begin_date.isoformat(),
        "end_date": cohort.end_date.isoformat(),
        "ue": {
            "total": version.live_ue + version.self_study_ue + version.project_ue,
            "live_planned": standing.attendance.planned_ue,
            "live_attended": standing.attendance.attended_ue,
            "self_study": version.self_study_ue,
            "project": version.project_ue,
        },
        "modules": _modules(standing),
        "criteria": criteria,
        "attendance_percent": _attendance_percent(cohort.rules),
        "issuer": config.institution_name,
        "signatories": [dict(one) for one in signatories],
        "place": place,
        "issue_date": at.astimezone(ZoneInfo(cohort.zone)).date().isoformat(),
    }


def _modules(standing: Standing) -> list[dict[str, Any]]:
    modules: dict[int, dict[str, Any]] = {}
    for activity in standing.activities:
        if activity.module is None:
            continue
        entry = modules.setdefault(
            activity.module.position,
            {"title": activity.module.title, "self_study_ue": activity.module.ue, "live_ue": 0},
        )
        if activity.kind == "live_session":
            entry["live_ue"] += activity.ue
    return [modules[position] for position in sorted(modules)]


def _attendance_percent(rules: Sequence[dict[str, Any]]) -> int | None:
    return next((rule["percent"] for rule in rules if rule["kind"] == RuleKind.ATTENDANCE.value), None)
