"""The body of a request, counted and timed while it comes in: a stated length can be wrong, or missing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Body"]

Message = MutableMapping[str, Any]
GONE = {"type": "http.disconnect"}


@dataclass
class Body:
    """Stands where a request is received from; once too much or too late, its sender is as good as gone."""

    receive: Callable[[], Awaitable[Message]]
    most: int
    """Bytes."""
    seconds: float
    """From the first byte that is asked for to the last."""
    over: Literal["", "size", "time"] = ""
    taken: int = 0
    ended: bool = False
    until: float | None = None

    async def __call__(self) -> Message:
        """Receive what comes next."""
        if self.over:
            return dict(GONE)
        if self.ended:
            return await self.receive()
        if self.until is None:
            self.until = asyncio.get_running_loop().time() + self.seconds
        try:
            async with asyncio.timeout_at(self.until):
                message = await self.receive()
        except TimeoutError:
            self.over = "time"
            return dict(GONE)
        if message["type"] != "http.request":
            return message
        self.taken += len(message.get("body", b""))
        self.ended = not message.get("more_body", False)
        if self.taken > self.most:
            self.over = "size"
            return dict(GONE)
        return message
