"""The address of the description of the API. Its text needs no worker, and is written when it is first asked for."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

__all__ = ["routes"]


def routes(workers: Any = None, jobs: Any = None, settings: Any = None) -> APIRouter:  # noqa: ANN401  of any kind
    """Serve the description."""
    router = APIRouter()

    @router.get("/openapi.json")
    def described() -> Response:
        # not async: the first time takes long enough for others to notice
        from friendshore.report.envelope import dump
        from friendshore.web.openapi_document import document

        return Response(dump(document()), media_type="application/json")

    return router
