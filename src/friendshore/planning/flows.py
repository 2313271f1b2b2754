"""The one door to OR-tools: a transport as a minimum-cost flow of whole numbers.

Tons are counted in a millionth of a millionth of all demand, costs in a hundred-millionth of the dearest, so the cost
found is that of the linear program to better than a millionth.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from friendshore.errors import ArgumentError
from friendshore.planning.transport import Shipped, Transport, cost_of
from friendshore.tables.trade import Floats

__all__ = ["shipped_by_flow"]

TONS_STEPS = 1e12
COST_STEPS = 1e8


def shipped_by_flow(transport: Transport) -> Shipped:
    """Solve a transport as a minimum-cost flow.

    Raises
    ------
    ArgumentError
        ``flows_not_installed`` where OR-tools is absent.
    """
    flow = _solver()
    sellers, buyers = len(transport.capacity_t), len(transport.demand_t)
    total = float(transport.demand_t.sum())
    step = total / TONS_STEPS
    source = sellers + buyers
    demand = _whole(transport.demand_t, step)
    capacity = np.minimum(_whole(np.minimum(transport.capacity_t, total), step), demand.sum())
    dearest = max(float(transport.missing_usd.max()), 1e-300)
    cost = np.concatenate([np.zeros(sellers), transport.cost_usd, transport.missing_usd])
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([np.full(sellers, source), transport.seller, np.full(buyers, source)]),
        np.concatenate([np.arange(sellers), sellers + transport.buyer, sellers + np.arange(buyers)]),
        np.concatenate([capacity, _whole(transport.most_t, step), demand]),
        np.round(cost * (COST_STEPS / dearest)).astype(np.int64),
    )
    flow.set_nodes_supplies(
        np.concatenate([sellers + np.arange(buyers), [source]]), np.concatenate([-demand, [demand.sum()]])
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        msg = f"a transport that can leave everything missing came back {status}"
        raise RuntimeError(msg)
    moved = np.asarray(flow.flows(arcs), np.float64)[sellers:] * step
    tons, missing = moved[: len(transport.cost_usd)], moved[len(transport.cost_usd) :]
    return Shipped(tons, missing, cost_of(transport, tons, missing), None)


def _whole(tons: Floats, step: float) -> Any:  # noqa: ANN401  numbers or arrays of any shape
    return np.round(tons / step).astype(np.int64)


def _solver() -> Any:  # noqa: ANN401  the solver's own object
    try:
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
    except ImportError as error:
        raise ArgumentError(
            "The flow solver is not installed.",
            code="flows_not_installed",
            hint="pip install 'friendshore[flows]', or leave the solver at its default, highs.",
        ) from error
    return SimpleMinCostFlow()
