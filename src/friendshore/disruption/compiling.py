"""How functions are compiled: once, kept on disk, and free of Python's lock.

What is kept does not notice a change in a function that another module calls: after editing one of them
remove the ``__pycache__`` folder beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

__all__ = ["compiled", "inner"]

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile a function that Python calls; where no folder can be written, anew in each process."""
    return _kept(function, {})


def inner(function: Function) -> Function:
    """Compile a function that only compiled functions call: without the way in from Python."""
    return _kept(function, {"no_cpython_wrapper": True, "no_cfunc_wrapper": True})


def _kept(function: Function, options: dict[str, Any]) -> Function:
    compiler: Any = numba.njit
    options = {"nogil": True, "error_model": "numpy", **options}
    try:
        kept = compiler(cache=True, **options)(function)
    except RuntimeError:
        kept = compiler(**options)(function)
    return cast("Function", kept)
