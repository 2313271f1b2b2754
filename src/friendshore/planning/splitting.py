"""A program that falls apart: each part is solved by itself, at the same time as others, and the answers are joined.

Rows that couple parts (budgets) are left out and checked by whoever asked.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.planning import solver
from friendshore.planning.program import Answer, Arrays
from friendshore.tables.trade import Floats, Indices

__all__ = ["Known", "Part", "grouped", "minimise_parts", "parts_of"]

WORKERS = 2


class Known:
    """Answers of parts that were solved already, with what they were asked."""

    def __init__(self) -> None:
        self._answers: dict[bytes, Answer] = {}

    def get(self, key: bytes) -> Answer | None:
        """Return the answer, if there is one."""
        return self._answers.get(key)

    def put(self, key: bytes, answer: Answer) -> None:
        """Keep an answer."""
        self._answers[key] = answer


class Part:
    """Columns and rows of one part, and their arrays."""

    def __init__(self, columns: Indices, rows: Indices, arrays: Arrays) -> None:
        self.columns, self.rows, self.arrays = columns, rows, arrays


def grouped(arrays: Arrays, label: Indices, coupling: NDArray[np.bool_]) -> Indices:
    """Join labels that a row joins.

    Parameters
    ----------
    arrays
        Of the program.
    label
        By variable, a number from 0.
    coupling
        By row, whether it does not count.

    Returns
    -------
    array
        By variable, the smallest label of those that hang together with its own.
    """
    count = int(label.max(initial=-1)) + 1
    counts = ~coupling[arrays.rows]
    row, of = arrays.rows[counts], label[arrays.columns[counts]]
    least = np.full(len(arrays.row_lower), count, dtype=np.int64)
    np.minimum.at(least, row, of)
    pairs = np.unique(least[row] * count + of)
    root = np.arange(count)
    while True:
        before = root.copy()
        low, high = np.divmod(pairs, max(1, count))
        joined = np.minimum(root[low], root[high])
        np.minimum.at(root, low, joined)
        np.minimum.at(root, high, joined)
        root = root[root]
        if (root == before).all():
            return root[label]


def parts_of(
    arrays: Arrays, part: Indices, coupling: NDArray[np.bool_], kept: NDArray[np.bool_]
) -> list[Part]:
    """Take a program apart.

    Parameters
    ----------
    arrays
        Of the program.
    part
        By variable, the number of its part.
    coupling
        By row, whether it is left out.
    kept
        By row, whether each part gets its own share of it; its sides are set by whoever solves.
    """
    column = arrays.columns
    row_part = np.full(len(arrays.row_lower), -1, dtype=np.int64)
    row_part[arrays.rows] = part[column]
    row_part[coupling | kept] = -1
    found: list[Part] = []
    here = np.zeros(len(arrays.row_lower), dtype=np.int64)
    empty = np.flatnonzero((row_part < 0) & ~coupling & ~kept)
    for number in np.unique(part).tolist():
        columns = np.flatnonzero(part == number)
        rows = np.flatnonzero((row_part == number) | kept)
        if not found:
            rows = np.sort(np.concatenate([rows, empty]))
        inside = np.zeros(len(arrays.row_lower), bool)
        inside[rows] = True
        here[rows] = np.arange(len(rows))
        entries = np.flatnonzero((part[column] == number) & inside[arrays.rows])
        count = np.bincount(column[entries], minlength=len(part))[columns]
        found.append(
            Part(
                columns,
                rows,
                Arrays(
                    arrays.cost[columns], arrays.lower[columns], arrays.upper[columns], arrays.integer[columns],
                    arrays.unit[columns], arrays.row_lower[rows], arrays.row_upper[rows],
                    np.concatenate([[0], np.cumsum(count)]).astype(np.int32),
                    here[arrays.rows[entries]].astype(np.int32), arrays.coefficients[entries],
                ),
            )
        )  # fmt: skip
    return found


def minimise_parts(
    parts: list[Part],
    arrays: Arrays,
    *,
    gap: float,
    seconds: float,
    relaxed: bool = False,
    start: Floats | None = None,
    cost: Floats | None = None,
    row_upper: list[Floats] | None = None,
    known: Known | None = None,
) -> Answer:
    """Solve all parts and join their answers.

    Parameters
    ----------
    parts
        From :func:`parts_of`.
    arrays
        Of the whole.
    gap, relaxed, start, cost
        As for a whole program.
    seconds
        For all parts together.
    known
        Answers of parts from before; new ones are added.
    row_upper
        By part, in place of its own.
    """
    end = monotonic() + seconds

    memory = Known() if known is None else known

    def one(n: int) -> Answer:
        part = parts[n]
        pick: Any = lambda values: None if values is None else values[part.columns]  # noqa: E731  one line, used twice below
        limit = None if row_upper is None else row_upper[n]
        asked = (part.columns, part.rows, pick(cost), limit)
        key = b"|".join(b"" if value is None else np.ascontiguousarray(value).tobytes() for value in asked)
        answer = memory.get(key)
        if answer is None:
            answer = solver.minimise(
                part.arrays, gap=gap, seconds=max(0.01, end - monotonic()), start=pick(start), relaxed=relaxed,
                fixed=None, cost=pick(cost), row_upper=limit, row_lower=None,
            )  # fmt: skip
            memory.put(key, answer)
        return answer

    if len(parts) == 1:
        answers = [one(0)]
    else:
        with ThreadPoolExecutor(WORKERS) as pool:
            # The largest first, so that no worker is left alone with it at the end.
            order = np.argsort([-len(part.columns) for part in parts], kind="stable").tolist()
            found = dict(zip(order, pool.map(one, order), strict=True))
        answers = [found[n] for n in range(len(parts))]
    return _together(parts, arrays, answers)


def _together(parts: list[Part], arrays: Arrays, answers: list[Answer]) -> Answer:
    for status in ("failed", "infeasible", "unbounded", "time_limit"):
        for answer in answers:
            if answer.status == status and (status != "time_limit" or not len(answer.values)):
                return replace(answer, duals=np.zeros(0), reduced=np.zeros(0))
    values, reduced = np.zeros(len(arrays.cost)), np.zeros(len(arrays.cost))
    duals = np.zeros(len(arrays.row_lower))
    linear = all(len(answer.reduced) == len(answer.values) for answer in answers)
    for part, answer in zip(parts, answers, strict=True):
        values[part.columns] = answer.values
        if linear:
            reduced[part.columns] = answer.reduced
            duals[part.rows] += answer.duals
    objective = float(sum(answer.objective for answer in answers))
    bound = float(sum(min(answer.bound, answer.objective) for answer in answers))
    status = "time_limit" if any(answer.status == "time_limit" for answer in answers) else "optimal"
    gap = max(0.0, objective - bound) / max(abs(objective), 1e-300)
    none = np.zeros(0)
    return Answer(
        status, objective, gap, values, duals if linear else none, reduced if linear else none, bound
    )
