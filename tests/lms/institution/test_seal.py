"""The seal with keys of every kind, a timestamp, a new key, and none."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from flask import Flask

from lms.health.checks import run_checks
from lms.institution.actions import keep_seal_certificate
from lms.institution.inspection import inspect_seal
from lms.institution.jobs import keep_current_seal
from lms.institution.queries import list_seal_certificates
from lms.institution.seal import SealError, TimestampError, load_seal, make_development_key, sign_pdf
from tests.lms.institution.conftest import AT, Authority, make_certificate, make_key

pytestmark = pytest.mark.once

MODULE = next((path for path in map(Path, ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"))
               if path.exists()), None)  # fmt: skip


def pem(key: Any, *certificates: Any, password: str = "") -> bytes:
    """Return a PEM file with a key and certificates."""
    protection = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    return bytes(own + b"".join(one.public_bytes(Encoding.PEM) for one in certificates))


def seal(page: bytes) -> bytes:
    """Seal a small document."""
    return sign_pdf(page, at=AT, reason="P-1", location="Potsdam")


def says_valid(content: bytes, folder: Path) -> bool:
    """Ask a program of others."""
    path = folder / "asked.pdf"
    path.write_bytes(content)
    program = shutil.which("pdfsig")
    assert program
    said = subprocess.run([program, path], capture_output=True, text=True, check=False).stdout
    return "Signature is Valid." in said and "Total document signed" in said


@pytest.mark.parametrize("kind", ["P-256", "RSA-3072"])
@pytest.mark.parametrize("form", ["pem", "pem with password", "pkcs12", "chain apart"])
def test_a_key_in_a_file(kind: str, form: str, page: bytes, configured: Callable[..., None], tmp_path: Path) -> None:
    key = make_key(kind)
    certificate = make_certificate(key, "Siegel der Stelle")
    file, chain = tmp_path / "key", tmp_path / "chain.pem"
    chain.write_bytes(certificate.public_bytes(Encoding.PEM))
    password = "geheim" if form in {"pem with password", "pkcs12"} else ""
    settings: dict[str, Any] = {"seal_key_file": file, "seal_key_password": password}
    if form == "pkcs12":
        file.write_bytes(pkcs12.serialize_key_and_certificates(b"s", key, certificate, None, BestAvailableEncryption(b"geheim")))
    elif form == "chain apart":
        file.write_bytes(pem(key))
        settings["seal_chain_file"] = chain
    else:
        file.write_bytes(pem(key, certificate, password=settings["seal_key_password"]))
    configured(**settings)
    sealed = seal(page)
    report = inspect_seal(sealed)
    assert (report.own, report.intact, report.whole_file, report.development) == (True, True, True, False)
    assert report.signer == "Siegel der Stelle"
    assert load_seal().algorithm == kind
    assert len(sealed) - len(page) < (6000 if kind == "P-256" else 8000)
    assert says_valid(sealed, tmp_path)


@pytest.mark.skipif(MODULE is None, reason="softhsm2 is not installed; 'make test' installs it")
@pytest.mark.parametrize("kind", ["P-256", "RSA-3072"])
def test_a_key_that_never_leaves_its_token(
    kind: str, page: bytes, configured: Callable[..., None], tmp_path: Path, token: Callable[[Any], None]
) -> None:
    key = make_key(kind)
    chain = tmp_path / "chain.pem"
    chain.write_bytes(make_certificate(key, "Siegel im Token").public_bytes(Encoding.PEM))
    label = f"siegel-{kind.lower()}"
    token((key, label))
    uri = f"pkcs11:token=Probe;object={label}?module-path={MODULE}"
    configured(seal_key_uri=uri, seal_key_password="1234", seal_chain_file=chain)
    sealed = seal(page)
    report = inspect_seal(sealed)
    assert (report.own, report.intact, report.whole_file) == (True, True, True)
    assert says_valid(sealed, tmp_path)
    configured(seal_key_uri=uri, seal_key_password="9999", seal_chain_file=chain)
    with pytest.raises(SealError, match="cannot be opened"):
        load_seal()
    configured(seal_key_uri=uri.replace("Probe", "Fremd"), seal_key_password="1234", seal_chain_file=chain)
    with pytest.raises(SealError, match="cannot be opened"):
        load_seal()


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Any], None]:
    """A token in software, and a way to put keys into it. One a run: its library reads its settings once."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    tool = ["softhsm2-util"]
    subprocess.run([*tool, "--init-token", "--free", "--label", "Probe", "--pin", "1234", "--so-pin", "5678"], check=True,
                   capture_output=True)  # fmt: skip

    def put(what: Any) -> None:
        key, label = what
        file = folder / f"{label}.pem"
        file.write_bytes(pem(key))
        number = "01" if "rsa" in label else "02"
        subprocess.run([*tool, "--import", file, "--token", "Probe", "--label", label, "--id", number, "--pin", "1234"],
                       check=True, capture_output=True)  # fmt: skip

    return put


@pytest.mark.parametrize(
    ("uri", "word"),
    [("pkcs11:token=a", "must look like"), ("pkcs11:token=a;object=b?module-path=/gibt/es/nicht.so", "cannot be opened")],
)
def test_a_wrong_address_of_a_token_says_so(uri: str, word: str, configured: Callable[..., None]) -> None:
    configured(seal_key_uri=uri)
    with pytest.raises(SealError, match=word):
        load_seal()


def test_keys_that_cannot_be_used_say_why(configured: Callable[..., None], tmp_path: Path) -> None:
    good, other, weak = make_key(), make_key(), make_key("RSA-2048")
    file = tmp_path / "key"
    for content, password, word in (
        (b"nichts", "geheim", "is no key file"),
        (b"-----BEGIN CERTIFICATE-----", "", "is no key file"),
        (make_development_key("Amt", "geheim"), "falsch", "LMS_SEAL_KEY_PASSWORD"),
        (pem(good, password="geheim"), "falsch", "cannot be opened"),
        (pem(good), "", "no certificate"),
        (pem(good, make_certificate(other, "X")), "", "no certificate"),
        (pem(weak, make_certificate(weak, "X")), "", "3072 bits"),
    ):
        file.write_bytes(content)
        os.utime(file, ns=(len(content), len(content)))  # two writes may fall into one tick of the clock
        configured(seal_key_file=file, seal_key_password=password)
        with pytest.raises(SealError, match=word):
            load_seal()
    configured(seal_key_file=tmp_path / "fehlt")
    with pytest.raises(SealError, match="cannot be read"):
        load_seal()
    finding = run_checks(("seal",))[0]
    assert "documents wait" in finding.problem


def test_an_expired_certificate_seals_nothing(page: bytes, configured: Callable[..., None], tmp_path: Path) -> None:
    key = make_key()
    file = tmp_path / "key.pem"
    file.write_bytes(pem(key, make_certificate(key, "Alt", days=30)))
    configured(seal_key_file=file)
    with pytest.raises(SealError, match="get a new one"):
        seal(page)


def test_a_new_key_does_not_disown_what_the_old_one_sealed(page: bytes, configured: Callable[..., None], tmp_path: Path) -> None:
    keep_current_seal()
    keep_current_seal()
    old = seal(page)
    key = make_key()
    file = tmp_path / "new.pem"
    file.write_bytes(pem(key, make_certificate(key, "Siegel neu")))
    configured(seal_key_file=file)
    keep_current_seal()
    assert [one.is_development for one in list_seal_certificates()] == [True, False]
    report = inspect_seal(old)
    assert report.own
    assert report.development
    assert inspect_seal(seal(page)).own
    file.unlink()  # the key is lost; what it sealed is still known
    assert inspect_seal(old).own


def test_a_certificate_is_kept_once(database: Flask) -> None:
    first = keep_seal_certificate(load_seal(), at=AT)
    assert keep_seal_certificate(load_seal(), at=AT + timedelta(days=1)) == first
    assert [one.first_used_at for one in list_seal_certificates()] == [AT]


@pytest.mark.parametrize("mood", ["broken", "nonsense", "other", "refusing"])
def test_an_authority_that_gives_no_timestamp_seals_nothing(
    mood: str, page: bytes, configured: Callable[..., None], authority: Authority
) -> None:
    authority.mood = mood
    configured(seal_timestamp_url=authority.url)
    with pytest.raises(TimestampError, match="timestamp authority"):
        seal(page)
    authority.mood = "good"
    assert inspect_seal(seal(page)).intact


def test_an_authority_that_is_not_there_seals_nothing(page: bytes, configured: Callable[..., None]) -> None:
    configured(seal_timestamp_url="http://127.0.0.1:9/")
    with pytest.raises(TimestampError, match="no timestamp"):
        seal(page)


def test_a_seal_leaves_the_claims_as_they_are(database: Flask, page: bytes) -> None:
    with pikepdf.open(io.BytesIO(page)) as before, pikepdf.open(io.BytesIO(seal(page))) as after:
        assert after.pdf_version == before.pdf_version == "1.7"
        assert "/Version" not in after.Root
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert after.docinfo == before.docinfo
        form = after.Root.AcroForm
        assert "/XFA" not in form
        assert not bool(form.get("/NeedAppearances", False))
        assert int(form.SigFlags) == 3
        widget = form.Fields[0]
        # ISO 19005-3, 6.3.2 and 6.3.3: printed, not hidden, and without a look because it has no size.
        assert int(widget.F) & 0b100
        assert not int(widget.F) & 0b100011
        assert [float(side) for side in widget.Rect] == [0, 0, 0, 0]
        assert str(widget.TU) == "Elektronisches Siegel"
        assert str(after.pages[0].Tabs) == "/S"


def test_a_development_key_is_called_one(database: Flask, configured: Callable[..., None], tmp_path: Path) -> None:
    assert "development key" in run_checks(("seal",))[0].good
    file = tmp_path / "dev.p12"
    file.write_bytes(make_development_key("X"))
    configured(seal_key_file=file, environment="production")
    assert "proves nothing" in run_checks(("seal",))[0].problem
