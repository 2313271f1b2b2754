"""BACI of CEPII: ``t,i,j,k,v,q``, a CSV file a year, alone, in a folder or in the zip as published.

``t`` year, ``i`` exporter and ``j`` importer (BACI's own numbers), ``k`` product, ``v`` thousand current US
dollars free on board, ``q`` metric tons (``NA`` where unknown). Product codes are whole numbers in some
releases, so a code of five digits has lost its zero by the format's own doing and gets it back; nowhere else
is that done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from friendshore.records import Source
from friendshore.tables.arrow import words
from friendshore.tables.parsing import parsed
from friendshore.tables.readers.batches import Batch, Progress, TextBatch, text_batches
from friendshore.tables.violations import breaches

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COLUMNS", "baci_batches", "baci_source", "is_baci", "stated"]

COLUMNS = ("t", "i", "j", "k", "v", "q")
FILE = re.compile(r"BACI_(HS[0-9]{2})_Y([0-9]{4})_V([0-9A-Za-z]+)\.csv", re.IGNORECASE)
ARCHIVE = re.compile(r"BACI_(HS[0-9]{2})_V([0-9A-Za-z]+)\.zip", re.IGNORECASE)


def is_baci(names: Sequence[str]) -> bool:
    """Tell whether a header is BACI's."""
    return sorted(names) == sorted(COLUMNS)


def stated(file: str) -> tuple[str, str]:
    """Read the HS revision and the release (``HS92``, ``202401b``) from a file's name, empty where not said."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    if found := FILE.fullmatch(name):
        return found[1].upper(), found[3]
    if found := ARCHIVE.fullmatch(name):
        return found[1].upper(), found[2]
    return "", ""


def baci_source(hs: str, release: str, sha256: str, file: str) -> Source:
    """Describe BACI as its producer asks to be cited."""
    parts = [part for part in (hs, release and f"V{release}") if part]
    return Source(
        id="_".join(["baci", *(part.lower() for part in parts)]),
        title=f"BACI: International Trade Database at the Product-Level {hs}".rstrip(),
        producer="Centre d'Études Prospectives et d'Informations Internationales (CEPII)",
        version=release and f"V{release}",
        accessed="",
        licence="Etalab Open Licence 2.0",
        citation="Gaulier, G. and Zignago, S. (2010). BACI: International Trade Database at the Product-Level. "
        "The 1994-2007 Version. CEPII Working Paper 2010-23.",
        url="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
        sha256=sha256,
        note=f"Read from {file}; thousand dollars turned into dollars, historic countries merged.",
    )


def baci_batches(stream: BinaryIO, file: str, told: Progress) -> Iterator[Batch]:
    """Read BACI rows in the columns of the trade table."""
    for batch in text_batches(stream, file, told):
        yield converted(batch)


def converted(batch: TextBatch) -> Batch:
    """Convert codes and units."""
    import pyarrow as pa

    cells = batch.cells
    seller, seller_number = with_iso3(cells.column("i"))
    buyer, buyer_number = with_iso3(cells.column("j"))
    text = pa.table(
        {
            "year": cells.column("t"),
            "exporter": seller,
            "importer": buyer,
            "product": relabelled(cells.column("k"), lambda code: code.zfill(6) if len(code) == 5 else code),
            "value_usd": cells.column("v"),
            "quantity_t": known_tons(cells.column("q")),
        }
    )
    typed, odd = parsed(text, "trade")
    thousands = typed.column_names.index("value_usd")
    typed = typed.set_column(thousands, "value_usd", thousandfold(typed.column("value_usd")))
    found = [*odd, *breaches(typed, "trade", unique=False)]
    return Batch(typed, found, batch.lines, cells, batch.odd, seller_number * 10_000 + buyer_number)


def with_iso3(column: pa.ChunkedArray) -> tuple[pa.Array, NDArray[np.int64]]:
    """Turn BACI's country numbers into ISO3 codes (unknown ones into words that no rule lets pass)."""
    from friendshore.tables.countries import iso3_of_baci

    known = iso3_of_baci()
    distinct, rows = words(column)
    numbers = [int(word) if re.fullmatch(r"[0-9]{1,4}", word.strip()) else -1 for word in distinct]
    codes = [
        known.get(number, f"BACI number {word.strip()}")
        for number, word in zip(numbers, distinct, strict=True)
    ]
    return labelled(codes, rows), np.array([*numbers, -1], np.int64)[rows]


def relabelled(column: pa.ChunkedArray, rename: Callable[[str], str | None]) -> pa.Array:
    """Rewrite a column, one call for each distinct word (blanks around it removed)."""
    distinct, rows = words(column)
    return labelled([rename(word.strip()) for word in distinct], rows)


def known_tons(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn ``NA`` into NULL."""
    import pyarrow as pa
    import pyarrow.compute as pc

    tons = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(tons, "NA"), pa.scalar(None, pa.string()), tons)


def labelled(names: Sequence[str | None], rows: NDArray[np.int32]) -> pa.Array:
    """Give the word of each row; place -1 is NULL."""
    import pyarrow as pa

    return pa.array([*names, None], pa.string()).take(pa.array(np.where(rows < 0, len(names), rows)))


def thousandfold(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn thousand dollars into dollars."""
    import pyarrow.compute as pc

    return pc.multiply(column, 1000.0)
