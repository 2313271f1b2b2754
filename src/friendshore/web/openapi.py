"""Addresses of what describes the program: the API for programs, and the explanations for people."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from friendshore.web.application import Jobs, Workers, asked_of, response_of
from friendshore.web.settings import Settings

__all__ = ["routes"]


def routes(workers: Workers, jobs: Jobs | None = None, settings: Settings | None = None) -> APIRouter:
    """Build the routes."""
    told = settings or Settings()
    router = APIRouter()

    @router.get("/openapi.json")
    def described() -> Response:
        # Not async: the first time takes long enough for others to notice. It needs no worker.
        from friendshore.report.envelope import dump
        from friendshore.web.openapi_document import document

        return Response(dump(document()), media_type="application/json")

    @router.get("/methods/{part}")
    async def explained(request: Request, part: str) -> Response:
        reply = await workers.ask(asked_of(request, "page", "methods", told.lang, part=part))
        return response_of(reply, request)

    return router
