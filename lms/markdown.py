"""Text that people write: Markdown in, safe HTML out. Every HTML that came from a person passes through here.

HTML in the text is shown as it was typed, never interpreted; what the renderer makes still goes through nh3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.container import container_plugin

#: Boxes that a text can have: ``::: case Title`` to ``:::``.
BOXES = ("case", "task", "checklist", "note")

#: Turns the address of a link or picture into the attributes of its element; None takes the element away.
LinkAttributes = Callable[[str, str], dict[str, str] | None]

_OWN_PICTURE = re.compile(r"/pictures/[0-9a-f]{64}\.(png|jpg|webp|svg)")
_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "div",
    "em",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "pre",
    "s",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
_ATTRIBUTES = {
    "a": {"href", "title", "data-explanation"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"tabindex", "role"},
}
_CLASSES = {
    "a": {"glossary-word"},
    "p": {"box-title", "picture"},
    "div": {"table-scroll", "box", *(f"box-{name}" for name in BOXES)},
    "td": {"align-right", "align-center"},
    "th": {"align-right", "align-center"},
}


@dataclass(frozen=True)
class Target:
    """A link (``kind`` is ``link``) or picture (``image``) in a text, with its line counted from 1."""

    kind: str
    address: str
    text: str
    line: int
    alone: bool


def plain_links(kind: str, address: str) -> dict[str, str] | None:
    """Let links to the web, mail and this site through, and pictures that this site keeps under their SHA-256.

    Pictures from elsewhere would be requests to third parties.
    """
    if (
        kind == "link"
        and address.startswith(("https://", "http://", "mailto:", "/", "#"))
        and not address.startswith("//")
    ):
        return {"href": address}
    if kind == "image" and _OWN_PICTURE.fullmatch(address):
        return {"src": address}
    return None


def render_markdown(text: str, links: LinkAttributes = plain_links) -> str:
    """Return the text as HTML that is safe to show. ``links`` decides where links lead and which pictures are shown."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type == "inline" and token.children is not None:
            token.children = _linked(token.children, links)
        elif token.type in {"th_open", "td_open"}:
            _align(token)
        elif token.type == "heading_open" or token.type == "heading_close":
            token.tag = "h2" if token.tag == "h1" else token.tag
    html = _parser().renderer.render(tokens, _parser().options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        link_rel="noopener noreferrer",
        url_schemes={"http", "https", "mailto"},
    )


def list_targets(text: str) -> list[Target]:
    """Return every link and picture of a text, for checks before it is accepted.

    Also those that are shown as they were typed because of where they lead (``javascript:``).
    """
    return [target for token in _parser(any_link=True).parse(text) if token.type == "inline" for target in _targets(token)]


def list_html(text: str) -> list[int]:
    """Return the lines on which HTML stands (which would be shown as it was typed)."""
    found = []
    for token in MarkdownIt("commonmark", {"html": True}).parse(text):
        line = (token.map or [0])[0] + 1
        if token.type == "html_block":  # which may go on to the end of the text
            found += [line + at for at, typed in enumerate(token.content.splitlines()) if "<" in typed]
        found += [at for child, at in _children(token) if child.type == "html_inline"]
    return found


def _targets(inline: Token) -> Iterator[Target]:
    children = list(_children(inline))
    for index, (child, line) in enumerate(children):
        if child.type == "image":
            yield Target("image", str(child.attrGet("src") or ""), child.content, line, len(children) == 1)
        elif child.type == "link_open":
            words = []
            for follower, _line in children[index + 1 :]:
                if follower.type == "link_close":
                    break
                words.append(follower.content)
            yield Target("link", str(child.attrGet("href") or ""), "".join(words), line, False)


def _children(inline: Token) -> Iterator[tuple[Token, int]]:
    line = (inline.map or [0])[0] + 1
    for child in inline.children or []:
        yield child, line
        if child.type in {"softbreak", "hardbreak"}:
            line += 1


def _linked(children: Sequence[Token], links: LinkAttributes) -> list[Token]:
    kept = []
    dropped = 0
    for child in children:
        if child.type == "image":
            attributes = links("image", str(child.attrGet("src") or ""))
            if attributes is None:
                continue
            child.attrs = {"alt": "", **attributes, "loading": "lazy"}
        elif child.type == "link_open":
            attributes = links("link", str(child.attrGet("href") or ""))
            if attributes is None:
                dropped += 1
                continue
            child.attrs = dict(attributes)
        elif child.type == "link_close" and dropped:  # links cannot be nested, so this closes the dropped one
            dropped -= 1
            continue
        kept.append(child)
    return kept


def _align(token: Token) -> None:
    style = str(token.attrs.pop("style", ""))
    for side in ("right", "center"):
        if style == f"text-align:{side}":
            token.attrSet("class", f"align-{side}")
    if token.type == "th_open":
        token.attrSet("scope", "col")


@cache
def _parser(*, any_link: bool = False) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    for name in BOXES:
        container_plugin(parser, name, render=_box(name))
    if any_link:
        parser.validateLink = lambda url: True  # type: ignore[method-assign]  # how the library has it changed
    parser.add_render_rule("table_open", _table_open)
    parser.add_render_rule("table_close", _table_close)
    return parser


def _box(name: str) -> Callable[..., str]:
    def render(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        token = tokens[index]
        if token.nesting != 1:
            return "</div>\n"
        title = token.info.strip().removeprefix(name).strip()
        heading = f'<p class="box-title">{nh3.clean_text(title)}</p>\n' if title else ""
        return f'<div class="box box-{name}">\n{heading}'

    return render


def _table_open(
    _self: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType
) -> str:
    # A wide table scrolls inside its own region, which the keyboard must be able to reach.
    return '<div class="table-scroll" role="group" tabindex="0"><table>\n'


def _table_close(
    _self: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "</table></div>\n"


def render_inline(text: str) -> str:
    """Return a short text (an answer, a label) as safe HTML without paragraphs, links and pictures."""
    html = _parser().renderInline(text)
    return nh3.clean(html, tags={"code", "em", "strong", "s", "br"}, attributes={})
