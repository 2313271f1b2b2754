"""Run benchmarks and print CPU times, ratios and what was promised."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.processes import Command, measured
from benchmarks.registry import BENCHES, Bench, Job, Options

__all__ = ["main", "run"]


def cpu_seconds(job: Job, runs: int) -> tuple[float, str]:
    """Return the median CPU time of a job and a note about it."""
    if isinstance(job, float):
        return job, "stored, or measured in its own interpreter"
    if isinstance(job, Command):
        found = [measured(job) for _ in range(runs)]
        seconds = statistics.median(each.seconds for each in found)
        note = f"peak {max(each.mebibytes for each in found):.0f} MiB"
        if job.per_printed:
            number = int(found[0].printed.split()[-1])
            return seconds / number, f"{seconds:.2f} s for {number:,}, {note}"
        return seconds, note
    job()  # warms caches, compiles
    times = []
    for _ in range(runs):
        start = time.process_time()
        job()
        times.append(time.process_time() - start)
    return statistics.median(times), f"median of {runs}"


def run(bench: Bench, size: str, options: Options, runs: int | None = None) -> list[str]:
    """Time one benchmark at one size; returns the lines to print."""
    lines = [f"{bench.name} ({size}): {bench.what}"]
    own: float | None = None
    for name, job in bench.build(size, options).items():
        seconds, note = cpu_seconds(job, runs or bench.runs)
        if own is None:
            own = seconds
        # The promises hold for the full sizes alone.
        target = bench.targets.get(name) if size in bench.sizes else None
        if bench.seconds:
            verdict = (
                "" if target is None else f"at most {target:g} s: {'met' if seconds <= target else 'MISSED'}"
            )
            lines.append(f"  {name:<42}{seconds:>12.3f} s   {verdict:<24}{note}")
            continue
        ratio = seconds / own
        met = target is not None and (ratio <= target if bench.most else ratio >= target)
        bound = "at most" if bench.most else "at least"
        verdict = "" if target is None else f"{bound} {target:g}x: {'met' if met else 'MISSED'}"
        lines.append(f"  {name:<28}{seconds * 1e3:>14.4f} ms{ratio:>10.1f}x   {verdict:<26}{note}")
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chosen benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="CPU time against peers.")
    parser.add_argument("name", nargs="*", help=", ".join(bench.name for bench in BENCHES))
    parser.add_argument("--size", help="one size instead of all, such as tiny")
    parser.add_argument("--runs", type=int, help="runs to take the median of")
    parser.add_argument(
        "--geopolrisk-python",
        type=Path,
        help="interpreter with geopolrisk-py 2.0.1 to measure; otherwise its stored cost is used",
    )
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.name) - {bench.name for bench in BENCHES}
    if unknown:
        parser.error(f"unknown benchmark: {', '.join(sorted(unknown))}")
    options = Options(chosen.geopolrisk_python)
    for bench in BENCHES:
        if chosen.name and bench.name not in chosen.name:
            continue
        for size in [chosen.size] if chosen.size else bench.sizes:
            print("\n".join(run(bench, size, options, chosen.runs)), flush=True)
    return 0
