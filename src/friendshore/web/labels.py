"""Names that strangers give their files: labels, of which only safe signs are kept. None is ever opened."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LONGEST", "label"]

LONGEST = 80
"""Signs."""
MOST_BYTES = 200
"""No disk takes a name of more than 255, should somebody save a file under it."""
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def label(name: str, otherwise: str = "document.txt") -> str:
    r"""Return what is kept of a name: letters and figures of any script, ``-``, ``_``, ``.`` and single spaces.

    >>> label("../../etc/passwd.txt"), label(r"C:\x\memo (1).pdf"), label("CON.txt"), label("-rf.txt")
    ('passwd.txt', 'memo 1.pdf', '_CON.txt', '_-rf.txt')
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name[-1000:]))[-1]
    spaced = (" " if unicodedata.category(sign) == "Zs" else sign for sign in last)
    kept = "".join(sign for sign in spaced if sign in "-_. " or unicodedata.category(sign)[0] in "LNM")
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        stem, suffix = kept, ""
    tail = f".{suffix[:12]}" if dot else ""
    stem = stem[: LONGEST - 1 - len(tail)].strip(". ")
    while len((stem + tail).encode()) > MOST_BYTES:
        stem = stem[:-1]
    if not stem:
        return otherwise
    return f"_{stem}{tail}" if _DEVICES.fullmatch(stem + tail) or stem.startswith("-") else stem + tail
