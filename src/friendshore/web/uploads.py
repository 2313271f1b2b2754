"""Documents that are sent: read in a process of their own, the answer kept under a key, the document not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from friendshore.errors import ArgumentError, DataError, FriendshoreError, WorkerError
from friendshore.web.confined import Readers
from friendshore.web.failing import told as told_error
from friendshore.web.records import Asked, Given
from friendshore.web.sending import Sent, sent_by
from friendshore.web.settings import Settings
from friendshore.web.upload_fields import MOST_ALLIES, joining_of, reading_of

if TYPE_CHECKING:
    from friendshore.web.application import Workers
    from friendshore.web.jobs import JobLine

__all__ = ["Uploads", "routes"]

WAITING = 6
"""Documents that wait for a reader; more are asked to come back."""


def routes(workers: Workers, jobs: JobLine, settings: Settings) -> APIRouter:
    """Build the routes."""
    router = APIRouter()
    uploads = Uploads(jobs, settings)
    _read_routes(router, uploads, workers, settings)
    _join_routes(router, uploads, workers, settings)
    return router


def _read_routes(router: APIRouter, uploads: Uploads, workers: Workers, settings: Settings) -> None:
    @router.post("/read")
    async def page(request: Request) -> Response:
        async def do() -> Response:
            sent = await uploads.sent(request, 1)
            key = await uploads.read(sent)
            return _seen("/read", {"document": key}, sent)

        return await _on_page(request, "read", do, workers, settings)

    @router.post("/api/read")
    async def program(request: Request) -> Response:
        async def do() -> Response:
            key = await uploads.read(await uploads.sent(request, 1))
            return await uploads.told(request, "read", key, workers)

        return await _to_program(request, do, settings)


def _join_routes(router: APIRouter, uploads: Uploads, workers: Workers, settings: Settings) -> None:
    @router.post("/plan/join")
    async def page(request: Request) -> Response:
        async def do() -> Response:
            sent = await uploads.sent(request, MOST_ALLIES)
            key = await uploads.join(sent)
            return _seen("/plan", {"joined": key}, sent)

        return await _on_page(request, "join", do, workers, settings)

    @router.post("/api/join")
    async def program(request: Request) -> Response:
        async def do() -> Response:
            key = await uploads.join(await uploads.sent(request, MOST_ALLIES))
            return await uploads.told(request, "join", key, workers)

        return await _to_program(request, do, settings)


class Uploads:
    """Takes documents in, a few at once."""

    def __init__(self, jobs: JobLine, settings: Settings) -> None:
        self.jobs = jobs
        self.settings = settings
        self.readers = Readers(settings)
        self.turns = asyncio.Semaphore(settings.uploads_at_once)
        self.taken = 0

    async def sent(self, request: Request, most_files: int) -> Sent:
        """Read a form, unless too many are being read already."""
        with self._place():
            return await sent_by(request, most_files, self.settings.upload_bytes)

    async def read(self, sent: Sent) -> str:
        """Read a document, and return the key under which the answer is kept."""
        asked = reading_of(sent)
        key = await asyncio.to_thread(asked.key)
        given = Given("read", {"document": asked.name}, asked.data)

        def work() -> Any:  # noqa: ANN401  a finding
            return self.readers.read(asked.raw, asked.name, day=asked.day, rates=asked.rates, data=asked.data)

        await self._kept(key, given, work)
        return key

    async def join(self, sent: Sent) -> str:
        """Check the summaries of allies, and return the key under which they are kept for who joins them."""
        asked = joining_of(sent)
        key, files = asked.key(), asked.files

        def work() -> Any:  # noqa: ANN401  names and texts
            self.readers.check(files)
            return tuple((name, raw.decode("utf-8")) for name, raw in files)

        await self._kept(key, Given("join", {"files": [name for name, _ in files]}), work)
        return key

    async def told(self, request: Request, question: str, key: str, workers: Workers) -> Response:
        """Answer a program with what was kept; what takes long is a job."""
        from friendshore.web.application import begun_from, response_of, spoken, visitor_of
        from friendshore.web.job_routes import job_response

        lang = spoken(request, self.settings.lang)
        asked = Asked("api", question, (("document", key),), lang)
        location = f"/api/{question}?document={key}"
        reply = await workers.ask(asked)
        if reply.jobs:
            job = await self.jobs.begin(begun_from(asked, reply.jobs[0]), visitor_of(request))
            response = job_response(job, lang, 202)
        else:
            response = response_of(reply)
        response.headers["location"] = location
        response.headers["cache-control"] = "no-store"
        return response

    async def _kept(self, key: str, given: Given, work: Callable[[], Any]) -> None:
        """Work something out in turn, unless it is kept already, and keep it."""
        kept = self.jobs.kept

        def done() -> None:
            if kept.has(key):
                return
            begun = time.perf_counter()
            found = work()
            kept.keep(key, given, found, time.perf_counter() - begun)

        with self._place():
            async with self.turns:
                await asyncio.to_thread(_and_close, done, kept.database)

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        """Take a place among the documents that are at hand, of which there are few: each is held in memory."""
        if self.taken >= self.settings.uploads_at_once + WAITING:
            raise WorkerError(
                "Several documents are being read already.",
                code="busy",
                hint="Send it again in a few seconds.",
            )
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1


def _and_close(work: Callable[[], None], database: Any) -> None:  # noqa: ANN401  a database
    """Work in a thread of a pool, which must not keep the database open."""
    try:
        work()
    finally:
        database.close()


def _seen(path: str, pairs: dict[str, str], sent: Sent) -> Response:
    """Lead to the page that shows it, in the language of the form."""
    lang = [value for value in sent.values("lang") if value in ("en", "ja")]
    query = urlencode({**pairs, **({"lang": lang[-1]} if lang else {})})
    return Response(status_code=303, headers={"location": f"{path}?{query}", "cache-control": "no-store"})


async def _on_page(
    request: Request, page: str, do: Callable[[], Awaitable[Response]], workers: Workers, settings: Settings
) -> Response:
    """Do it; what is wrong is shown on the page, beside the field."""
    from friendshore.web.application import response_of, spoken

    try:
        return await do()
    except FriendshoreError as error:
        # By way of JSON: rows of an error hold whatever a file held.
        problem = json.dumps(told_error(error), default=str)
        asked = Asked("refused", page, (("problem", problem),), spoken(request, settings.lang))
        return response_of(await workers.ask(asked))


async def _to_program(
    request: Request, do: Callable[[], Awaitable[Response]], settings: Settings
) -> Response:
    from friendshore.web.application import refused, response_of

    try:
        return await do()
    except FriendshoreError as error:
        status = 422 if isinstance(error, ArgumentError | DataError) else 0
        status = {"busy": 503, "bad_content_type": 415, "unknown_suffix": 415}.get(error.code, status)
        return response_of(refused(error, request, settings, status))
