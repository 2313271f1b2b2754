"""Where the numbers in the box come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from friendshore.records import Source

__all__ = ["bibtex", "sources"]


@cache
def sources() -> Mapping[str, Source]:
    """Return every source of the data in the box, by id."""
    text = files("friendshore").joinpath("data/sources.yaml").read_text(encoding="utf-8")
    table = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are safe ones
    return MappingProxyType({key: Source(id=key, **fields) for key, fields in table.items()})


_SPECIAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    sign: "\\" + sign for sign in "&%$#_{}"
}


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(sign, sign) for sign in text)


def bibtex(chosen: Iterable[Source]) -> str:
    """Write sources as BibTeX entries, one ``@misc`` each, in the order given, each id once."""
    entries = []
    for source in {source.id: source for source in chosen}.values():
        fields = {
            "title": f"{{{_tex(source.title)}}}",
            "author": f"{{{_tex(source.producer)}}}",
            "year": _year(source),
            "version": _tex(source.version),
            "url": "".join(sign for sign in source.url if sign not in "{}\\ "),
            "urldate": source.accessed,
            "note": _tex("; ".join(part for part in (source.licence, source.citation) if part)),
        }
        body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        key = "".join(
            sign if sign.isascii() and (sign.isalnum() or sign in "_-.") else "_" for sign in source.id
        )
        entries.append(f"@misc{{{key},\n{body}\n}}\n")
    return "\n".join(entries)


def _year(source: Source) -> str:
    """Return the year of the citation, else of access."""
    for word in (
        source.citation.replace("(", " ").replace(")", " ").replace(",", " ").replace(".", " ").split()
    ):
        if len(word) == 4 and word.isdigit():
            return word
    return source.accessed[:4]
