"""What takes part in a program: links, periods and rows of a coalition that can move at all; columns with their places.

Left out from the beginning: cases that strike no member of the coalition, periods of length 0, members' products
without demand, and in a case the demand of whoever has nothing cut. That keeps programs small and changes no plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from friendshore.planning.problem import Objective, Problem, Sharing
from friendshore.planning.program import Block, Program
from friendshore.tables.trade import Floats, Indices

__all__ = ["OPEN", "Built", "Column", "Frame", "framed"]

OPEN = 1.0 - 1e-9
"""From this share on a link counts as untouched."""
NOTHING = 1e-9
"""Share of a member's demand below which a claim or what is freed is no supply."""


@dataclass(frozen=True, eq=False)
class Column:
    """A block of variables and where each stands in the axes of the problem."""

    block: Block
    where: tuple[Indices, ...]
    shape: tuple[int, ...]
    size: Floats
    """Tons (or dollars) for one of the variable: a lump where it counts lumps, else 1."""
    upper_by: Floats
    """(variable, member) whose limit its upper bound is; zeros where it is nobody's."""
    number: Indices
    """In the axes of the problem: the variable's number in the program, -1 where there is none."""

    def spread(self, values: Floats) -> Floats:
        """Put the values of the program's variables into the axes of the problem, in tons."""
        full = np.zeros(self.shape)
        full[self.where] = values[self.block.start : self.block.start + self.block.size] * self.size
        return full


@dataclass(frozen=True, eq=False)
class Frame:
    """The part of a problem that a coalition decides on."""

    problem: Problem
    objective: Objective
    sharing: Sharing
    members: Indices
    """Positions in the coalition, ascending."""
    inside: NDArray[np.bool_]
    """(M,)"""
    links: Indices
    """Positions of the coalition's links whose product it needs."""
    case: Indices
    """(P,) case of each (case, period) with months in it."""
    period: Indices
    """(P,)"""
    years: Floats
    """(P,) length in years."""
    demand: Floats
    """(M, K) a year, 0 outside the coalition."""
    needed: NDArray[np.bool_]
    """(P, M, K) whose demand something in the case may leave short."""
    group: Indices
    """(M,) who owns a plant together: all the same number, or each its own; -1 outside."""
    groups: int
    usable: NDArray[np.bool_]
    """(L,) links that may carry more than today."""
    claim: Floats
    """(L,) tons a year that the link's supplier may be asked for, 0 outside ``links``."""
    pool: Indices
    """(L,) number of the supplier and product: rows of one claim when claims are pooled."""
    pools: int

    @property
    def weights(self) -> Floats:
        """(S,) weight of each case in the costs: its probability, or none where costs enter by case."""
        by_case = self.objective.kind in ("worst_case", "cvar")
        return np.array([0.0 if by_case else case.probability for case in self.problem.cases])

    @property
    def place(self) -> Indices:
        """(S, R) number of each case and period that takes part, -1 for others."""
        place = np.full(self.problem.period_months.shape, -1, dtype=np.int64)
        place[self.case, self.period] = np.arange(len(self.case))
        return place

    def owned(self, member: Indices, amount: Floats) -> Floats:
        """Return (row, M) amounts that belong to one member each."""
        found = np.zeros((len(member), len(self.inside)))
        found[np.arange(len(member)), member] = amount
        return found


@dataclass(eq=False)
class Built:
    """A program with what its variables and rows mean."""

    frame: Frame
    program: Program = field(default_factory=Program)
    columns: dict[str, Column] = field(default_factory=dict)
    rows: dict[str, tuple[Block, tuple[Indices, ...], Floats]] = field(default_factory=dict)
    """By name: block, its axes as positions in the problem, and (row, member) whose the right side is."""

    def add(
        self, name: str, where: tuple[Indices, ...], shape: tuple[int, ...], axes: str, *, upper: Any = np.inf,  # noqa: ANN401  numbers or arrays of any shape
        cost: Any = 0.0, unit: Any = 1.0, integer: bool = False, size: Any = 1.0, upper_by: Floats | None = None,  # noqa: ANN401  numbers or arrays of any shape
        lower: float = 0.0,
    ) -> Column:  # fmt: skip
        """Add variables at some places of the axes."""
        count = len(where[0])
        block = self.program.variables(
            name, (count,), lower=lower, upper=upper, cost=cost, unit=unit, integer=integer,
            labels=self.labels(axes, where),
        )  # fmt: skip
        number = np.full(shape, -1, dtype=np.int64)
        number[where] = block.at
        owners = np.zeros((count, len(self.frame.inside))) if upper_by is None else upper_by
        sizes = np.broadcast_to(np.asarray(size, np.float64), (count,))
        self.columns[name] = Column(block, where, shape, sizes, owners, number)
        return self.columns[name]

    def limit(
        self, name: str, where: tuple[Indices, ...], axes: str, *terms: tuple[Any, Any, Any], by: Floats,
        lower: Any = None, upper: Any = None,  # noqa: ANN401  numbers or arrays of any shape
    ) -> Block:  # fmt: skip
        """Add rows; terms whose variable is -1 are left out. The side that is given is split by member in ``by``."""
        kept = []
        for row, variable, coefficient in terms:
            r, v, c = np.broadcast_arrays(row, variable, np.asarray(coefficient, np.float64))
            there = v >= 0
            kept.append((r[there], v[there], c[there]))
        block = self.program.rows(
            name, (len(where[0]),), *kept, lower=-np.inf if lower is None else lower,
            upper=np.inf if upper is None else upper, labels=self.labels(axes, where),
        )  # fmt: skip
        self.rows[name] = block, where, by
        return block

    def labels(self, axes: str, where: tuple[Indices, ...]) -> Callable[[], Sequence[str]]:
        """Name places: one letter for each axis, L a link, S a case, R a period, H, M, K, I a supplier."""
        problem = self.frame.problem

        def of(axis: str, at: int) -> str:
            if axis == "L":
                link = problem.link_member[at], problem.link_product[at], problem.link_supplier[at]
                return ",".join(of(a, int(n)) for a, n in zip("MKI", link, strict=True))
            if axis == "R":
                return f"{problem.bounds[at]:g}-{problem.bounds[at + 1]:g}"
            if axis == "C":
                return "all"
            if axis == "O":
                return "all" if self.frame.sharing.lumps else problem.members[self.frame.members[at]]
            names: Sequence[Any] = {
                "S": [case.name for case in problem.cases], "H": problem.hosts, "M": problem.members,
                "K": problem.products, "I": problem.suppliers,
            }[axis]  # fmt: skip
            return str(names[at])

        return lambda: [
            ",".join(of(axis, int(at)) for axis, at in zip(axes, place, strict=True))
            for place in zip(*where, strict=True)
        ]

    def number(self, name: str) -> Indices:
        """Where variables of a name stand; all -1 where there are none."""
        return self.columns[name].number


def framed(problem: Problem, objective: Objective, sharing: Sharing, coalition: Sequence[int]) -> Frame:
    """Choose what takes part."""
    members = np.array(sorted(set(coalition)), dtype=np.int64)
    inside = np.zeros(len(problem.members), bool)
    inside[members] = True
    demand = np.where(inside[:, None], problem.demand_t, 0.0)
    need = demand[problem.link_member, problem.link_product]
    links = np.flatnonzero(need > 0)
    claim = np.zeros(len(need))
    may = problem.link_usable & ~problem.link_concern & (need > 0)
    claim[may] = problem.link_claim_t[may]
    claim[claim <= NOTHING * need] = 0.0
    names = {problem.members[m] for m in members.tolist()}
    felt = np.array([bool(names & set(case.struck)) for case in problem.cases], bool)
    months = problem.period_months
    case, period = np.nonzero((months > 0) & felt[:, None])
    pool = problem.link_product * len(problem.suppliers) + problem.link_supplier
    group = np.full(len(inside), -1, dtype=np.int64)
    group[members] = 0 if sharing.lumps else np.arange(len(members))
    return Frame(
        problem=problem, objective=objective, sharing=sharing, members=members, inside=inside, links=links,
        case=case, period=period, years=months[case, period] / 12, demand=demand,
        needed=_needed(problem, demand, links, claim, case, period), group=group,
        groups=1 if sharing.lumps else len(members), usable=problem.link_usable & (need > 0), claim=claim, pool=pool,
        pools=len(problem.products) * len(problem.suppliers),
    )  # fmt: skip


def _needed(
    problem: Problem, demand: Floats, links: Indices, claim: Floats, case: Indices, period: Indices
) -> NDArray[np.bool_]:
    """(P, M, K) where a link is cut that carries something or may, or a plant may lack feed."""
    carrying = links[(problem.link_t[links] > 0) | (claim[links] > 0)]
    cut = np.less(problem.open_share[case[:, None], period[:, None], carrying[None, :]], OPEN)
    found = np.zeros((len(case), *demand.shape), bool)
    p, at = np.nonzero(cut)
    link = carrying[at]
    found[p, problem.link_member[link], problem.link_product[link]] = True
    fed = np.greater_equal(problem.feed_open[case, period], OPEN)
    starved: NDArray[np.bool_] = np.any(problem.buildable[None] & ~fed, axis=1)
    return (found | starved[:, None, :]) & np.greater(demand, 0.0)
