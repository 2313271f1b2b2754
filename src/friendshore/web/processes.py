"""Start processes that answer for the server, and see to it that none outlives it."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any
from weakref import WeakSet

__all__ = ["begin", "end", "named", "resident_bytes", "settle"]


_begun: WeakSet[Any] = WeakSet()


@atexit.register
def _end_all() -> None:
    """End what is left; the interpreter would wait for it."""
    for process in _begun:
        if process.is_alive():
            process.kill()


def begin(target: Callable[..., None], *arguments: Any) -> tuple[Any, Connection]:  # noqa: ANN401  a process
    """Start a process that calls ``target(pipe, *arguments)``; return it and our end of the pipe.

    Ctrl-C goes to every process of a terminal and is for the server alone: the signal is blocked before the
    process exists, or one would show a traceback that is hit while it starts.
    """
    context = get_context("spawn")
    here, there = context.Pipe()
    # No daemon in the sense of the library: such a process may not start others, and a sweep does.
    process = context.Process(target=target, args=(there, *arguments))
    masked = getattr(signal, "pthread_sigmask", None)
    before = masked(signal.SIG_BLOCK, {signal.SIGINT}) if masked else None
    try:
        process.start()
    finally:
        if masked:
            masked(signal.SIG_SETMASK, before)
        there.close()
    _begun.add(process)
    return process, here


def settle(*, nice: int = 0, apart: bool = False) -> None:
    """Settle in a process that was just begun.

    Parameters
    ----------
    nice
        How far it stands back behind others.
    apart
        Whether it leads a group of its own, so that what it starts in turn can be ended with it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As the command line does, and for the same reasons; before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(100_000, 50, 100)
    if nice and hasattr(os, "nice"):
        os.nice(nice)
    if apart and hasattr(os, "setsid"):
        os.setsid()
    threading.Thread(target=_follow, args=(apart,), daemon=True).start()


def _follow(apart: bool) -> None:
    """End with the server, however that ended."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        if apart and hasattr(os, "killpg"):
            os.killpg(os.getpgid(0), signal.SIGKILL)
        os._exit(1)


def end(process: Any, *, apart: bool = False) -> None:  # noqa: ANN401  a process
    """End a process at once, with all that it started where it leads a group of its own."""
    try:
        if apart and hasattr(os, "killpg") and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.kill()


def named(where: str) -> Callable[..., Any]:
    """Return the function at ``package.module:function``."""
    module, _, name = where.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def resident_bytes() -> int:
    """Return the memory that this process holds; its highest where the system tells only that."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123  no path of ours
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        pass
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
