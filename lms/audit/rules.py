"""Which actions are routine: there are so many of them that they hide the others."""

from __future__ import annotations

SIGNED_IN, SIGNED_OUT = "signed_in", "signed_out"
ROUTINE = frozenset({SIGNED_IN, SIGNED_OUT})
#: What one asks for to see every action.
EVERYTHING = "all"
