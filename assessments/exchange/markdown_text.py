"""Plain text as Markdown: every character that Markdown would take for a mark is made to stand for itself."""

from __future__ import annotations

import re

_LINE_START = re.compile(r"^([ \t]*)(#{1,6}(?=\s|$)|[+-](?=\s|$)|(?:[-=]{1,}|:{3,})(?=[ \t]*$)|>|~{3,}|:::)")
_NUMBERED = re.compile(r"^([ \t]*\d{1,9})([.)])(?=\s|$)")
_RULE = re.compile(r"^[ \t]*(?:-[ \t]*){3,}$")


#: One line that begins with a letter and holds no sign that means anything to Markdown or HTML: most texts are such.
_HARMLESS = re.compile(r"[^\W\d_](?:[^\W_]|[ .,;:?!()„“”’'\"–…%/€+-])*")


def is_harmless(text: str) -> bool:
    """Say whether a text is the same as plain text, as Markdown and as HTML."""
    return _HARMLESS.fullmatch(text) is not None and "  " not in text and not text.endswith(" ")


def escape_line(text: str, *, at_line_start: bool = True) -> str:
    """Return one line of plain text as Markdown that shows just this text."""
    escaped = re.sub(r"\\(?=[!-/:-@\[-`{-~]|$)", r"\\\\", text)
    escaped = re.sub(r"&(?=#?[A-Za-z0-9]{1,32};)", "&amp;", escaped)
    escaped = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", escaped)
    escaped = escaped.replace("`", "\\`")
    # What is known of the whole line is found out once, or a line of marks would take the square of its length.
    begin = len(escaped) - len(escaped.lstrip())
    escaped = re.sub(r"\*", lambda found: _star(escaped, found, begin), escaped)
    single = len(re.findall("_+", escaped)) == 1
    alone = single and set(escaped.strip()) == {"_"}  # a line of underscores would be a rule
    escaped = re.sub(r"_+", lambda found: _underscores(escaped, found, single=single, alone=alone), escaped)
    escaped = escaped.replace("~~", "\\~\\~")
    if "](" in escaped or re.search(r"\]\s*[\[:]", escaped):
        escaped = escaped.replace("[", "\\[")
    if at_line_start:
        escaped = _LINE_START.sub(lambda found: found[1] + "\\" + found[2], escaped)
        escaped = _NUMBERED.sub(r"\1\\\2", escaped)
        if _RULE.match(escaped):
            escaped = escaped.replace("-", "\\-", 1)
    if "|" in escaped:
        escaped = escaped.replace("|", "\\|")
    return escaped


def plain_to_markdown(text: str) -> str:
    """Return plain text as Markdown: its lines stay lines, its empty lines separate paragraphs."""
    paragraphs = re.split(r"\n[ \t]*\n+", text.strip("\n"))
    return "\n\n".join(
        "\\\n".join(escape_line(line.strip()) for line in paragraph.split("\n"))
        for paragraph in (one.strip() for one in paragraphs)
        if paragraph
    )


def _star(text: str, found: re.Match[str], begin: int) -> str:
    before = text[found.start() - 1] if found.start() else ""
    after = text[found.end()] if found.end() < len(text) else ""
    # An asterisk between spaces marks nothing, except at the beginning of a line, where it begins a list.
    return "*" if before.isspace() and after.isspace() and found.start() > begin else "\\*"


def _underscores(text: str, found: re.Match[str], *, single: bool, alone: bool) -> str:
    before = text[found.start() - 1] if found.start() else ""
    after = text[found.end()] if found.end() < len(text) else ""
    between_letters = before.isalnum() and after.isalnum()
    between_spaces = (not after or after.isspace()) and (not before or before.isspace())
    # One run by itself marks nothing, for want of another that ends it.
    if between_letters or (not alone and (between_spaces or single)):
        return found[0]
    return "\\_" * len(found[0])
