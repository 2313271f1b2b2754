"""Inside the process of a job: work out one answer, tell how far it is, keep it, end."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from friendshore import progress
from friendshore.errors import FriendshoreError, WorkerError
from friendshore.web.failing import fault
from friendshore.web.failing import told as told_error
from friendshore.web.processes import named, settle
from friendshore.web.records import Given, JobAsked

__all__ = ["News", "do", "worked_out"]

LANGUAGES = ("en", "ja")
TELL_SECONDS = 0.2
NICE = 5


@dataclass(frozen=True)
class News:
    """What the process of a job says: ``told``, ``done`` or ``failed``."""

    what: str
    message: Mapping[str, str] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    error: Mapping[str, Any] = field(default_factory=dict)


def worked_out(asked: JobAsked) -> Any:  # noqa: ANN401  a finding or a brief
    """Work out an answer; refuse it where its input changed meanwhile, since it would be kept under a wrong name."""
    from friendshore.web.desk import answer

    _refuse_changed(asked)
    found = answer(asked.given)
    _refuse_changed(asked)
    return found


def _refuse_changed(asked: JobAsked) -> None:
    from friendshore.web.desk import key_of

    if key_of(asked.given) != asked.id:
        raise WorkerError(
            "The scenario, the data set or the program has changed since this was asked.",
            code="input_changed",
            hint="Ask again: the question is then put to what is there now.",
        )


def do(pipe: Connection, asked: JobAsked, database: Path, answering: str) -> None:
    """Work out one answer and end."""
    settle(nice=NICE, apart=True)
    try:
        with progress.listening(_Teller(pipe)):
            seconds = _kept(asked, database, answering)
        news = News("done", done=1, total=1, message={"seconds": f"{seconds:.1f}"})
    except FriendshoreError as error:
        news = _failed(error)
    except Exception as problem:  # noqa: BLE001  the server tells it, whatever it is
        from friendshore.web.working import say_fault

        say_fault(problem)
        news = _failed(fault(problem))
    # Where the server has gone, the next one finds the answer, or tries again.
    with contextlib.suppress(OSError):
        pipe.send(news)
    # What is still loaded need not be taken apart: the next in line waits.
    os._exit(0)


def _kept(asked: JobAsked, database: Path, answering: str) -> float:
    from friendshore.web.keeping import Database, Kept

    begun = time.perf_counter()
    found = named(answering)(asked)
    seconds = time.perf_counter() - begun
    given: Given = asked.given
    Kept(Database(database)).keep(asked.id, given, found, seconds)
    return seconds


def _failed(error: FriendshoreError) -> News:
    # By way of JSON: rows of an error hold whatever a file held.
    return News("failed", error=json.loads(json.dumps(told_error(error), default=str)))


class _Teller:
    """Passes on what is told, not more often than a reader can see."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.last, self.said = pipe, 0.0, ""
        self.lock = threading.Lock()

    def __call__(self, note: Any, done: int, total: int) -> None:  # noqa: ANN401  a note
        with self.lock:
            self._tell(note, done, total)

    def _tell(self, note: Any, done: int, total: int) -> None:  # noqa: ANN401  as above
        now = time.monotonic()
        if note.template == self.said and now - self.last < TELL_SECONDS and done != total:
            return
        from friendshore.report.words import translate

        self.last, self.said = now, note.template
        message = {lang: translate(note, lang) for lang in LANGUAGES}
        try:
            self.pipe.send(News("told", message, done, total))
        except OSError:
            return
