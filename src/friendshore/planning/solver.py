"""How a program's arrays reach HiGHS and how its answer comes back; asked by :mod:`friendshore.planning.program` alone.

One thread, a fixed seed: the same program gives the same answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.planning.program import Answer, Arrays
from friendshore.tables.trade import Floats, Indices

__all__ = ["conflict", "minimise", "minimise_ones", "right_side_ranges", "slopes"]

_NONE = np.zeros(0)
_OPTIONS: tuple[tuple[str, Any], ...] = (
    ("output_flag", False),
    ("log_to_console", False),
    ("threads", 1),
    ("random_seed", 0),
    ("primal_feasibility_tolerance", 1e-9),
    ("mip_feasibility_tolerance", 1e-7),
    ("mip_abs_gap", 1e-9),
    # Programs here have few integers and a tight relaxation: searching for solutions by sub-programs takes four
    # times as long as finding them on the way.
    ("mip_heuristic_effort", 0.0),
    ("mip_heuristic_run_rins", False),
    ("mip_heuristic_run_rens", False),
    ("mip_heuristic_run_root_reduced_cost", False),
)

_IIS_ELASTIC, _IIS_IRREDUCIBLE = 2, 4


def minimise(
    arrays: Arrays,
    *,
    gap: float,
    seconds: float,
    start: Floats | None,
    relaxed: bool,
    fixed: Floats | None,
    keep: NDArray[np.bool_] | None = None,
    cost: Floats | None,
    row_upper: Floats | None,
    row_lower: Floats | None,
) -> Answer:
    """Solve; see :meth:`friendshore.planning.program.Program.minimise`."""
    task = _Task(arrays, cost, row_lower, row_upper)
    integer = arrays.integer & (not relaxed)
    if fixed is not None:
        whole = fixed if relaxed else np.where(arrays.integer, np.round(fixed), fixed)
        task.keep(arrays.integer if keep is None else keep, whole)
        integer = np.zeros_like(integer)
    if not len(arrays.cost):
        held = (task.row_lower <= 0).all() and (task.row_upper >= 0).all()
        return Answer(
            "optimal" if held else "infeasible", 0.0, 0.0, _NONE, np.zeros(len(task.row_lower)), _NONE
        )
    solver = task.opened(integer, gap, seconds)
    if start is not None and integer.any():
        _begin(solver, task, start)
    solver.run()
    status = _status(solver)
    if status in ("infeasible", "either") and not integer.any():
        # Presolve calls some feasible programs infeasible: asked again without it.
        solver = task.opened(integer, gap, seconds)
        solver.setOptionValue("presolve", "off")
        solver.run()
        status = _status(solver)
    if status == "either":
        status = _told_apart(task, integer, seconds)
    answer = task.answer(solver, status, with_duals=not integer.any())
    if not integer.any() or not len(answer.values):
        return answer
    return _rounded(task, integer, answer)


def _rounded(task: _Task, integer: NDArray[np.bool_], answer: Answer) -> Answer:
    """Make integers whole that are so only within a tolerance, and work out the rest again, exactly."""
    task.keep(integer, np.round(answer.values))
    solver = task.opened(np.zeros_like(integer), 0.0, np.inf)
    solver.run()
    whole = task.answer(solver, _status(solver), with_duals=True)
    if not len(whole.values):
        return answer
    gap = _gap(whole.objective, answer.bound, task.usd)
    return replace(answer, values=whole.values, objective=whole.objective, gap=gap)


def minimise_ones(arrays: Arrays, usd: float) -> Answer:
    """Solve; see :func:`friendshore.planning.program.minimise`. Without presolve, which costs more than it saves."""
    import highspy
    from highspy._core import _Highs as Highs

    solver = Highs()
    options: dict[str, Any] = {
        "output_flag": False, "log_to_console": False, "threads": 1, "random_seed": 0, "presolve": "off",
        "simplex_scale_strategy": 0, "simplex_dual_edge_weight_strategy": 0, "primal_feasibility_tolerance": 1e-10,
        "dual_feasibility_tolerance": 1e-9,
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    unit = float(arrays.unit.max(initial=0.0)) or 1.0
    width, height = len(arrays.cost), len(arrays.row_lower)
    solver.passModel(
        width, height, len(arrays.rows), int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), 0.0,
        arrays.cost / usd, arrays.lower / unit, arrays.upper / unit, arrays.row_lower / unit,
        arrays.row_upper / unit, arrays.starts, arrays.rows, arrays.coefficients, np.zeros(width, np.int32),
    )  # fmt: skip
    solver.run()
    status = _status(solver)
    if status != "optimal":
        return Answer(status, np.nan, np.nan, _NONE, _NONE, _NONE)
    found = solver.getSolution()
    values = np.clip(np.array(found.col_value) * unit, arrays.lower, arrays.upper)
    objective = float(values @ arrays.cost)
    duals, reduced = np.array(found.row_dual) * usd, np.array(found.col_dual) * usd
    return Answer(status, objective, 0.0, values, duals, reduced, objective)


class _Task:
    """Arrays as the solver sees them: scaled by the unit of each variable, the largest of each row, and of costs."""

    def __init__(
        self, arrays: Arrays, cost: Floats | None, row_lower: Floats | None, row_upper: Floats | None
    ) -> None:
        self.arrays = arrays
        self.unit = np.where(arrays.integer, 1.0, arrays.unit)
        self.value = arrays.coefficients * self.unit[arrays.columns]
        largest = np.zeros(len(arrays.row_lower))
        np.maximum.at(largest, arrays.rows, np.abs(self.value))
        self.row_unit = np.where(largest > 0, largest, 1.0)
        self.value = self.value / self.row_unit[arrays.rows]
        self.row_lower = (arrays.row_lower if row_lower is None else row_lower) / self.row_unit
        self.row_upper = (arrays.row_upper if row_upper is None else row_upper) / self.row_unit
        self.raw_cost = arrays.cost if cost is None else cost
        priced = self.raw_cost * self.unit
        self.usd = float(np.abs(priced).max(initial=0.0)) or 1.0
        self.cost = priced / self.usd
        self.lower, self.upper = arrays.lower / self.unit, arrays.upper / self.unit

    def keep(self, kept: NDArray[np.bool_], values: Floats) -> None:
        """Keep variables at given values."""
        scaled = np.clip(values / self.unit, self.lower, self.upper)
        self.lower = np.where(kept, scaled, self.lower)
        self.upper = np.where(kept, scaled, self.upper)

    def opened(self, integer: NDArray[np.bool_], gap: float, seconds: float, *, priced: bool = True) -> Any:  # noqa: ANN401  numbers or arrays of any shape
        """Hand it to a new solver."""
        import highspy
        from highspy._core import _Highs as Highs

        # The public class greets on standard output as soon as it is made, where machines read our JSON.
        solver = Highs()
        asked: tuple[tuple[str, Any], ...] = (("mip_rel_gap", gap), ("time_limit", float(min(seconds, 1e20))))
        for name, value in (*_OPTIONS, *asked):
            solver.setOptionValue(name, value)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.row_lower)
        lp.col_cost_ = self.cost if priced else np.zeros(len(self.cost))
        # Bounds of integers that are none themselves lead HiGHS to solutions that are not best.
        lp.col_lower_ = np.where(integer, np.ceil(self.lower - 1e-9), self.lower)
        lp.col_upper_ = np.where(integer, np.floor(self.upper + 1e-9), self.upper)
        lp.row_lower_, lp.row_upper_ = self.row_lower, self.row_upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = self.arrays.starts, self.arrays.rows
        lp.a_matrix_.value_ = self.value
        if integer.any():
            # Presolve saves no time here, and it calls programs with dust among their numbers infeasible.
            solver.setOptionValue("presolve", "off")
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[flag] for flag in integer.tolist()]
        solver.passModel(lp)
        return solver

    def answer(self, solver: Any, status: str, *, with_duals: bool) -> Answer:  # noqa: ANN401  the solver's own object
        """Read values and duals in the program's own units."""
        info, found = solver.getInfo(), solver.getSolution()
        feasible = info.primal_solution_status == 2 and status in ("optimal", "time_limit")
        if not feasible:
            value = {"unbounded": -np.inf, "infeasible": np.inf}.get(status, np.nan)
            return Answer(status, value, np.nan, _NONE, _NONE, _NONE)
        values = np.array(found.col_value)
        values = np.clip(values, self.lower, self.upper) * self.unit
        objective = float(values @ self.raw_cost)
        if not with_duals:
            bound = float(info.mip_dual_bound) * self.usd
            return Answer(status, objective, _gap(objective, bound, self.usd), values, _NONE, _NONE, bound)
        duals = np.array(found.row_dual) * self.usd / self.row_unit
        reduced = np.array(found.col_dual) * self.usd / self.unit
        proven = status == "optimal"
        return Answer(
            status,
            objective,
            0.0 if proven else np.inf,
            values,
            duals,
            reduced,
            objective if proven else -np.inf,
        )


def _gap(objective: float, bound: float, usd: float) -> float:
    distance = max(0.0, objective - bound)
    return 0.0 if distance <= 1e-9 * usd else distance / max(abs(objective), 1e-300)


def _begin(solver: Any, task: _Task, start: Floats) -> None:  # noqa: ANN401  the solver's own object
    """Hand over a first solution: its integers, so that the solver works out the rest, and all of it."""
    import highspy

    solution = highspy.HighsSolution()
    solution.col_value = list(start / task.unit)
    solver.setSolution(solution)


def _status(solver: Any) -> str:  # noqa: ANN401  the solver's own object
    import highspy

    found = highspy.HighsModelStatus
    return {
        found.kOptimal: "optimal",
        found.kInfeasible: "infeasible",
        found.kUnbounded: "unbounded",
        found.kUnboundedOrInfeasible: "either",
        found.kTimeLimit: "time_limit",
        found.kIterationLimit: "time_limit",
        found.kSolutionLimit: "time_limit",
    }.get(solver.getModelStatus(), "failed")


def _told_apart(task: _Task, integer: NDArray[np.bool_], seconds: float) -> str:
    """Without a price to lower, what is left is either feasible, so that the program was unbounded, or not."""
    solver = task.opened(integer, 1.0, seconds, priced=False)
    solver.run()
    return {"optimal": "unbounded", "infeasible": "infeasible"}.get(_status(solver), "failed")


def right_side_ranges(arrays: Arrays, answer: Answer, *, fixed: bool = True) -> tuple[Floats, Floats]:
    """Return by row between which values of its activity its dual holds, everything else as it is.

    Parameters
    ----------
    arrays
        Of the program.
    answer
        Of the program, with integers kept at their values if ``fixed``.
    fixed
        Whether integers are kept.
    """
    task = _Task(arrays, None, None, None)
    if fixed:
        task.keep(arrays.integer, np.round(answer.values))
    solver = task.opened(np.zeros_like(arrays.integer), 0.0, np.inf)
    solver.run()
    _, ranging = solver.getRanging()
    low = np.array(ranging.row_bound_dn.value_) * task.row_unit
    high = np.array(ranging.row_bound_up.value_) * task.row_unit
    return np.minimum(low, high), np.maximum(low, high)


def slopes(
    arrays: Arrays,
    values: Floats,
    limits: Sequence[tuple[str, int]],
    *,
    cost: Floats | None,
    step: float = 1e-4,
) -> list[tuple[float, float]]:
    """Return what one less and one more of each limit changes in the objective, by trying it.

    Parameters
    ----------
    arrays
        Of the program.
    values
        Of all variables; integers are kept at them.
    limits
        Each ``row`` or ``column`` (its upper bound) with its number.
    cost
        In place of the program's own.
    step
        Part of a limit by which it is moved.
    """
    task = _Task(arrays, cost, None, None)
    task.keep(arrays.integer, np.round(values))
    solver = task.opened(np.zeros_like(arrays.integer), 0.0, np.inf)
    solver.run()
    base = solver.getInfo().objective_function_value
    found = []
    for kind, n in limits:
        low, high = (task.row_lower, task.row_upper) if kind == "row" else (task.lower, task.upper)
        unit = task.row_unit[n] if kind == "row" else task.unit[n]
        change = solver.changeRowBounds if kind == "row" else solver.changeColBounds
        near = high[n] if np.isfinite(high[n]) else low[n]
        by = step * max(abs(float(near)), 1e-3)
        sides = []
        for sign in (-1.0, 1.0):
            moved_low = low[n] + sign * by if kind == "row" and np.isfinite(low[n]) else low[n]
            moved_high = high[n] + sign * by if np.isfinite(high[n]) else high[n]
            change(n, float(min(moved_low, moved_high)), float(moved_high))
            solver.run()
            best = solver.getInfo().objective_function_value
            sides.append(
                sign * (best - base) / by * task.usd / unit if _status(solver) == "optimal" else np.nan
            )
        change(n, float(low[n]), float(high[n]))
        solver.run()
        # One less of it may leave no plan at all: then its price is what is known from the other side, or more.
        found.append((float(sides[0]) if np.isfinite(sides[0]) else -np.inf, float(sides[1])))
    return found


def conflict(arrays: Arrays, *, only_tell: bool = False) -> tuple[Indices, Indices]:
    """Return rows and variables (their bounds) of a set of limits that clash, of which none can be left out.

    Parameters
    ----------
    arrays
        Of the program. Integers count as broken; both are empty where the program without integers is feasible.
    only_tell
        Whether it is enough to know that there is one: then any row stands for it.
    """
    import highspy

    none = np.zeros(0, np.int64)
    task = _Task(arrays, np.zeros(len(arrays.cost)), None, None)
    solver = task.opened(np.zeros_like(arrays.integer), 0.0, np.inf)
    solver.run()
    if _status(solver) not in ("infeasible", "either"):
        return none, none
    if only_tell:
        return np.zeros(1, np.int64), none
    for strategy in (_IIS_ELASTIC | _IIS_IRREDUCIBLE, _IIS_IRREDUCIBLE):
        solver.setOptionValue("iis_strategy", strategy)
        status, found = solver.getIis()
        if status != highspy.HighsStatus.kError and len(found.row_index_):
            return np.array(found.row_index_, np.int64), np.array(found.col_index_, np.int64)
    return none, none
