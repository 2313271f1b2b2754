"""The pages of explanation and reference that come with the program, written as HTML without scripts.

In an installed package they lie beside this module; in a checkout they are those of its folder ``docs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import friendshore
from friendshore.errors import ArgumentError

__all__ = ["EXPLANATION", "REFERENCE", "Document", "document", "title_of"]

EXPLANATION = (
    "conventions",
    "methods",
    "notation",
    "path",
    "sensitivity",
    "hindcast",
    "plan",
    "plan-simulated",
    "planning-methods",
    "reading",
    "rare-earths-and-nickel",
    "desk",
    "architecture",
    "performance",
)
"""Pages of explanation, in the order in which they are listed."""
REFERENCE = ("columns", "costs", "errors", "commands", "python", "blocs", "products", "materials", "sources")
"""Pages to look something up, which are made from the tables of the program."""
FOLDERS = {"explanation": EXPLANATION, "reference": REFERENCE}
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_PAGE = re.compile(r"(?:\.\./(?:explanation|reference)/)?([a-z-]+)\.md(#.*)?")


@dataclass(frozen=True)
class Document:
    """A page, written."""

    name: str
    title: str
    html: str
    """Safe to put into a page: its Markdown may hold no HTML."""
    contents: tuple[tuple[str, str], ...]
    """Anchor and words of its sections."""


def texts() -> Any:  # noqa: ANN401  a folder of the package or of the disk
    """Return the folder that holds the pages."""
    packaged = files("friendshore.web").joinpath("docs")
    return packaged if packaged.is_dir() else Path(friendshore.__file__).resolve().parents[2] / "docs"


@cache
def pages() -> dict[str, str]:
    """Find the pages that there are: name -> text."""
    found: dict[str, str] = {}
    for folder, names in FOLDERS.items():
        for name in names:
            path = texts().joinpath(folder, f"{name}.md")
            if path.is_file():
                found[name] = _COMMENT.sub("", path.read_text(encoding="utf-8")).lstrip()
    return found


@cache
def title_of(name: str) -> tuple[str, str]:
    """Return the headline of a page and its first sentence."""
    text = pages()[name]
    head, _, rest = text.partition("\n")
    paragraph = next((part for part in rest.split("\n\n") if re.match(r"\s*[A-Z]", part)), "")
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`_]", r"\1", " ".join(paragraph.split()))
    return head.lstrip("# ").strip(), re.split(r"(?<=[.:])\s", plain)[0].removesuffix(":")


@lru_cache(maxsize=32)
def document(name: str) -> Document:
    """Write a page.

    Raises
    ------
    ArgumentError
        ``unknown_page``.
    """
    if name not in pages():
        raise ArgumentError(
            f"There is no page {name!r} among the explanations.",
            code="unknown_page",
            hint="They are listed under Sources and methods.",
        )
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(pages()[name])
    contents = tuple(_headings(tokens))
    for token in tokens:
        _adapt(token)
    html = str(parser.renderer.render(tokens, parser.options, {}))
    # A wide table is scrolled by itself, and can be reached with the keyboard.
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table class="data">')
    html = html.replace("</table>", "</table></div>").replace("<pre>", '<pre class="formula" tabindex="0">')
    return Document(name, title_of(name)[0], html, contents)


def _headings(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    """Give each heading its anchor, as the repository's host does; the headline is the page's own."""
    if tokens and tokens[0].tag == "h1":
        del tokens[:3]
    taken: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        inside = tokens[place + 1]
        text = "".join(part.content for part in inside.children or ())
        anchor = re.sub(r"[^\w\- ]", "", text.lower()).strip().replace(" ", "-")
        seen = taken[anchor] = taken.get(anchor, -1) + 1
        anchor = f"{anchor}-{seen}" if seen else anchor
        token.attrSet("id", anchor)
        if token.tag == "h2":
            yield anchor, text


def _adapt(token: Any) -> None:  # noqa: ANN401  a token of the parser
    """Turn styles into classes, which the page allows, and links to pages into addresses."""
    if token.type in ("th_open", "td_open") and token.attrs.pop("style", "").endswith("right"):
        token.attrSet("class", "n")
    if token.type == "th_open":
        token.attrSet("scope", "col")
    if token.type != "inline":
        return
    dropped = False
    for part in token.children:
        if part.type == "link_open":
            leads = _address(str(part.attrs.get("href", "")))
            dropped = not leads
            part.attrSet("href", leads)
            part.attrSet("rel", "noreferrer")
        if dropped and part.type in ("link_open", "link_close"):
            part.type, part.tag, part.attrs = "text", "", {}
            part.nesting = 0


def _address(href: str) -> str:
    """Say where a link of a page leads here; nowhere where that page does not come with the program."""
    if href.startswith(("#", "https://", "http://")):
        return href
    named = _PAGE.fullmatch(href)
    return f"/methods/{named[1]}{named[2] or ''}" if named and named[1] in pages() else ""
