"""What of typed feedback counts, and which addresses will do."""

from __future__ import annotations

import pytest
from email_validator import EmailNotValidError

from lms.feedback.rules import MOST_PAGE, one_line, reply_address, same_site_path, without_tokens, written


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Guten Tag \r\n\r\nZweite\rdritte  ", "Guten Tag \n\nZweite\ndritte"),
        ("a\tb\x00c\x1b[31m", "a bc[31m"),
        ("👩\u200d💻 ist da", "👩\u200d💻 ist da"),
        ("\ud800x", "x"),
        (" \n\t ", ""),
    ],
)
def test_a_text_is_kept_without_what_cannot_be_shown(typed: str, kept: str) -> None:
    assert written(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/learn/1", "/learn/1"),
        ("  die   Startseite ", "die Startseite"),
        ("/a\r\nBcc: fremd@example.org", "/a Bcc: fremd@example.org"),
        ("a\u2028b\u202ec\x00", "a b c"),
    ],
)
def test_a_page_is_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("/", "/"),
        ("/learn/1/ä", "/learn/1/ä"),
        ("", ""),
        ("learn", ""),
        ("//fremd.example", ""),
        ("/\\fremd.example", ""),
        ("https://fremd.example/", ""),
        ("javascript:alert(1)", ""),
        ("/a\nb", ""),
        ("/a\x00", ""),
        ("/" + "a" * (MOST_PAGE - 1), "/" + "a" * (MOST_PAGE - 1)),
        ("/" + "a" * MOST_PAGE, ""),
    ],
)
def test_only_a_path_of_this_site_is_taken_from_an_address(asked: str, path: str) -> None:
    assert same_site_path(asked) == path


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/password/reset/aB3-_aB3-_aB3-_aB3-_aB3-_aB3-_aB", "/password/reset/…"),
        ("/verify/Ku0wSZ3V9d2CkV0w4pQx8eT1r7YbNmLa/file", "/verify/…/file"),
        ("/courses/smart-city-manager-grundlagen-und-vertiefung", "/courses/smart-city-manager-grundlagen-und-vertiefung"),
        ("/cohorts/12/sessions/1234567890123456789012345", "/cohorts/12/sessions/1234567890123456789012345"),
    ],
)
def test_a_path_is_told_without_the_token_of_a_link(path: str, told: str) -> None:
    assert without_tokens(path) == told


@pytest.mark.parametrize(
    ("typed", "in_a_header"),
    [
        ("a@example.org", "a@example.org"),
        ("a.b+c@münchen.example.org", "a.b+c@xn--mnchen-3ya.example.org"),
        ("ä@example.org", None),
    ],
)
def test_an_answer_goes_where_a_header_can_say_it(typed: str, in_a_header: str | None) -> None:
    assert reply_address(typed) == in_a_header


@pytest.mark.parametrize(
    "typed",
    ["", "a", "a@b@example.org", "a@example.org\r\nBcc: b@example.org", "a@example.org\n", "a, b@example.org",
     "A <a@example.org>"],
)  # fmt: skip
def test_what_would_break_a_header_is_no_address(typed: str) -> None:
    with pytest.raises(EmailNotValidError):
        reply_address(typed)
