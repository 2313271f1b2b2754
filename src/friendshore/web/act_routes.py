"""Routes of what changes something: a form is read here, acted on in a worker, and answered with where to go."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from friendshore.errors import ArgumentError
from friendshore.web.application import Workers, response_of, spoken
from friendshore.web.jobs import JobLine
from friendshore.web.records import Asked, Pairs
from friendshore.web.settings import Settings

__all__ = ["routes"]

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 4_000
POSTED = ("scenarios/save", "scenarios/check", "scenarios/remove", "read/accept", "read/forget")
"""Acts that a form asks for, each at the address of its name."""


def routes(workers: Workers, jobs: JobLine, settings: Settings) -> APIRouter:
    """Build the routes; where a form leads to is decided in the worker and never read from the request."""
    del jobs
    router = APIRouter()

    async def acted(request: Request, name: str, pairs: Pairs) -> Response:
        reply = await workers.ask(Asked("act", name, pairs, spoken(request, settings.lang)))
        return response_of(reply, request)

    async def form(request: Request, name: str) -> Response:
        return await acted(request, name, await form_of(request, settings.body_bytes))

    for name in POSTED:
        router.add_api_route(f"/{name}", partial(form, name=name), methods=["POST"])

    @router.get("/scenarios/{name}.yaml")
    async def download(request: Request, name: str) -> Response:
        return await acted(request, "scenarios/download", (("name", name),))

    return router


async def form_of(request: Request, most_bytes: int) -> Pairs:
    """Read a form.

    Raises
    ------
    ArgumentError
        ``bad_form``, ``too_much``.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise ArgumentError(
            f"This takes a form of type {FORM}, and got {kind[:80] or 'none'}.",
            code="bad_form",
            hint="Use the form of the page.",
        )
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            raise too_much()
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as problem:
        raise too_much() from problem
    return tuple((name, value) for name, value in pairs if name not in ("lang", "token"))


def too_much() -> ArgumentError:
    """Say that a form is larger than any that a page has."""
    return ArgumentError("The form holds more than can be taken.", code="too_much", hint="Send less at once.")
