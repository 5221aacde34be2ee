"""What machines that verify credentials fetch: keys, issuer and states. Public, cacheable, without cookies."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, json, request
from werkzeug.exceptions import TooManyRequests

from certificates.credentials.issuing import (
    JWT_TYPE,
    PROOF_TYPE,
    add_proof,
    institution_did,
    issuer_profile,
    public_address,
    sign_credential,
)
from certificates.credentials.keys import load_keys
from certificates.credentials.queries import find_status, list_used_keys
from certificates.credentials.rules import VC, did_document
from certificates.credentials.rules import status_list as make_status_list
from lms.institution.seal import SealError
from lms.limits import Limiter
from lms.permissions import public

bp = Blueprint("credentials", __name__)
#: A revocation is in the list at once; whoever keeps a copy may keep it so long.
STATUS_TTL = timedelta(minutes=1)
KEYS_TTL = timedelta(minutes=10)
#: More than there will ever be; a database refuses to count to what some would ask for.
MOST_LISTS = 10_000
guests = Limiter(per_minute=120)


@bp.before_request
def keep_guests_in_order() -> None:
    """Slow down whoever asks without end."""
    wait = guests.wait(request.remote_addr or "")
    if wait:
        raise TooManyRequests(retry_after=wait)


@bp.errorhandler(SealError)
def wait_for_seal(_error: SealError) -> Response:
    """Say that nothing can be signed at the moment."""
    answer = Response(
        json.dumps({"error": {"status": 503, "message": "The key is not available at the moment. Please try again later."}}),
        status=503,
        mimetype="application/json",
    )
    answer.headers["Retry-After"] = "60"
    return answer


@bp.after_request
def open_to_all(response: Response) -> Response:
    """Let verifiers in browsers read it, whatever site they are on; none of it is personal."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/did.json")
@bp.get("/.well-known/did.json")
@public
def did() -> Response:
    """The DID document (did:web): at the well-known place, or beside the pages when the address has a path."""
    return _cached(
        json.dumps(did_document(institution_did(), _all_keys(), public_address(".issuer"))),
        "application/json",
        KEYS_TTL,
    )


@bp.get("/.well-known/jwks.json")
@public
def jwks() -> Response:
    """The keys as a JWK set (RFC 7517), under the names that stand in credentials."""
    keys = [
        {**jwk, "kid": f"{institution_did()}#{name}", "alg": "ES256" if jwk["kty"] == "EC" else "EdDSA", "use": "sig"}
        for name, jwk in _all_keys().items()
    ]
    return _cached(json.dumps({"keys": keys}), "application/json", KEYS_TTL)


@bp.get("/credentials/issuer")
@public
def issuer() -> Response:
    """Who issues."""
    return _cached(json.dumps({"@context": [VC], **issuer_profile()}), "application/json", KEYS_TTL)


@bp.get("/credentials/status/<int:number>")
@public
def status_list(number: int) -> Response:
    """A list of states as a signed credential, as VC-JWT or with a proof; the same bytes until a state changes."""
    found = find_status(number) if number <= MOST_LISTS else None
    if found is None:
        abort(404)
    ended, since = found
    listed = make_status_list(
        public_address(".status_list", number=number), institution_did(), ended, since, STATUS_TTL
    )
    if request.accept_mimetypes.best_match([JWT_TYPE, PROOF_TYPE]) == PROOF_TYPE:
        answer = _cached(json.dumps(add_proof(listed, created=since)), PROOF_TYPE, STATUS_TTL)
    else:
        answer = _cached(sign_credential(listed), JWT_TYPE, STATUS_TTL)
    answer.headers["Vary"] = "Accept"
    return answer


def _all_keys() -> dict[str, dict[str, Any]]:
    current: dict[str, dict[str, Any]] = {}
    with suppress(SealError):  # what was signed can be checked all the same
        current = load_keys().jwks
    return {**current, **list_used_keys()}


def _cached(content: str, kind: str, keep: timedelta) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Cache-Control"] = f"public, max-age={int(keep.total_seconds())}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer
