"""The keys that credentials are signed with: made from the institution's seal, so that nothing more has to be kept.

With a P-256 seal the seal's own key signs (ES256). From an RSA seal a P-256 key is derived, and from any seal an Ed25519
key for Data Integrity proofs (HKDF, RFC 5869): the same on every machine, and changed when the seal is changed. A seal in
a PKCS#11 device gives nothing to derive from; the installation's secret key takes its place then.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from lms.institution.seal import load_seal
from lms.settings import current_config

#: The order of P-256 (FIPS 186-5).
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True)
class Keys:
    """The institution's keys as of now, with the names (RFC 7638) under which they are published."""

    es256: ec.EllipticCurvePrivateKey
    ed25519: ed25519.Ed25519PrivateKey
    es256_name: str
    ed25519_name: str

    @property
    def jwks(self) -> dict[str, dict[str, Any]]:
        """The public keys as JWKs by their names."""
        return {self.es256_name: ec_jwk(self.es256), self.ed25519_name: okp_jwk(self.ed25519)}

    @property
    def ed25519_pem(self) -> bytes:
        """The Ed25519 key as PKCS#8."""
        return self.ed25519.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def load_keys() -> Keys:
    """Return the institution's keys. Raises SealError when the seal cannot be read."""
    held = getattr(load_seal().signer, "signing_key", None)
    return _derive(held.dump() if held is not None else b"", current_config().session_secret())


@lru_cache(maxsize=4)
def _derive(seal_key: bytes, secret: str) -> Keys:
    key = load_der_private_key(seal_key, None) if seal_key else None
    material = seal_key or secret.encode()
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        number = int.from_bytes(_stretch(material, b"wegmarke credential P-256", 48))
        key = ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
    edwards = ed25519.Ed25519PrivateKey.from_private_bytes(_stretch(material, b"wegmarke credential Ed25519", 32))
    return Keys(key, edwards, thumbprint(ec_jwk(key)), thumbprint(okp_jwk(edwards)))


def _stretch(material: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=purpose).derive(material)


def sign_compact(payload: dict[str, Any], keys: Keys, *, kid: str, kind: str) -> str:
    """Return a JWS in compact form (RFC 7515) by ES256; the same payload always gives the same text (RFC 6979)."""
    header = {"alg": "ES256", "kid": kid, "typ": kind}
    signed = f"{_part(header)}.{_part(payload)}"
    return f"{signed}.{sign_detached(signed.encode(), keys)}"


def sign_detached(content: bytes, keys: Keys) -> str:
    """Return the ES256 signature of some bytes (RFC 7518, 3.4) in base64url."""
    signature = keys.es256.sign(content, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(signature)
    return base64url(r.to_bytes(32) + s.to_bytes(32))


def ec_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """Return the public half of a P-256 key as a JWK."""
    numbers = key.public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "x": base64url(numbers.x.to_bytes(32)),
        "y": base64url(numbers.y.to_bytes(32)),
    }


def okp_jwk(key: ed25519.Ed25519PrivateKey) -> dict[str, Any]:
    """Return the public half of an Ed25519 key as a JWK (RFC 8037)."""
    return {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": base64url(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)),
    }


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return a key's name (RFC 7638): the SHA-256 of its required members."""
    return base64url(hashlib.sha256(json.dumps(jwk, sort_keys=True, separators=(",", ":")).encode()).digest())


def base64url(content: bytes) -> str:
    """Return bytes in base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _part(value: dict[str, Any]) -> str:
    return base64url(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
