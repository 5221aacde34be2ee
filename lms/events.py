"""Named facts that travel upwards: a room publishes, rooms above it receive, inside the same transaction.

An event is a frozen dataclass in a package's ``events.py``. A receiver's exception rolls the transaction back. A
question to the rooms above is an event too: what its receivers return is the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

Receiver = Callable[[Any], Any]

_receivers: defaultdict[type, list[Receiver]] = defaultdict(list)


@dataclass(frozen=True)
class NamesAsked:
    """A question to the rooms above: what are rows called that audit entries name? Dicts of (detail, id) to words.

    Asked when the log is read, so that it keeps nobody's name; what a room does not know it leaves out.
    """

    rows: Collection[tuple[str, int]]


def subscribe(event_type: type, receiver: Receiver) -> None:
    """Have ``receiver`` called with every event of this type; saying it twice changes nothing."""
    if receiver not in _receivers[event_type]:
        _receivers[event_type].append(receiver)


def publish(event: object) -> list[Any]:
    """Call the receivers in the order of their subscription and return their answers that are not None."""
    answers = [receiver(event) for receiver in _receivers[type(event)]]
    return [answer for answer in answers if answer is not None]
