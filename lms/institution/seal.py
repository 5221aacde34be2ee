"""The institution's seal: an advanced electronic seal (PAdES B-B) with a key from a PKCS#12 file.

Without such a file a development key of a self-made authority is made once. Readers never trust that authority, and
whoever verifies is told so; a seal of this kind is not a qualified one.
"""

from __future__ import annotations

import io
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import SigSeedSubFilter

from lms.clock import now
from lms.settings import current_config

DEVELOPMENT_NAME = "Entwicklung – nicht vertrauenswürdig"
DEVELOPMENT_YEARS = 10
#: Room for the CMS in the file; a P-256 seal with two certificates needs some 2 KB.
BYTES_RESERVED = 8192


class SealError(RuntimeError):
    """The institution's key cannot be used; the text says what to do."""


@dataclass(frozen=True)
class Seal:
    """The key with its certificate, ready for use."""

    signer: SimpleSigner
    subject: str
    valid_until: datetime
    is_development: bool


class _SealWriter(IncrementalPdfFileWriter):
    """Adds the seal and nothing else.

    pyHanko's own writer would restate the metadata in its words, with today's date and without the claims of PDF/A and
    PDF/UA in their prescribed form, and would make a PDF 2.0 of a PDF/A-3, which is a PDF 1.7.
    """

    output_version = (1, 7)

    def _update_meta(self) -> None:
        """Leave the metadata as they are."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave the version as it is; what a seal needs of PDF 2.0 is declared as an extension."""


def load_seal() -> Seal:
    """Return the institution's seal. Raises SealError with a sentence when the file cannot be read."""
    config = current_config()
    if config.seal_key_file is not None:
        return _read(config.seal_key_file, config.seal_key_password)
    return _read(_development_key(config.data_dir / "seal"), "")


def sign_pdf(pdf: bytes, *, at: datetime, reason: str, location: str) -> bytes:
    """Return the PDF with an invisible seal over the whole file, as of ``at``. Raises SealError."""
    seal = load_seal()
    metadata = PdfSignatureMetadata(
        field_name="Siegel",
        reason=reason,
        location=location,
        name=seal.subject,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
    )
    signer = PdfSigner(metadata, signer=seal.signer)
    out = io.BytesIO()
    signer.sign_pdf(_SealWriter(io.BytesIO(pdf)), bytes_reserved=BYTES_RESERVED, output=out)
    return out.getvalue()


def _read(path: Path, password: str) -> Seal:
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise SealError(f"The seal's key {path} cannot be read: {error.strerror}.") from error
    return _parse(path, password, changed)


@lru_cache(maxsize=2)
def _parse(path: Path, password: str, _changed: int) -> Seal:
    content = path.read_bytes()
    try:
        _key, certificate, _chain = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError as error:
        raise SealError(f"The seal's key {path} cannot be opened. Please check LMS_SEAL_KEY_PASSWORD.") from error
    signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode() or None)
    if certificate is None or signer is None:
        raise SealError(f"The seal's key {path} holds no certificate.")
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    issuers = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Seal(
        signer=signer,
        subject=str(names[0].value) if names else certificate.subject.rfc4514_string(),
        valid_until=certificate.not_valid_after_utc,
        is_development=any(DEVELOPMENT_NAME in str(name.value) for name in issuers),
    )


def _development_key(folder: Path) -> Path:
    """Return the development key, made once; of two processes that make it together, both use the first one's."""
    path = folder / "development.p12"
    if path.exists():
        return path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"development.{secrets.token_hex(8)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(make_development_key(current_config().institution_name))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path


def make_development_key(institution: str, password: str = "") -> bytes:
    """Return a PKCS#12 with a P-256 key and its certificate from an authority made for it."""
    authority_key, seal_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT_NAME)])
    seal_name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, institution[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Siegel {institution}"[:64]),
        ]
    )
    authority = (
        _certificate(authority_name, authority_name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    certificate = (
        _certificate(seal_name, authority_name, seal_key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(seal_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"seal", seal_key, certificate, [authority], protection)


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    begin = now() - timedelta(days=365)  # the demonstration seals documents of the past
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=365 * DEVELOPMENT_YEARS))
    )


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=not certificates,
        key_cert_sign=certificates,
        crl_sign=certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
