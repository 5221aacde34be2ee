"""Where the seal's key lies: in a PKCS#12 file, in a PEM file, or in a token (PKCS#11) that it never leaves.

P-256 is what we recommend; RSA of 3072 bits or more and the larger curves do as well.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from asn1crypto import keys as asn1_keys
from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.sign import SimpleSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.institution.development import DEVELOPMENT_NAME

#: What the Federal Office for Information Security asks of RSA (TR-02102-1) is 3000 bits; keys come in 3072.
LEAST_RSA_BITS = 3000
_sessions: list[Any] = []


class SealError(RuntimeError):
    """The institution's key cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Seal:
    """The key with its certificate, ready for use. ``one_at_a_time`` guards tokens that take one order at a time."""

    signer: Signer
    subject: str
    algorithm: str
    fingerprint: str
    chain_pem: str
    #: The size of the certificates that each seal carries (DER).
    chain_bytes: int
    valid_from: datetime
    valid_until: datetime
    is_development: bool
    one_at_a_time: threading.Lock | None = None


def read_key_file(path: Path, password: str, chain_file: Path | None) -> Seal:
    """Return the seal in a file, kept in memory until a file changes. Raises SealError."""
    return _read_key_file(path, password, _changed_at(path), chain_file, _changed_at(chain_file) if chain_file else 0)


def open_token(uri: str, pin: str, chain_file: Path | None) -> Seal:
    """Return the seal in a token that a PKCS#11 URI (RFC 7512) names. Raises SealError."""
    return _open_token(uri, pin, chain_file, _changed_at(chain_file) if chain_file else 0)


def forget_token() -> None:
    """Open the token anew next time; it has been taken out, or its session has ended."""
    _open_token.cache_clear()


@lru_cache(maxsize=2)
def _read_key_file(path: Path, password: str, _changed: int, chain_file: Path | None, _chain_changed: int) -> Seal:
    content = _bytes_of(path)
    if not _is_key_file(content):
        raise SealError(f"The seal's key {path} is no key file: neither PKCS#12 nor a private key in PEM.")
    try:
        key, certificate, chain = (_from_pem if b"-----BEGIN" in content else _from_pkcs12)(content, password)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealError(f"The seal's key {path} cannot be opened. Please check LMS_SEAL_KEY_PASSWORD.") from error
    if key is None:
        raise SealError(f"The seal's key {path} holds no key.")
    # In a file of its own the chain stands in any order, and may begin with the seal's certificate.
    candidates = [one for one in (certificate, *chain, *(_chain(chain_file) if chain_file else ())) if one is not None]
    own = next((one for one in candidates if one.public_key() == key.public_key()), None)
    if own is None:
        raise SealError(f"There is no certificate for the seal's key {path}. Please put it into LMS_SEAL_CHAIN_FILE.")
    others = [one for one in candidates if one != own]
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=_asn1(own), signing_key=asn1_keys.PrivateKeyInfo.load(raw), cert_registry=_store(others),
        embed_roots=False,
    )  # fmt: skip
    return _seal(signer, own, others)


@lru_cache(maxsize=2)
def _open_token(uri: str, pin: str, chain_file: Path | None, _chain_changed: int) -> Seal:
    where = parse_pkcs11_uri(uri)
    chain = _chain(chain_file) if chain_file else []
    try:
        from pkcs11 import Attribute, ObjectClass, PKCS11Error
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as error:
        raise SealError("The library for tokens is missing. Please run: pip install python-pkcs11") from error
    _close_sessions()
    try:
        session = open_pkcs11_session(
            where["module-path"], token_criteria=TokenCriteria(label=where["token"]), user_pin=pin or None
        )
        _sessions.append(session)
        found = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: where["object"]})
        stored = [x509.load_der_x509_certificate(one[Attribute.VALUE]) for one in found]
    except (PKCS11Error, OSError, RuntimeError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise SealError(f"The token {where['token']!r} of the seal cannot be opened ({reason}).") from error
    own = next(iter(stored or chain), None)
    if own is None:
        raise SealError(
            f"The token {where['token']!r} holds no certificate {where['object']!r}. Please set LMS_SEAL_CHAIN_FILE."
        )
    others = [one for one in chain if one != own]
    # Hashing is done here: not every token can do it for elliptic curves.
    signer = PKCS11Signer(
        session,
        use_raw_mechanism=isinstance(own.public_key(), ec.EllipticCurvePublicKey),
        signing_cert=_asn1(own),
        ca_chain={_asn1(one) for one in others},
        key_label=where["object"],
        embed_roots=False,
    )
    return _seal(signer, own, others, one_at_a_time=threading.Lock())


def _close_sessions() -> None:
    """End what is open: a token lets one and the same program sign in once."""
    while _sessions:
        with suppress(Exception):  # it may be gone already, with its token
            _sessions.pop().close()


def parse_pkcs11_uri(uri: str) -> dict[str, str]:
    """Return ``token``, ``object`` and ``module-path`` of an address as RFC 7512 spells it. Raises SealError."""
    parts = urlsplit(uri)
    attributes = dict(part.partition("=")[::2] for part in parts.path.split(";"))
    found = {name: unquote(value) for name, value in attributes.items()}
    found |= {name: values[0] for name, values in parse_qs(parts.query).items()}
    missing = [name for name in ("token", "object", "module-path") if not found.get(name)]
    if parts.scheme != "pkcs11" or missing:
        raise SealError(
            "LMS_SEAL_KEY_URI must look like pkcs11:token=NAME;object=NAME?module-path=/usr/lib/softhsm/libsofthsm2.so"
        )
    return found


def _seal(signer: Signer, own: x509.Certificate, others: Sequence[x509.Certificate], **more: Any) -> Seal:
    names = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    issuers = own.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Seal(
        signer=signer,
        subject=str(names[0].value) if names else own.subject.rfc4514_string(),
        algorithm=_algorithm(own),
        fingerprint=own.fingerprint(hashes.SHA256()).hex(),
        chain_pem="".join(one.public_bytes(Encoding.PEM).decode("ascii") for one in (own, *others)),
        chain_bytes=sum(
            len(one.public_bytes(Encoding.DER)) for one in (own, *others) if one.issuer != one.subject or one == own
        ),
        valid_from=own.not_valid_before_utc,
        valid_until=own.not_valid_after_utc,
        is_development=any(DEVELOPMENT_NAME in str(name.value) for name in issuers),
        **more,
    )


def _algorithm(certificate: x509.Certificate) -> str:
    """Return the name of the key's kind. Raises SealError for one that readers cannot verify, or that is too weak."""
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in {"secp256r1", "secp384r1", "secp521r1"}:
        return f"P-{key.key_size}"
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return f"RSA-{key.key_size}"
    raise SealError("The seal's key must be P-256 (or P-384, P-521) or RSA with 3072 bits or more.")


def _is_key_file(content: bytes) -> bool:
    """Say whether it has the form of one, whatever the password: a library's errors do not tell the two apart."""
    if b"-----BEGIN" in content:
        return b"PRIVATE KEY-----" in content
    try:
        asn1_pkcs12.Pfx.load(content, strict=True)["auth_safe"]
    except ValueError:
        return False
    return True


def _from_pem(content: bytes, password: str) -> tuple[Any, x509.Certificate | None, list[x509.Certificate]]:
    blocks = re.search(rb"-----BEGIN CERTIFICATE-----", content)
    certificates = x509.load_pem_x509_certificates(content) if blocks else []
    return load_pem_private_key(content, password.encode() or None), None, certificates


def _from_pkcs12(content: bytes, password: str) -> tuple[Any, x509.Certificate | None, list[x509.Certificate]]:
    return pkcs12.load_key_and_certificates(content, password.encode() or None)


def _chain(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(_bytes_of(path))
    except ValueError as error:
        raise SealError(f"LMS_SEAL_CHAIN_FILE names {path}, which holds no certificates in PEM.") from error


def _store(others: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # as the library has it
    store.register_multiple([_asn1(one) for one in others])
    return store


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SealError(f"The seal's key {path} cannot be read: {error.strerror}.") from error


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise SealError(f"The seal's key {path} cannot be read: {error.strerror}.") from error
