"""What a credential, a status list and a DID document say; plain values in, plain values out."""

from __future__ import annotations

import base64
import gzip
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
#: Entries of one status list; the standard's least, so that nobody can tell from a request whose state is looked up.
LIST_SIZE = 131_072
#: After one of these a credential is no longer to be accepted; an expired one says so itself.
ENDING = ("revoked", "replaced", "erased")


def did_web(base_url: str) -> str:
    """Return the institution's DID: its address, a port's colon and the parts of a path as did:web writes them."""
    parts = urlsplit(base_url)
    return ":".join(["did:web", parts.netloc.replace(":", "%3A"), *[part for part in parts.path.split("/") if part]])


def status_place(certificate_id: int) -> tuple[int, int]:
    """Return number and index of a certificate's entry in the status lists.

    The index is the certificate's own running number: unique without being kept anywhere, and it tells no more than the
    running number that is printed on the document.
    """
    return certificate_id // LIST_SIZE + 1, certificate_id % LIST_SIZE


def encoded_list(ended: Iterable[int]) -> str:
    """Return a bitstring with these indices set (Bitstring Status List v1.0, 3.1 and 4.1): GZIP, base64url, multibase u."""
    bits = bytearray(LIST_SIZE // 8)
    for index in ended:
        bits[index // 8] |= 0x80 >> (index % 8)
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), 9, mtime=0)).rstrip(b"=").decode()


def status_list(address: str, issuer: str, ended: Iterable[int], since: datetime, ttl: timedelta) -> dict[str, Any]:
    """Return the status list credential that is found at ``address``."""
    return {
        "@context": [VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": iso(since),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": int(ttl.total_seconds() * 1000),
            "encodedList": encoded_list(ended),
        },
    }


def achievement_credential(
    facts: Mapping[str, Any],
    words: Mapping[str, str],
    *,
    issuer: Mapping[str, Any],
    issued_at: datetime,
    valid_until: date | None,
    zone: str,
    status_address: str,
    status_index: int,
) -> dict[str, Any]:
    """Return an OpenBadgeCredential (Open Badges 3.0 on VC 2.0) of a snapshot. It holds no mail address.

    The subject is an id that names nobody, made from the document's address, with the name as it is printed.
    """
    link = facts["verify_url"]
    certificate = facts["kind"] == "certificate"
    credential = {
        "@context": [VC, OPEN_BADGES],
        "id": link,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{words['title']}: {facts['course']}",
        "issuer": dict(issuer),
        "validFrom": iso(issued_at),
        "credentialSubject": {
            "id": subject_id(link),
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityHash": facts["name"],
                    "identityType": "name",
                    "hashed": False,
                }
            ],
            "licenseNumber": facts["serial"],
            "term": facts["cohort"],
            "activityStartDate": f"{facts['begin_date']}T00:00:00Z",
            "activityEndDate": f"{facts['end_date']}T00:00:00Z",
            "narrative": words["attendance"],
            "achievement": {
                "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '|'.join([issuer['id'], facts['kind'], facts['course']]))}",
                "type": ["Achievement"],
                "achievementType": "Certificate" if certificate else "ext:ConfirmationOfAttendance",
                "name": facts["course"],
                "description": f"{words['title']}. {words['ue']}",
                "inLanguage": facts["language"],
                "criteria": {"narrative": criteria_text(facts, words)},
            },
        },
        "credentialStatus": {
            "id": f"{status_address}#{status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(status_index),
            "statusListCredential": status_address,
        },
    }
    if valid_until is not None:
        credential["validUntil"] = iso(datetime.combine(valid_until, time(23, 59, 59), ZoneInfo(zone)))
    return credential


def criteria_text(facts: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return the requirements that were met, one a line; where none are printed, what was attended."""
    lines = [f"- {one['title']}: {one['text']}" for one in facts["criteria"]]
    return "\n".join(lines) or words["attendance"]


def subject_id(link: str) -> str:
    """Return an id for whoever holds the document behind this link; it says nothing about the person."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, link)}"


def as_claims(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return a credential with the claims that Open Badges 3.0, 8.2.4.1 asks of a JWT."""
    issuer = credential["issuer"]
    claims = {
        **credential,
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "sub": credential["credentialSubject"]["id"],
        "jti": credential["id"],
        "nbf": int(datetime.fromisoformat(credential["validFrom"]).timestamp()),
    }
    if "validUntil" in credential:
        claims["exp"] = int(datetime.fromisoformat(credential["validUntil"]).timestamp())
    return claims


def did_document(did: str, jwks: Mapping[str, Mapping[str, Any]], profile: str) -> dict[str, Any]:
    """Return the DID document with every key that ever signed: P-256 as JsonWebKey2020, Ed25519 as Multikey."""
    methods = []
    for name, jwk in jwks.items():
        method: dict[str, Any] = {"id": f"{did}#{name}", "controller": did}
        if jwk["kty"] == "EC":
            method |= {"type": "JsonWebKey2020", "publicKeyJwk": dict(jwk)}
        else:
            method |= {"type": "Multikey", "publicKeyMultibase": multibase(jwk["x"])}
        methods.append(method)
    ids = [method["id"] for method in methods]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/suites/jws-2020/v1",
            "https://w3id.org/security/multikey/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": ids,
        "service": [{"id": f"{did}#profile", "type": "LinkedDomains", "serviceEndpoint": profile}],
    }


_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def multibase(key: str) -> str:
    """Return an Ed25519 key given in base64url as a Multikey (Controlled Identifiers v1.0, 2.2.2): base58 after 0xed01."""
    number = int.from_bytes(b"\xed\x01" + base64.urlsafe_b64decode(key + "="))
    signs = ""
    while number:
        number, place = divmod(number, 58)
        signs = _BASE58[place] + signs
    return f"z{signs}"


def iso(value: datetime) -> str:
    """Return an instant as credentials write it: 2026-06-01T07:00:00Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
