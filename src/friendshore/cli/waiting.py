"""What is shown on stderr while somebody waits."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from friendshore.cli.delivery import note

__all__ = ["patience"]

SECONDS = 2.0
"""What is answered within them is waited for in silence."""


@contextmanager
def patience(what: str, *, quiet: bool, lang: str = "en") -> Iterator[None]:
    """Say on stderr what is going on where it takes more than two seconds, and how far it is.

    Parameters
    ----------
    what
        What is going on as a whole.
    quiet
        Say nothing.
    lang
        Language in which it is said.
    """
    if quiet:
        yield
        return
    from friendshore import progress

    waiting = _Waiting(what, lang)
    timer = threading.Timer(SECONDS, waiting.begin)
    timer.daemon = True
    timer.start()
    try:
        with progress.listening(waiting.hear):
            yield
    finally:
        timer.cancel()
        waiting.end()


class _Waiting:
    """The latest that was told: on a terminal one line in place, elsewhere a line for each new thing done."""

    def __init__(self, what: str, lang: str) -> None:
        self.what, self.lang = what, lang
        self.latest: tuple[Any, int, int] | None = None
        self.said = ""
        self.begun = self.ended = self.in_place = False
        self.lock = threading.Lock()

    def begin(self) -> None:
        """Show what was told, and from now on whatever is told."""
        from friendshore.report.words import say

        with self.lock:
            if self.ended:
                return
            self.begun = True
            note(say(self.what, self.lang))
            self._show()

    def hear(self, told: Any, done: int, total: int) -> None:  # noqa: ANN401  a note
        """Take what is told."""
        with self.lock:
            self.latest = (told, done, total)
            if self.begun and not self.ended:
                self._show()

    def _show(self) -> None:
        if self.latest is None:
            return
        from friendshore.report.words import translate

        told, done, total = self.latest
        text = translate(told, self.lang)
        if sys.stderr.isatty():
            from rich.cells import set_cell_size

            from friendshore.report.cells import printable

            line = f"{text}: {done} / {total}" if total else text
            # A line that is too long would wrap and could not be taken back.
            sys.stderr.write("\r" + set_cell_size(printable(line), shutil.get_terminal_size().columns - 1))
            sys.stderr.flush()
            self.in_place = True
        elif text != self.said:
            self.said = text
            note(f"{text} ...")

    def end(self) -> None:
        """Take back what stands in place."""
        with self.lock:
            self.ended = True
            if self.in_place:
                sys.stderr.write("\r\x1b[K")
                sys.stderr.flush()
