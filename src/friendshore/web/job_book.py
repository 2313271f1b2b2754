"""Jobs as rows of the database: what was asked, how far it came, and which server works on it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from friendshore.errors import DataError
from friendshore.web.codec import packed, unpacked
from friendshore.web.keeping import Database
from friendshore.web.records import Given

__all__ = ["BEAT_SECONDS", "ENDED", "Job", "lost", "newest", "read", "write"]

ENDED = frozenset({"done", "failed", "cancelled"})
BEAT_SECONDS = 5.0
"""How often a server says that it lives."""
MOST_ENDED = 1000
"""Ended jobs that are remembered; what they found is kept as long as there is room."""
SILENT_SECONDS = 30.0
"""After which a server that says nothing is gone, though another process may have its number."""


@dataclass(frozen=True)
class Job:
    """One piece of long work."""

    id: str
    given: Given
    address: str = ""
    """Of the page that shows the answer."""
    state: str = "queued"
    """``queued``, ``running``, ``done``, ``failed`` or ``cancelled``."""
    done: int = 0
    total: int = 0
    """Steps, 0 where their number is not known."""
    message: Mapping[str, str] = field(default_factory=dict)
    """What is being done, by language."""
    error: Mapping[str, Any] = field(default_factory=dict)
    asked: str = ""
    begun: str = ""
    ended: str = ""
    tries: int = 0
    server: int = 0
    """Process of the server that works on it, 0 for none."""
    seen: float = 0.0
    """When that server last said that it lives."""


_COLUMNS = "id, question, given, address, state, done, total, message, error, asked, begun, ended, tries, server, seen"


_FORGET = """
DELETE FROM jobs WHERE state IN ('done', 'failed', 'cancelled') AND id NOT IN (
  SELECT id FROM jobs WHERE state IN ('done', 'failed', 'cancelled') ORDER BY asked DESC LIMIT ?
)
"""


def write(database: Database, job: Job) -> None:
    """Write a job down as it is now."""
    given = packed({"arguments": dict(job.given.arguments), "data": job.given.data})
    values = (
        *(job.id, job.given.question, given, job.address, job.state, job.done, job.total),
        *(json.dumps(dict(job.message)), json.dumps(dict(job.error), default=str)),
        *(job.asked, job.begun, job.ended, job.tries, job.server, time.time()),
    )
    with database.changing() as change:
        change.execute(f"INSERT OR REPLACE INTO jobs ({_COLUMNS}) VALUES ({', '.join('?' * 15)})", values)  # noqa: S608  a constant
        if job.state == "queued":
            change.execute(_FORGET, (MOST_ENDED,))


def read(database: Database, id_: str) -> Job | None:
    """Return a job, None where there is none or it cannot be read again."""
    found = database.rows(f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", (id_,))  # noqa: S608  fixed names
    return next(iter(_jobs(found)), None)


def newest(database: Database, most: int) -> list[Job]:
    """List jobs, the newest first."""
    return _jobs(database.rows(f"SELECT {_COLUMNS} FROM jobs ORDER BY asked DESC LIMIT ?", (most,)))  # noqa: S608  a constant


def lost(database: Database, mine: Sequence[str]) -> list[Job]:
    """List jobs that no living server works on, in the order in which they were asked, and say that ours live."""
    query = f"SELECT {_COLUMNS} FROM jobs WHERE state IN ('queued', 'running') ORDER BY asked"  # noqa: S608  a constant
    found = _jobs(database.rows(query))
    if mine:
        with database.changing() as change:
            change.executemany("UPDATE jobs SET seen = ? WHERE id = ?", [(time.time(), id_) for id_ in mine])
    return [job for job in found if job.id not in mine and not _lives(job)]


def _lives(job: Job) -> bool:
    """Tell whether the server that works on a job lives; one with our own number was an earlier one."""
    if job.server in (0, os.getpid()) or time.time() - job.seen > SILENT_SECONDS:
        return False
    if os.name != "posix":
        # Elsewhere a process cannot be asked without being ended: its silence has to tell.
        return True
    try:
        os.kill(job.server, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _jobs(rows: Sequence[tuple[Any, ...]]) -> list[Job]:
    jobs = []
    for id_, question, given, address, state, done, total, message, error, *rest in rows:
        try:
            told = unpacked(given)
            asked = Given(question, told["arguments"], told["data"])
            said, failed = json.loads(message), json.loads(error)
        except (DataError, ValueError, KeyError, TypeError):
            continue
        jobs.append(Job(id_, asked, address, state, done, total, said, failed, *rest))
    return jobs
