"""HS revisions: how they are written, and that two of them never mix in a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from friendshore.errors import ArgumentError, DataError
from friendshore.records import Note
from friendshore.tables.readers.batches import Input

__all__ = ["REVISION", "agreed", "revision"]

REVISION = re.compile(r"HS(88|92|96|02|07|12|17|22|28)")


def revision(text: str) -> str:
    """Read an HS revision as people write it: HS92, hs1992, 92."""
    if not text:
        return ""
    plain = re.sub(r"^(HS)?(19|20)?([0-9]{2})$", r"HS\3", text.strip().upper())
    if not REVISION.fullmatch(plain):
        raise ArgumentError(
            f"{text!r} is no HS revision.",
            code="unknown_revision",
            hint="Write --hs HS92, HS96, HS02, HS07, HS12, HS17 or HS22.",
        )
    return plain


def agreed(given: str, found: Sequence[Input], held: str, name: str) -> tuple[str, tuple[Note, ...]]:
    """Find the one HS revision that the files, the user and the store (``held``) agree on."""
    stated = {one.hs: one.file for one in found if one.hs}
    if len(stated) > 1:
        raise DataError(
            f"The files are of different HS revisions: {', '.join(f'{f} {h}' for h, f in stated.items())}.",
            code="hs_mismatch",
            hint="Import each revision under its own --name.",
        )
    said = next(iter(stated), "")
    if given and said and given != said:
        raise DataError(
            f"{stated[said]} is {said} by its name, --hs says {given}.",
            code="hs_mismatch",
            hint="Leave --hs away, or rename the file if its name is wrong.",
        )
    wanted = given or said
    if wanted and held and wanted != held:
        raise DataError(
            f"The data set {name} is {held}, the new rows are {wanted}; codes of two revisions do not mix.",
            code="hs_mismatch",
            hint=f"Import them under another name: --name {name}-{wanted.lower()}",
        )
    if wanted or held:
        return wanted or held, ()
    note = Note(template="The HS revision is stated nowhere and was taken as {hs}; say --hs otherwise.",
                values={"hs": "HS92"})  # fmt: skip
    return "HS92", (note,)
