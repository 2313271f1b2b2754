"""From the solver's values to a plan: quantities in the axes of the problem, and who bears which cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from friendshore.planning.formulation import Built
from friendshore.planning.formulation_normal import budgets_of, dearer
from friendshore.planning.problem import Plan
from friendshore.tables.trade import Floats

__all__ = ["case_weights", "empty_plan", "read_plan"]

PARTS = ("switching", "capital", "operating", "stock", "emergency", "outsiders", "qualification", "lost")
_DUST = 1e-9
"""Part of a variable's unit below which the solver means 0."""


def read_plan(built: Built, values: Floats, *, status: str, gap: float, objective: float) -> Plan:
    """Read a plan out of the values of a program's variables."""
    frame, problem = built.frame, built.frame.problem
    units = built.program.arrays().unit
    clean = np.where(np.abs(values) < _DUST * units, 0.0, values)
    tons = {name: column.spread(clean) for name, column in built.columns.items()}
    owned = (
        tons["plant"]
        + np.round(tons["lumps"] / np.where(problem.lump_t > 0, problem.lump_t, 1.0)[:, None])
        * (problem.lump_t[:, None])
    )
    used = _use(built, tons["output"], tons["delivered"], owned)
    support = _support(built, owned, used, tons["stock"])
    plan = replace(
        empty_plan(built, status), objective_value=objective, gap=gap, normal_t=tons["kept"] + tons["new"],
        new_t=tons["new"], capacity_t=owned.sum(axis=2), support_usd=support, output_t=tons["output"],
        stock_t=tons["stock"], emergency_t=tons["emergency"], delivered_t=tons["delivered"], drawn_t=tons["drawn"],
        redirected_t=tons["redirected"], shortage_t=tons["shortage"],
    )  # fmt: skip
    costs = _costs(built, plan, owned, used, tons["qualified"])
    by_member = np.sum([costs[name] for name in PARTS], axis=0)
    total = float(by_member.sum())
    return replace(
        plan, member_cost_usd=by_member, member_lost_usd=costs["lost"], cost_usd=total,
        cost_parts_usd={n: float(costs[n].sum()) for n in PARTS},
        objective_value=objective if frame.objective.kind == "least_shortage" else total,
    )  # fmt: skip


def empty_plan(built: Built, status: str) -> Plan:
    """Return a plan in which nothing is decided: nothing was found."""
    problem = built.frame.problem
    s, r = problem.period_months.shape
    h, m, k, n = len(problem.hosts), len(problem.members), len(problem.products), len(problem.link_t)
    value = {"unbounded": -np.inf}.get(status, np.inf)
    return Plan(
        problem=problem, objective=built.frame.objective, sharing=built.frame.sharing,
        coalition=tuple(built.frame.members.tolist()), status=status, objective_value=value, gap=np.inf,
        normal_t=np.zeros(n), new_t=np.zeros(n), capacity_t=np.zeros((h, k)), support_usd=np.zeros((m, h, k)),
        output_t=np.zeros((h, m, k)), stock_t=np.zeros((m, k)), emergency_t=np.zeros((s, r, n)),
        delivered_t=np.zeros((s, r, h, m, k)), drawn_t=np.zeros((s, r, m, k)),
        redirected_t=np.zeros((s, r, m, m, k)), shortage_t=np.zeros((s, r, m, k)),
        member_cost_usd=np.where(built.frame.inside, value, 0.0), cost_usd=value,
        cost_parts_usd=dict.fromkeys(PARTS, 0.0),
    )  # fmt: skip


def _use(built: Built, output: Floats, delivered: Floats, owned: Floats) -> Floats:
    """(M, H, K) each member's part in the use of a plant: its purchases, else its deliveries, else its demand."""
    frame = built.frame
    if not frame.sharing.lumps:
        found = np.zeros((len(frame.inside), *owned.shape[:2]))
        found[frame.members] = owned.transpose(2, 0, 1)
        return _parts(found)
    found = output.transpose(1, 0, 2).copy()
    for other in (
        delivered.sum(axis=(0, 1)).transpose(1, 0, 2),
        np.broadcast_to(frame.demand[:, None], found.shape),
    ):
        unused = found.sum(axis=0) <= 0
        found[:, unused] = other[:, unused]
    return _parts(found)


def _parts(amounts: Floats) -> Floats:
    total = amounts.sum(axis=0)
    there = np.broadcast_to(total > 0, amounts.shape)
    return np.asarray(np.divide(amounts, total, out=np.zeros_like(amounts), where=there), np.float64)


def _support(built: Built, owned: Floats, used: Floats, stock: Floats) -> Floats:
    """(M, H, K) who pays for plants: by use; where a purse is too small, the rest from whoever has room."""
    frame, problem = built.frame, built.frame.problem
    due = problem.costs.support_share * problem.costs.capital_usd_per_t * owned.sum(axis=2)
    paid = used * due
    if not frame.sharing.lumps or frame.sharing.budgets:
        return np.asarray(paid, np.float64)
    room = np.maximum(0.0, budgets_of(problem) - (problem.price * stock).sum(axis=1))
    room = np.where(frame.inside, room, 0.0)
    wanted = paid.sum(axis=(1, 2))
    over = wanted > room * (1 + 1e-12)
    if not over.any():
        return np.asarray(paid, np.float64)
    scale = np.where(over, np.divide(room, wanted, out=np.ones_like(room), where=wanted > 0), 1.0)
    kept = paid * scale[:, None, None]
    missing = due - kept.sum(axis=0)
    left = np.where(over, 0.0, room - wanted)
    endless = np.isinf(left)
    share = _parts(np.where(endless, 1.0, 0.0) if endless.any() else left)
    return np.asarray(kept + share[:, None, None] * missing, np.float64)


def case_weights(built: Built, by_case: Floats) -> Floats:
    """(S,) how much each case counts in the objective, given what it costs should it begin."""
    frame = built.frame
    chance = np.array([case.probability for case in frame.problem.cases])
    kind = frame.objective.kind
    if kind not in ("worst_case", "cvar"):
        return chance
    weight = np.zeros(len(chance))
    here = np.unique(frame.case)
    order = here[np.argsort(-by_case[here], kind="stable")]
    if kind == "worst_case":
        weight[order[:1]] = 1.0
        return weight
    left = 1.0 - frame.objective.tail
    for s in order.tolist():
        weight[s] = min(chance[s], left)
        left -= weight[s]
    return weight / (1.0 - frame.objective.tail)


def _costs(built: Built, plan: Plan, owned: Floats, used: Floats, qualified: Floats) -> dict[str, Floats]:
    """By part, (M,) yearly cost over today."""
    frame, problem = built.frame, built.frame.problem
    costs, price = problem.costs, problem.price
    members, lm, lk = len(frame.inside), problem.link_member, problem.link_product
    links = np.arange(len(lm))
    dear = dearer(built, links)

    def by_member(amount: Floats) -> Floats:
        return np.asarray(np.bincount(lm, amount, members), np.float64)

    capital = costs.annuity * costs.capital_usd_per_t * owned.sum(axis=2)
    paid = _parts(plan.support_usd)
    paid = np.where(plan.support_usd.sum(axis=0) > 0, paid, used)
    borne = costs.support_share * paid + (1.0 - costs.support_share) * used
    unit = price * (costs.carrying_share + costs.annuity * costs.filling_share)
    emergency = np.zeros((len(problem.cases), members))
    for s in range(len(problem.cases)):
        emergency[s] = by_member(
            plan.emergency_t[s].sum(axis=0) * price[lm, lk] * (costs.emergency_share[lk] + dear)
        )
    turned = plan.redirected_t.sum(axis=(1, 2))
    emergency += (turned * price * costs.emergency_share).sum(axis=2)
    outsiders = (turned * price * costs.outsider_share).sum(axis=2)
    lost = (plan.shortage_t.sum(axis=1) * price * costs.value_factor).sum(axis=2)
    if frame.objective.kind in ("least_cost", "least_shortage"):
        lost = np.zeros_like(lost)
    weight = case_weights(built, (emergency + outsiders + lost).sum(axis=1))
    return {
        "switching": by_member(plan.new_t * price[lm, lk] * (costs.switching_share[lk] + dear)),
        "capital": (borne * capital).sum(axis=(1, 2)),
        "operating": (plan.output_t * costs.gap_usd_per_t[:, None, :]).sum(axis=(0, 2)),
        "stock": (plan.stock_t * unit).sum(axis=1),
        "emergency": weight @ emergency,
        "outsiders": weight @ outsiders,
        "qualification": by_member(np.round(qualified) * costs.annuity * problem.link_fee_usd),
        "lost": weight @ lost,
    }  # fmt: skip
