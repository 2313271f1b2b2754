"""Many runs of one case: the tornado, the draws, or both; here or on a cluster."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from friendshore.answers import sensitivity
from friendshore.answers.stress_cases import Case
from friendshore.disruption.sweeps import Workers, cluster
from friendshore.errors import ArgumentError
from friendshore.records import Finding

__all__ = ["Sweep", "swept"]

MOST_THREADS = 8


@dataclass(frozen=True)
class Sweep:
    """What is asked of many runs."""

    tornado: bool
    draws: int
    seed: int
    scheduler: str


def swept(case: Case, asked: Sweep, command: str) -> Finding:
    """Answer with the tornado or the draws; where both are asked for, the draws stand in the tornado's summary."""
    if not asked.tornado and not asked.draws:
        raise ArgumentError(
            "A scheduler was named, and nothing to run there.",
            code="nothing_to_run",
            hint="Write --draws 1000, or --tornado.",
        )
    workers: Workers = cluster(asked.scheduler) if asked.scheduler else None
    names = [actor.name for actor in case.nodes.actors]
    given = (case.market, case.shocks, case.stocks, names, case.products)
    shared: dict[str, Any] = {"parameters": case.parameters, "months": case.months, "executor": workers}
    shared["command"] = " ".join([command, *_options(asked)])
    draws = None
    if asked.draws:
        threads = min(MOST_THREADS, os.cpu_count() or 1)
        draws = sensitivity.draws(*given, n=asked.draws, seed=asked.seed, threads=threads, **shared)
    if not asked.tornado and draws is not None:
        return draws
    tornado = sensitivity.tornado(*given, **shared)
    if draws is None:
        return tornado
    return tornado.model_copy(
        update={
            "arguments": {**draws.arguments, **tornado.arguments},
            "summary": {**_named(tornado), **_named(draws)},
            "caveats": (*tornado.caveats, *draws.caveats),
        }
    )


def _named(finding: Finding) -> Mapping[str, Any]:
    return finding.summary if isinstance(finding.summary, Mapping) else {}


def _options(asked: Sweep) -> list[str]:
    told = ["--tornado"] if asked.tornado else []
    told += ["--draws", str(asked.draws), "--seed", str(asked.seed)] if asked.draws else []
    return told + (["--scheduler", shlex.quote(asked.scheduler)] if asked.scheduler else [])
