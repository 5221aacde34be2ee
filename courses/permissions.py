"""Who may do what with courses and cohorts (see lms/permissions.py for the formula)."""

from __future__ import annotations

from lms.permissions import Permission, Role

STAFF = (Role.TRAINER, Role.COORDINATOR)
READERS = (Role.TRAINER, Role.COORDINATOR, Role.AUDITOR)


class CoursePermission(Permission):
    """The permissions of the package ``courses``."""

    LEARN = "self:course:learn", Role.PARTICIPANT
    READ_SCHEDULE = "self:schedule:read", Role.PARTICIPANT, *READERS
    READ_COHORT = "cohort:participants:read", *READERS
    MARK_ATTENDANCE = "cohort:attendance:mark", *STAFF
    MANAGE_COHORT = "institution:cohorts:manage", Role.COORDINATOR
    MANAGE_COURSE = "institution:courses:manage", Role.COORDINATOR
