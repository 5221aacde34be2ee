"""Hashing passwords with argon2id, and the list of those that are tried first."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106's second recommended parameters with less memory: 46 MiB, one pass (OWASP's equivalent choice).
_hasher = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
# Checked when there is no such account, so that the answer takes as long as for an account that exists.
_NOBODY = _hasher.hash("a password that nobody has")


def hash_password(password: str) -> str:
    """Return the hash to store."""
    return _hasher.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Say whether a password is the right one; takes the same time when there is none stored."""
    try:
        _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def common_passwords() -> frozenset[str]:
    """Return passwords of twelve and more characters that are tried first, in lower case."""
    return frozenset((Path(__file__).parent / "data" / "common_passwords.txt").read_text("utf-8").split())
