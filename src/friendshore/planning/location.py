"""Where to build with a budget for support: dependence first, cost second.

A firm builds at a site where support fills the gap between what the site costs and what it is worth to the firm; the
law limits support to a share of the cost of the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.errors import ArgumentError
from friendshore.planning.program import Answer, Block, Program
from friendshore.records import Record
from friendshore.tables.trade import Floats

__all__ = ["Located", "Sites", "frontier", "locate"]

FIRST_KEPT = 1e-9
"""Share of demand by which the second step may lose what the first one reached."""


@dataclass(frozen=True, eq=False)
class Sites:
    """Sites where a product could be made; arrays by site."""

    names: tuple[str, ...]
    fixed_usd: Floats
    """Cost of building."""
    capacity_t: Floats
    """Tons a year."""
    worth_usd: Floats
    """Net present value to the firm of running the site, before the cost of building."""
    rate: Floats
    """Highest support by law, as a share of ``fixed_usd``."""
    gap_usd: Floats
    """What a ton costs more than an imported one; the firm's ``worth_usd`` bears it, the buyer's cost counts it."""


class Located(Record):
    """Sites chosen under a budget."""

    budget_usd: float
    built: tuple[str, ...]
    support_usd: tuple[float, ...]
    """By site built."""
    made_t: tuple[float, ...]
    """By site built."""
    imports_t: float
    """What is still bought from outside."""
    dependence: float
    """Imports as a share of demand."""
    cost_usd: float
    """Support, and the gap of what is made."""


def locate(sites: Sites, demand_t: float, budget_usd: float) -> Located:
    """Choose sites so that imports are least, and among such choices cost.

    A firm is paid no less than ``fixed_usd - worth_usd`` and no more than ``rate * fixed_usd``: where the first is
    above the second, no legal support makes it build.

    Parameters
    ----------
    sites
        Where could be built.
    demand_t
        Tons a year.
    budget_usd
        For support, in all.

    Raises
    ------
    ArgumentError
        ``bad_sites`` for figures that mean nothing.
    """
    _refuse_nonsense(sites, demand_t, budget_usd)
    program = Program()
    n, each = len(sites.names), np.arange(len(sites.names))
    money = max(float(sites.fixed_usd.max(initial=0.0)), 1e-300)
    labels = lambda: sites.names  # noqa: E731  one use each
    built = program.variables("built", (n,), upper=1.0, integer=True, labels=labels)
    made = program.variables("made", (n,), cost=sites.gap_usd, unit=demand_t, labels=labels)
    support = program.variables("support", (n,), cost=1.0, unit=money, labels=labels)
    imports = program.variables("imports", (1,), unit=demand_t)
    program.rows("demand", (1,), (0, made.at, 1.0), (0, imports.at, 1.0), lower=demand_t, upper=demand_t)
    within = np.minimum(sites.capacity_t, demand_t)
    program.rows("capacity", (n,), (each, made.at, 1.0), (each, built.at, -within), upper=0.0, labels=labels)
    needed = np.maximum(0.0, sites.fixed_usd - sites.worth_usd)
    program.rows("firm", (n,), (each, support.at, 1.0), (each, built.at, -needed), lower=0.0, labels=labels)
    legal = sites.rate * sites.fixed_usd
    program.rows("legal", (n,), (each, support.at, 1.0), (each, built.at, -legal), upper=0.0, labels=labels)
    program.rows("budget", (1,), (0, support.at, 1.0), upper=budget_usd)
    first_cost = np.zeros(program.width)
    first_cost[imports.at] = 1.0
    least = float(program.minimise(gap=0.0, cost=first_cost).of(imports)[0])
    program.rows("dependence", (1,), (0, imports.at, 1.0), upper=least + FIRST_KEPT * demand_t)
    return _read(sites, demand_t, budget_usd, program.minimise(gap=0.0), (built, made, support))


def frontier(sites: Sites, demand_t: float, budgets_usd: Sequence[float]) -> tuple[Located, ...]:
    """Choose sites for one budget after another; a site of a small budget may be left out of a larger one."""
    return tuple(locate(sites, demand_t, budget) for budget in budgets_usd)


def _read(
    sites: Sites, demand_t: float, budget_usd: float, answer: Answer, blocks: tuple[Block, Block, Block]
) -> Located:
    built, made, support = (answer.of(block) for block in blocks)
    chosen = np.flatnonzero(built > 0.5).tolist()
    total = float(made[chosen].sum())
    imports = max(0.0, demand_t - total)
    return Located(
        budget_usd=budget_usd,
        built=tuple(sites.names[n] for n in chosen),
        support_usd=tuple(float(support[n]) for n in chosen),
        made_t=tuple(float(made[n]) for n in chosen),
        imports_t=imports,
        dependence=imports / demand_t,
        cost_usd=float(support[chosen].sum() + sites.gap_usd[chosen] @ made[chosen]),
    )


def _refuse_nonsense(sites: Sites, demand_t: float, budget_usd: float) -> None:
    n = len(sites.names)
    columns = {
        name: getattr(sites, name) for name in ("fixed_usd", "capacity_t", "worth_usd", "rate", "gap_usd")
    }
    wrong = next((f"{name} of {each.size} sites instead of {n}" for name, each in columns.items() if each.shape != (n,)), "")  # noqa: E501  # fmt: skip
    if not wrong:
        wrong = next(
            (f"{name} that is missing" for name, each in columns.items() if not np.isfinite(each).all()), ""
        )
    negative = [
        name for name in ("fixed_usd", "capacity_t", "rate") if not wrong and (columns[name] < 0).any()
    ]
    if negative:
        wrong = f"{negative[0]} below 0"
    elif not wrong and len(set(sites.names)) < n:
        wrong = "a site named twice"
    elif not wrong and (sites.rate > 1).any():
        wrong = "a rate above 1"
    elif not wrong and not (np.isfinite(demand_t) and demand_t > 0):
        wrong = f"a demand of {demand_t:g} t"
    elif not wrong and not budget_usd >= 0:
        wrong = f"a budget of {budget_usd:g} USD"
    if wrong:
        raise ArgumentError(
            f"Sites cannot be chosen with {wrong}.",
            code="bad_sites",
            hint="Every site needs a cost, a capacity and a worth, and a rate from 0 to 1; demand is above 0.",
        )
