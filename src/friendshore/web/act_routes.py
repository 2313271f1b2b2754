"""Routes of what changes something: a form is read here, acted on in a worker, and answered with where to go."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from friendshore.web.application import Jobs, Workers, asked_of
from friendshore.web.records import Asked, Pairs
from friendshore.web.settings import Settings

__all__ = ["routes"]

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 4_000


def routes(workers: Workers, jobs: Jobs | None = None, settings: Settings | None = None) -> APIRouter:
    """Build the routes; where a form leads to is decided in the worker and never read from the request."""
    told = settings or Settings()
    router = APIRouter()

    async def acted(request: Request, name: str, pairs: Pairs) -> Response:
        spoken = asked_of(request, "act", name, told.lang).lang
        reply = await workers.ask(Asked("act", name, pairs, spoken))
        if jobs is not None:
            for job in reply.jobs:
                await jobs.begin(job)
        headers = {**reply.headers, "cache-control": "no-store"}
        return Response(reply.body, reply.status, headers, media_type=reply.media)

    async def form(request: Request, name: str) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != FORM:
            return Response(f"Send it as {FORM}.\n", 415, media_type="text/plain")
        pairs = await form_of(request, told.body_bytes)
        if pairs is None:
            return Response("The form holds too much.\n", 413, media_type="text/plain")
        return await acted(request, name, pairs)

    @router.post("/scenarios/save")
    async def save(request: Request) -> Response:
        return await form(request, "scenarios/save")

    @router.post("/scenarios/check")
    async def check(request: Request) -> Response:
        return await form(request, "scenarios/check")

    @router.post("/scenarios/remove")
    async def remove(request: Request) -> Response:
        return await form(request, "scenarios/remove")

    @router.post("/read/accept")
    async def accept(request: Request) -> Response:
        return await form(request, "read/accept")

    @router.post("/read/forget")
    async def forget(request: Request) -> Response:
        return await form(request, "read/forget")

    @router.get("/scenarios/{name}.yaml")
    async def download(request: Request, name: str) -> Response:
        return await acted(request, "scenarios/download", (("name", name),))

    return router


async def form_of(request: Request, most_bytes: int) -> Pairs | None:
    """Read a form; None where it holds too much."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            return None
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        return None
    return tuple((name, value) for name, value in pairs if name not in ("lang", "token"))
