"""How far long work has come, told by whoever does it to whoever listens.

Nobody listens by default, and telling then costs a comparison. The listener belongs to the whole process, not
to a thread: the threads among which a plan shares its variations tell the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Protocol

__all__ = ["Count", "Listener", "listening", "tell"]

Listener = Callable[[Any, int, int], None]
"""Takes what is being done (a :class:`friendshore.records.Note`), the steps done and all steps, 0 for unknown."""

_listeners: list[Listener] = []


class Told(Protocol):
    """A sentence for people: a :class:`friendshore.records.Note`, which stands a layer above this one."""

    @property
    def template(self) -> str:
        """The sentence, with its values left open."""
        ...


def tell(note: Told, done: int = 0, total: int = 0) -> None:
    """Tell what is being done; does nothing where nobody listens.

    Parameters
    ----------
    note
        What is being done.
    done
        Steps behind it.
    total
        All steps, 0 where it is not known.
    """
    if _listeners:
        _listeners[-1](note, done, total)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hear what is told inside the block; a listener further out hears nothing meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


class Count:
    """Steps that are done in no order, by several threads."""

    def __init__(self, note: Told, total: int) -> None:
        self.note, self.total, self.done = note, total, 0
        self._lock = Lock()
        tell(note, 0, total)

    def step(self, count: int = 1) -> None:
        """Tell that one more is done, or several."""
        with self._lock:
            self.done = min(self.done + count, self.total)
            # Told while it is held, or a listener would hear steps out of order.
            tell(self.note, self.done, self.total)
