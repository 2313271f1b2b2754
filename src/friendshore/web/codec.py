"""Answers as bytes and back, without loss and without running anything: tagged JSON, compressed.

What JSON has is written as it is. Everything else is an object with the key ``$``: tuples, dictionaries that
JSON has not, dates, and the records of :mod:`friendshore.records`. A tag that is not known is refused.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from friendshore import records
from friendshore.errors import DataError

__all__ = ["packed", "unpacked"]

TAG = "$"
LEVEL = 4
"""Of compression: higher ones take longer than they save."""
_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def packed(value: Any) -> bytes:  # noqa: ANN401  a finding, a brief, arguments
    """Write a value as bytes.

    Raises
    ------
    TypeError
        For what is neither JSON nor a tuple, date or record.
    """
    text = json.dumps(_told(value), allow_nan=False, separators=(",", ":"))
    return gzip.compress(text.encode("ascii"), LEVEL, mtime=0)


def unpacked(blob: bytes) -> Any:  # noqa: ANN401  as above
    """Read what :func:`packed` wrote.

    Raises
    ------
    DataError
        ``unreadable_answer`` where the bytes are cut off, changed or of another version.
    """
    try:
        return json.loads(gzip.decompress(blob), object_hook=_read)
    except (
        OSError,
        EOFError,
        zlib.error,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
    ) as problem:
        raise DataError(
            f"A kept answer cannot be read again: {type(problem).__name__}.",
            code="unreadable_answer",
            hint="Ask again: it is worked out anew.",
        ) from problem


@cache
def _kinds() -> Mapping[str, type[records.Record]]:
    found = (getattr(records, name) for name in dir(records))
    return {
        kind.__name__: kind
        for kind in found
        if isinstance(kind, type) and issubclass(kind, records.Record) and kind is not records.Record
    }


def _told(value: Any) -> Any:  # noqa: ANN401  every type
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {TAG: "float", "v": repr(float(value))}
    if isinstance(value, list):
        return [_told(part) for part in value]
    if isinstance(value, tuple):
        return {TAG: "tuple", "v": [_told(part) for part in value]}
    if isinstance(value, records.Record):
        # Fields in their own order; those of a subclass that is not known there are refused when read.
        fields = {name: _told(getattr(value, name)) for name in type(value).model_fields}
        return {TAG: type(value).__name__, "v": fields}
    if isinstance(value, Mapping):
        if all(isinstance(key, str) for key in value) and TAG not in value:
            return {key: _told(part) for key, part in value.items()}
        return {TAG: "dict", "v": [[_told(key), _told(part)] for key, part in value.items()]}
    if isinstance(value, date) and type(value) is date:
        return {TAG: "date", "v": value.isoformat()}
    if isinstance(value, frozenset | set):
        name = "set" if isinstance(value, set) else "frozenset"
        return {TAG: name, "v": sorted((_told(part) for part in value), key=json.dumps)}
    raise TypeError(f"{type(value).__name__} cannot be kept")


_PLAIN: Mapping[str, Callable[[Any], Any]] = {
    "float": _SPECIAL.__getitem__,
    "tuple": tuple,
    "dict": lambda pairs: {key: part for key, part in pairs},  # noqa: C416  refuses what is no pair
    "date": date.fromisoformat,
    "set": set,
    "frozenset": frozenset,
}


def _read(told: dict[str, Any]) -> Any:  # noqa: ANN401  every type
    if TAG not in told:
        return told
    if told.keys() != {TAG, "v"}:
        raise ValueError("a tag with other keys")
    name, value = told[TAG], told["v"]
    if name in _PLAIN:
        return _PLAIN[name](value)
    # Unknown names are KeyErrors; unknown or missing fields are refused by the record itself.
    return _kinds()[name](**value)
