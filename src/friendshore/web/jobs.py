"""Long work, seen from the server: the line, what is under way, how far it is, and what was found."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from friendshore.errors import FriendshoreError, WorkerError
from friendshore.web import job_book as book
from friendshore.web.failing import told as told_error
from friendshore.web.job_book import ENDED, Job
from friendshore.web.job_limits import JobLimits
from friendshore.web.job_work import News, do
from friendshore.web.keeping import Database, Kept, at
from friendshore.web.processes import begin, end
from friendshore.web.records import JobAsked
from friendshore.web.settings import Settings

__all__ = ["ANSWERING", "JobLine"]

T = TypeVar("T")
ANSWERING = "friendshore.web.job_work:worked_out"
"""Function that works out a :class:`JobAsked`; another in tests."""
TRIES = 2
REMEMBERED = 200
"""Ended jobs that are held in memory; others are read from the database."""


class _Running:
    """One process that works on a job."""

    def __init__(self, process: Any, pipe: Any) -> None:  # noqa: ANN401  handles of the platform  of multiprocessing
        self.process, self.pipe = process, pipe
        self.told_end = False
        self.limit: asyncio.TimerHandle | None = None


class JobLine:
    """All jobs of this server."""

    def __init__(
        self,
        settings: Settings,
        database: Database | None = None,
        answering: str = ANSWERING,
    ) -> None:
        self.settings, self.answering = settings, answering
        self.database = database or Database()
        self.kept = Kept(self.database)
        self.stopping = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk-database")
        self._jobs: dict[str, Job] = {}
        self._line: deque[str] = deque()
        self._running: dict[str, _Running] = {}
        self._changed: dict[str, asyncio.Event] = {}
        self._admission = JobLimits(settings.jobs_waiting, settings.jobs_a_minute)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beginning = asyncio.Lock()
        self._beat: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        """Writes under way."""

    async def start(self) -> None:
        """Find what a server that was killed left behind, and queue it again."""
        self._loop = asyncio.get_running_loop()
        self._beat = self._loop.create_task(self._look_for_lost())

    def release(self) -> None:
        """Let everybody go who waits for a job."""
        self.stopping.set()
        for event in self._changed.values():
            event.set()

    async def stop(self) -> None:
        """End what is under way; the next server finds it again."""
        self.release()
        if self._beat is not None:
            self._beat.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for id_, running in tuple(self._running.items()):
            end(running.process, apart=True)
            if not running.told_end:
                # Ended by us and through no fault of its own: the try does not count.
                job = self._jobs[id_]
                self._jobs[id_] = replace(job, state="queued", tries=max(job.tries - 1, 0))
                self._line.append(id_)
        for id_ in self._line:
            with contextlib.suppress(FriendshoreError):
                await self._in_thread(book.write, self.database, replace(self._jobs[id_], server=0))
        await self._in_thread(self.database.close)
        self._thread.shutdown()

    # what others ask

    async def begin(self, asked: JobAsked, visitor: str = "", *, again: bool = False) -> Job:
        """Begin a job, unless it is under way or done.

        Parameters
        ----------
        asked
            What to work out.
        visitor
            Who asks, for the limit of new jobs a minute.
        again
            Whether one that failed or was cancelled is begun anew.

        Raises
        ------
        FriendshoreError
            ``too_many_jobs``, or that of a database that cannot be used.
        """
        async with self._beginning:
            found = await self.job(asked.id)
            if found is not None and await self._stands(found, again=again):
                return found
            self._admission.refuse_many(len(self._line), visitor)
            job = Job(asked.id, asked.given, asked.address, asked=at(), server=os.getpid(), seen=time.time())
            await self._in_thread(book.write, self.database, job)
            self._jobs[job.id] = job
            self._line.append(job.id)
            self._announce(job.id)
            self._next()
            return self._jobs[job.id]

    async def _stands(self, job: Job, *, again: bool) -> bool:
        """Tell whether nothing needs to be done for a job that is known."""
        if job.state in ("queued", "running"):
            return True
        if job.state == "done":
            return await self._in_thread(self.kept.has, job.id)
        return not again

    async def job(self, id_: str) -> Job | None:
        """Return a job, None where it is not known."""
        found = self._jobs.get(id_)
        if found is None:
            with contextlib.suppress(FriendshoreError):
                found = await self._in_thread(book.read, self.database, id_)
        return found

    async def newest(self, most: int = 50) -> list[Job]:
        """List jobs, the newest first."""
        found: dict[str, Job] = {}
        with contextlib.suppress(FriendshoreError):
            found = {job.id: job for job in await self._in_thread(book.newest, self.database, most)}
        found |= self._jobs
        return sorted(found.values(), key=lambda job: job.asked, reverse=True)[:most]

    async def cancel(self, id_: str) -> Job | None:
        """End a job at once; one that has ended stays as it was."""
        job = await self.job(id_)
        if job is None or job.state in ENDED:
            return job
        if id_ in self._line:
            self._line.remove(id_)
        running = self._running.get(id_)
        if running is None or not running.told_end:
            if running is not None:
                running.told_end = True
                end(running.process, apart=True)
            error = WorkerError(
                "The work was cancelled.", code="cancelled", hint="Begin it again where it is wanted."
            )
            self._end(job, "cancelled", error)
        await asyncio.gather(*self._tasks)
        return self._jobs[id_]

    async def wait(self, id_: str, seconds: float) -> Job | None:
        """Wait until a job ends, so long at most, and return it."""
        until = time.monotonic() + seconds
        job = await self.job(id_)
        while job is not None and job.state not in ENDED and not self.stopping.is_set():
            left = until - time.monotonic()
            if left <= 0:
                break
            await self.change(id_, min(left, 1.0))
            job = await self.job(id_)
        return job

    async def change(self, id_: str, seconds: float) -> None:
        """Wait until a job changes, so long at most."""
        event = self._changed.setdefault(id_, asyncio.Event())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)

    def counts(self) -> Mapping[str, int]:
        """Jobs of this server in line and under way."""
        return {"queued": len(self._line), "running": len(self._running)}

    # the line

    def _next(self) -> None:
        """Begin what is first in line while there is room."""
        while self._line and len(self._running) < self.settings.jobs_at_once and not self.stopping.is_set():
            job = self._jobs[self._line.popleft()]
            if job.tries >= TRIES:
                self._end(job, "failed", _LOST)
                continue
            self._run(replace(job, state="running", begun=at(), tries=job.tries + 1, seen=time.time()))

    def _run(self, job: Job) -> None:
        loop = self._loop or asyncio.get_running_loop()
        self._jobs[job.id] = job
        process, pipe = begin(
            do, JobAsked(job.id, job.given, job.address), self.database.path, self.answering
        )
        running = _Running(process, pipe)
        self._running[job.id] = running
        running.limit = loop.call_later(self.settings.job_seconds, self._too_long, job.id)
        self._put(job)
        self._announce(job.id)

        def heard(news: News | None) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._heard, job.id, running, news)

        threading.Thread(target=_listen, args=(pipe, process, heard), daemon=True).start()

    def _heard(self, id_: str, running: _Running, news: News | None) -> None:
        """Act on what the process of a job said; None is its end."""
        if news is not None:
            self._take(id_, running, news)
            return
        if self._running.get(id_) is running:
            del self._running[id_]
        if running.limit is not None:
            running.limit.cancel()
        if self.stopping.is_set():
            return
        if not running.told_end:
            # Killed from outside, most likely for its memory: tried once more.
            self._line.appendleft(id_)
            self._jobs[id_] = replace(self._jobs[id_], state="queued")
        self._next()

    def _take(self, id_: str, running: _Running, news: News) -> None:
        if running.told_end or self.stopping.is_set():
            return
        job = self._jobs[id_]
        if news.what == "told":
            self._jobs[id_] = replace(job, message=news.message, done=news.done, total=news.total)
            self._announce(id_)
            return
        running.told_end = True
        self._end(job, "done" if news.what == "done" else "failed", news.error)

    def _too_long(self, id_: str) -> None:
        running = self._running.get(id_)
        if running is None or running.told_end:
            return
        running.told_end = True
        end(running.process, apart=True)
        error = WorkerError(
            f"The work took longer than {self.settings.job_seconds:g} seconds and was given up.",
            code="took_too_long",
            hint="Ask for less at once: quick=true, fewer draws, fewer seconds.",
        )
        self._end(self._jobs[id_], "failed", error)

    def _end(self, job: Job, state: str, error: FriendshoreError | Mapping[str, Any] | None) -> None:
        told = told_error(error) if isinstance(error, FriendshoreError) else dict(error or {})
        ended = replace(job, state=state, error=told, ended=at())
        if state == "done":
            ended = replace(ended, done=max(job.total, 1), total=max(job.total, 1))

        async def seen() -> None:
            # Written before it is told: whoever hears of it asks a worker, which looks into the database.
            await self._written(ended)
            self._jobs[job.id] = ended
            self._announce(job.id)
            self._forget()

        self._spawn(seen())

    def _forget(self) -> None:
        over = len(self._jobs) - REMEMBERED
        for id_ in [id_ for id_, job in self._jobs.items() if job.state in ENDED][: max(over, 0)]:
            self._jobs.pop(id_)
            self._changed.pop(id_, None)

    def _announce(self, id_: str) -> None:
        event = self._changed.pop(id_, None)
        if event is not None:
            event.set()

    # the database

    async def _in_thread(self, function: Callable[..., T], *arguments: Any) -> T:  # noqa: ANN401  its own
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def _put(self, job: Job) -> None:
        self._spawn(self._written(job))

    async def _written(self, job: Job) -> None:
        """Write a job down; where that fails it goes on, known to this server alone."""
        with contextlib.suppress(FriendshoreError):
            await self._in_thread(book.write, self.database, job)

    def _spawn(self, work: Awaitable[None]) -> None:
        async def done() -> None:
            await work

        task = asyncio.get_running_loop().create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _look_for_lost(self) -> None:
        """Queue again what servers that are gone had begun, now and from time to time; say that ours live."""
        while True:
            with contextlib.suppress(FriendshoreError):
                mine = [*self._running, *self._line]
                for job in await self._in_thread(book.lost, self.database, mine):
                    if job.id not in self._running and job.id not in self._line:
                        self._jobs[job.id] = replace(
                            job, state="queued", server=os.getpid(), seen=time.time()
                        )
                        self._line.append(job.id)
                        self._announce(job.id)
                self._next()
            await asyncio.sleep(book.BEAT_SECONDS)


_LOST = WorkerError(
    "The process that worked on it was lost twice.",
    code="worker_lost",
    hint="Memory may be short: ask for less at once.",
)


def _listen(pipe: Any, process: Any, heard: Callable[[News | None], None]) -> None:  # noqa: ANN401  handles of the platform
    """Pass on what the process of a job says, from a thread of its own, until it ends."""
    try:
        while True:
            heard(pipe.recv())
    except (EOFError, OSError):
        pass
    finally:
        pipe.close()
        process.join(5)
        heard(None)
