"""From a certificate to its credential: as VC-JWT, and with a Data Integrity proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from certificates.conferral.models import Certificate
from certificates.credentials.keys import load_keys, sign_compact
from certificates.credentials.rules import achievement_credential, as_claims, did_web, status_place
from certificates.documents.words import document_words
from lms.settings import current_config

#: VC-JOSE-COSE, 6.1.
JWT_TYPE = "application/vc+jwt"
#: A credential with its proof inside (VC 2.0, 6.3).
PROOF_TYPE = "application/vc"


def credential_jwt(certificate: Certificate) -> str:
    """Return a certificate's credential as VC-JWT (ES256), the same text each time as long as the key is the same.

    It reads nothing but the snapshot. Raises SealError when the seal's key cannot be read.
    """
    return sign_credential(make_credential(certificate))


def credential_with_proof(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate's credential with a Data Integrity proof, made when somebody asks for it."""
    return add_proof(make_credential(certificate), created=certificate.issued_at)


def sign_credential(credential: dict[str, Any]) -> str:
    """Return a credential as VC-JWT with the institution's key."""
    keys = load_keys()
    return sign_compact(as_claims(credential), keys, kid=f"{institution_did()}#{keys.es256_name}", kind="vc+jwt")


def add_proof(credential: dict[str, Any], *, created: datetime) -> dict[str, Any]:
    """Return a credential with a Data Integrity proof (eddsa-rdfc-2022) by the institution's Ed25519 key."""
    # Imported late: it loads a processor for linked data, which nothing else needs.
    from openbadgeslib.ob3.ldp import add_data_integrity_proof

    keys = load_keys()
    method = f"{institution_did()}#{keys.ed25519_name}"
    proven: dict[str, Any] = add_data_integrity_proof(credential, keys.ed25519_pem, method, created=created)
    return proven


def make_credential(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate's credential without a proof."""
    facts = certificate.facts
    number, index = status_place(certificate.id)
    return achievement_credential(
        facts,
        document_words(facts),
        # As it is printed on the document, whatever the institution is called today.
        issuer={**issuer_profile(), "name": facts["issuer"]},
        issued_at=certificate.issued_at,
        valid_until=certificate.valid_until_date,
        zone=current_config().zone,
        status_address=public_address("credentials.status_list", number=number),
        status_index=index,
    )


def issuer_profile() -> dict[str, Any]:
    """Return who issues, as an Open Badges profile."""
    config = current_config()
    return {"id": institution_did(), "type": ["Profile"], "name": config.institution_name, "url": config.base_url}


def institution_did() -> str:
    """Return the institution's DID."""
    return did_web(current_config().base_url)


def public_address(endpoint: str, **values: Any) -> str:
    """Return an address as strangers reach it, whatever host the running request named."""
    path = url_for(endpoint, _external=False, **values)
    parts = current_config().base_url.rstrip("/").split("/")
    return "/".join(parts[:3]) + path
