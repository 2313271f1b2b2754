"""How functions are compiled: free of Python's lock, and kept on disk as one piece.

Only what Python calls is kept, with everything it calls compiled in. numba looks at the file of that one function to
see whether what is kept is still good, so the function must close over :func:`source_stamp`, which changes with
any of the modules: otherwise an upgrade would run old machine code.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

__all__ = ["MODULES", "compiled", "inner", "is_kept", "source_stamp", "warm"]

Function = TypeVar("Function", bound=Callable[..., object])

MODULES = ("contracts", "diversion", "month", "prices", "scramble", "state", "stocks")
"""Modules whose text goes into the machine code."""


def source_stamp() -> int:
    """Return a number that changes with the text of any of the compiled modules."""
    stamp = 0
    for name in MODULES:
        stamp = zlib.crc32(files(__package__).joinpath(f"{name}.py").read_bytes(), stamp)
    return stamp


def compiled(function: Function) -> Function:
    """Compile a function that Python calls; where no folder can be written, anew in each process."""
    compiler: Any = numba.njit
    try:
        kept = compiler(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:
        kept = compiler(nogil=True, error_model="numpy")(function)
    return cast("Function", kept)


def inner(function: Function) -> Function:
    """Compile a function that only compiled functions call: not kept, and without the way in from Python."""
    compiler: Any = numba.njit
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", compiler(nogil=True, error_model="numpy", **options)(function))


def is_kept() -> bool:
    """Tell whether machine code of the months lies on disk; it may still be of an older text."""
    cache = getattr(_run_draw(), "_cache", None)
    folder = Path(getattr(cache, "cache_path", None) or "")
    return cache is not None and any(folder.glob("month.*run_draw*.nbi"))


def warm() -> None:
    """Compile the months, and keep them, by a run of one month without a shock."""
    from friendshore.disruption.market import market_of
    from friendshore.disruption.path import run_path
    from friendshore.tables.opening import open_world

    run_path(market_of(open_world()), [], months=1, watch=[0])


def _run_draw() -> object:
    from friendshore.disruption.month import run_draw

    return run_draw


if __name__ == "__main__":
    warm()
