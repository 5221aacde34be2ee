"""A layout's files: those that come along with the product, and what every layout has to hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

#: The folder beside the room that prints; each folder in it is a layout.
SHIPPED = Path(__file__).parents[1] / "documents" / "layouts"
DEFAULT = "formal"


@dataclass(frozen=True)
class LayoutFiles:
    """What documents are printed with. ``trusted``: written by us; others are printed in a process with limits."""

    files: Mapping[str, bytes]
    trusted: bool


@lru_cache(maxsize=16)
def shipped_layout(slug: str) -> LayoutFiles:
    """Return a layout that comes along. Raises FileNotFoundError when there is none of this name."""
    return LayoutFiles({path.name: path.read_bytes() for path in sorted((SHIPPED / slug).iterdir())}, trusted=True)


def list_shipped() -> list[str]:
    """Return the names of the layouts that come along."""
    return sorted(path.name for path in SHIPPED.iterdir() if path.is_dir())
