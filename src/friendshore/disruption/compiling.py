"""How functions are compiled: free of Python's lock, and kept on disk as one piece.

Only what Python calls is kept, with everything it calls compiled in. numba looks at the file of that one function to
see whether what is kept is still good, so the function must close over :func:`source_stamp`, which changes with
any of the modules: otherwise an upgrade would run old machine code.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib.resources import files
from typing import Any, TypeVar, cast

import numba

__all__ = ["MODULES", "compiled", "inner", "source_stamp"]

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
