"""Documents whose layout has failed, and the layout that is in force now.

A file beside actions.py because choosing and trying out layouts ask for it, and making documents needs those.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from certificates.conferral.models import Certificate
from certificates.documents.models import Printing
from certificates.documents.queries import WAITING
from certificates.documents.rules import PrintingReason
from certificates.layouts.models import LayoutVersion
from certificates.layouts.queries import find_version_for
from lms.db import session
from lms.jobs.registry import nudge


def take_layouts_in_force(*, at: datetime) -> int:
    """Give documents that their layout has failed the one in force, where that is another one, and return how many.

    Nothing of them is printed yet, and they are due at once. Rows that somebody else is just writing are left alone: when a
    try fails, ``put_off`` asks here again.
    """
    failed = (
        select(Printing, Certificate)
        .join(Printing.certificate)
        .where(*WAITING, Printing.problem == PrintingReason.LAYOUT.value)
        .order_by(Printing.certificate_id)
        .with_for_update(skip_locked=True, of=Printing)
        .execution_options(populate_existing=True)
    )
    in_force: dict[tuple[int, str], LayoutVersion | None] = {}
    changed = 0
    for printing, certificate in session.execute(failed).all():
        key = certificate.conferral.cohort_id, certificate.kind
        if key not in in_force:
            in_force[key] = find_version_for(certificate.conferral.cohort, certificate.kind)
        version = in_force[key]
        if version is not None and version.id != printing.layout_version_id:
            printing.layout_version, printing.problem, printing.fault, printing.due_at = version, None, None, at
            changed += 1
    session.flush()
    if changed:
        nudge("render_due_certificates")
    return changed
