"""The server: routes requests to workers and their replies back. Nothing is answered in this process."""

from __future__ import annotations

from typing import Any, Protocol

from fastapi import FastAPI, Request, Response

from friendshore.web.records import Asked, JobAsked, Reply

__all__ = ["Jobs", "Workers", "application", "asked_of"]

COOKIE = "friendshore-lang"


class Workers(Protocol):
    """Answer requests, in other processes."""

    async def ask(self, asked: Asked) -> Reply:
        """Answer one request."""
        ...


class Jobs(Protocol):
    """Long work."""

    async def begin(self, job: JobAsked) -> None:
        """Begin it, unless it is under way or done."""
        ...


def application(workers: Workers, jobs: Jobs | None = None, *, lang: str = "en") -> FastAPI:
    """Build the server around its workers."""
    app = FastAPI(title="friendshore", docs_url=None, redoc_url=None, openapi_url=None)

    async def answered(request: Request, kind: str, name: str, suffix: str = "", part: str = "") -> Response:
        asked = asked_of(request, kind, name, lang, suffix, part)
        reply = await workers.ask(asked)
        if jobs is not None:
            for job in reply.jobs:
                await jobs.begin(job)
        return Response(reply.body, reply.status, dict(reply.headers), media_type=reply.media)

    @app.get("/healthz")
    async def healthz() -> dict[str, Any]:
        return {"ok": True}

    @app.get("/static/{stamp}/{name}")
    async def static(stamp: str, name: str) -> Response:
        from friendshore.web.writing import asset

        media = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
        kind = name.rpartition(".")[2]
        if name not in ("desk.css", "desk.js"):
            return Response(status_code=404)
        return Response(
            asset(name),
            media_type=media[kind],
            headers={"cache-control": "public, max-age=31536000, immutable"},
        )

    @app.get("/api/{question}")
    async def api(request: Request, question: str) -> Response:
        return await answered(request, "api", question)

    @app.get("/file/{name}.{suffix}")
    async def file(request: Request, name: str, suffix: str) -> Response:
        return await answered(request, "file", name, f".{suffix}")

    @app.get("/chart/{page}/{part}.{suffix}")
    async def chart(request: Request, page: str, part: str, suffix: str) -> Response:
        return await answered(request, "chart", page, f".{suffix}", part)

    @app.get("/")
    async def start(request: Request) -> Response:
        return await answered(request, "page", "start")

    @app.get("/{name}")
    async def page(request: Request, name: str) -> Response:
        return await answered(request, "page", name)

    return app


def asked_of(request: Request, kind: str, name: str, lang: str, suffix: str = "", part: str = "") -> Asked:
    """Turn a request into what a worker gets: language by address, cookie, browser, server, in this order."""
    query = tuple(
        (key, value) for key, value in request.query_params.multi_items() if key not in ("lang", "token")
    )
    told = [request.query_params.get("lang", ""), request.cookies.get(COOKIE, "")]
    told += [
        part.partition(";")[0].partition("-")[0].strip()
        for part in request.headers.get("accept-language", "").split(",")
    ]
    spoken = next((one for one in told if one in ("en", "ja")), lang)
    return Asked(kind, name, query, spoken, suffix, part)
