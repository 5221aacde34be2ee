"""Data is cut into pieces with holes."""

from __future__ import annotations

import pytest

from lms.printing.batch.contents import cut, cutter


@pytest.mark.parametrize(
    ("values", "pieces"),
    [([], [b"(a) (ab) (a)"]), ([b"(a)"], [b"", b" (ab) ", b""]), ([b"(a", b"(ab"], [b"", b") ", b") ", b")"]),
     ([b"x"], [b"(a) (ab) (a)"])],
)  # fmt: skip
def test_data_is_cut_at_whole_values(values: list[bytes], pieces: list[bytes]) -> None:
    contents = cut(b"(a) (ab) (a)", cutter(values))
    assert list(contents.pieces) == pieces
    assert contents.filled({one: one for one in values}) == b"(a) (ab) (a)"
