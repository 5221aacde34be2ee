"""What the audit log's codes are called, in one place: what was done, on what, and each detail.

The rooms above write the entries; a test (tests/lms/test_audit_words.py) keeps this table complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lms.audit.rules import SIGNED_IN, SIGNED_OUT
from lms.sentences import N_, Sentence, sentence

ACTIONS = {
    SIGNED_IN: N_("Signed in"),
    SIGNED_OUT: N_("Signed out"),
    "account_closed": N_("Account closed"),
    "account_opened": N_("Account opened again"),
    "answers_marked": N_("Answers marked"),
    "assignment_submitted": N_("Project handed in"),
    "attempt_read": N_("Log of an attempt read"),
    "attempt_reopened": N_("Attempt opened again"),
    "attempt_voided": N_("Attempt taken out"),
    "attendance_marked": N_("Attendance marked"),
    "certificate_concealed": N_("Details of a document concealed"),
    "certificate_erased": N_("Document erased"),
    "certificate_issued": N_("Document issued"),
    "certificate_replaced": N_("Document replaced"),
    "certificate_reviewed": N_("Document checked before its renewal"),
    "certificate_revealed": N_("Details of a document shown again"),
    "certificate_revoked": N_("Document revoked"),
    "cohort_changed": N_("Cohort changed"),
    "cohort_completed": N_("Teaching of a cohort finished"),
    "cohort_reopened": N_("Teaching of a cohort opened again"),
    "cohort_conferred": N_("Certificates conferred"),
    "cohort_created": N_("Cohort created"),
    "conferral_proposed": N_("Conferral proposed"),
    "conferral_returned": N_("Proposed conferral sent back"),
    "conferral_withdrawn": N_("Proposed conferral withdrawn"),
    "correction_decided": N_("Request for a correction decided"),
    "correction_requested": N_("Correction requested"),
    "course_imported": N_("Course imported"),
    "details_changed": N_("Own details changed"),
    "enrolment_withdrawn": N_("Enrolment ended"),
    "grade_given": N_("Grade given"),
    "item_repaired": N_("Question repaired"),
    "item_restored": N_("Question taken into use again"),
    "item_retired": N_("Question taken out of use"),
    "item_reworded": N_("Wording of a question changed"),
    "items_imported": N_("Questions imported"),
    "layout_chosen": N_("Layout chosen"),
    "layout_uploaded": N_("Layout uploaded"),
    "layout_withdrawn": N_("Layout withdrawn"),
    "lesson_completed": N_("Lesson marked as read"),
    "lesson_reopened": N_("Lesson no longer marked as read"),
    "live_session_cancelled": N_("Live session cancelled"),
    "live_session_moved": N_("Live session moved"),
    "live_session_planned": N_("Live session planned"),
    "mail_retried": N_("Mail sent again"),
    "names_asked_for": N_("People asked to confirm their names"),
    "password_set": N_("Password set"),
    "person_created": N_("Person added"),
    "person_enrolled": N_("Person enrolled"),
    "protocol_printed": N_("Protocol printed"),
    "quiz_exception_granted": N_("Exception for a quiz granted"),
    "quiz_exception_revoked": N_("Exception for a quiz taken back"),
    "quiz_window_set": N_("Opening times of a quiz set"),
    "result_erased": N_("Result erased"),
    "role_granted": N_("Role given"),
    "role_withdrawn": N_("Role taken away"),
    "time_factor_set": N_("Time extension set"),
    "trainer_assigned": N_("Trainer assigned"),
    "trainer_removed": N_("Trainer taken out of a cohort"),
}

#: What an entry is about, by the table of its row.
SUBJECTS = {
    "activities": N_("Activity %(id)s"),
    "attempts": N_("Attempt %(id)s"),
    "attendance_marks": N_("Attendance mark %(id)s"),
    "certificates": N_("Document %(id)s"),
    "cohorts": N_("Cohort %(id)s"),
    "conferral_proposals": N_("Proposed conferral %(id)s"),
    "conferrals": N_("Conferral %(id)s"),
    "correction_requests": N_("Request for a correction %(id)s"),
    "course_versions": N_("Course version %(id)s"),
    "courses": N_("Course %(id)s"),
    "enrolments": N_("Enrolment %(id)s"),
    "grade_entries": N_("Grade %(id)s"),
    "item_repairs": N_("Repair %(id)s"),
    "items": N_("Question %(id)s"),
    "layouts": N_("Layout %(id)s"),
    "live_sessions": N_("Live session %(id)s"),
    "outbox_mails": N_("Mail %(id)s"),
    "people": N_("Person %(id)s"),
    "quiz_exceptions": N_("Exception %(id)s"),
    "quizzes": N_("Quiz %(id)s"),
    "submissions": N_("Handed-in project %(id)s"),
}

DETAILS = {
    "accepted": N_("accepted"),
    "before": N_("before"),
    "begin_date": N_("first day"),
    "by": N_("replaced by"),
    "changed": N_("changed"),
    "closes_at": N_("closes"),
    "cohort": N_("cohort"),
    "concerned": N_("concerned"),
    "documents": N_("documents"),
    "end_date": N_("last day"),
    "enrolment": N_("enrolment"),
    "extra_attempts": N_("more attempts"),
    "extra_minutes": N_("more minutes"),
    "failed": N_("newly not passed"),
    "file": N_("file"),
    "format": N_("format"),
    "given": N_("points given"),
    "item": N_("question"),
    "kept": N_("kept as they were"),
    "key": N_("key"),
    "kind": N_("kind"),
    "layout": N_("layout"),
    "live_session": N_("live session"),
    "maximum": N_("most points"),
    "new": N_("new"),
    "number": N_("number"),
    "old_starts_at": N_("began before"),
    "opens_at": N_("opens"),
    "passed": N_("passed"),
    "people": N_("people"),
    "percent": N_("per cent"),
    "person": N_("person"),
    "questions": N_("questions"),
    "quiz": N_("quiz"),
    "refused": N_("refused"),
    "role": N_("role"),
    "round": N_("round"),
    "running": N_("attempts under way"),
    "same": N_("unchanged"),
    "seats": N_("seats"),
    "sequence": N_("change number"),
    "serial": N_("serial number"),
    "sha256": N_("checksum (SHA-256)"),
    "slug": N_("short name"),
    "starts_at": N_("begins"),
    "status": N_("status"),
    "title": N_("title"),
    "ue": N_("UE"),
    "version": N_("version"),
}

#: Values that are codes, by the detail they stand in.
VALUES = {
    "kind": {
        "certificate": N_("certificate"),
        "attendance": N_("confirmation of attendance"),
        "key": N_("key mended"),
        "full_points": N_("full points for everybody"),
        "drop": N_("question dropped"),
        "take_back": N_("repair taken back"),
    },
    "role": {
        "participant": N_("Participant"),
        "trainer": N_("Trainer"),
        "coordinator": N_("Coordinator"),
        "auditor": N_("Auditor"),
        "admin": N_("Administrator"),
    },
    "status": {
        "present": N_("present"),
        "partly": N_("partly"),
        "excused": N_("excused"),
        "absent": N_("absent"),
    },
}
YES, NO = N_("yes"), N_("no")


def action_words(action: str) -> str:
    """Return what an action is called, to be translated; its code where it has no words."""
    return ACTIONS.get(action, action)


def subject_words(kind: str, key: str) -> Sentence:
    """Return what an entry is about."""
    return (
        sentence(SUBJECTS[kind], id=key) if kind in SUBJECTS else Sentence("%(kind)s %(id)s", {"kind": kind, "id": key})
    )


def detail_words(
    details: dict[str, Any], names: Mapping[tuple[str, int], Sentence | str] = MappingProxyType({})
) -> list[tuple[str, Any, bool]]:
    """Return label and value of each detail, and whether the value is a long code; what says nothing is left out.

    ``names`` are what rows are called, by detail and number; the number is shown as well, since two can be called the same.
    """
    return [
        (DETAILS.get(name, name), _value(name, value, names), name == "sha256")
        for name, value in details.items()
        if value not in (None, "", [])
    ]


def _value(name: str, value: Any, names: Mapping[tuple[str, int], Sentence | str]) -> Any:
    if isinstance(value, bool):
        return Sentence(YES if value else NO, {})
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, int) and (name, value) in names:
        return Sentence("%(name)s (%(id)s)", {"name": names[name, value], "id": str(value)})
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and value in VALUES.get(name, {}):
        return Sentence(VALUES[name][value], {})
    return value
