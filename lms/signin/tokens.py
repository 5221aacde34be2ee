"""Random tokens: their owner keeps them, the database only their SHA-256."""

from __future__ import annotations

import hashlib
import secrets


def make_token() -> str:
    """Return 256 random bits as text for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is stored of a token: its SHA-256 in hex (no salt needed, it cannot be guessed)."""
    return hashlib.sha256(token.encode()).hexdigest()
