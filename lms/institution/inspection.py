"""Whose seal a PDF carries, whether it is intact, and whether it covers the whole file.

Nothing of the PDF is interpreted: no objects, no streams, no references, so that a hostile file has nothing to work
with. A seal over the whole file is a statement about its bytes (ISO 32000-1, 12.8.1): everything but the seal's own
place was signed. It is enough to find that place, hash the rest and verify the CMS (RFC 5652). Time and memory are
linear in the file, and the number of places looked at is limited.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.general import extract_signer_info
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter, validate_sig_integrity

from lms.institution.queries import find_seal_certificate
from lms.institution.seal import DEVELOPMENT_NAME, SealError, load_seal

#: The seals at the end of a file are looked at, and no more of them.
MOST_SEALS = 8
#: A CMS with a chain and a timestamp takes some 20 KB.
MOST_CMS_BYTES = 128 * 1024
#: Where the other entries of a signature's dictionary stand, before and after its place.
DICTIONARY_BYTES = 4096
HASHES = frozenset({"sha256", "sha384", "sha512"})

_BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,8}\[\s{0,8}(\d{1,12})\s{1,8}(\d{1,12})\s{1,8}(\d{1,12})\s{1,8}(\d{1,12})\s{0,64}\]"
)
_HEX = re.compile(rb"<[0-9A-Fa-f]*>")
_DATE = re.compile(rb"/M\s{0,4}\(D:(\d{14})(?:Z|([+-])(\d\d)'?(\d\d)?'?)?")

_ESCAPE = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True)
class SealReport:
    """What was found. Only ``intact and whole_file and own`` together say: this is the institution's unaltered file.

    ``sealed``: there is a seal. ``intact``: what it covers is as it was signed. ``whole_file``: it covers everything; when
    not, something was added afterwards. ``own``: it is of the institution, of its present key or of an earlier one.
    ``development``: by a development key, which proves nothing to others. ``signer``: whose name the certificate says.
    ``signed_at``: the timestamp authority's time, or else the one that the sealing machine states; None: none stated.
    """

    sealed: bool
    intact: bool
    whole_file: bool
    own: bool
    development: bool
    signer: str
    signed_at: datetime | None


UNSEALED = SealReport(
    sealed=False, intact=False, whole_file=False, own=False, development=False, signer="", signed_at=None
)


def inspect_seal(content: bytes) -> SealReport:
    """Return what the best of a PDF's seals says, the institution's own before others. Never raises for bad input."""
    reports = [_inspect(content, found) for found in list(_BYTE_RANGE.finditer(content))[-MOST_SEALS:]]
    best = UNSEALED
    for report in reports:
        if report is not None and _rank(report) >= _rank(best):
            best = report
    return best


def is_cut_short(content: bytes) -> bool:
    """Say whether a PDF ends before its end mark (ISO 32000-1, 7.5.5), as after a download that broke off."""
    return b"%PDF-" in content[:1024] and b"%%EOF" not in content[-1024:]


def _rank(report: SealReport) -> tuple[bool, bool, bool, bool]:
    return report.sealed, report.own and report.intact, report.whole_file, report.intact


def _inspect(content: bytes, found: re.Match[bytes]) -> SealReport | None:
    start, before, resume, after = (int(group) for group in found.groups())
    end = resume + after
    place = content[start + before : resume]
    if start != 0 or not before <= resume <= end <= len(content) or len(place) > 2 * MOST_CMS_BYTES:
        return None
    if not _HEX.fullmatch(place) or len(place) % 2:
        return None
    try:
        return _verify(content, place, before, resume, end)
    except Exception:  # whatever is wrong with a foreign CMS: it is no seal
        return None


def _verify(content: bytes, place: bytes, before: int, resume: int, end: int) -> SealReport | None:
    raw = bytes.fromhex(place[1:-1].decode("ascii"))
    info = cms.ContentInfo.load(raw)
    if info["content_type"].native != "signed_data" or raw[len(info.dump()) :].strip(b"\0"):
        return None
    signed_data = info["content"]
    if signed_data["encap_content_info"]["content_type"].native != "data":
        return None  # a timestamp of the document, for example: no seal
    signer_info = extract_signer_info(signed_data)
    certificate = _certificate(signed_data, signer_info)
    algorithm = signer_info["digest_algorithm"]["algorithm"].native
    if certificate is None or algorithm not in HASHES:
        return None
    digest = hashlib.new(algorithm, content[:before])
    digest.update(content[resume:end])
    same, valid = validate_sig_integrity(signer_info, certificate, "data", digest.digest())
    own, development = _whose(certificate)
    dictionary = (
        content[max(0, before - DICTIONARY_BYTES) : before],
        content[resume : min(end, resume + DICTIONARY_BYTES)],
    )
    return SealReport(
        sealed=True,
        intact=same and valid,
        whole_file=end == len(content),
        own=own,
        development=development,
        signer=_name(certificate),
        signed_at=_stamped_at(signer_info) or _stated_at(*dictionary),
    )


def _certificate(signed_data: cms.SignedData, signer_info: cms.SignerInfo) -> asn1_x509.Certificate | None:
    wanted = signer_info["sid"]
    for one in signed_data["certificates"]:
        certificate = one.chosen
        if not isinstance(certificate, asn1_x509.Certificate):
            continue
        if wanted.name == "issuer_and_serial_number":
            same = (
                certificate.issuer == wanted.chosen["issuer"]
                and certificate.serial_number == wanted.chosen["serial_number"].native
            )
        else:
            same = certificate.key_identifier == wanted.chosen.native
        if same:
            return certificate
    return None


def _whose(certificate: asn1_x509.Certificate) -> tuple[bool, bool]:
    """Return whether a certificate is the institution's, and whether it is a development one."""
    fingerprint = hashlib.sha256(certificate.dump()).hexdigest()
    kept = find_seal_certificate(fingerprint)
    if kept is not None:
        return True, kept.is_development
    try:
        seal = load_seal()
    except SealError:  # the key is away; what it sealed before is kept
        seal = None
    if seal is not None and seal.fingerprint == fingerprint:
        return True, seal.is_development
    return False, certificate.issuer.native.get("common_name") == DEVELOPMENT_NAME


def _name(certificate: asn1_x509.Certificate) -> str:
    subject = certificate.subject.native
    name = subject.get("common_name") or subject.get("organization_name") or certificate.subject.human_friendly
    return str(name)[:200]


def _stamped_at(signer_info: cms.SignerInfo) -> datetime | None:
    """Return the time of a timestamp (RFC 3161) over the signature, as far as its imprint and signature hold."""
    for token in extract_tst_data_iter(signer_info, signed=False):
        stamp = token["encap_content_info"]["content"].parsed
        imprint = stamp["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        stamped = hashlib.new(algorithm, signer_info["signature"].native).digest() if algorithm in HASHES else b""
        if imprint["hashed_message"].native != stamped:
            continue
        stamper = extract_signer_info(token)
        certificate = _certificate(token, stamper)
        digest = hashlib.new(
            stamper["digest_algorithm"]["algorithm"].native, bytes(token["encap_content_info"]["content"])
        )
        if certificate is None or validate_sig_integrity(stamper, certificate, "tst_info", digest.digest()) != (
            True,
            True,
        ):
            continue
        at: datetime = tsp.TSTInfo.load(stamp.dump())["gen_time"].native
        return at
    return None


def _stated_at(before: bytes, after: bytes) -> datetime | None:
    """Return the time that the signature's dictionary states (``/M``, ISO 32000-1, 7.9.4)."""
    plain = [_ESCAPE.sub(lambda found: bytes([int(found[1], 8) & 255]), part) for part in (before, after)]
    dates = _DATE.findall(plain[0])[-1:] or _DATE.findall(plain[1])[:1]
    for digits, sign, hours, minutes in dates:
        away = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        zone = timezone(-away if sign == b"-" else away)
        try:
            return datetime.strptime(digits.decode(), "%Y%m%d%H%M%S").replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
    return None
