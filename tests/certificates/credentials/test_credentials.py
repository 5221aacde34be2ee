"""Credentials, read by libraries that other people wrote."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from openbadgeslib.ob3 import verifier as ob3
from openbadgeslib.ob3.ldp import OB3LdpVerifier

from certificates.conferral.models import Certificate
from certificates.credentials import actions, issuing, routes
from certificates.credentials import keys as credential_keys
from certificates.credentials.issuing import credential_jwt, credential_with_proof, institution_did
from certificates.credentials.jobs import keep_credential_keys
from certificates.credentials.keys import load_keys
from certificates.credentials.rules import did_web, encoded_list, multibase, status_place
from certificates.events import CohortConferred
from lms.db import session, transaction
from lms.institution.seal import SealError
from tests.cast import NOW, Cast
from tests.certificates.issued import add_event, issue

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[3]
NODE = Path(sys.executable).parent / "node"


@pytest.fixture
def certificate(cast: Cast) -> Certificate:
    """A certificate as it was issued."""
    return issue(cast, name="Петра Łukaszewicz")


def claims(token: str) -> dict[str, Any]:
    """Return what a token says, unverified."""
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return found


def forge(token: str) -> str:
    """Return the token with another name in it."""
    header, _payload, signature = token.split(".")
    changed = json.dumps(claims(token), ensure_ascii=False).replace("Łukaszewicz", "Anders").encode()
    return ".".join([header, base64.urlsafe_b64encode(changed).rstrip(b"=").decode(), signature])


def fetch(app: Flask, path: str, accept: str = "*/*") -> bytes:
    """Return what a stranger gets."""
    answer = app.test_client().get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return bytes(answer.data)


def test_the_credential_says_what_is_printed_and_no_mail_address(certificate: Certificate) -> None:
    token = credential_jwt(certificate)
    assert credential_jwt(certificate) == token
    found = claims(token)
    assert found["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert found["iss"] == found["issuer"]["id"] == "did:web:127.0.0.1%3A8000"
    subject = found["credentialSubject"]
    assert subject["id"].startswith("urn:uuid:")
    assert subject["identifier"][0]["identityHash"] == "Петра Łukaszewicz"
    assert subject["licenseNumber"] == certificate.serial
    assert subject["achievement"]["name"] == "Smart City Manager"
    assert found["id"] == certificate.facts["verify_url"]
    assert "@example" not in json.dumps(found)
    assert len(token) < 6000


def test_an_expiry_is_the_end_of_the_day_here(cast: Cast) -> None:
    found = claims(credential_jwt(issue(cast, valid_until=date(2028, 7, 1))))
    assert found["validUntil"] == "2028-07-01T21:59:59Z"
    assert found["exp"] - found["nbf"] > 0


def test_openbadgeslib_accepts_it_and_rejects_a_changed_name(app: Flask, certificate: Certificate) -> None:
    token = credential_jwt(certificate)

    def download(address: str, *_more: Any, **_options: Any) -> bytes:
        return fetch(app, address.partition("127.0.0.1:8000")[2] if "8000" in address else "/.well-known/did.json")

    verifier = ob3.OB3Verifier.for_issuer_did(institution_did(), download=download)
    assert verifier.verify(token, check_status=True, download=download).issuer.name == "Testinstitut"
    with pytest.raises(ob3.OB3VerificationError):
        verifier.verify(forge(token))
    proven = credential_with_proof(certificate)
    ldp = OB3LdpVerifier.for_issuer_did(institution_did(), download=download)
    assert ldp.verify(proven, download=download) is not None
    proven["credentialSubject"]["identifier"][0]["identityHash"] = "Anders"
    with pytest.raises(ob3.OB3VerificationError):
        ldp.verify(proven, download=download)
    add_event(certificate, "revoked")
    with pytest.raises(ob3.OB3VerificationError, match="is set at index"):
        verifier.verify(token, check_status=True, download=download)


@pytest.mark.parametrize("ended", [None, "revoked", "replaced", "erased"])
def test_libraries_of_node_accept_it_reject_a_changed_name_and_find_its_state(
    app: Flask, certificate: Certificate, ended: str | None
) -> None:
    token, proven = credential_jwt(certificate), credential_with_proof(certificate)
    forged = json.loads(json.dumps(proven).replace("\\u0141ukaszewicz", "Anders"))
    assert forged != proven
    if ended:
        add_event(certificate, ended)
    number, _index = status_place(certificate.id)
    path = f"/credentials/status/{number}"
    given = {
        "did": json.loads(fetch(app, "/.well-known/did.json")), "jwks": json.loads(fetch(app, "/.well-known/jwks.json")),
        "jwt": token, "forged": forge(token), "proof": proven, "proofForged": forged,
        "statusJwt": fetch(app, path).decode(), "statusProof": json.loads(fetch(app, path, "application/vc")),
        "listAddress": f"http://127.0.0.1:8000{path}",
    }  # fmt: skip
    done = subprocess.run(
        [NODE, Path(__file__).with_name("verify.mjs")], input=json.dumps(given), capture_output=True, text=True, cwd=ROOT,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["jose"] == "Петра Łukaszewicz"
    assert told["joseForged"] == "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"
    assert told["didJwt"] is True
    assert told["didJwtForged"] == "rejected"
    assert told["listLength"] == 131_072
    assert told["listed"] is bool(ended)
    assert told["proof"]["verified"] is True, told
    assert told["proofForged"]["verified"] is False
    assert told["proof"]["state"] is bool(ended), told


def test_what_machines_fetch_is_cacheable_and_changes_with_the_state(app: Flask, certificate: Certificate) -> None:
    client = app.test_client()
    for path in ("/.well-known/did.json", "/.well-known/jwks.json", "/credentials/issuer", "/credentials/status/1"):
        first = client.get(path)
        assert first.headers["Cache-Control"].startswith("public, max-age=")
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    add_event(certificate, "revoked")
    assert client.get("/credentials/status/1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert client.get("/credentials/status/9999").status_code == 404


def test_a_rotated_key_stays_where_verifiers_look(
    app: Flask, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = credential_jwt(certificate)
    old = load_keys()
    with transaction():
        actions.remember_keys(at=NOW)
    keep_credential_keys()
    # The new seal is an RSA key: the credential's key is then derived from it.
    fresh = rsa.generate_private_key(65537, 3072).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    new = credential_keys._derive(fresh, "")
    assert credential_keys._derive.__wrapped__(fresh, "").es256_name == new.es256_name
    for module in (issuing, routes):
        monkeypatch.setattr(module, "load_keys", lambda: new)
    names = [
        method["id"].partition("#")[2]
        for method in json.loads(fetch(app, "/.well-known/did.json"))["verificationMethod"]
    ]
    assert set(names) == {old.es256_name, old.ed25519_name, new.es256_name, new.ed25519_name}
    assert {key["kid"].partition("#")[2] for key in json.loads(fetch(app, "/.well-known/jwks.json"))["keys"]} == set(
        names
    )

    def download(_address: str, *_more: Any, **_options: Any) -> bytes:
        return fetch(app, "/.well-known/did.json")

    verifier = ob3.OB3Verifier.for_issuer_did(institution_did(), download=download)
    for one in (token, credential_jwt(certificate)):
        assert verifier.verify(one).issuer.id == institution_did()
    assert credential_jwt(certificate) != token


def test_a_seal_in_a_device_leaves_the_secret_key() -> None:
    first, again, other = (credential_keys._derive(b"", secret) for secret in ("a" * 32, "a" * 32, "b" * 32))
    assert first.es256_name == again.es256_name != other.es256_name


@pytest.mark.parametrize(
    ("address", "did"),
    [("https://lernen.example.de", "did:web:lernen.example.de"), ("http://127.0.0.1:8000/", "did:web:127.0.0.1%3A8000"),
     ("https://example.de/lernen/", "did:web:example.de:lernen")],
)  # fmt: skip
def test_the_address_is_the_institutions_did(address: str, did: str) -> None:
    assert did_web(address) == did


def test_encodings_are_those_of_the_standards() -> None:
    assert encoded_list([]).startswith("uH4sIAAAAAAA")
    assert multibase("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").startswith("z6Mk")
    assert status_place(131_071) == (1, 131_071)
    assert status_place(131_072) == (2, 0)


def test_a_lost_seal_does_not_hold_up_a_conferral(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise SealError("The seal's key is away.")

    certificate = issue(cast)
    monkeypatch.setattr(actions, "load_keys", fail)
    with transaction():
        actions.remember_keys_in_use(CohortConferred(conferral=certificate.conferral, at=NOW))
    with pytest.raises(SealError):
        keep_credential_keys()


def test_keys_that_are_kept_at_the_same_time_are_kept_once(database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction():
        actions.remember_keys(at=NOW)
    session.expunge_all()
    # As if somebody else had kept them between the question and the insert.
    monkeypatch.setattr(actions, "session", Blind(session))
    with transaction():
        actions.remember_keys(at=NOW)


class Blind:
    """A session that does not find what is there."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def get(self, *_what: Any) -> None:
        """Find nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_without_the_seal_the_kept_keys_are_published(
    app: Flask, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    routes.guests.forget()
    keep_credential_keys()

    def fail() -> None:
        raise SealError("The seal's key is away.")

    monkeypatch.setattr(routes, "load_keys", fail)
    monkeypatch.setattr(issuing, "load_keys", fail)
    client = app.test_client()
    assert client.get("/.well-known/jwks.json").status_code == 200
    assert client.get("/.well-known/did.json").status_code == 200
    answer = client.get("/credentials/status/1")
    assert (answer.status_code, "try again later" in answer.text) == (503, True)
    assert client.get(f"/credentials/status/{10**30}").status_code == 404


def test_who_asks_without_end_is_slowed_down(app: Flask, certificate: Certificate) -> None:
    routes.guests.forget()
    client = app.test_client()
    statuses = {client.get("/credentials/issuer").status_code for _n in range(130)}
    routes.guests.forget()
    assert statuses == {200, 429}
