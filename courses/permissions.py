"""Who may do what with courses and cohorts (see lms/permissions.py for the formula)."""

from __future__ import annotations

from lms.permissions import Permission, Role

STAFF = (Role.TRAINER, Role.COORDINATOR)
READERS = (Role.TRAINER, Role.COORDINATOR, Role.AUDITOR)


class CoursePermission(Permission):
    """The permissions of the package ``courses``."""

    SEE_START = "self:start:read", *Role
    LEARN = "self:course:learn", Role.PARTICIPANT
    READ_CONTENT = "self:content:read", Role.PARTICIPANT, *READERS
    READ_SCHEDULE = "self:schedule:read", Role.PARTICIPANT, *READERS
    READ_COHORT = "cohort:participants:read", *READERS
    PLAN_SESSIONS = "cohort:sessions:plan", *STAFF
    MARK_ATTENDANCE = "cohort:attendance:mark", *STAFF
    PREVIEW_COURSE = "institution:courses:preview", *READERS
    MANAGE_COHORT = "institution:cohorts:manage", Role.COORDINATOR
    MANAGE_COURSE = "institution:courses:manage", Role.COORDINATOR
