"""The command line: reads arguments, asks one question, prints one finding. No arithmetic."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        0 where it was answered, 2 on any failure.
    """
    # The systems solved here are small: threads of the linear algebra library would only wait for each other
    # (a brief took three times the processor time on a busy machine). Must be said before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # One question makes few cycles and then ends: looking for them often took 7 % of a brief.
    gc.set_threshold(100_000, 50, 100)
    from friendshore.cli.running import run

    return run(list(sys.argv[1:] if argv is None else argv))
