"""QR codes for many addresses: segno draws one of each length, and what others differ in is added to it.

A QR code is linear (ISO/IEC 18004): its letters are bits that stand in a row, its check words are sums of them, and the mask
turns the same modules over in every code of a size. So two addresses of one length have codes that differ in exactly
those modules that are dark in the code of their difference, without mode, length, padding and mask. That is worked
out here, in a twentieth of the time; a test compares the codes with segno's.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise, product
from operator import itemgetter
from typing import Any

import segno
from segno import consts

log = logging.getLogger(__name__)

#: ISO/IEC 18004, 7.8.2: every mask can be read; looking for the one with the best contrast takes five times as long.
MASK = 2
#: Modules that stay empty around the code. The standard asks for four; the sheet around it is empty as well.
BORDER = 2
_SAMPLE = b"a"
#: Many different bits in every word.
_TRIAL = "zR7-mQ0_/k.Y3:bX"
#: The row and the column of the timing patterns; the column belongs to no pair of columns.
_TIMING = 6


def draw_code(text: str) -> segno.QRCode:
    """Return a code that can be read when a quarter of it is damaged (error correction Q)."""
    return segno.make(text, error="q", boost_error=False, micro=False, mask=MASK)


def draw_modules(text: str) -> tuple[int, str]:
    """Return the width of a text's code with its border, and its modules row by row, ``1`` for a dark one."""
    rows = [bytes(row) for row in draw_code(text).matrix_iter(border=BORDER)]
    return len(rows), b"".join(rows).hex()[1::2]


@lru_cache(maxsize=8)
def freeze_code(length: int) -> FrozenCode | None:
    """Return the codes of all texts of so many ASCII letters, one of them a small one (otherwise segno packs them closer).

    A wrong code would be printed on every document, so one text is tried first: None when segno draws it otherwise.
    """
    code, trial = FrozenCode(length), (_TRIAL * (length // len(_TRIAL) + 1))[:length]
    if (code.size, code.modules(trial.encode())) == draw_modules(trial):
        return code
    log.error("Codes cannot be worked out with this version of segno; they are drawn one by one")
    return None


class FrozenCode:
    """The code of a sample, and what other texts of its length change in it."""

    def __init__(self, length: int) -> None:
        """Draw the sample, and find out where the bits of others go."""
        code = draw_code((_SAMPLE * length).decode())
        version = int(code.version)
        kinds: Any = consts.ECC[version]
        blocks = [kind for kind in kinds[consts.ERROR_LEVEL_Q] for _block in range(kind.num_blocks)]
        self._ends = [0, *accumulate(kind.num_data for kind in blocks)]
        self._checks = blocks[0].num_total - blocks[0].num_data
        self._words = self._ends[-1] + len(blocks) * self._checks
        head = 4 + (8 if version < 10 else 16)  # mode and length (7.4.1)
        self._after = 8 * (self._ends[-1] - length) - head
        self._sample_text = int.from_bytes(_SAMPLE * length)
        rows = [bytes(row) for row in code.matrix_iter(border=BORDER)]
        self.size = len(rows)
        self._sample = int(b"".join(rows).hex()[1::2], 2)
        # The modules to which no bit goes get the one behind the last word, which is 0.
        sources = [8 * self._words] * self.size**2
        for (row, column), bit in zip(_places(version, self.size - 2 * BORDER), self._bits_in_order(), strict=False):
            sources[(row + BORDER) * self.size + column + BORDER] = bit
        self._arranged = itemgetter(*sources)

    def modules(self, text: bytes) -> str:
        """Return the modules of a text's code, as ``draw_modules`` does."""
        difference = (int.from_bytes(text) ^ self._sample_text) << self._after
        data = difference.to_bytes(self._ends[-1])
        words = data + b"".join(_check_words(data[begin:end], self._checks) for begin, end in pairwise(self._ends))
        bits = f"{int.from_bytes(words):0{8 * self._words}b}0"
        return f"{self._sample ^ int(''.join(self._arranged(bits)), 2):0{self.size**2}b}"

    def _bits_in_order(self) -> Iterator[int]:
        """Yield the numbers of the bits of all words, the blocks' first words first (7.6)."""
        blocks = list(pairwise(self._ends))
        longest = max(end - begin for begin, end in blocks)
        words = [begin + number for number in range(longest) for begin, end in blocks if begin + number < end]
        words += [
            self._ends[-1] + block * self._checks + number
            for number in range(self._checks)
            for block in range(len(blocks))
        ]
        return (8 * word + bit for word in words for bit in range(8))


def _places(version: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the rows and columns of the bits in their order: two columns up, two down, from the right (7.7.3)."""
    taken = _taken(version, size)
    columns = [column for column in reversed(range(size)) if column != _TIMING]
    for number, pair in enumerate(zip(columns[::2], columns[1::2], strict=True)):
        for row in range(size) if number % 2 else reversed(range(size)):
            yield from ((row, column) for column in pair if (row, column) not in taken)


def _taken(version: int, size: int) -> set[tuple[int, int]]:
    """Return the rows and columns of the patterns that every code of a version has (6.3, 7.9 and 7.10)."""
    near, far, whole = range(9), range(size - 8, size), range(size)
    blocks = [(near, near), (near, far), (far, near), (range(_TIMING, _TIMING + 1), whole)]
    if version >= 7:
        beside, ends = range(size - 11, size - 8), range(6)
        blocks += [(beside, ends), (ends, beside)]
    if version >= 2:
        first, *_others, last = centres = consts.ALIGNMENT_POS[version - 2]
        blocks += [
            (range(row - 2, row + 3), range(column - 2, column + 3))
            for row, column in product(centres, repeat=2)
            if (row, column) not in {(first, first), (first, last), (last, first)}
        ]
    return {place for rows, columns in blocks for place in product(rows, columns)}


def _check_words(data: bytes, count: int) -> bytes:
    """Return the remainder of a block divided by the generator polynomial (7.5.2)."""
    multiples, top, rest = _multiples(count), 8 * (count - 1), 0
    for word in data:
        leading = rest >> top
        rest = (rest ^ leading << top) << 8 ^ multiples[word ^ leading]
    return rest.to_bytes(count)


@lru_cache(maxsize=16)
def _multiples(count: int) -> list[int]:
    """Return the generator polynomial of this degree times every byte, without the leading term."""
    powers, logarithms, generator = consts.GALIOS_EXP, consts.GALIOS_LOG, consts.GEN_POLY[count]
    return [0] + [
        int.from_bytes(bytes(powers[(logarithms[byte] + one) % 255] for one in generator)) for byte in range(1, 256)
    ]
