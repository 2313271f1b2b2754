"""Many runs on any executor: in pieces, and a piece whose worker is lost is run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from friendshore.disruption.market import Market
from friendshore.errors import ArgumentError, WorkerError
from friendshore.progress import Count
from friendshore.records import Note

__all__ = ["ROUNDS", "Workers", "cluster", "done", "light", "pieces_of", "process_pool"]

Piece = TypeVar("Piece")
Result = TypeVar("Result")
Workers: TypeAlias = Executor | Callable[[], AbstractContextManager[Executor]] | None
"""Where pieces run: an executor, a function that opens a fresh one (so that a broken one can be replaced), or None for
this process."""

ROUNDS = 5
"""How often what is left is handed to a fresh executor before the run gives up."""
IN_FLIGHT = 64
LOST = (BrokenExecutor, CancelledError, OSError, EOFError)
LOST_ELSEWHERE = frozenset({"KilledWorker", "FutureCancelledError", "CommClosedError"})
"""Names of a cluster's own errors: its library is not loaded here."""


def process_pool(count: int | None = None) -> Callable[[], AbstractContextManager[Executor]]:
    """Return a function that opens a pool of processes; as many as there are processors by default."""
    from multiprocessing import get_context

    # spawned, since the compiled code starts threads, which a forked process would inherit half-way
    return lambda: ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def cluster(address: str) -> Callable[[], AbstractContextManager[Executor]]:
    """Return a function that opens a Dask cluster by the address of its scheduler, ``tcp://HOST:PORT``.

    Raises
    ------
    ArgumentError
        ``no_cluster_library``, and when opened ``scheduler_not_reached``.
    """
    try:
        import distributed
    except ImportError as error:
        raise ArgumentError(
            "A scheduler was named, but the library that speaks to it is not installed",
            code="no_cluster_library",
            hint="Install it with: pip install friendshore[cluster]",
        ) from error

    @contextmanager
    def opened() -> Iterator[Executor]:
        try:
            client = distributed.Client(address, timeout=10, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise ArgumentError(
                f"No scheduler answers at {address!r}",
                code="scheduler_not_reached",
                hint="Expected tcp://HOST:PORT of a running scheduler",
            ) from error
        with client:
            yield client.get_executor(pure=False)

    return opened


def light(market: Market) -> Market:
    """Return a market without the tables it was made from: all that a run needs, and quick to send."""
    nothing: Any = None
    return replace(market, world=nothing, base=nothing)


def done(
    task: Callable[[Piece], Result], pieces: Sequence[Piece], workers: Workers, note: Note | None = None
) -> Iterator[tuple[int, Result]]:
    """Run a task on each piece; yield the number of each with its result, in the order in which they end.

    ``note`` says what is done, to whoever follows how far it is.

    A piece whose worker is lost is run again. An error of the task itself ends the run at once.

    Raises
    ------
    WorkerError
        ``workers_lost`` when pieces are left after ``ROUNDS`` executors.
    """
    count = Count(note, len(pieces)) if note is not None else None
    for found in _done(task, pieces, workers):
        if count is not None:
            count.step()
        yield found


def _done(
    task: Callable[[Piece], Result], pieces: Sequence[Piece], workers: Workers
) -> Iterator[tuple[int, Result]]:
    if workers is None:
        for n, piece in enumerate(pieces):
            yield n, task(piece)
        return
    left = list(range(len(pieces)))
    why: list[str] = []
    for _ in range(ROUNDS):
        ended: set[int] = set()
        opened = nullcontext(workers) if isinstance(workers, Executor) else workers()
        with opened as executor:
            for n, result in _round(task, pieces, left, executor, why):
                ended.add(n)
                yield n, result
        left = [n for n in left if n not in ended]
        if not left:
            return
    raise WorkerError(
        f"Workers were lost {ROUNDS} times: {len(left)} of {len(pieces)} pieces are not done ({why[-1]})",
        code="workers_lost",
        hint="Run it with fewer workers, or look whether they run out of memory",
    )


def _round(
    task: Callable[[Piece], Result],
    pieces: Sequence[Piece],
    left: Sequence[int],
    executor: Executor,
    why: list[str],
) -> Iterator[tuple[int, Result]]:
    """Hand each piece that is left to one executor, once."""
    ahead = iter(left)
    running: dict[Future[Result], int] = {}
    broken = False
    try:
        while True:
            while not broken and len(running) < IN_FLIGHT and (n := next(ahead, None)) is not None:
                try:
                    running[executor.submit(task, pieces[n])] = n
                except (*LOST, RuntimeError) as error:  # RuntimeError: it was shut down meanwhile
                    why.append(f"{type(error).__name__}: {error}")
                    broken = True
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                n = running.pop(future)
                problem = CancelledError() if future.cancelled() else future.exception()
                if problem is None:
                    yield n, future.result()
                elif _lost(problem):
                    why.append(f"{type(problem).__name__}: {problem}")
                    broken = broken or isinstance(problem, BrokenExecutor)
                else:
                    raise problem
    finally:
        for future in running:
            future.cancel()


def _lost(problem: BaseException) -> bool:
    return isinstance(problem, LOST) or type(problem).__name__ in LOST_ELSEWHERE


def pieces_of(count: int, size: int) -> list[tuple[int, int]]:
    """Cut a count into (start, end) of at most a size."""
    return [(start, min(start + size, count)) for start in range(0, count, size)]
