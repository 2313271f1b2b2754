"""A document as a file: plain text, Markdown, HTML, PDF or Word, from anybody; opened safely, its noise set apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from friendshore.errors import ArgumentError, DataError
from friendshore.intake.dates import parse_day, published
from friendshore.intake.html_text import LONGEST, read_html
from friendshore.intake.noise import noise_of, without
from friendshore.intake.records import Noise
from friendshore.tables.csv_text import read_file

__all__ = [
    "LARGEST",
    "Opened",
    "language_of",
    "open_bytes",
    "open_document",
    "opened_text",
    "refuse_suffix",
]

LARGEST = 20 << 20
"""Bytes of the largest document that is read."""
TEXT = {".txt", ".text", ".md", ".markdown", ""}
PAGE = {".html", ".htm", ".xhtml"}
_HIDDEN = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad",
    )
)
_WIDE = {n: n - 0xFEE0 for n in range(0xFF10, 0xFF1A)} | {
    0xFF0B: ord("+"),
    0x3000: ord(" "),
    0x00A0: ord(" "),
}


@dataclass(frozen=True)
class Opened:
    """A document that was read."""

    text: str
    """Without noise, which is blanked: places are those of ``whole``."""
    whole: str
    noise: tuple[Noise, ...]
    on: date | None
    """Publication date, where the document states one."""
    outlet: str | None
    title: str | None
    language: str
    """``en``, ``ja`` or ``other``."""
    places: tuple[int, ...] | None
    """By character, its place in the source of a page; None where they are the same."""
    disguised: tuple[str, ...] = ()
    """Words that mix alphabets, so that they look like others."""


def open_document(source: str | Path) -> Opened:
    """Open a file by its suffix.

    Raises
    ------
    ArgumentError
        ``unknown_suffix``.
    DataError
        ``cannot_read``, ``empty_file``, ``document_too_large``, ``binary_document``, ``encrypted_document``,
        ``broken_document``.
    """
    path = Path(source)
    refuse_suffix(path.name)
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    _refuse_size(size, path.name)
    return open_bytes(read_file(path), path.name)


def refuse_suffix(name: str) -> str:
    """Return the suffix of a document, or refuse one that no reader has."""
    suffix = Path(name).suffix.casefold()
    if suffix not in TEXT | PAGE | {".pdf", ".docx"}:
        raise ArgumentError(
            f"{name} ends in {suffix}, expected .txt, .md, .html, .pdf or .docx.",
            code="unknown_suffix",
            hint="Save the document as one of these, or copy its text into a .txt file.",
        )
    return suffix


def open_bytes(raw: bytes, name: str) -> Opened:
    """Open a document that is at hand, by the suffix of its name; see :func:`open_document`."""
    suffix = refuse_suffix(name)
    _refuse_size(len(raw), name)
    if not raw.strip():
        raise DataError(f"{name} is empty.", code="empty_file", hint="Save the document again.")
    if suffix == ".pdf":
        from friendshore.intake.portable import read_pdf

        return opened_text(read_pdf(raw, name))
    if suffix == ".docx":
        from friendshore.intake.portable import read_docx

        return opened_text(read_docx(raw, name))
    text = decoded(raw, name)
    if suffix in PAGE or re.match(r"\s*<(?:!doctype html|html)\b", text[:200], re.IGNORECASE):
        return opened_page(text)
    return opened_text(text)


def _refuse_size(size: int, name: str) -> None:
    if size > LARGEST:
        raise DataError(
            f"{name} has {size >> 20} MB, expected at most {LARGEST >> 20}.",
            code="document_too_large",
            hint="Copy the part that matters into a text file.",
        )


def decoded(raw: bytes, name: str) -> str:
    """Decode text: Unicode by its marks, what a page declares, UTF-8, Japanese, else Western European.

    Raises
    ------
    DataError
        ``binary_document`` for what is no text.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    if b"\0" in raw[:4096] or raw[:4] in {b"%PDF", b"PK\x03\x04", b"\x89PNG"}:
        raise DataError(
            f"{name} is no text: it holds bytes that no text has.",
            code="binary_document",
            hint="Give a .txt, .md, .html, .pdf or .docx file under its own suffix.",
        )
    declared = re.search(rb"charset=[\"']?([\w-]+)", raw[:2048])
    tries = [declared.group(1).decode("ascii")] if declared else []
    for encoding in ["utf-8", *tries, "cp932", "euc_jp"]:
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding in {"utf-8", *tries} or re.search(r"[\u3041-\u30ff]{2}", text):
            return text
    return raw.decode("cp1252", "replace")


def opened_page(source: str) -> Opened:
    """Open the source of a page."""
    page = read_html(source)
    furniture = tuple(
        Noise(start=a, end=b, text=page.text[a:b].strip(), reason=reason)
        for a, b, reason in page.removed
        if page.text[a:b].strip()
    )
    return opened_text(
        page.text, furniture=furniture, places=tuple(page.places), title=page.title or None,
        on=parse_day(page.stated.get("date", "")[:10]), outlet=page.stated.get("outlet") or None,
    )  # fmt: skip


def opened_text(
    text: str, *, furniture: tuple[Noise, ...] = (), places: tuple[int, ...] | None = None, title: str | None = None,
    on: date | None = None, outlet: str | None = None,
) -> Opened:  # fmt: skip
    """Open a text that was read: hidden marks out, wide figures narrowed, noise apart.

    Raises
    ------
    DataError
        ``empty_file`` where nothing is left, ``document_too_large``.
    """
    if len(text) > LONGEST:
        raise DataError(
            f"The document has {len(text):,} characters, expected at most {LONGEST:,}.",
            code="document_too_large",
            hint="Copy the part that matters into a text file.",
        )
    if any(ord(char) in _HIDDEN for char in set(text)):
        kept = [n for n, char in enumerate(text) if ord(char) not in _HIDDEN]
        moved = {old: new for new, old in enumerate(kept)}
        furniture = tuple(_moved(block, moved, text) for block in furniture)
        places = tuple(places[n] for n in kept) if places is not None else tuple(kept)
        text = "".join(text[n] for n in kept)
    text = text.translate(_WIDE).replace("\r", "\n" if "\n" not in text else " ")
    whole = text
    text = without(text, furniture)
    noise = noise_of(text)
    text = without(text, noise)
    if not text.strip():
        raise DataError(
            "The document holds no text.",
            code="empty_file",
            hint="A scanned page has to be turned into text first.",
        )
    everything = tuple(sorted((*furniture, *noise), key=lambda block: block.start))
    return Opened(
        text,
        whole,
        everything,
        on or published(whole[:1500]),
        outlet,
        title,
        language_of(text),
        places,
        disguised(text),
    )


def _moved(block: Noise, moved: dict[int, int], text: str) -> Noise:
    inside = [moved[n] for n in range(block.start, block.end) if n in moved]
    start, end = (inside[0], inside[-1] + 1) if inside else (0, 0)
    return block.model_copy(update={"start": start, "end": end})


_ENGLISH = re.compile(r"\b(?:the|and|of|to|in|that|with|for|is|was|on|will|has|have|by|from)\b")


def language_of(text: str) -> str:
    """Tell English from Japanese and from anything else."""
    letters = [char for char in text[:20_000] if char.isalpha()]
    if not letters:
        return "other"
    if sum("\u3041" <= char <= "\u30ff" for char in letters) > 0.05 * len(letters):
        return "ja"
    latin = sum(char < "\u0250" for char in letters)
    words = len(text[:20_000].split())
    return (
        "en"
        if latin > 0.9 * len(letters) and len(_ENGLISH.findall(text[:20_000])) > 0.08 * words
        else "other"
    )


def disguised(text: str) -> tuple[str, ...]:
    """Return words in which Latin letters stand beside Greek or Cyrillic ones that look like them."""
    if text.isascii():
        return ()
    words = re.findall(r"\w{2,}", text)
    mixed = [w for w in words if re.search(r"[A-Za-z]", w) and re.search(r"[\u0370-\u03ff\u0400-\u04ff]", w)]
    return tuple(dict.fromkeys(mixed))
