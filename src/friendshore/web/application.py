"""The server: routes requests to workers and their replies back. Nothing is answered in this process."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from friendshore import __version__
from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.web import admission
from friendshore.web.assets import MEDIA, asset, assets
from friendshore.web.failing import refusal
from friendshore.web.job_book import Job
from friendshore.web.jobs import JobLine
from friendshore.web.logged import Logged
from friendshore.web.records import Asked, JobAsked, Reply
from friendshore.web.refusing import is_page
from friendshore.web.safety import guard
from friendshore.web.settings import Settings

__all__ = ["Jobs", "Workers", "application", "asked_of", "begun_from", "response_of", "spoken", "visitor_of"]

ROUTES = ("job_routes", "openapi", "uploads", "act_routes")
"""Modules with ``routes(workers, jobs, settings)``."""
COOKIE = "friendshore-lang"
PATIENCE = 20.0
"""Seconds that a program waits for long work before it is told where to look for it."""
MOST_PATIENCE = 60.0


class Workers(Protocol):
    """Answer requests, in other processes."""

    @property
    def ready(self) -> int:
        """Workers that have loaded everything."""
        ...

    async def ask(self, asked: Asked) -> Reply:
        """Answer one request."""
        ...


class Jobs(Protocol):
    """Long work, in other processes."""

    async def begin(self, asked: JobAsked, visitor: str = "", *, again: bool = False) -> Job:
        """Begin it, unless it is under way or done."""
        ...


def application(workers: Workers, jobs: JobLine, settings: Settings | None = None) -> FastAPI:
    """Build the server around its workers."""
    settings = settings or Settings()
    # Newer versions of the framework can report requests elsewhere where the environment says so.
    silent: Any = dict.fromkeys(("tracing", "metrics", "logs", "auto_configure"), False)
    app = FastAPI(title="friendshore", docs_url=None, redoc_url=None, openapi_url=None, telemetry=silent)
    app.state.settings = settings
    _failures(app, settings)
    _include(app, workers, jobs, settings)
    _answers(app, workers, jobs, settings)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=4)
    guard(app, settings)
    if settings.debug:
        app.add_middleware(Logged)
    return app


def _include(app: FastAPI, workers: Workers, jobs: JobLine, settings: Settings) -> None:
    """Add the routes that come before the page of any name."""
    from importlib import import_module

    for name in ROUTES:
        app.include_router(import_module(f"friendshore.web.{name}").routes(workers, jobs, settings))


def _answers(app: FastAPI, workers: Workers, jobs: JobLine, settings: Settings) -> None:
    async def answered(request: Request, kind: str, name: str, suffix: str = "", part: str = "") -> Response:
        asked = asked_of(request, kind, name, settings.lang, suffix, part)
        reply = await workers.ask(asked)
        if reply.jobs:
            try:
                for job in reply.jobs:
                    await jobs.begin(begun_from(asked, job), visitor_of(request))
            except FriendshoreError as error:
                reply = refused(error, request, settings)
        return response_of(reply, request)

    async def awaited(request: Request, kind: str, name: str, suffix: str = "") -> Response:
        """Answer a program: long work is waited for, and where it takes longer, told where it is found."""
        asked = asked_of(request, kind, name, settings.lang, suffix)
        query, seconds = _patience(asked.query)
        asked = replace(asked, query=query)
        reply = await workers.ask(asked)
        if not reply.jobs:
            return response_of(reply, request)
        from friendshore.web.job_routes import job_response

        job = await jobs.begin(begun_from(asked, reply.jobs[0]), visitor_of(request))
        found = await jobs.wait(job.id, seconds) or job
        if found.state in ("queued", "running"):
            return job_response(found, asked.lang, 202)
        reply = await workers.ask(asked)
        return job_response(found, asked.lang, 202) if reply.jobs else response_of(reply, request)

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        return {"ok": True, "version": __version__, "workers": workers.ready, "jobs": dict(jobs.counts())}

    @app.get("/static/{stamp}/{name}")
    async def static(stamp: str, name: str) -> Response:
        if name not in assets():
            raise HTTPException(404)
        lasts = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(asset(name), media_type=MEDIA[name.rpartition(".")[2]], headers=lasts)

    @app.get("/api/{question}")
    async def api(request: Request, question: str) -> Response:
        return await awaited(request, "api", question)

    @app.get("/file/{name}.{suffix}")
    async def file(request: Request, name: str, suffix: str) -> Response:
        return await awaited(request, "file", name, f".{suffix}")

    @app.get("/chart/{page}/{part}.{suffix}")
    async def chart(request: Request, page: str, part: str, suffix: str) -> Response:
        return await answered(request, "chart", page, f".{suffix}", part)

    @app.get("/")
    async def start(request: Request) -> Response:
        return await answered(request, "page", "start")

    @app.get("/{name}")
    async def page(request: Request, name: str) -> Response:
        return await answered(request, "page", name)


def begun_from(asked: Asked, job: JobAsked) -> JobAsked:
    """Say with a job where its answer is shown: the page that asked, or the page of its question."""
    from friendshore.web.parameters import pairs_of
    from friendshore.web.questions import question_named

    if asked.kind == "page":
        name, pairs = asked.name, list(asked.query)
    else:
        name, given = job.given.question, job.given
        pairs = pairs_of(question_named(name), given.arguments, given.data)
    path = "/" if name == "start" else f"/{name}"
    return replace(job, address=f"{path}?{urlencode(pairs)}" if pairs else path)


def response_of(reply: Reply, request: Request | None = None) -> Response:
    """Hand a reply to the network; what lasts is sent once to who has it already."""
    headers = dict(reply.headers)
    if reply.lasting and reply.status == 200:
        # Weak: the same whether compressed or not.
        mark = f'W/"{sha256(reply.body).hexdigest()[:20]}"'
        headers |= {"etag": mark, "cache-control": "private, no-cache", "vary": "accept-language, cookie"}
        if request is not None and mark in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
    headers.setdefault("cache-control", "no-store")
    return Response(reply.body, reply.status, headers, media_type=reply.media)


def refused(error: FriendshoreError, request: Request, settings: Settings, status: int = 0) -> Reply:
    """Tell a failure from the server itself."""
    statuses = {"too_many_jobs": 429, "desk_full": 507, "desk_locked": 503, "desk_unwritable": 503}
    statuses |= {"unknown_job": 404, "too_many_streams": 429, "too_much": 413}
    status = status or statuses.get(error.code, 422 if isinstance(error, ArgumentError) else 500)
    page = is_page(request.scope)
    wait = {429: 30, 503: 5}.get(status, 0)
    return refusal(error, status, lang=spoken(request, settings.lang), page=page, wait=wait)


def _failures(app: FastAPI, settings: Settings) -> None:
    """Tell our own failures; those of the framework are told by the guard."""

    @app.exception_handler(FriendshoreError)
    async def ours(request: Request, problem: FriendshoreError) -> Response:
        return response_of(refused(problem, request, settings))


def asked_of(request: Request, kind: str, name: str, lang: str, suffix: str = "", part: str = "") -> Asked:
    """Turn a request into what a worker gets: names and values without language and token."""
    query = tuple(
        (key, value) for key, value in request.query_params.multi_items() if key not in ("lang", "token")
    )
    return Asked(kind, name, query, spoken(request, lang), suffix, part)


def spoken(request: Request, lang: str) -> str:
    """Return the language: by address, cookie, browser, server, in this order."""
    told = [request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")]
    told += [
        part.partition(";")[0].partition("-")[0].strip()
        for part in request.headers.get("accept-language", "").split(",")
    ]
    return next((one for one in told if one in ("en", "ja")), lang)


def visitor_of(request: Request) -> str:
    """Return who asks, as far as limits go."""
    return admission.visitor_of(request.client)


def _patience(query: tuple[tuple[str, str], ...]) -> tuple[tuple[tuple[str, str], ...], float]:
    """Take ``wait`` out of an address: it is no part of the question."""
    told = [value for name, value in query if name == "wait"]
    rest = tuple(pair for pair in query if pair[0] != "wait")
    try:
        seconds = float(told[-1]) if told else PATIENCE
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_PATIENCE:
        raise ArgumentError(
            f"wait is {told[-1][:40]!r}; expected seconds from 0 to {MOST_PATIENCE:g}.",
            code="bad_value",
            hint="Write wait=0 to be told at once where the job is found.",
        )
    return rest, seconds
