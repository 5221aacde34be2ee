"""Who may do what with conferrals and certificates (see lms/permissions.py for the formula)."""

from __future__ import annotations

from lms.permissions import Permission, Role


class CertificatePermission(Permission):
    """The permissions of the package ``certificates``."""

    KEEP_CERTIFICATE = "self:certificate:keep", Role.PARTICIPANT
    READ_READINESS = "cohort:readiness:read", Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    DOWNLOAD = "self:certificate:download", Role.PARTICIPANT, Role.COORDINATOR, Role.AUDITOR
    CONFER = "institution:certificates:confer", Role.COORDINATOR
    MANAGE_LAYOUTS = "institution:layouts:manage", Role.COORDINATOR
    READ_CERTIFICATES = "institution:certificates:read", Role.COORDINATOR, Role.AUDITOR
