"""The pool of workers, seen from the server: who is free, who waits, who is lost and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.reduction import ForkingPickler
from typing import Any

from friendshore.errors import FriendshoreError, WorkerError
from friendshore.web.failing import refusal
from friendshore.web.fingerprint import home_print
from friendshore.web.processes import begin, end
from friendshore.web.records import Asked, Reply
from friendshore.web.settings import Settings
from friendshore.web.working import Setup, Told, work

__all__ = ["Pool", "Remembered"]

SHARED = frozenset({"page", "api", "file", "chart"})
"""Kinds of request that only read: the same asked twice at once is answered once."""
STRAIGHT_BYTES = 30_000
"""What a pipe takes without waiting for its reader."""
REMEMBERED_BYTES = 64_000_000
TRIES = 2


class Remembered:
    """Replies that stay the same, the last used ones up to a number of bytes."""

    def __init__(self, most_bytes: int = REMEMBERED_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._replies: OrderedDict[Any, Reply] = OrderedDict()

    def get(self, key: Any) -> Reply | None:  # noqa: ANN401  anything hashable
        """Return a reply that is remembered."""
        found = self._replies.get(key)
        if found is not None:
            self._replies.move_to_end(key)
        return found

    def put(self, key: Any, reply: Reply) -> None:  # noqa: ANN401  as above
        """Remember a reply; those not used for longest are forgotten."""
        if len(reply.body) > self.most_bytes // 8:
            return
        before = self._replies.pop(key, None)
        self.bytes += len(reply.body) - (len(before.body) if before else 0)
        self._replies[key] = reply
        while self.bytes > self.most_bytes:
            _, gone = self._replies.popitem(last=False)
            self.bytes -= len(gone.body)


class Lost(Exception):  # noqa: N818  told to whoever waits as an error of ours
    """The worker ended before it replied."""


@dataclass(eq=False)
class _Worker:
    """One process, as the server knows it."""

    process: Any
    pipe: Any
    warm: bool = False
    ready: bool = False
    answered: int = 0
    resident: int = 0
    waiting: asyncio.Future[Reply] | None = None
    successor: _Worker | None = None
    """Begun to take its place, which happens once that one is warm."""
    replaces: _Worker | None = field(default=None, repr=False)


class Pool:
    """Workers that answer requests, each one request at a time."""

    def __init__(self, settings: Settings, setup: Setup | None = None) -> None:
        self.settings, self.setup = settings, setup or Setup()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._all: set[_Worker] = set()
        self._free: deque[_Worker] = deque()
        self._line: deque[asyncio.Future[_Worker]] = deque()
        self._flying: dict[Any, asyncio.Task[Reply]] = {}
        self._remembered = Remembered()
        self._stopping = False
        self._fell = 0
        """Workers in a row that ended before they were ready."""

    async def start(self) -> None:
        """Begin all workers."""
        self._loop = asyncio.get_running_loop()
        for _ in range(self.settings.processes):
            self._begin()

    async def stop(self) -> None:
        """End all workers at once."""
        self._stopping = True
        for worker in tuple(self._all):
            end(worker.process)
        await asyncio.to_thread(_joined, [worker.process for worker in self._all])

    @property
    def ready(self) -> int:
        """Workers that have loaded everything."""
        return sum(worker.warm for worker in self._all)

    @property
    def pids(self) -> tuple[int, ...]:
        """Processes of the workers."""
        return tuple(worker.process.pid for worker in self._all)

    async def ask(self, asked: Asked) -> Reply:
        """Answer a request: from memory, along with the same one under way, or by a free worker."""
        if asked.kind not in SHARED:
            return await self._answered(asked)
        key = (asked, home_print())
        found = self._remembered.get(key)
        if found is not None:
            return found
        task = self._flying.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(self._answered(asked))
            self._flying[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        # Whoever goes away does not take the answer from the others.
        return await asyncio.shield(task)

    def _landed(self, key: Any, task: asyncio.Task[Reply]) -> None:  # noqa: ANN401  hashable
        self._flying.pop(key, None)
        if task.cancelled() or task.exception() is not None:
            return
        reply = task.result()
        # Where a scenario changed meanwhile, nobody can tell which one was read.
        if reply.lasting and reply.status == 200 and key[1] == home_print():
            self._remembered.put(key, replace(reply, jobs=()))

    async def _answered(self, asked: Asked) -> Reply:
        page = asked.kind == "page"
        for _ in range(TRIES):
            worker = await self._free_worker()
            if worker is None:
                return refusal(_BUSY, 429, lang=asked.lang, page=page, wait=2)
            try:
                async with asyncio.timeout(self.settings.answer_seconds):
                    return await self._exchange(worker, asked)
            except TimeoutError:
                end(worker.process)
                return refusal(self._late(), 503, lang=asked.lang, page=page)
            except Lost:
                continue
        return refusal(_LOST, 503, lang=asked.lang, page=page, wait=5)

    def _late(self) -> FriendshoreError:
        return WorkerError(
            f"The answer took longer than {self.settings.answer_seconds:g} seconds and was given up.",
            code="took_too_long",
            hint="Ask for fewer importers, products or years at once.",
        )

    async def _exchange(self, worker: _Worker, asked: Asked) -> Reply:
        blob = ForkingPickler.dumps(asked)
        worker.waiting = asyncio.get_running_loop().create_future()
        try:
            if len(blob) < STRAIGHT_BYTES:
                worker.pipe.send_bytes(blob)
            else:
                await asyncio.to_thread(worker.pipe.send_bytes, blob)
        except (OSError, ValueError) as problem:
            raise Lost from problem
        return await worker.waiting

    async def _free_worker(self) -> _Worker | None:
        """Take a free worker, or wait for one; None where the line is too long or does not move."""
        if self._free:
            return self._free.popleft()
        if len(self._line) >= self.settings.questions_waiting:
            return None
        place: asyncio.Future[_Worker] = asyncio.get_running_loop().create_future()
        self._line.append(place)
        try:
            async with asyncio.timeout(self.settings.answer_seconds):
                return await place
        except TimeoutError:
            # One may have come free in the same moment.
            return place.result() if place.done() and not place.cancelled() else None
        finally:
            if place in self._line:
                self._line.remove(place)

    def _freed(self, worker: _Worker) -> None:
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(worker)
                return
        self._free.append(worker)

    def _begin(self, replaces: _Worker | None = None) -> None:
        process, pipe = begin(work, self.setup)
        worker = _Worker(process, pipe, replaces=replaces)
        if replaces is not None:
            replaces.successor = worker
        self._all.add(worker)
        loop = self._loop or asyncio.get_running_loop()

        def told(said: Told | None) -> None:
            with contextlib.suppress(RuntimeError):
                # The loop is closed where the server is ending.
                loop.call_soon_threadsafe(self._told, worker, said)

        threading.Thread(target=_listen, args=(pipe, told), daemon=True).start()

    def _told(self, worker: _Worker, said: Told | None) -> None:
        """Act on what a worker said; None is its end."""
        if said is None:
            self._ended(worker)
            return
        worker.resident = said.resident or worker.resident
        if said.what == "ready":
            worker.ready, self._fell = True, 0
            if worker.replaces is None:
                self._freed(worker)
        elif said.what == "warm":
            worker.warm = True
            self._succeed(worker)
        elif said.reply is not None and worker.waiting is not None:
            worker.answered += 1
            waiting, worker.waiting = worker.waiting, None
            if not waiting.done():
                waiting.set_result(said.reply)
            self._after(worker)

    def _after(self, worker: _Worker) -> None:
        """Put a worker back after its reply, and see whether it has grown old or large."""
        if worker.successor is not None and worker.successor.warm:
            self._dismiss(worker)
            return
        settings = self.settings
        old = worker.answered >= settings.worker_answers or worker.resident > settings.worker_bytes
        if old and worker.successor is None and not any(one.replaces for one in self._all):
            self._begin(worker)
        self._freed(worker)

    def _succeed(self, worker: _Worker) -> None:
        """Let a warm worker take the place of the one that it was begun for."""
        old, worker.replaces = worker.replaces, None
        if old is None:
            return
        self._freed(worker)
        if old in self._free:
            self._free.remove(old)
            self._dismiss(old)

    def _dismiss(self, worker: _Worker) -> None:
        with contextlib.suppress(OSError, ValueError):
            worker.pipe.send(None)

    def _ended(self, worker: _Worker) -> None:
        self._all.discard(worker)
        if worker in self._free:
            self._free.remove(worker)
        if worker.waiting is not None and not worker.waiting.done():
            worker.waiting.set_exception(Lost())
        threading.Thread(target=_joined, args=([worker.process],), daemon=True).start()
        if self._stopping:
            return
        old, heir = worker.replaces, worker.successor
        if old is not None:
            old.successor = None
        elif heir is not None and heir in self._all:
            if heir.replaces is not None:
                # It ended before its successor was warm, which now simply takes its place.
                heir.replaces = None
                if heir.ready:
                    self._freed(heir)
        elif heir is None or not heir.warm:
            self._again(worker)

    def _again(self, worker: _Worker) -> None:
        """Begin another; wait longer and longer where they fall before they are ready."""
        self._fell = 0 if worker.ready else self._fell + 1
        if self._loop is not None:
            self._loop.call_later(
                min(30.0, 2.0**self._fell - 1) if self._fell > 1 else 0.0, self._begin_again
            )

    def _begin_again(self) -> None:
        if not self._stopping:
            self._begin()


_BUSY = WorkerError(
    "Too many questions wait for an answer.", code="too_busy", hint="Ask again in a few seconds."
)
_LOST = WorkerError(
    "The process that worked out the answer was lost twice.",
    code="worker_lost",
    hint="Memory may be short: ask for fewer years or products at once.",
)


def _listen(pipe: Any, told: Callable[[Told | None], None]) -> None:  # noqa: ANN401  a connection
    """Pass on what a worker says, from a thread of its own, until it ends."""
    try:
        while True:
            told(pipe.recv())
    except (EOFError, OSError):
        pass
    finally:
        pipe.close()
        told(None)


def _joined(processes: list[Any]) -> None:
    for process in processes:
        process.join(5)
