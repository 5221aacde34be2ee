"""The institution's seal (placeholder until merged)."""
from __future__ import annotations


def load_seal():
    raise RuntimeError("not there yet")
