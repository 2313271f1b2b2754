"""The log of ``--debug``: one line a request, which tells nothing of what was asked."""

from __future__ import annotations

import sys
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["Logged"]


class Logged:
    """Says method, path, status and time of each request on stderr."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self.app(scope, receive, sent)
        finally:
            spent = (time.perf_counter() - begun) * 1000
            # The path alone: a query is what somebody asked, and holds the token.
            sys.stderr.write(f"{scope['method']} {ascii(scope['path'])[1:-1]} {status} {spent:.0f} ms\n")
