"""The institution's seal for many documents at once: the CMS is made once, a document adds its digest and signature."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.sign import SimpleSigner

from lms.institution.seal import Seal, load_valid_seal
from lms.settings import current_config

_SEQUENCE, _SET, _OCTETS, _CONTEXT_0 = 0x30, 0x31, 0x04, 0xA0
_DIGEST = bytes(range(32))


@dataclass(frozen=True)
class FrozenSeal:
    """A seal whose signed attributes differ only in the document's digest (PAdES B-B: no time among them, ETSI EN 319 142-1)."""

    subject: str
    key: ec.EllipticCurvePrivateKey
    #: The parts of the CMS (RFC 5652, 5.1 and 5.3) before and after what changes, in DER.
    content_type: bytes
    signed_data: bytes
    signer: bytes
    attributes: bytes
    algorithm: bytes

    def cms(self, digest: bytes) -> bytes:
        """Return the CMS over a document with this SHA-256. The same document always gets the same signature (RFC 6979)."""
        attributes = self.attributes.replace(_DIGEST, digest)
        signature = self.key.sign(_der(_SET, attributes), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        signer = _der(_SEQUENCE, self.signer, _der(_CONTEXT_0, attributes), self.algorithm, _der(_OCTETS, signature))
        signed_data = _der(_SEQUENCE, self.signed_data, _der(_SET, signer))
        return _der(_SEQUENCE, self.content_type, _der(_CONTEXT_0, signed_data))

    @cached_property
    def longest(self) -> int:
        """The bytes that a CMS takes at most: a P-256 signature has 72."""
        return len(self.cms(_DIGEST)) + 8


def freeze_seal(at: datetime) -> FrozenSeal | None:
    """Return the institution's seal for many documents of this moment. Raises SealError.

    None: its key is no P-256 key or lies in a token, or each document needs a timestamp of its own.
    """
    seal = load_valid_seal(at)
    return None if current_config().seal_timestamp_url else _freeze(seal)


@lru_cache(maxsize=2)  # a key is read once, and then is the same seal (see keys.py)
def _freeze(seal: Seal) -> FrozenSeal | None:
    if not isinstance(seal.signer, SimpleSigner):
        return None
    key = load_der_private_key(seal.signer.signing_key.dump(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        return None
    made = _made_by_pyhanko(seal)
    signed_data = made["content"]
    signer = signed_data["signer_infos"][0]
    return FrozenSeal(
        subject=seal.subject,
        key=key,
        content_type=made["content_type"].dump(),
        signed_data=b"".join(
            signed_data[part].dump() for part in ("version", "digest_algorithms", "encap_content_info", "certificates")
        ),
        signer=b"".join(signer[part].dump() for part in ("version", "sid", "digest_algorithm")),
        attributes=b"".join(one.dump() for one in signer["signed_attrs"]),
        algorithm=signer["signature_algorithm"].dump(),
    )


def _made_by_pyhanko(seal: Seal) -> Any:
    """Return the CMS that pyHanko makes of a digest that stands for all others."""
    return asyncio.run(seal.signer.async_sign(_DIGEST, "sha256", use_pades=True))


def _der(tag: int, *parts: bytes) -> bytes:
    """Return parts under a tag, with their length (X.690, 8.1.3)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
