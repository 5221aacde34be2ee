"""Keys of every kind, a small PDF to seal, and a timestamp authority on the loopback."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from flask import Flask
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from lms.clock import now
from lms.printing.rendering import print_pdf
from lms.settings import CONFIG

AT = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
HTML = '<!doctype html><html lang="de"><head><title>Probe</title></head><body><h1>Probe</h1><p>Zwölf Boxkämpfer</p></body></html>'
CSS = '@font-face { font-family: "S"; src: url("font:sans-regular.ttf"); } html { font: 10pt "S"; }'


@pytest.fixture(scope="session")
def page() -> bytes:
    """A small PDF/A-3a and PDF/UA-1."""
    return print_pdf(HTML, CSS, files={}, identifier="P-1", at=AT)


@pytest.fixture
def configured(database: Flask) -> Iterator[Callable[..., None]]:
    """Change settings for this test."""
    usual = database.extensions[CONFIG]

    def change(**settings: Any) -> None:
        database.extensions[CONFIG] = dataclasses.replace(usual, **settings)

    yield change
    database.extensions[CONFIG] = usual


def make_key(kind: str = "P-256") -> Any:
    """Return a private key."""
    if kind == "P-256":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.removeprefix("RSA-")))


def make_certificate(key: Any, name: str, *, days: int = 3650, stamps: bool = False) -> x509.Certificate:
    """Return a certificate that its own key has signed."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(begin + timedelta(days=days))
    )  # fmt: skip
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(key, hashes.SHA256())


class Authority:
    """A timestamp authority: it stamps, or does not."""

    def __init__(self) -> None:
        key = make_key("RSA-3072")
        certificate = make_certificate(key, "Zeitstempel", stamps=True)
        raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
            asn1_keys.PrivateKeyInfo.load(raw),
            fixed_dt=now().replace(microsecond=0),
        )
        self.asked = 0
        self.mood = "good"
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = self.rfile.read(int(self.headers["Content-Length"]))
                authority.asked += 1
                answer = authority.answer(question)
                self.send_response(200 if authority.mood != "broken" else 503)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, question: bytes) -> bytes:
        """Stamp what is asked for, something else, or nothing."""
        request = tsp.TimeStampReq.load(question)
        if self.mood == "nonsense":
            return b"<html>"
        if self.mood == "other":
            request["message_imprint"]["hashed_message"] = b"\0" * 32
        if self.mood == "refusing":
            return bytes(tsp.TimeStampResp({"status": {"status": "rejection"}}).dump())
        return bytes(self._stamper.request_tsa_response(request).dump())


@pytest.fixture
def authority() -> Iterator[Authority]:
    """The authority, listening."""
    made = Authority()
    yield made
    made.server.shutdown()
    made.server.server_close()
