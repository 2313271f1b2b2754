"""The cases: emergency purchases, plants, stock, own supply, and what is missing, period by period."""

from __future__ import annotations

import numpy as np

from friendshore.planning.formulation_emergency import emergency_limits, emergency_variables
from friendshore.planning.formulation_frame import Built
from friendshore.planning.formulation_normal import plant_terms
from friendshore.planning.formulation_weights import weigh_cases
from friendshore.tables.trade import Floats, Indices

__all__ = ["allowed_shortage", "crisis_limits", "crisis_variables"]


def crisis_variables(built: Built) -> None:
    """Add what can be done in each case, weighed in the costs by its probability."""
    frame, problem = built.frame, built.frame.problem
    shape = problem.period_months.shape
    p, m, k = np.nonzero(frame.needed)
    need = frame.demand[m, k] * frame.years[p]
    emergency_variables(built)
    _delivered(built)
    stocked = (built.number("stock") >= 0) | (problem.stock_held_t * (frame.demand > 0) > 0)
    if frame.sharing.risk:
        stocked = np.broadcast_to(stocked.any(axis=0), stocked.shape)
    some = stocked[m, k]
    built.add(
        "drawn", (frame.case[p[some]], frame.period[p[some]], m[some], k[some]), (*shape, *frame.demand.shape),
        "SRMK", unit=need[some],
    )  # fmt: skip
    _redirected(built)
    most = allowed_shortage(built, p, m, k)
    costs = problem.costs
    priced = frame.objective.kind == "expected_cost"
    weight = frame.weights[frame.case[p]] if priced else np.zeros(len(p))
    built.add(
        "shortage", (frame.case[p], frame.period[p], m, k), (*shape, *frame.demand.shape), "SRMK", unit=need,
        upper=most, cost=weight * costs.value_factor[k] * problem.price[m, k], upper_by=frame.owned(m, most),
    )  # fmt: skip


def allowed_shortage(built: Built, p: Indices, m: Indices, k: Indices) -> Floats:
    """Return the most that may be missing: all of it, or what the limit allows in the months for which it holds."""
    frame, problem = built.frame, built.frame.problem
    need = frame.demand[m, k] * frame.years[p]
    if frame.objective.kind != "least_cost":
        return need
    limits = problem.limits
    r = frame.period[p]
    within = np.clip((limits.months - problem.bounds[r]) / 12, 0.0, frame.years[p])
    return np.asarray(need - (1.0 - limits.shortage_share) * frame.demand[m, k] * within, np.float64)


def _delivered(built: Built) -> None:
    """Deliveries of new plants in a crisis, to whoever of the owners is short."""
    frame, problem = built.frame, built.frame.problem
    standing = (built.number("plant") >= 0) | (built.number("lumps") >= 0)
    members = frame.members
    owned = np.zeros((*standing.shape[:2], len(frame.inside)), bool)
    owned[:, :, members] = standing[:, :, frame.group[members]]
    runs = problem.online_share[frame.period][:, None, :] * problem.feed_open[frame.case, frame.period]
    some = frame.needed[:, None] & owned.transpose(0, 2, 1)[None] & (runs > 0)[:, :, None, :]
    p, h, j, k = np.nonzero(some)
    built.add(
        "delivered", (frame.case[p], frame.period[p], h, j, k),
        (*problem.period_months.shape, len(problem.hosts), *frame.demand.shape), "SRHMK",
        unit=frame.demand[j, k] * frame.years[p],
    )  # fmt: skip


def _redirected(built: Built) -> None:
    """Add a member's own exports, turned home, or to an ally where supply is opened."""
    frame, problem = built.frame, built.frame.problem
    opened = np.eye(len(frame.inside), dtype=bool)
    if frame.sharing.supply:
        opened[:] = True
    opened &= frame.inside[:, None] & frame.inside[None, :]
    has = (problem.own_exports_t > 0) & frame.inside[:, None]
    some = frame.needed[:, None] & opened[None, :, :, None] & has[None, :, None, :]
    p, m, j, k = np.nonzero(some)
    costs = problem.costs
    built.add(
        "redirected", (frame.case[p], frame.period[p], m, j, k),
        (*problem.period_months.shape, len(frame.inside), *frame.demand.shape), "SRMMK",
        unit=frame.demand[j, k] * frame.years[p],
        cost=frame.weights[frame.case[p]] * problem.price[j, k] * (costs.emergency_share[k] + costs.outsider_share[k]),
    )  # fmt: skip


def crisis_limits(built: Built) -> None:
    """Add the rows of the cases."""
    _scenario(built)
    _plants(built)
    _stock(built)
    _own_supply(built)
    emergency_limits(built)
    weigh_cases(built)


def _scenario(built: Built) -> None:
    """See that what arrives, is made, drawn, redirected and missing covers the demand of each period.

    A plant replaces purchases once it stands. Until then they go on, and arrive as the worst of today's links does.
    """
    frame, problem = built.frame, built.frame.problem
    p, m, k = np.nonzero(frame.needed)
    row = np.full(frame.needed.shape, -1, dtype=np.int64)
    row[p, m, k] = np.arange(len(p))
    links, place = frame.links, built.frame.place
    lm, lk = problem.link_member[links], problem.link_product[links]
    of = row[:, lm, lk]
    share = problem.open_share[frame.case[:, None], frame.period[:, None], links]
    years = frame.years[:, None]
    terms = [
        (of, built.number(name)[links], np.where(of >= 0, share * years, 0.0)) for name in ("kept", "new")
    ]
    for name in ("emergency", "delivered", "drawn", "redirected", "shortage"):
        column = built.columns[name]
        at = place[column.where[0], column.where[1]]
        if name == "emergency":
            who = problem.link_member[column.where[2]], problem.link_product[column.where[2]]
        else:
            who = column.where[-2], column.where[-1]
        terms.append((row[at, who[0], who[1]], column.block.at, np.ones(len(at))))
    worst = np.ones(frame.needed.shape)
    today = problem.link_t[links] > 0
    np.minimum.at(worst.transpose(1, 2, 0), (lm[today], lk[today]), share[:, today].T)
    _, oj, ok = built.columns["output"].where
    waits = (1.0 - problem.online_share[frame.period][:, ok]) * worst[:, oj, ok] * years
    at = row[:, oj, ok]
    terms.append((at, built.columns["output"].block.at, np.where(at >= 0, waits, 0.0)))
    need = frame.demand[m, k] * frame.years[p]
    if problem.relief_t is not None:
        need = need - problem.relief_t[frame.case[p], frame.period[p], m, k]
    kept = [(r[r >= 0], np.broadcast_to(v, r.shape)[r >= 0], c[r >= 0]) for r, v, c in terms]
    built.limit(
        "scenario", (frame.case[p], frame.period[p], m, k), "SRMK", *kept, lower=need, by=frame.owned(m, need)
    )  # fmt: skip


def _plants(built: Built) -> None:
    """Hold a plant to it: it delivers at most what it makes while it stands and is fed.

    Owners whom the case leaves untouched go on buying what they buy of it in normal times.
    """
    frame, problem = built.frame, built.frame.problem
    column = built.columns["delivered"]
    s, r, h, j, k = column.where
    p, o = built.frame.place[s, r], frame.group[j]
    key, of = np.unique(
        np.ravel_multi_index((p, h, k, o), (len(frame.case), *built.columns["plant"].shape)), return_inverse=True
    )  # fmt: skip
    p, h, k, o = np.unravel_index(key, (len(frame.case), *built.columns["plant"].shape))
    s, r = frame.case[p], frame.period[p]
    stands = problem.online_share[r, k] * frame.years[p]
    runs = stands * problem.feed_open[s, r, h, k]
    here, all_of = np.arange(len(key)), frame.members
    calm = (frame.group[all_of] == o[:, None]) & ~frame.needed[p[:, None], all_of, k[:, None]]
    bought = np.where(calm, built.number("output")[h[:, None], all_of, k[:, None]], -1)
    built.limit(
        "plants", (s, r, h, k, o), "SRHKO", (of, column.block.at, 1.0), (here[:, None], bought, stands[:, None]),
        *((here, v, -size * runs) for v, size in plant_terms(built, h, k, o)), upper=0.0,
        by=np.zeros((len(key), len(frame.inside))),
    )  # fmt: skip


def _stock(built: Built) -> None:
    """Draw only what is there: what is drawn in a case was held; pooled, it serves whoever is hit."""
    frame, problem = built.frame, built.frame.problem
    column = built.columns["drawn"]
    s, _, m, k = column.where
    pooled = frame.sharing.risk
    owner = np.where(pooled, frame.members[0] if len(frame.members) else 0, m)
    shape = (len(problem.cases), *frame.demand.shape)
    key, of = np.unique(np.ravel_multi_index((s, owner, k), shape), return_inverse=True)
    s, m, k = np.unravel_index(key, shape)
    held = problem.stock_held_t * (frame.demand > 0)
    here = np.arange(len(key))
    members = frame.members if pooled else np.array([-1])
    whose = np.where(members[None, :] >= 0, members[None, :], m[:, None])
    by = np.zeros((len(key), len(frame.inside)))
    np.add.at(by, (here[:, None], whose), held[whose, k[:, None]])
    where = (s, k) if pooled else (s, m, k)
    built.limit(
        "stock", where, "SK" if pooled else "SMK", (of, column.block.at, 1.0),
        (here[:, None], built.number("stock")[whose, k[:, None]], -1.0), upper=by.sum(axis=1), by=by,
    )  # fmt: skip


def _own_supply(built: Built) -> None:
    """Turn exports only once."""
    frame, problem = built.frame, built.frame.problem
    column = built.columns["redirected"]
    s, r, m, _, k = column.where
    shape = (*problem.period_months.shape, *frame.demand.shape)
    key, of = np.unique(np.ravel_multi_index((s, r, m, k), shape), return_inverse=True)
    s, r, m, k = np.unravel_index(key, shape)
    most = problem.own_exports_t[m, k] * problem.period_months[s, r] / 12
    built.limit(
        "own_supply", (s, r, m, k), "SRMK", (of, column.block.at, 1.0), upper=most, by=frame.owned(m, most)
    )  # fmt: skip
