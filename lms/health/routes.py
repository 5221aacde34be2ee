"""How the installation is: a page for administrators, ``/healthz`` and ``/readyz`` for whatever watches over it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from lms.health.checks import CHECKS, run_checks
from lms.permissions import CorePermission, public, requires

bp = Blueprint("health", __name__, template_folder="templates")

#: The web server needs no Pango; where the worker lacks it, printing fails, and "jobs" says so.
SHOWN = tuple(name for name in CHECKS if name != "pango")


@bp.get("/system")
@requires(CorePermission.READ_SYSTEM)
def system() -> str:
    """What ``lms check`` says, in the language of the person."""
    findings = run_checks(SHOWN)
    return render_template("health/system.html", findings=findings, wrong=sum(one.wrong for one in findings))


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
    state = {finding.name: "ok" if finding.good else "wrong" for finding in findings}
    good = all(value == "ok" for value in state.values())
    return {"status": "ready" if good else "not ready", "checks": state}, 200 if good else 503
