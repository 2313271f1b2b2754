"""Text of a page with the place of each character in its source; furniture of the page apart, with a reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from friendshore.errors import DataError

__all__ = ["LONGEST", "Markup", "read_html"]

LONGEST = 2_000_000
"""Characters of the longest text that is read."""

_SILENT = {
    "script": "script", "style": "style sheet", "noscript": "script", "template": "script", "svg": "picture",
    "nav": "navigation", "footer": "footer", "aside": "side column", "form": "form", "button": "form",
    "figure": "picture and caption", "iframe": "embedded page", "select": "form", "dialog": "overlay",
}  # fmt: skip
_QUIET = {"script", "style", "noscript", "template", "svg", "iframe"}
_BLOCK = {
    "p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li",
    "table", "tr",
    "td", "th", "blockquote", "pre", "br", "hr", "figure", "figcaption", "aside", "nav", "footer", "form",
    "dl", "dt", "dd",
    "title", "address", "body", "html", "head", "details", "summary",
}  # fmt: skip
_VOID = {"br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "embed", "track"}
_AD_WORDS = (
    "advert",
    "promo",
    "newsletter",
    "cookie",
    "related",
    "sponsor",
    "social",
    "share",
    "breadcrumb",
    "comment",
)


@dataclass
class Markup:
    """What a page holds."""

    text: str
    places: list[int]
    """By character of ``text``, its place in the source."""
    removed: list[tuple[int, int, str]]
    """Stretches of ``text`` that are furniture, with the reason."""
    title: str = ""
    stated: dict[str, str] = field(default_factory=dict)
    """What the head states: ``date``, ``outlet``."""


class _Reader(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.lines = [0]
        for line in source.splitlines(keepends=True):
            self.lines.append(self.lines[-1] + len(line))
        self.out: list[str] = []
        self.places: list[int] = []
        self.removed: list[tuple[int, int, str]] = []
        self.open: list[tuple[str, int, str]] = []
        self.stack: list[str] = []
        self.title: list[str] = []
        self.stated: dict[str, str] = {}

    def _at(self) -> int:
        line, column = self.getpos()
        return self.lines[min(line - 1, len(self.lines) - 1)] + column

    def _break(self) -> None:
        if self.out and self.out[-1] != "\n":
            self._put("\n\n", self._at(), spread=False)

    def _put(self, text: str, at: int, *, spread: bool) -> None:
        # Each character costs many bytes here, so that a page is left before all of it is taken in.
        if len(self.out) + len(text) > LONGEST:
            raise DataError(
                f"The page has more than {LONGEST:,} characters of text.",
                code="document_too_large",
                hint="Copy the part that matters into a text file.",
            )
        for n, char in enumerate(text):
            self.out.append(char)
            self.places.append(at + n if spread else at)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self._meta(known)
        if tag == "time" and "datetime" in known:
            self.stated.setdefault("date", known["datetime"])
        if tag in _BLOCK:
            self._break()
        if tag in _VOID:
            return
        marks = f"{known.get('class', '')} {known.get('id', '')} {known.get('role', '')}".casefold()
        reason = _SILENT.get(tag) or next(
            (f"page furniture ({word})" for word in _AD_WORDS if word in marks), ""
        )
        if "display:none" in known.get("style", "").replace(" ", "") or "hidden" in known:
            reason = "hidden"
        if reason and not self.open and tag not in {"body", "html", "main", "article"}:
            self.open.append((tag, len(self.out), reason))
            self.stack = [tag]
        elif self.open and tag == self.open[0][0]:
            self.stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag == self.open[0][0] and self.stack:
            self.stack.pop()
            if not self.stack:
                _, start, reason = self.open.pop()
                self._break()
                self.removed.append((start, len(self.out), reason))
        if tag in _BLOCK:
            self._break()

    def handle_data(self, data: str) -> None:
        if self.lasttag == "title" and not self.open:
            self.title.append(data)
            return
        if self.open and self.open[0][0] in _QUIET:
            return
        self._put(data, self._at(), spread=True)

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name};")

    def _entity(self, raw: str) -> None:
        text = unescape(raw)
        (
            self.title.append(text)
            if self.lasttag == "title" and not self.open
            else self._put(text, self._at(), spread=False)
        )

    def _meta(self, known: dict[str, str]) -> None:
        name = (known.get("property") or known.get("name") or known.get("itemprop") or "").casefold()
        if name in {"article:published_time", "date", "dc.date", "datepublished", "pubdate", "publishdate"}:
            self.stated["date"] = known.get("content", "")
        if name in {"og:site_name", "application-name", "publisher"}:
            self.stated.setdefault("outlet", known.get("content", ""))


def read_html(source: str) -> Markup:
    """Read a page. Nothing in it is run or fetched."""
    reader = _Reader(source)
    reader.feed(source)
    reader.close()
    if reader.open:  # a page that is cut off within its furniture
        _, start, reason = reader.open.pop()
        reader.removed.append((start, len(reader.out), reason))
    return Markup(
        "".join(reader.out), reader.places, reader.removed, "".join(reader.title).strip(), reader.stated
    )
