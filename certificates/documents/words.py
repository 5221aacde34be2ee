"""The words of a printed document, made from its snapshot alone, in the language of the course."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from babel.dates import format_date

from certificates.conferral.snapshots import ENDING_FORMAT


def document_words(facts: dict[str, Any]) -> dict[str, str]:
    """Return the sentences of a document; ``facts`` is a snapshot (see certificates/conferral/snapshots.py).

    What a snapshot's ``format`` once said stays as it is, to the letter: documents are printed again from it. Other words
    need a new format; further words for new layouts do no harm.
    """
    words = (_english if facts["language"] == "en" else _german)(facts)
    return {**words, "valid_until": _valid_until(facts)}


def _valid_until(facts: dict[str, Any]) -> str:
    """Return until when a document is valid; empty: without an end, or of a format that did not print it."""
    if facts["format"] < ENDING_FORMAT or not facts.get("valid_until_date"):
        return ""
    return f"{'Valid until' if facts['language'] == 'en' else 'Gültig bis'} {_day(facts, 'valid_until_date')}"


def _german(facts: dict[str, Any]) -> dict[str, str]:
    certificate, ue = facts["kind"] == "certificate", facts["ue"]
    when = f"vom {_day(facts, 'begin_date')} bis {_day(facts, 'end_date')}, Durchgang {facts['cohort']},"
    return {
        "title": "Zertifikat" if certificate else "Teilnahmebescheinigung",
        "to": "Hiermit wird bescheinigt:",
        "has": "hat die Qualifizierung" if certificate else "hat an der Qualifizierung",
        "when": f"{when} {'erfolgreich abgeschlossen' if certificate else 'teilgenommen'}.",
        "scope_before": "Umfang:",
        "scope": f"{ue['total']} Unterrichtseinheiten",
        "scope_after": f"· besucht: {ue['live_attended']} von {ue['live_planned']} UE der Live-Termine",
        "given": f"{facts['place']}, den {_day(facts, 'issue_date')}",
        "number": "Nummer",
        "code": "Prüfcode",
        "check": "Prüfen Sie dieses Dokument mit dem Code oder unter:",
        "qr": f"QR-Code mit der Adresse {facts['verify_url']}",
        "emblem": "Emblem: eine Wegmarke über Wasser, Kiefer und Raster",
        "ornament": "Schmucklinie: Kiefern, ein Fluss und ein Raster aus Häusern",
        "annex": f"Anlage zu Nummer {facts['serial']}",
        "period_label": "Zeitraum",
        "period": f"{_day(facts, 'begin_date')} bis {_day(facts, 'end_date')}",
        "cohort_label": "Durchgang",
        "scope_label": "Umfang",
        "attended_label": "Besucht",
        "attended": f"{ue['live_attended']} von {ue['live_planned']} UE der Live-Termine",
        "done": "hat erfolgreich abgeschlossen:" if certificate else "hat teilgenommen an:",
        "content": "Inhalte und Umfang",
        "no": "Nr.",
        "module": "Modul",
        "live": "Live-Termin",
        "self_study": "Selbststudium",
        "project": "Transferprojekt",
        "ue": f"UE: Unterrichtseinheit von 45 Minuten. Geplanter Umfang: {ue['total']} UE, davon {ue['live_planned']} UE in "
        f"Live-Terminen, {ue['self_study']} UE Selbststudium und {ue['project']} UE Transferprojekt.",
        "attendance_title": "Anwesenheit",
        "attendance": f"Von {ue['live_planned']} geplanten UE in Live-Terminen wurden {ue['live_attended']} UE besucht."
        + (
            f" Für das Zertifikat sind {facts['attendance_percent']}\u00a0% erforderlich."
            if facts["attendance_percent"]
            else ""
        ),
        "criteria_title": "Erfüllte Voraussetzungen",
        "verify_title": "So prüfen Sie dieses Dokument",
        "verify": "Scannen Sie den Code auf der ersten Seite oder öffnen Sie die Adresse. Die Seite zeigt jede gedruckte Angabe "
        "und ob das Dokument gültig ist. Weicht etwas ab, ist dieses Exemplar verändert worden.",
        "seal": "Die PDF-Datei trägt ein elektronisches Siegel über das ganze Dokument. Es ist ein fortgeschrittenes, kein "
        "qualifiziertes Siegel.",
    }


def _english(facts: dict[str, Any]) -> dict[str, str]:
    certificate, ue = facts["kind"] == "certificate", facts["ue"]
    when = f"from {_day(facts, 'begin_date')} to {_day(facts, 'end_date')}, cohort {facts['cohort']}"
    return {
        "title": "Certificate" if certificate else "Confirmation of attendance",
        "to": "This is to certify that",
        "has": "has successfully completed the qualification" if certificate else "has taken part in the qualification",
        "when": f"{when}.",
        "scope_before": "Scope:",
        "scope": f"{ue['total']} teaching units",
        "scope_after": f"· attended: {ue['live_attended']} of {ue['live_planned']} units of the live sessions",
        "given": f"{facts['place']}, {_day(facts, 'issue_date')}",
        "number": "Number",
        "code": "Code",
        "check": "Verify this document with the code or at:",
        "qr": f"QR code with the address {facts['verify_url']}",
        "emblem": "Emblem: a waymark above water, pine and grid",
        "ornament": "Ornament: pines, a river and a grid of houses",
        "annex": f"Annex to number {facts['serial']}",
        "period_label": "Period",
        "period": f"{_day(facts, 'begin_date')} to {_day(facts, 'end_date')}",
        "cohort_label": "Cohort",
        "scope_label": "Scope",
        "attended_label": "Attended",
        "attended": f"{ue['live_attended']} of {ue['live_planned']} units of the live sessions",
        "done": "has successfully completed" if certificate else "has taken part in",
        "content": "Content and scope",
        "no": "No.",
        "module": "Module",
        "live": "Live session",
        "self_study": "Self-study",
        "project": "Transfer project",
        "ue": f"UE: teaching unit of 45 minutes. Planned scope: {ue['total']} UE, of which {ue['live_planned']} UE in live "
        f"sessions, {ue['self_study']} UE self-study and {ue['project']} UE transfer project.",
        "attendance_title": "Attendance",
        "attendance": f"{ue['live_attended']} of {ue['live_planned']} planned units of the live sessions were attended."
        + (f" The certificate requires {facts['attendance_percent']}\u00a0%." if facts["attendance_percent"] else ""),
        "criteria_title": "Requirements met",
        "verify_title": "How to verify this document",
        "verify": "Scan the code on the first page or open the address. The page shows every printed fact and whether the "
        "document is valid. If anything differs, this copy has been altered.",
        "seal": "The PDF file carries an electronic seal over the whole document. It is an advanced seal, not a qualified one.",
    }


def _day(facts: dict[str, Any], key: str) -> str:
    return _written_day(facts[key], facts["language"])


@lru_cache(maxsize=1 << 10)  # a cohort has few days, and each document names five
def _written_day(day: str, language: str) -> str:
    return format_date(date.fromisoformat(day), "d MMMM y" if language == "en" else "d. MMMM y", locale=language)
