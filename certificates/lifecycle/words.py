"""What each event of a document is called."""

from __future__ import annotations

from certificates.lifecycle.rules import EventKind
from lms.sentences import N_

EVENT_WORDS = {
    EventKind.ISSUED.value: N_("Issued"),
    EventKind.RENDERED.value: N_("PDF rendered and sealed"),
    EventKind.MAILED.value: N_("Owner told by mail"),
    EventKind.FLAGGED.value: N_("A result behind it changed"),
    EventKind.REVIEWED.value: N_("Looked at: stays as it is"),
    EventKind.CONCEALED.value: N_("Public page shows the state only"),
    EventKind.REVEALED.value: N_("Public page shows everything"),
    EventKind.REMINDED.value: N_("Owner reminded of its end"),
    EventKind.REVOKED.value: N_("Revoked"),
    EventKind.REPLACED.value: N_("Replaced by a newer document"),
    EventKind.ERASED.value: N_("Personal data erased"),
}
