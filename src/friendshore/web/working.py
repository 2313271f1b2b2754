"""Inside a worker: take a request, hand back a reply, until the server closes the pipe."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

from friendshore.web.processes import named, resident_bytes, settle
from friendshore.web.records import Asked, Reply

__all__ = ["Setup", "Told", "say_fault", "work"]


@dataclass(frozen=True)
class Setup:
    """What a worker is told when it begins."""

    replying: str = "friendshore.web.replying:reply"
    """Function that turns an :class:`Asked` and a desk into a :class:`Reply`; another in tests."""
    warm: tuple[Asked, ...] = (
        Asked("page", "start", (), "en"),
        Asked("page", "exposure", (("importer", "JPN"), ("on", "CHN"), ("product", "284690")), "en"),
        Asked("page", "start", (), "ja"),
    )
    """What it answers to itself first, so that no reader waits for what is loaded once."""


@dataclass(frozen=True)
class Told:
    """What a worker says: ``ready``, ``warm``, or ``replied`` with the reply."""

    what: str
    reply: Reply | None = None
    resident: int = 0


def work(pipe: Connection, setup: Setup) -> None:
    """Answer until the pipe is closed."""
    settle()
    replied = _answerer(setup)
    pipe.send(Told("ready"))
    warming = list(reversed(setup.warm))
    warm = False
    try:
        while True:
            if not warm and not pipe.poll(0):
                if warming:
                    replied(warming.pop())
                else:
                    warm = True
                    pipe.send(Told("warm", resident=resident_bytes()))
                continue
            asked = pipe.recv()
            if asked is None:
                return
            pipe.send(Told("replied", replied(asked), resident_bytes()))
    except (EOFError, OSError):
        # The server has gone; nobody waits for an answer.
        return


def _answerer(setup: Setup) -> Callable[[Asked], Reply]:
    from friendshore.web.desk import Desk
    from friendshore.web.keeping import Database, Kept

    reply = named(setup.replying)
    desk = Desk(kept=Kept(Database()))

    def replied(asked: Asked) -> Reply:
        try:
            found: Reply = reply(asked, desk)
        except Exception as problem:  # noqa: BLE001  a worker outlives whatever one question does
            return _fault(problem, asked)
        return found

    return replied


def _fault(problem: Exception, asked: Asked) -> Reply:
    from friendshore.web.failing import fault, refusal

    say_fault(problem)
    return refusal(fault(problem), 500, lang=asked.lang, page=asked.kind == "page")


def say_fault(problem: BaseException) -> None:
    """Say on stderr where a fault of the program lies, and nothing of the data that were at hand."""
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if "friendshore" in frame.filename]
    place = ours[-1] if ours else frames[-1] if frames else None
    where = f" at {place.name}, line {place.lineno}" if place else ""
    sys.stderr.write(f"internal_error: {type(problem).__name__}{where}\n")
