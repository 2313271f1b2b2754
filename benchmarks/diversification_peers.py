"""Every product and country spread at once: ours, and the same program by SciPy and by linopy as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from friendshore.planning.diversify_all import diversify_all, transports
from friendshore.planning.transport import Transport, arrays_of
from friendshore.tables.box import open_box
from friendshore.tables.trade import Floats, Trade

__all__ = ["diversification_jobs", "flow_jobs", "linopy_one", "one_program", "rows", "scipy_one"]

YEAR = 2022
MILLION = 1e6


def rows(size: str) -> Trade:
    """Trade of the year; ``tiny`` is three products."""
    world = open_box()
    codes = ("250410", "280530", "810520") if size == "tiny" else world.products
    return world.trade((YEAR,), codes, quantities="cleaned")


def one_program(trade: Trade) -> Transport:
    """All products side by side in one transport: tons by the product's mean demand, money by ``MILLION``."""
    found = [each[-1] for each in transports(trade, YEAR)]
    tons = [float(each.demand_t.mean()) for each in found]
    usd = [MILLION / t for t in tons]
    buyers = np.cumsum([0, *(len(each.demand_t) for each in found)])
    sellers = np.cumsum([0, *(len(each.capacity_t) for each in found)])

    def joined(name: str, units: list[float]) -> Floats:
        return np.concatenate([getattr(each, name) / unit for each, unit in zip(found, units, strict=True)])

    return Transport(
        joined("demand_t", tons),
        joined("capacity_t", tons),
        np.concatenate([each.seller + start for each, start in zip(found, sellers[:-1], strict=True)]),
        np.concatenate([each.buyer + start for each, start in zip(found, buyers[:-1], strict=True)]),
        joined("cost_usd", usd),
        joined("most_t", tons),
        joined("missing_usd", usd),
    )


def scipy_one(trade: Trade) -> float:
    """Solve by ``scipy.optimize.linprog``."""
    from scipy.optimize import linprog
    from scipy.sparse import csc_array

    whole = one_program(trade)
    arrays = arrays_of(whole)
    matrix = csc_array(
        (arrays.coefficients, arrays.rows, arrays.starts), shape=(len(arrays.row_lower), len(arrays.cost))
    )
    buyers = len(whole.demand_t)
    found = linprog(
        arrays.cost, A_ub=matrix[buyers:], b_ub=whole.capacity_t, A_eq=matrix[:buyers], b_eq=whole.demand_t,
        bounds=np.column_stack([arrays.lower, arrays.upper]), method="highs",
    )  # fmt: skip
    return float(found.fun) * MILLION


def linopy_one(trade: Trade) -> float:
    """Solve by linopy, handed to the solver without a file between."""
    import linopy
    import pandas as pd
    import xarray as xr

    whole = one_program(trade)
    model = linopy.Model()
    ways = pd.RangeIndex(len(whole.cost_usd), name="way")
    buyers = pd.RangeIndex(len(whole.demand_t), name="buyer")
    sellers = pd.RangeIndex(len(whole.capacity_t), name="seller")
    bought = model.add_variables(lower=0, upper=pd.Series(whole.most_t, ways), name="bought")
    missing = model.add_variables(lower=0, upper=pd.Series(whole.demand_t, buyers), name="missing")
    buyer = xr.DataArray(whole.buyer, {"way": ways}, name="buyer")
    seller = xr.DataArray(whole.seller, {"way": ways}, name="seller")
    model.add_constraints(bought.groupby(buyer).sum() + missing == pd.Series(whole.demand_t, buyers))
    taken = bought.groupby(seller).sum()
    sold = taken.coords["seller"].to_numpy()
    model.add_constraints(taken <= pd.Series(whole.capacity_t, sellers).loc[sold])
    model.add_objective(
        (pd.Series(whole.cost_usd, ways) * bought).sum()
        + (pd.Series(whole.missing_usd, buyers) * missing).sum()
    )
    model.solve("highs", io_api="direct", output_flag=False, threads=1)
    return float(model.objective.value) * MILLION


def diversification_jobs(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return the jobs, each from rows of trade to the answer."""
    trade = rows(size)
    return {
        "friendshore": lambda: diversify_all(trade, YEAR),
        "scipy": lambda: scipy_one(trade),
        "linopy": lambda: linopy_one(trade),
        "of ours, building alone": lambda: [arrays_of(each[-1]) for each in transports(trade, YEAR)],
    }


def flow_jobs(size: str) -> Mapping[str, Callable[[], Any]]:
    """Return the same jobs, ours by the flow solver."""
    trade = rows(size)
    return {
        "friendshore, flows": lambda: diversify_all(trade, YEAR, solver="flows"),
        "scipy": lambda: scipy_one(trade),
        "linopy": lambda: linopy_one(trade),
    }
