"""How much cases count: the worst of them, the mean of the worst, or what is missing in all."""

from __future__ import annotations

from typing import Any

import numpy as np

from friendshore.planning.formulation_frame import Built
from friendshore.planning.formulation_normal import dearer
from friendshore.tables.trade import Floats

__all__ = ["case_prices", "missing_weights", "weigh_cases"]


def case_prices(built: Built) -> list[tuple[str, Floats]]:
    """Return for each kind of thing that costs by case its dollars a ton, should the case begin."""
    problem = built.frame.problem
    costs = problem.costs
    link = built.columns["emergency"].where[2]
    m, k = problem.link_member[link], problem.link_product[link]
    _, _, _, to, rk = built.columns["redirected"].where
    _, _, wm, wk = built.columns["shortage"].where
    return [
        ("emergency", problem.price[m, k] * (costs.emergency_share[k] + dearer(built, link))),
        ("redirected", problem.price[to, rk] * (costs.emergency_share[rk] + costs.outsider_share[rk])),
        ("shortage", problem.price[wm, wk] * costs.value_factor[wk]),
    ]


def weigh_cases(built: Built) -> None:
    """Weigh cases by their worst, by the mean of the worst, or by what is missing in them, where asked for."""
    frame, problem = built.frame, built.frame.problem
    kind = frame.objective.kind
    if kind == "least_shortage":
        column = built.columns["shortage"]
        built.limit(
            "missing", (np.zeros(1, np.int64),), "C", (0, column.block.at, missing_weights(built)), upper=np.inf,
            by=np.zeros((1, len(frame.inside))),
        )  # fmt: skip
        return
    if kind not in ("worst_case", "cvar"):
        return
    cases = np.unique(frame.case)
    if not len(cases):
        return
    row = np.full(len(problem.cases), -1, dtype=np.int64)
    row[cases] = np.arange(len(cases))
    prices = case_prices(built)
    unit = float((frame.demand * problem.price).sum())
    worst = built.add("worst", (np.zeros(1, np.int64),), (1,), "C", cost=1.0, unit=unit)
    terms: list[tuple[Any, Any, Any]] = [
        (row[built.columns[n].where[0]], built.columns[n].block.at, price) for n, price in prices
    ]
    terms.append((np.arange(len(cases)), np.full(len(cases), worst.block.start), -1.0))
    if kind == "cvar":
        chance = np.array([problem.cases[s].probability for s in cases.tolist()])
        beyond = built.add(
            "beyond", (cases,), (len(problem.cases),), "S", cost=chance / (1.0 - frame.objective.tail), unit=unit
        )  # fmt: skip
        terms.append((np.arange(len(cases)), beyond.block.at, -1.0))
    built.limit("case", (cases,), "S", *terms, upper=0.0, by=np.zeros((len(cases), len(frame.inside))))


def missing_weights(built: Built) -> Floats:
    """Return by shortage variable what a ton weighs: its price, cases by probability (all alike where it is 0)."""
    problem = built.frame.problem
    s, _, m, k = built.columns["shortage"].where
    chance = np.array([case.probability for case in problem.cases])
    if not chance.any():
        chance = np.full(len(chance), 1.0 / max(1, len(chance)))
    return np.asarray(chance[s] * problem.price[m, k], np.float64)
