"""Who may do what with quizzes, assignments and grades (see lms/permissions.py for the formula)."""

from __future__ import annotations

from lms.permissions import Permission, Role


class AssessmentPermission(Permission):
    """The permissions of the package ``assessments``."""

    TAKE_QUIZ = "self:quiz:take", Role.PARTICIPANT
    HAND_IN = "self:assignment:submit", Role.PARTICIPANT
    READ_GRADES = "cohort:grades:read", Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    DOWNLOAD_SUBMISSION = "self:submission:download", Role.PARTICIPANT, Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    GRADE = "cohort:grades:give", Role.TRAINER, Role.COORDINATOR
    REPAIR_ITEM = "institution:item:repair", Role.TRAINER, Role.COORDINATOR
    READ_STATISTICS = "cohort:statistics:read", Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    READ_ATTEMPT = "cohort:attempt:read", Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    MANAGE_ATTEMPT = "cohort:attempt:manage", Role.TRAINER, Role.COORDINATOR
    GRANT_TIME = "institution:time:grant", Role.COORDINATOR
    VALIDATE_RECEIPT = "self:receipt:validate", Role.PARTICIPANT, Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    READ_BANK = "institution:bank:read", Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
    MANAGE_BANK = "institution:bank:manage", Role.COORDINATOR
    SEE_PICTURE = "self:picture:read", Role.PARTICIPANT, Role.TRAINER, Role.COORDINATOR, Role.AUDITOR
