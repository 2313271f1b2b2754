"""How many jobs may wait, and how many one visitor may begin."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from friendshore.errors import ArgumentError

__all__ = ["JobLimits"]

MINUTE = 60.0


@dataclass
class JobLimits:
    """Counts new jobs; one that is under way or done is none."""

    waiting: int
    """Most in line."""
    a_minute: int
    """Most that one visitor begins."""
    visits: dict[str, deque[float]] = field(default_factory=dict)

    def refuse_many(self, waiting: int, visitor: str) -> None:
        """Count a new job, or refuse it.

        Raises
        ------
        ArgumentError
            ``too_many_jobs``.
        """
        if waiting >= self.waiting:
            raise ArgumentError(
                f"{waiting} jobs wait already, and no more are taken.",
                code="too_many_jobs",
                hint="Ask again when some are done, or cancel one.",
            )
        now = time.monotonic()
        for name in [name for name, times in self.visits.items() if times[-1] < now - MINUTE]:
            del self.visits[name]
        times = self.visits.setdefault(visitor, deque(maxlen=self.a_minute))
        if len(times) == times.maxlen and times[0] > now - MINUTE:
            raise ArgumentError(
                f"More than {self.a_minute} jobs were begun within a minute.",
                code="too_many_jobs",
                hint="Wait a minute.",
            )
        times.append(now)
