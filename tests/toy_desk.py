"""Answers for workers and jobs in tests: quick, slow, dying. Run as a program it serves them."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from friendshore import progress
from friendshore.errors import PlanError
from friendshore.records import Finding, Note
from friendshore.web.records import Asked, Given, JobAsked, Reply
from friendshore.web.working import Setup

SETUP = Setup("toy_desk:reply", warm=())
ANSWERING = "toy_desk:worked_out"
MOST = 100


def asked(name: str, *query: tuple[str, str], kind: str = "api") -> Asked:
    """A request for one of the replies below."""
    return Asked(kind, name, query, "en")


def reply(asked: Asked, desk: object) -> Reply:
    """Answer as the name says; each call leaves a line in the file that the query names."""
    told = dict(asked.query)
    if asked.kind in ("job", "result"):
        from friendshore.web.replying import reply as real

        return real(asked, desk)  # type: ignore[arg-type]  # a desk of toys
    calls = 0
    if "calls" in told:
        with Path(told["calls"]).open("a+") as file:
            file.write(f"{os.getpid()}\n")
            file.seek(0)
            calls = len(file.readlines())
    if asked.name == "slow":
        time.sleep(float(told.get("seconds", "0.3")))
    if asked.name == "dies" or (asked.name == "dies-once" and calls == 1):
        time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGKILL)
    if asked.name == "breaks":
        raise KeyError(told["secret"])
    return Reply(f"{os.getpid()}".encode(), "text/plain", lasting="lasting" in told)


def job(key: str, name: str = "hindcast", **arguments: object) -> JobAsked:
    """Long work; the id is made from one letter or digit."""
    return JobAsked(key * 24, Given(name, arguments), f"/{name}")


def found(text: str) -> Finding:
    """The smallest finding."""
    return Finding(
        question="hindcast", arguments={}, columns=(), rows=({"text": text},), answer=Note(template="Done")
    )


def worked_out(asked: JobAsked) -> Finding:
    """Work as the arguments say."""
    told = asked.given.arguments
    folder = told.get("folder")
    if folder:
        with (Path(str(folder)) / f"{asked.id[0]}.pids").open("a") as file:
            file.write(f"{os.getpid()}\n")
    if told.get("fails"):
        raise PlanError(
            "The limits clash.", code="infeasible", hint="Allow more.", rows=({"limit": "budget"},)
        )
    if told.get("breaks"):
        raise KeyError("a secret")
    if told.get("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    steps = int(str(told.get("steps", 1)))
    count = progress.Count(Note(template="Forecasting the events"), steps)
    for _ in range(steps):
        _pause(told.get("until"), float(str(told.get("seconds", 0.0))))
        count.step()
    return found(asked.id)


def worked_out_on_a_full_disk(asked: JobAsked) -> Finding:
    """Work out an answer that no longer fits: the database may not grow by a page."""
    from friendshore.web.keeping import Database

    opened = Database._open

    def full(self: Database) -> None:
        opened(self)
        connection = self._here.connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    Database._open = full  # type: ignore[method-assign]  # a disk that is full
    return found(os.urandom(100_000).hex())


def _pause(until: object, seconds: float) -> None:
    """Wait so long, or until a file is there."""
    time.sleep(seconds)
    while until and not Path(str(until)).exists():
        time.sleep(0.02)


def main(port: int) -> None:
    """Serve until interrupted; the address stands on the first line."""
    from friendshore.web.serving import serve
    from friendshore.web.settings import Settings

    def said(address: str) -> None:
        sys.stdout.write(address + "\n")
        sys.stdout.flush()

    settings = Settings(port=port, processes=1, answer_seconds=5)
    serve(settings, said=said, setup=SETUP, answering=ANSWERING)


if __name__ == "__main__":
    main(int(sys.argv[1]))
