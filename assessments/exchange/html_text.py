"""HTML into Markdown, faithfully or not at all: what was made is rendered again and must say the same."""

from __future__ import annotations

import re
from collections.abc import Callable

from assessments.exchange.html_attributes import check_attributes
from assessments.exchange.html_tree import BLOCKS, Node, read_html
from assessments.exchange.markdown_text import escape_line, is_harmless, plain_to_markdown
from assessments.exchange.reasons import NotTaken, Why, shortened
from lms.addresses import find_number
from lms.markdown import LinkAttributes, list_html, plain_links, render_markdown

#: Elements that only hold what is in them.
_TRANSPARENT = frozenset({"", "span", "font", "section", "article", "div", "p", "small", "big", "wbr"})
_EMPHASIS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~"}
_SAME = {"b": "strong", "i": "em", "del": "s", "strike": "s", "tt": "code"}
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
#: Styles that say nothing: the page has its own.
_STYLE_IGNORED = re.compile(
    r"(font-(size|family|weight:\s*(normal|400))|line-height|margin|padding|text-align|text-indent|white-space|max-width|width"
    r"|height|letter-spacing|word-spacing|orphans|widows|text-size-adjust|-webkit-|background(-color)?:\s*(transparent|inherit"
    r"|initial|white|#fff|rgb\(255, ?255, ?255\))|color:\s*(inherit|initial|black|#000|#000000|rgb\(0, ?0, ?0\)|windowtext)"
    r"|vertical-align:\s*(baseline|inherit|top|middle)|text-decoration:\s*(none|inherit|initial)|display:\s*(inline|block|initial)"
    r"|font-style:\s*(normal|inherit|initial)|font-variant|text-transform:\s*none|float:\s*none|border:\s*0|mso-)",
    re.IGNORECASE,
)
#: Turns a picture's source into the address that the text will have; None where it would be lost.
Pictures = Callable[[str], str | None]


def no_pictures(_source: str) -> str | None:
    """Know no picture."""
    return None


def html_to_markdown(html: str, pictures: Pictures = no_pictures) -> str:
    """Return the HTML as Markdown. Raises NotTaken when anything that it says would be lost."""
    if is_harmless(html):
        return html
    tree = read_html(html)
    if not _has_elements(tree):
        made = plain_to_markdown(re.sub(r"\s+", " ", _text(tree)).strip())
    else:
        made = _blocks(tree, pictures).strip("\n")
    _compare(tree, made, html, pictures)
    return made


def html_to_inline(html: str, pictures: Pictures = no_pictures) -> str:
    """Return the HTML of a short text (an answer, a feedback) as Markdown of one paragraph."""
    made = html_to_markdown(html, pictures)
    check_inline(made)
    return made


def check_inline(markdown: str) -> None:
    """Refuse Markdown of more than one paragraph where only a line can stand."""
    if is_harmless(markdown):
        return
    blocks = re.findall(r"<(p|ul|ol|pre|blockquote|h\d|hr|table)\b", render_markdown(markdown, _any_link))
    if len(blocks) > 1 or set(blocks) - {"p"}:
        raise NotTaken(Why.NOT_INLINE, text=shortened(markdown))


def html_to_plain(html: str) -> str:
    """Return the HTML of a text that must be plain. Raises NotTaken when it is formatted."""
    if is_harmless(html):
        return html
    tree = read_html(html)

    def look(node: Node) -> None:
        for child in node.children:
            if isinstance(child, Node):
                if child.name not in _TRANSPARENT or child.attributes.get("style"):
                    raise NotTaken(Why.NOT_PLAIN, text=shortened(html))
                check_attributes(child)
                look(child)

    look(tree)
    return re.sub(r"\s+", " ", _text(tree)).strip() if _has_elements(tree) else _text(tree).strip()


def check_looks(html: str) -> None:
    """Refuse HTML whose elements have styles or attributes that say something. Raises NotTaken."""

    def look(node: Node) -> None:
        for child in node.children:
            if isinstance(child, Node):
                _check(child)
                look(child)

    look(read_html(html))


def check_markdown(text: str) -> str:
    """Return Markdown from elsewhere as it is. Raises NotTaken where it holds HTML, which would be shown as typed."""
    if list_html(text):
        raise NotTaken(Why.HTML_IN_MARKDOWN, text=shortened(text))
    return text


def _any_link(kind: str, address: str) -> dict[str, str] | None:
    return {"href" if kind == "link" else "src": address}


def _has_elements(node: Node) -> bool:
    return any(isinstance(child, Node) for child in node.children)


def _text(node: Node) -> str:
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        else:
            parts.append("\n" if child.name == "br" else _text(child))
            if child.name in BLOCKS:
                parts.append("\n")
    return "".join(parts)


def _check(node: Node) -> None:
    check_attributes(node)
    for declaration in filter(None, (part.strip() for part in node.attributes.get("style", "").split(";"))):
        if not _STYLE_IGNORED.match(declaration):
            raise NotTaken(Why.HTML_STYLE, style=shortened(declaration))
    if "color" in node.attributes and node.name == "font":
        raise NotTaken(Why.HTML_STYLE, style=f"color: {node.attributes['color']}")
    if any(key.startswith("on") for key in node.attributes):
        raise NotTaken(
            Why.HTML_ELEMENT, element=f"{node.name} {next(k for k in node.attributes if k.startswith('on'))}"
        )


def _blocks(node: Node, pictures: Pictures) -> str:
    """Return a node's content as blocks, separated by empty lines."""
    blocks: list[str] = []
    run: list[Node | str] = []

    def end_run() -> None:
        if text := _paragraph(run, pictures):
            blocks.append(text)
        run.clear()

    for child in node.children:
        if isinstance(child, Node) and (child.name in BLOCKS or _holds_block(child)):
            end_run()
            _check(child)
            if text := _block(child, pictures):
                blocks.append(text)
        else:
            run.append(child)
    end_run()
    return "\n\n".join(blocks)


def _holds_block(node: Node) -> bool:
    return any(isinstance(child, Node) and (child.name in BLOCKS or _holds_block(child)) for child in node.children)


def _block(node: Node, pictures: Pictures) -> str:
    if node.name in {"ul", "ol"}:
        return _list(node, pictures)
    if re.fullmatch(r"h[1-6]", node.name):
        text = _paragraph(node.children, pictures)
        if "\n" in text:
            raise NotTaken(Why.HTML_ELEMENT, element=node.name)
        return f"{'#' * max(2, int(node.name[1]))} {text}" if text else ""
    if node.name == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _blocks(node, pictures).split("\n"))
    if node.name == "pre":
        return _preformatted(node)
    if node.name == "hr":
        return "---"
    if node.name in _TRANSPARENT:
        return _blocks(node, pictures)
    raise NotTaken(Why.HTML_ELEMENT, element=node.name)


def _list(node: Node, pictures: Pictures) -> str:
    lines = []
    start = find_number(node.attributes.get("start", ""))
    number = 1 if start is None else start
    for child in node.children:
        if isinstance(child, str):
            if child.strip():
                raise NotTaken(Why.HTML_ELEMENT, element=node.name)
            continue
        if child.name != "li":
            raise NotTaken(Why.HTML_ELEMENT, element=f"{node.name} > {child.name}")
        _check(child)
        mark = f"{number}. " if node.name == "ol" else "- "
        content = _blocks(child, pictures) or ""
        content = re.sub(r"\n\n(?=[-\d])", "\n", content)  # a list inside stays a tight one
        lines.append(
            mark + content.replace("\n", "\n" + " " * len(mark)).replace("\n" + " " * len(mark) + "\n", "\n\n")
        )
        number += 1
    return "\n".join(lines)


def _preformatted(node: Node) -> str:
    content = node
    if len(node.children) == 1 and isinstance(node.children[0], Node) and node.children[0].name == "code":
        content = node.children[0]
    if _has_elements(content):
        raise NotTaken(Why.HTML_ELEMENT, element="pre")
    text = _text(content).strip("\n")
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}\n{text}\n{fence}"


def _paragraph(children: list[Node | str], pictures: Pictures) -> str:
    text = "".join(_inline(child, pictures) for child in children)
    # White space folds as in HTML; a break is a line of its own and marked by \x00 until here.
    lines = [re.sub(r"[ \t\n]+", " ", line).strip(" ") for line in text.split("\x00")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    if not "".join(lines).strip("\u00a0 "):
        return ""
    paragraphs = re.split(r"\n\n+", "\n".join(lines))
    return "\n\n".join("\\\n".join(_begin(line) for line in part.split("\n")) for part in paragraphs)


def _begin(line: str) -> str:
    """Escape what would be a mark only at the beginning of a line."""
    if re.match(r"(#{1,6}(\s|$)|[+-](\s|$)|>|~{3,}|:::|[-=]+\s*$)", line):
        return "\\" + line
    return re.sub(r"^(\d{1,9})([.)])(?=\s|$)", r"\1\\\2", line)


def _inline(child: Node | str, pictures: Pictures) -> str:
    if isinstance(child, str):
        return escape_line(child, at_line_start=False)
    _check(child)
    if child.name == "br":
        return "\x00"
    if child.name == "img":
        return _picture(child, pictures)
    if child.name in {"sub", "sup"}:
        raw = _text(child)
        changed = raw.translate(_SUBSCRIPTS if child.name == "sub" else _SUPERSCRIPTS)
        if _has_elements(child) or any(a == b for a, b in zip(raw, changed, strict=True)):
            raise NotTaken(Why.HTML_ELEMENT, element=child.name)
        return changed
    if child.name in {"code", "tt"}:
        return _code(child)
    if child.name not in _TRANSPARENT | _EMPHASIS.keys() | {"a"}:
        raise NotTaken(Why.HTML_ELEMENT, element=child.name)
    content = "".join(_inline(one, pictures) for one in child.children)
    if child.name in _TRANSPARENT:
        return content
    if child.name == "a":
        return _link(child, content)
    return _marked(content, _EMPHASIS[child.name])


def _marked(content: str, mark: str) -> str:
    inner = content.strip(" \t\n\x00")
    if not inner.strip("\u00a0"):
        return content
    start = content.index(inner)
    return content[:start] + mark + inner + mark + content[start + len(inner) :]


def _code(node: Node) -> str:
    text = re.sub(r"\s+", " ", _text(node))
    if _has_elements(node):
        raise NotTaken(Why.HTML_ELEMENT, element="code")
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text.strip() else text


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _link(node: Node, content: str) -> str:
    address = node.attributes.get("href", "").strip()
    if address.startswith("@@PLUGINFILE@@/"):
        raise NotTaken(Why.FILES, name=shortened(address.rsplit("/", 1)[-1]))
    if plain_links("link", address) is None or re.search(r"[\s<>]", address):
        raise NotTaken(Why.BAD_LINK, link=shortened(address))
    safe = address.replace("\\", "%5C").replace("(", "%28").replace(")", "%29")
    return f"[{content.strip()}]({safe})" if content.strip() else ""


def _picture(node: Node, pictures: Pictures) -> str:
    source = node.attributes.get("src", "")
    name = shortened(source.rsplit("/", 1)[-1] or source)
    address = pictures(source)
    if address is None:
        raise NotTaken(Why.PICTURE, name=name)
    if "alt" not in node.attributes:
        raise NotTaken(Why.PICTURE_WITHOUT_ALT, name=name)
    return f"![{escape_line(node.attributes['alt'], at_line_start=False)}]({address})"


def _compare(tree: Node, markdown: str, html: str, pictures: Pictures) -> None:
    """Render what was made and demand the same texts under the same marks."""
    links: LinkAttributes = _any_link
    again = read_html(render_markdown(markdown, links))
    if _said(tree, ()) != _said(again, ()):
        raise NotTaken(Why.HTML_UNFAITHFUL, text=shortened(html))


def _said(tree: Node, marks: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the letters of a tree with the marks over them, without white space."""
    said: list[tuple[str, tuple[str, ...]]] = []

    def walk(node: Node, marks: tuple[str, ...]) -> None:
        for child in node.children:
            if isinstance(child, str):
                said.extend((letter, marks) for letter in child if not letter.isspace())
            elif child.name in {"sub", "sup"}:
                table = _SUBSCRIPTS if child.name == "sub" else _SUPERSCRIPTS
                said.extend((letter, marks) for letter in _text(child).translate(table) if not letter.isspace())
            elif child.name == "img":
                said.append((child.attributes.get("alt", "").strip(), (*marks, "img")))
            elif child.name in _TRANSPARENT or child.name in {"br", "hr"}:
                walk(child, marks)
            else:
                name = _SAME.get(child.name, child.name)
                if name != "code" or "pre" not in marks:
                    walk(child, tuple(sorted({*marks, "h2" if name == "h1" else name})))
                else:
                    walk(child, marks)

    walk(tree, marks)
    return said
