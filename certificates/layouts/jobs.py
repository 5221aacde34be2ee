"""Keeping the layouts that come along, and trying out those that were uploaded."""

from __future__ import annotations

from datetime import timedelta

from certificates.layouts.actions import keep_shipped_layouts, record_trial
from certificates.layouts.models import LayoutVersion
from certificates.layouts.queries import get_layout_files, list_untried
from certificates.layouts.trials import find_layout_faults
from lms.clock import now
from lms.db import session, transaction
from lms.jobs.registry import job
from lms.settings import current_config


@job(every=timedelta(hours=1))
def keep_layouts() -> None:
    """Keep the layouts that come along as versions, so that what they printed can be printed again"""
    with transaction():
        keep_shipped_layouts(at=now())


@job(every=timedelta(minutes=2))
def try_out_layouts() -> None:
    """Print samples with every uploaded layout that has not been tried out, in a process with limits"""
    config = current_config()
    with transaction():
        waiting = [(one.id, get_layout_files(one)) for one in list_untried()]
    for version_id, files in waiting:
        faults = find_layout_faults(files, issuer=config.institution_name, base_url=config.base_url)
        with transaction():
            record_trial(session.get_one(LayoutVersion, version_id), faults, at=now())
