"""The desk under load: many users at once, each asking something else.

``python -m benchmarks.desk_jobs SECONDS [--users N] [--think S]`` prints what the users waited for, what failed,
and the memory of all processes at the start and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

__all__ = ["Heard", "desk_jobs", "load", "serving"]

USERS = 50
NAMES = (
    "JPN USA DEU FRA ITA ESP NLD BEL POL SWE FIN DNK AUT CZE HUN ROU PRT GRC IRL KOR AUS CAN GBR NOR CHE MEX BRA CHL "
    "IND IDN MYS THA VNM SGP PHL TUR ZAF EU"
)
IMPORTERS = NAMES.split()
SUPPLIERS = ("CHN", "RUS", "AUS", "CHL", "IDN", "COD")
YEARS = tuple(range(2015, 2025))
PAGES = ("/exposure", "/api/exposure")


@dataclass
class Heard:
    """What users were answered."""

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    resident: tuple[float, ...] = ()
    """MiB of all processes of the server: at the start, each minute, at the end."""

    def at(self, part: float) -> float:
        """Return the time within which a part of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


@contextlib.contextmanager
def serving(processes: int = 2) -> Iterator[tuple[str, int, float]]:
    """Start the desk in a data home of its own: its address, its process, and when it was started."""
    with tempfile.TemporaryDirectory() as home:
        begun = time.perf_counter()
        command = (sys.executable, "-m", "friendshore", "serve", "--port", "0", "--processes", str(processes))
        environment = {**os.environ, "FRIENDSHORE_DATA": home}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as server:
            try:
                address = server.stdout.readline().split()[-1] if server.stdout else ""
                yield address.rstrip("/"), server.pid, begun
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(20)


def waited(address: str, path: str) -> float:
    """Return the seconds until a page has come, from an empty client."""
    begun = time.perf_counter()
    httpx.get(address + path, timeout=30).raise_for_status()
    return time.perf_counter() - begun


def resident_mib(pid: int) -> float:
    """Return the memory of a process and all that it started."""
    found, total = [pid], 0.0
    for one in found:
        with contextlib.suppress(OSError):
            total += (
                int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
            )
            for task in Path(f"/proc/{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return total


def question(chance: random.Random, products: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Draw something that nobody has asked yet, most likely."""
    asked = {
        "importer": " ".join(chance.sample(IMPORTERS, chance.choice((1, 1, 2)))),
        "on": chance.choice(SUPPLIERS),
        "product": " ".join(chance.sample(products, chance.choice((1, 2, 4)))),
        "year": str(chance.choice(YEARS)),
    }
    return chance.choice(PAGES), asked


async def load(address: str, pid: int, *, users: int, seconds: float, think: float) -> Heard:
    """Let users ask for so long; each thinks between its questions, and nobody waits for another."""
    from friendshore.tables.products import products

    codes = tuple(products())
    heard, until = Heard(), time.perf_counter() + seconds
    memory = [resident_mib(pid)]

    async def user(number: int, client: httpx.AsyncClient) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.random() * min(think, seconds / 2))
        while time.perf_counter() < until:
            path, asked = question(chance, codes)
            begun = time.perf_counter()
            try:
                answer = await client.get(address + path, params=asked)
                if answer.status_code not in (200, 422):
                    heard.failures.append(f"{answer.status_code} {path} {asked}")
            except httpx.HTTPError as problem:
                heard.failures.append(f"{type(problem).__name__} {path} {asked}")
            heard.seconds.append(time.perf_counter() - begun)
            if think:
                await asyncio.sleep(chance.expovariate(1 / think))

    async def watched() -> None:
        while time.perf_counter() < until:
            await asyncio.sleep(min(60.0, max(0.1, until - time.perf_counter())))
            memory.append(resident_mib(pid))

    limits = httpx.Limits(max_connections=users, max_keepalive_connections=users)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        await asyncio.gather(watched(), *(user(number, client) for number in range(users)))
    heard.resident = tuple(memory)
    return heard


def warm(address: str) -> None:
    """Wait until all workers have loaded everything."""
    until = time.perf_counter() + 60
    while httpx.get(f"{address}/healthz").json()["workers"] < 2 and time.perf_counter() < until:
        time.sleep(0.1)


def desk_jobs(size: str) -> Mapping[str, float]:
    """Seconds that people wait for."""
    seconds, users = {"tiny": (1.0, 4), "10 minutes": (600.0, USERS)}.get(size, (20.0, USERS))
    with serving() as (address, pid, begun):
        waited(address, "/")
        found = {"start page, from the command": time.perf_counter() - begun}
        warm(address)
        waited(address, "/")
        found["start page, warm"] = statistics.median(waited(address, "/") for _ in range(5))
        asked = "importer=JPN&on=CHN&product=284690&year="
        found["exposure answer"] = statistics.median(
            waited(address, f"/api/exposure?{asked}{year}") for year in YEARS[:5]
        )
        found["exposure page"] = statistics.median(
            waited(address, f"/exposure?{asked}{year}") for year in YEARS[:5]
        )
        heard = asyncio.run(load(address, pid, users=users, seconds=seconds, think=5.0))
        found["many users, who read 5 s: median"] = heard.at(0.5)
        found["many users, who read 5 s: 95 %"] = heard.at(0.95)
    if heard.failures:
        raise SystemExit(f"{len(heard.failures)} of {len(heard.seconds)} failed: {heard.failures[0]}")
    return found


def main() -> None:
    """Print one load."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk_jobs", description=__doc__)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--think", type=float, default=0.0, help="mean seconds that a user reads an answer")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args()
    with serving(chosen.processes) as (address, pid, _):
        warm(address)
        heard = asyncio.run(
            load(address, pid, users=chosen.users, seconds=chosen.seconds, think=chosen.think)
        )
    count = len(heard.seconds)
    print(f"{chosen.users} users, {chosen.seconds:g} s, reading {chosen.think:g} s: {count:,} answers")
    print(f"  median {heard.at(0.5):.3f} s, 95 % {heard.at(0.95):.3f} s, longest {heard.at(1.0):.3f} s")
    print(
        f"  {count / chosen.seconds:.1f} answers a second, {len(heard.failures)} failures {heard.failures[:3]}"
    )
    print(f"  memory of all processes, MiB by minute: {', '.join(f'{mib:.0f}' for mib in heard.resident)}")


if __name__ == "__main__":
    main()
