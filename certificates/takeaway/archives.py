"""A cohort's documents as one ZIP that can be checked when this platform is gone; streamed, and always the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template
from flask_babel import force_locale
from markupsafe import Markup

from certificates.conferral.models import Certificate
from certificates.credentials.issuing import credential_jwt, institution_did
from certificates.credentials.keys import ec_jwk, load_keys, sign_detached
from certificates.takeaway.rules import Missing, Taken, archive_manifest, checksum_lines, manifest_bytes
from certificates.verification.pages import inlined
from certificates.verification.rules import Happening, fold_events
from courses.cohorts.models import Cohort
from lms.files.queries import get_content
from lms.settings import current_config

#: ZIP knows no earlier day; no file's own time is told, so that the same content gives the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


def stream_archive(
    cohort: Cohort, certificates: Sequence[Certificate], missing: Sequence[Missing], *, at: datetime
) -> Iterator[bytes]:
    """Yield the ZIP piece by piece: one document at a time is in memory, however large the cohort is.

    It says which documents of the cohort are ``missing`` in it, and why.
    """
    taken = [_taken(one, at=at) for one in certificates]
    as_of = max(event.at for one in certificates for event in one.events)
    manifest = manifest_bytes(
        archive_manifest(
            cohort.title,
            certificates[0].facts["issuer"],
            institution_did(),
            as_of.astimezone(ZoneInfo(current_config().zone)).isoformat(timespec="seconds"),
            taken,
            missing,
        )
    )
    keys = load_keys()
    key, signature = ec_jwk(keys.es256), sign_detached(manifest, keys)
    small = {
        "manifest.json": manifest,
        "manifest.sig.json": (
            json.dumps({"alg": "ES256", "key": key, "signature": signature}, indent=1) + "\n"
        ).encode(),
        "pruefen.html": _verifier(manifest, key, signature).encode(),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in small.items()}
    sums |= {one.pdf: one.pdf_sha256 for one in taken} | {one.credential: one.credential_sha256 for one in taken}
    out = _Pieces()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**small, "SHA256SUMS": checksum_lines(sums)}.items():
            _add(archive, name, content)
            yield out.take()
        for one, certificate in zip(taken, certificates, strict=True):
            _add(archive, one.pdf, get_content(one.pdf_sha256))
            _add(archive, one.credential, credential_jwt(certificate).encode())
            yield out.take()
    yield out.take()


def _taken(certificate: Certificate, *, at: datetime) -> Taken:
    facts = certificate.facts
    happenings = [Happening(event.kind, event.at) for event in certificate.events]
    today = at.astimezone(ZoneInfo(current_config().zone)).date()
    return Taken(
        serial=certificate.serial,
        kind=certificate.kind,
        name=facts["name"],
        course=facts["course"],
        issue_date=facts["issue_date"],
        state=fold_events(happenings, certificate.valid_until_date, today)[0].value,
        link=facts["verify_url"],
        pdf_sha256=certificate.pdf_sha256 or "",
        credential_sha256=hashlib.sha256(credential_jwt(certificate).encode()).hexdigest(),
        replaces=(facts.get("replaces") or {}).get("serial"),
    )


def _verifier(manifest: bytes, key: dict[str, str], signature: str) -> str:
    """Return the page that checks the archive's files, alone and without a network, from a folder."""
    data = json.dumps({"manifest": manifest.decode(), "key": key, "signature": signature}, ensure_ascii=False)
    style, script = inlined("verification/verify.page.css", "style"), inlined("takeaway/verifier.js", "script")
    with force_locale(current_config().language):
        return render_template(
            "takeaway/verifier.html",
            language=current_config().language,
            style=style[0],
            # A module cannot be loaded from a folder in every browser; a plain script can.
            script=Markup(script[0].replace(' type="module"', "")),  # noqa: S704 - built from our own sources
            data=Markup(data.replace("<", "\\u003c")),  # noqa: S704 - JSON without a sign that could end its element
            cohort=json.loads(manifest)["cohort"],
            institution=json.loads(manifest)["issuer"],
            fingerprint=load_keys().es256_name,
        )


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o644 << 16
    # PDFs and tokens hardly shrink, and stored bytes do not depend on a compressor's version.
    info.compress_type = zipfile.ZIP_STORED
    archive.writestr(info, content)


class _Pieces(io.RawIOBase):
    """What was written since it was last taken; it cannot go back, so that the ZIP is written in one go."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        content = bytes(part)  # type: ignore[call-overload]  # a buffer
        self._parts.append(content)
        return len(content)

    def take(self) -> bytes:
        """Return what has come together, and begin anew."""
        content = b"".join(self._parts)
        self._parts.clear()
        return content
