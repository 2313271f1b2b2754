"""An executor whose workers are lost."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool


class Breaking(Executor):
    """Runs at once, and breaks for good after so many pieces."""

    def __init__(self, lasts):
        self.lasts = lasts

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.lasts -= 1
        if self.lasts == 0:
            future.set_exception(BrokenProcessPool("killed"))
        elif self.lasts < 0:
            raise BrokenProcessPool("broken before")
        else:
            future.set_result(fn(*args, **kwargs))
        return future
