"""Arrow columns as numpy arrays, taken from their buffers.

``to_numpy``, ``pa.scalar`` and ``pa.array`` import pandas where it is installed, which takes a quarter of a
second; a small folder opens in a few milliseconds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mask", "bits", "floats", "numbers", "words"]

Mask = NDArray[np.bool_]
Column = Any
"""An Arrow array or chunked array; pyarrow carries no types."""

WIDTHS = {"int8": "i1", "int16": "<i2", "int32": "<i4", "int64": "<i8", "float": "<f4", "double": "<f8"}


def chunks(column: Column) -> list[Any]:
    """Give the arrays of a chunked array, or the array itself."""
    return list(column.chunks) if hasattr(column, "chunks") else [column]


def bitmap(buffer: Any, offset: int, length: int) -> Mask:  # noqa: ANN401  pyarrow and DuckDB come untyped
    """Unpack bits; no buffer means that all are set."""
    if buffer is None or length == 0:
        return np.ones(length, bool)
    packed = np.frombuffer(buffer, np.uint8)
    first = offset // 8
    last = (offset + length + 7) // 8
    loose = np.unpackbits(packed[first:last], bitorder="little")
    return loose[offset - 8 * first :][:length].astype(bool)


def bits(column: Column) -> Mask:
    """Turn a boolean column into a mask, NULL as False."""
    parts = [
        bitmap(chunk.buffers()[1], chunk.offset, len(chunk))
        & bitmap(chunk.buffers()[0], chunk.offset, len(chunk))
        for chunk in chunks(column)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, bool)


def numbers(column: Column) -> tuple[NDArray[Any], Mask]:
    """Give the values of a column of numbers, and True where they are known (elsewhere they mean nothing)."""
    kind = np.dtype(WIDTHS[str(column.type)])
    values, known = [np.empty(0, kind)], [np.empty(0, bool)]
    for chunk in chunks(column):
        if len(chunk):
            valid, data = chunk.buffers()
            values.append(np.frombuffer(data, kind)[chunk.offset : chunk.offset + len(chunk)])
            known.append(bitmap(valid, chunk.offset, len(chunk)))
    return np.concatenate(values), np.concatenate(known)


def floats(column: Column) -> NDArray[np.float64]:
    """Give the values of a column of numbers, NaN where unknown."""
    values, known = numbers(column)
    return np.where(known, values, np.nan)


def words(column: Column) -> tuple[list[str], NDArray[np.int32]]:
    """Give the distinct words of a text column and for each row the place of its word, -1 where unknown."""
    encoded = column.dictionary_encode()
    parts = chunks(encoded)
    if not parts:
        return [], np.empty(0, np.int32)
    distinct: list[str] = parts[-1].dictionary.to_pylist()
    found = []
    for chunk in parts:
        values, known = numbers(chunk.indices)
        found.append(np.where(known, values, -1).astype(np.int32))
    return distinct, np.concatenate(found)
