"""The institution's seal: an advanced electronic seal (PAdES B-B, with a timestamp authority B-T).

Without a key of its own the installation makes a development key once. Whoever verifies is told so; and no seal of this
kind is a qualified one, whatever key is used.
"""

from __future__ import annotations

import io
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from lms.institution.development import DEVELOPMENT_NAME, development_key, make_development_key
from lms.institution.keys import Seal, SealError, forget_token, open_token, read_key_file
from lms.institution.timestamps import Stamper
from lms.settings import current_config

__all__ = ["DEVELOPMENT_NAME", "Seal", "SealError", "TimestampError", "load_seal", "make_development_key", "sign_pdf"]

FIELD_NAME, FIELD_LABEL = "Siegel", "Elektronisches Siegel"
#: Beside its certificates a seal holds its attributes and the signature: 700 bytes with P-256, 1,100 with RSA-4096.
CMS_BYTES = 1200
#: What a timestamp with its authority's chain takes at most.
TIMESTAMP_BYTES = 10_000


class TimestampError(SealError):
    """The timestamp authority cannot be reached, or its answer is worth nothing."""


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


class _DatedSigner(PdfSigner):
    """States the time that it is given, so that a document's record and its seal name the same moment."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """Begin to sign as of ``at``."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def load_seal() -> Seal:
    """Return the institution's seal. Raises SealError with a sentence when it cannot be used."""
    config = current_config()
    if config.seal_key_uri:
        return open_token(config.seal_key_uri, config.seal_key_password, config.seal_chain_file)
    if config.seal_key_file is not None:
        return read_key_file(config.seal_key_file, config.seal_key_password, config.seal_chain_file)
    try:
        path = development_key(config.data_dir / "seal", config.institution_name)
    except OSError as error:
        raise SealError(f"The seal's development key {error.filename} cannot be made: {error.strerror}.") from error
    return read_key_file(path, "", None)


def load_valid_seal(at: datetime) -> Seal:
    """Return the institution's seal for something of this moment. Raises SealError, also when it has run out."""
    seal = load_seal()
    if not seal.valid_from <= at <= seal.valid_until:
        raise SealError(
            f"The seal's certificate is valid until {seal.valid_until:%Y-%m-%d} only. Please get a new one."
        )
    return seal


def sign_pdf(pdf: bytes, *, at: datetime, reason: str, location: str) -> bytes:
    """Return the PDF with an invisible seal over the whole file, as of ``at``. Raises SealError or TimestampError."""
    seal, address = load_valid_seal(at), current_config().seal_timestamp_url
    metadata = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        reason=reason,
        location=location,
        name=seal.subject,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
    )
    field = SigFieldSpec(FIELD_NAME, readable_field_name=FIELD_LABEL)
    signer = _DatedSigner(
        metadata, signer=seal.signer, timestamper=Stamper(address) if address else None, new_field_spec=field
    )
    signer.at = at
    room = seal.chain_bytes + CMS_BYTES + (TIMESTAMP_BYTES if address else 0)
    out = io.BytesIO()
    with seal.one_at_a_time or nullcontext():
        try:
            # Written in hex: each byte takes two.
            signer.sign_pdf(_SealWriter(io.BytesIO(pdf)), bytes_reserved=2 * room, output=out)
        except TimestampRequestError as error:
            raise TimestampError(f"The timestamp authority {address} gave no timestamp: {error}") from error
        except (SigningError, _token_error()) as error:
            forget_token()
            raise SealError(f"The seal's key refused to sign: {str(error) or type(error).__name__}") from error
    return out.getvalue()


def _token_error() -> type[Exception]:
    """Return what a token's library raises; without that library nothing of the kind can come."""
    try:
        from pkcs11 import PKCS11Error
    except ImportError:
        return SigningError
    return PKCS11Error
