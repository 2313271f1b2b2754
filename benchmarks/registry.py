"""One registry: name, how to build the jobs, sizes, and the ratios that were promised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.desk_jobs import desk_jobs
from benchmarks.diversification_peers import diversification_jobs, flow_jobs
from benchmarks.indicator_peers import duckdb_indicators, pandas_indicators
from benchmarks.path_jobs import path_jobs
from benchmarks.planning_jobs import coalition_jobs, plan_jobs, plan_seconds
from benchmarks.processes import Command, governance_jobs, startup_jobs
from benchmarks.rows import EU27, rows_of
from benchmarks.sensitivity_jobs import sensitivity_jobs
from benchmarks.tracing_peers import dense_inverses
from friendshore.exposure.indicators import every_indicator
from friendshore.exposure.tracing import supply_by_origin, systems, trace_all

__all__ = ["BENCHES", "Bench", "Job", "Options"]

Job = Callable[[], Any] | Command | float
"""Work to time in this process, a command to time in its own, or stored CPU seconds."""


@dataclass(frozen=True)
class Options:
    """What the command line chose."""

    geopolrisk_python: Path | None = None


@dataclass(frozen=True)
class Bench:
    """One comparison. The first job is ours; the ratio of each other to it is printed."""

    name: str
    what: str
    sizes: tuple[str, ...]
    build: Callable[[str, Options], Mapping[str, Job]]
    targets: Mapping[str, float]
    """Peer -> least ratio; for jobs without a peer, job -> most CPU seconds."""
    runs: int = 7
    seconds: bool = False
    """Whether CPU seconds were promised instead of ratios."""
    most: bool = False
    """Whether ratios were promised to be at most, not at least, so many times the first job."""


def indicators(size: str, _: Options) -> Mapping[str, Job]:
    """Every indicator of performance.md section 1 on the same sorted rows in memory."""
    trade, place = rows_of(size)
    supplier, members = place["CHN"], [place[country] for country in EU27 if country in place]
    return {
        "friendshore": lambda: every_indicator(trade, suppliers=[supplier], members=members),
        "duckdb": duckdb_indicators(trade, supplier, members),
        "pandas": pandas_indicators(trade, supplier, members),
    }


def tracing(size: str, _: Options) -> Mapping[str, Job]:
    """Trace every country's supply to every origin, all products and years, production at one end."""
    trade, place = rows_of(size)
    importers, suppliers = [place["JPN"], place["USA"]], [place["CHN"]]

    def traced() -> None:
        for _, _, network in systems(trade, {}):
            supply_by_origin(network)

    return {
        "friendshore": traced,
        "dense inverses": dense_inverses(trade),
        "passing through, both ends": lambda: trace_all(trade, {}, importers, suppliers),
    }


BENCHES = (
    Bench(
        "indicators",
        "all importers, products and years: totals, HHI, top and chosen supplier, row shares, CDI1-3, bloc",
        ("box", "box x 8"),
        indicators,
        {"duckdb": 10, "pandas": 20},
    ),
    Bench(
        "tracing",
        "origin of every country's supply, all products, 2018 to 2024",
        ("2018-2024",),
        tracing,
        {"dense inverses": 2.5},
        runs=3,
    ),
    Bench(
        "governance",
        "all materials, importers and years 2018 to 2024, process start and load included, per score",
        ("box",),
        lambda size, options: governance_jobs(size, options.geopolrisk_python),
        {"geopolrisk-py": 1000},
        runs=3,
    ),
    Bench(
        "path",
        "a market struck month by month",
        ("box",),
        lambda size, _: path_jobs(size),
        {"24 months, all products and importers": 2.0, "10,000 draws of one product": 120.0},
        runs=3,
        seconds=True,
    ),
    Bench(
        "sensitivity",
        "every assumption at either end of its range, and all of them at once",
        ("box",),
        lambda size, _: sensitivity_jobs(size),
        {"10,000 draws": 120.0},
        runs=1,
        seconds=True,
    ),
    Bench(
        "diversification",
        "no country buys over 40 % from one supplier, all products and countries of 2022, rows to answer",
        ("box",),
        lambda size, _: diversification_jobs(size),
        {"scipy": 2, "linopy": 2},
        runs=3,
    ),
    Bench(
        "diversification-flows",
        "the same as minimum-cost flows",
        ("box",),
        lambda size, _: flow_jobs(size),
        {"scipy": 8, "linopy": 8},
        runs=3,
    ),
    Bench(
        "plan-seconds",
        "the shipped plan of two allies against eight cases",
        ("box",),
        lambda size, _: plan_seconds(size),
        {"the example, scenario to plan": 5.0},
        runs=3,
        seconds=True,
    ),
    Bench(
        "plan",
        "the same: what else is asked, as a multiple of one solve",
        ("box",),
        lambda size, _: plan_jobs(size),
        {"compare, with mechanisms": 15, "frontier of 20 points": 6},
        runs=1,
        most=True,
    ),
    Bench(
        "coalitions",
        "the same with four allies",
        ("box",),
        lambda size, _: coalition_jobs(size),
        {"all 15 coalitions": 8},
        runs=1,
        most=True,
    ),
    Bench(
        "startup",
        "whole processes",
        ("box",),
        lambda size, _: startup_jobs(size),
        {
            "import friendshore": 0.3,
            "first exposure answer, nothing compiled": 3.0,
            "exposure answer": 1.0,
            "brief": 10.0,
        },
        runs=3,
        seconds=True,
    ),
    Bench(
        "desk",
        "what people wait for in a browser, clock seconds; fifty users at once for 20 s or 10 minutes",
        ("20 s", "10 minutes"),
        lambda size, _: desk_jobs(size),
        {
            "start page, from the command": 2.0,
            "start page, warm": 0.3,
            "exposure answer": 0.5,
            "exposure page": 0.5,
            "many users, who read 5 s: median": 1.0,
        },
        runs=1,
        seconds=True,
    ),
)
