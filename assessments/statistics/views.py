"""The picture of a distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 440, 160


@dataclass(frozen=True)
class Bar:
    """A bar of the picture, in its own units, and what it stands for: ``low`` to ``high`` per cent of the points."""

    x: float
    y: float
    width: float
    height: float
    low: int
    high: int
    count: int


def bars(bins: Sequence[int]) -> list[Bar]:
    """Return the bars for counts of equally wide parts of the scale, the tallest as high as the picture."""
    tallest, step = max(bins) or 1, WIDTH / len(bins)
    part = 100 // len(bins)
    return [
        Bar(
            x=round(number * step + 3, 1),
            y=round(HEIGHT - count * HEIGHT / tallest, 1),
            width=round(step - 6, 1),
            height=round(count * HEIGHT / tallest, 1),
            low=number * part,
            high=(number + 1) * part,
            count=count,
        )
        for number, count in enumerate(bins)
    ]
