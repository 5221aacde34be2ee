"""Which result counts of several attempts; pure, and apart from the rules of a single one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Result:
    """What counts of several attempts, as a share of the maximum in hundredths of a point."""

    given: int
    maximum: int
    passed: bool


def counting_result(every: Sequence[tuple[int, int] | None], grading: str, pass_percent: int) -> Result | None:
    """Return what counts of submitted attempts, each (given, maximum) in their order, or None while it waits for a mark.

    An attempt without anything to reach, because all its questions were dropped, is no result and is passed over. Shares
    are compared, because two draws can have different maxima. An average is passed like any other result. When the best
    counts, what is marked counts already; otherwise the result waits for the attempts that it is made of. None when there
    is none yet.
    """
    every = [one for one in every if one is None or one[1]]
    scores = [one for one in every if one is not None]
    waits = {"best": False, "first": every[:1] == [None], "last": every[-1:] == [None]}
    if not scores or waits.get(grading, len(scores) < len(every)):
        return None
    shares = [Fraction(given, maximum) for given, maximum in scores]
    if grading == "average":
        share, maximum = sum(shares, Fraction(0)) / len(shares), scores[-1][1]
        given = int(share * maximum + Fraction(1, 2))
    else:
        position = {"first": 0, "last": len(scores) - 1}.get(grading)
        if position is None:
            position = max(range(len(shares)), key=lambda number: shares[number])
        share, (given, maximum) = shares[position], scores[position]
    return Result(given, maximum, share * 100 >= pass_percent)


def is_passed(given: int, maximum: int, pass_percent: int) -> bool:
    """Say whether points reach the pass mark. Nothing of nothing passes no mark, not even one of 0 per cent."""
    return maximum > 0 and given * 100 >= pass_percent * maximum
