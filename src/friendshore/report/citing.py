"""Sources as BibTeX, so that people can cite the producers and not only us."""

from __future__ import annotations

import re
from collections.abc import Iterable

from friendshore.records import Source

__all__ = ["bibtex", "bibtex_file"]

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
    "$": r"\$", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def _escaped(text: str) -> str:
    """Text in which nothing is a command to TeX."""
    return "".join(_SPECIAL.get(character, character) for character in " ".join(text.split()))


def bibtex(source: Source) -> str:
    r"""Write one source as a ``@misc`` entry.

    The key is the source's id; the note holds version, date of access, licence and the producer's own
    wording of the citation.

    >>> from friendshore.records import Source
    >>> print(bibtex(Source(id="wgi", title="Governance & stability", producer="World Bank", version="2024",
    ...     accessed="2026-10-01", licence="CC BY 4.0", citation="Kaufmann and Kraay (2024).")))
    @misc{wgi,
      author = {{World Bank}},
      title = {{Governance \& stability}},
      year = {2024},
      note = {Version 2024. Accessed 2026-10-01. Licence: CC BY 4.0. Kaufmann and Kraay (2024).}
    }
    """
    year = re.search(r"(?:19|20)\d\d", source.version) or re.search(r"(?:19|20)\d\d", source.citation)
    parts = (
        f"Version {source.version}." if source.version else "",
        f"Accessed {source.accessed}." if source.accessed else "",
        f"Licence: {source.licence.rstrip('.')}." if source.licence else "",
        source.citation,
    )
    fields = {
        "author": f"{{{_escaped(source.producer)}}}",
        "title": f"{{{_escaped(source.title)}}}",
        "year": year.group() if year else "",
        "note": _escaped(" ".join(part for part in parts if part)),
        "url": re.sub(r"[{}\\\s]", "", source.url),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    key = re.sub(r"[^A-Za-z0-9_:.-]", "_", source.id) or "source"
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def bibtex_file(sources: Iterable[Source]) -> str:
    """All entries, each key once, with a blank line between them."""
    return "\n\n".join({source.id: bibtex(source) for source in sources}.values()) + "\n"
