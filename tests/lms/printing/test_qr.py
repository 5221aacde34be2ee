"""QR codes: those that follow from a sample are the ones that segno draws."""

from __future__ import annotations

import string

import pytest

from lms.printing import frozen_code
from lms.printing.frozen_code import BORDER, draw_code, draw_modules, freeze_code
from lms.printing.qr import qr_code

_ADDRESS = "https://lernen.example.de/verify/" + string.ascii_letters + string.digits + "-_"
#: The longest and the shortest text of versions with blocks of one and of two sizes, with version patterns and without.
LENGTHS = (1, 11, 12, 32, 33, 60, 61, 65, 74, 75, 86, 87, 151, 152, 310)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_code_that_follows_from_a_sample_is_the_one_that_segno_draws(length: int) -> None:
    text = (_ADDRESS * 4)[:length]
    frozen = freeze_code(length)
    assert frozen is not None
    assert (frozen.size, frozen.modules(text.encode())) == draw_modules(text)


def test_a_code_that_would_be_wrong_is_drawn_by_segno(monkeypatch: pytest.MonkeyPatch) -> None:
    right = qr_code(_ADDRESS)
    monkeypatch.setattr(frozen_code, "_check_words", lambda _data, count: bytes(count))
    freeze_code.cache_clear()
    assert freeze_code(len(_ADDRESS)) is None
    assert qr_code(_ADDRESS) == right
    freeze_code.cache_clear()


@pytest.mark.parametrize("address", ["https://lernen.example.de/verify/A", "https://münchen.example/verify/A", "HTTPS://A.DE/B"])
def test_each_dark_module_is_under_exactly_one_stroke(address: str) -> None:
    picture = qr_code(address).decode()
    strokes = picture.rpartition('d="M')[2].removesuffix('"/></svg>').split("M")
    drawn: set[tuple[int, int]] = set()
    for stroke in strokes:
        (begin, y), (end, same_y) = (place.split(" ") for place in stroke.split("L"))
        assert y == same_y
        modules = {(int(y.removesuffix(".5")), x) for x in range(int(begin), int(end))}
        assert not drawn & modules
        drawn |= modules
    rows = enumerate(draw_code(address).matrix_iter(border=BORDER))
    assert drawn == {(y, x) for y, row in rows for x, module in enumerate(row) if module}
