"""Strings that software trips over, written for these tests in the spirit of the big lists of naughty strings."""

from __future__ import annotations

NAUGHTY = [
    "", " ", "\t\n\r", "\x00", "a\x00b", "\x1b[31mrot\x1b[0m", "\x7f\x80\x9f",
    "null", "None", "undefined", "NaN", "true", "-1", "1e309", "0x10", "1/0", "١٢٣", "Ⅳ", "½", "１２",
    "9" * 400, "-" * 600, "a" * 100_001, "ä" * 40_000,
    "Ω≈ç√∫˜µ≤≥÷", "œ∑´®†¥¨ˆøπ“‘", "田中さんにあげて下さい", "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀", "Hëllö Wörld", "ẞ ſ ﬁ ǆ",
    "مرحبا بالعالم", "שלום", "\u202eexe.fdp", "\u2066a\u2069b", "\u200b\u200c\u200d\ufeff", "a\u0301\u0302\u0303" * 50,
    "Z̷̢̛a̸l̵g̶o̴" * 30, "😀👩‍👩‍👧‍👦🏳️‍🌈", "😀" * 600, "\U0010ffff", "\ufffe\uffff", "\u2028\u2029", "\xa0\u202f\u3000",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "&lt;b&gt;&#0;", "<!--",
    "]]>", "<?xml?>",
    "' OR 1=1 --", "'; DROP TABLE attempts; --", "%s%n%x", "%(text)s", "{0}{text}", "{{ 7*7 }}", "{% raw %}", "${7*7}", "#{7*7}",
    "../../../etc/passwd", "C:\\con\\nul", "file:///dev/null", "$(true)", "`true`", "| true", "=cmd|' /C calc'!A0", "@SUM(1)",
    "*", "**", "a*b*c*" * 40, "[[a]]", "![x](y)", "[x](javascript:1)", "\\", "\\u0000", "\\x00", "\r\nSet-Cookie: a=b",
    "1.234", "1,234", "1.2.3,4", ",", ".", "+", "-", "--1", "1 000 000", "1'000", "12,5 %", "zwölf", "1e1", "∞",
]  # fmt: skip
