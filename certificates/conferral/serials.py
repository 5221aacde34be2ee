"""The format of serial numbers: literal signs, ``{year}`` and ``{counter:5}``. Pure, and checked when the product starts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"\{(year|counter)(?::([1-9]))?\}")
_LITERAL = re.compile(r"[A-Z0-9/._-]*")
MOST_SIGNS = 40


class SerialFormatError(ValueError):
    """The format of serial numbers cannot be used; the text says what to set."""


@dataclass(frozen=True)
class SerialFormat:
    """A checked format. Numbers of one series (a year, where the format names it) are counted together."""

    before: str
    width: int
    after: str

    @classmethod
    def parse(cls, text: str) -> SerialFormat:
        """Read a format. Raises SerialFormatError with the sentence that says what is wrong with it."""
        if not _LITERAL.fullmatch(_PART.sub("", text)):
            raise SerialFormatError(
                f"LMS_SERIAL_FORMAT is {text!r}; besides {{year}} and {{counter:5}} it may hold capital letters A-Z, "
                "digits and the signs - / . _ only."
            )
        names = [match[1] for match in _PART.finditer(text)]
        if names.count("counter") != 1 or names.count("year") > 1:
            raise SerialFormatError(f"LMS_SERIAL_FORMAT is {text!r}; set {{counter:5}} once and {{year}} at most once.")
        if any(match[1] == "year" and match[2] for match in _PART.finditer(text)):
            raise SerialFormatError(f"LMS_SERIAL_FORMAT is {text!r}; {{year}} takes no width.")
        counter = next(match for match in _PART.finditer(text) if match[1] == "counter")
        made = cls(text[: counter.start()], int(counter[2] or 1), text[counter.end() :])
        # A digit beside the counter would make 1 + 1 and 11 the same number.
        beside = made.before.replace("{year}", "")[-1:] + made.after.removeprefix("{year}")[:1]
        if any(sign.isdigit() for sign in beside) or made.after.startswith("{year}"):
            raise SerialFormatError(
                f"LMS_SERIAL_FORMAT is {text!r}; put a letter or one of - / . _ between {{counter}} and its neighbours."
            )
        if len(made.number(2026, 10 ** max(made.width, 7))) > MOST_SIGNS:
            raise SerialFormatError(f"LMS_SERIAL_FORMAT is {text!r}; a number may have {MOST_SIGNS} signs at most.")
        return made

    def number(self, year: int, counter: int) -> str:
        """Return the number as it is printed: SCM-2026-00001."""
        return f"{self._filled(self.before, year)}{counter:0{self.width}}{self._filled(self.after, year)}"

    def series(self, year: int) -> str:
        """Return the name of what is counted together: SCM-2026. The width does not matter, so it may grow."""
        return (self._filled(self.before, year) + self._filled(self.after, year)).strip("-/._") or "-"

    @staticmethod
    def _filled(text: str, year: int) -> str:
        return text.replace("{year}", f"{year:04}")
