"""``/healthz`` and ``/readyz``, for whatever watches over the installation."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from lms.health.checks import run_checks
from lms.permissions import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> dict[str, str]:
    """This process answers."""
    return {"status": "alive"}


@bp.get("/readyz")
@public
def ready() -> tuple[dict[str, Any], int]:
    """It can do its work: database, migrations and queue. Details stay in ``lms check``."""
    findings = run_checks(("database", "migrations", "queue"))
    state = {finding.name: "wrong" if finding.problem else "ok" for finding in findings}
    good = all(value == "ok" for value in state.values())
    return {"status": "ready" if good else "not ready", "checks": state}, 200 if good else 503
