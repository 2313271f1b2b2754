"""Purchases in a crisis: of what may be claimed, of what is freed, on links that have room."""

from __future__ import annotations

import numpy as np

from friendshore.planning.formulation_frame import OPEN, Built
from friendshore.planning.formulation_normal import dearer, pooled_claims
from friendshore.tables.trade import Floats, Indices

__all__ = ["emergency_limits", "emergency_variables"]


def emergency_variables(built: Built) -> None:
    """Purchases in a crisis: of spare capacity and of what is freed, where the link is untouched."""
    frame, problem = built.frame, built.frame.problem
    links = frame.links[frame.usable[frame.links]]
    m, k = problem.link_member[links], problem.link_product[links]
    case, period = frame.case[:, None], frame.period[:, None]
    open_here = problem.open_share[case, period, links] >= OPEN
    freed = np.where(open_here, problem.freed_t[case, period, links], 0.0)
    claimed, spare = pooled_claims(built)
    pool = frame.pool[links]
    if frame.sharing.claims:
        asked = np.minimum(claimed, spare)[pool]
        every = np.zeros((len(frame.case), frame.pools))
        np.add.at(every.T, pool, freed.T)
        from_seller = every[:, pool]
    else:
        asked, from_seller = frame.claim[links], freed
    ramp, years = problem.ramp_share[frame.period][:, None], frame.years[:, None]
    offered = ramp * years * asked + from_seller
    new = built.number("new")[links] >= 0
    most_new = np.where(new, np.minimum(asked, frame.demand[m, k]), 0.0)
    carried = years * (
        problem.headroom_share * (problem.link_t[links] + most_new)
        + problem.growth_share[frame.period][:, None] * frame.demand[m, k]
    )
    need = years * frame.demand[m, k]
    some = frame.needed[:, m, k] & open_here & (offered > 1e-9 * need) & (carried > 1e-9 * need)
    p, at = np.nonzero(some)
    link = links[at]
    price, costs = problem.price[m[at], k[at]], problem.costs
    kept_free = (built.number("new")[link] < 0) & (not frame.sharing.claims)
    upper = np.where(kept_free, offered[p, at], np.inf)
    plain = (built.number("new")[link] < 0) & (built.number("kept")[link] < 0)
    upper = np.minimum(upper, np.where(plain, carried[p, at], np.inf))
    built.add(
        "emergency", (frame.case[p], frame.period[p], link), problem.open_share.shape, "SRL", unit=need[p, at],
        upper=upper, upper_by=frame.owned(m[at], np.where(np.isfinite(upper), upper, 0.0)),
        cost=frame.weights[frame.case[p]] * price * (costs.emergency_share[k[at]] + dearer(built, link)),
    )  # fmt: skip


def emergency_limits(built: Built) -> None:
    """Limit emergency purchases to what a claim leaves beside normal ones, and to what is freed."""
    frame, problem = built.frame, built.frame.problem
    _link_room(built)
    column = built.columns["emergency"]
    s, r, link = column.where
    p = built.frame.place[s, r]
    claimed, spare = pooled_claims(built)
    new = built.columns["new"].where[0]
    pooled = frame.sharing.claims
    if pooled:
        _pool_rows(built, "emergency_claims", p, link, np.minimum(claimed, spare), claimed)
        return
    some = np.flatnonzero(built.number("new")[link] >= 0)
    pp, ll = p[some], link[some]
    ramp = problem.ramp_share[r[some]] * frame.years[pp]
    most = ramp * frame.claim[ll] + problem.freed_t[s[some], r[some], ll]
    here = np.arange(len(some))
    built.limit(
        "emergency_claims", (s[some], r[some], ll), "SRL", (here, column.block.at[some], 1.0),
        (here, built.number("new")[ll], ramp), upper=most, by=frame.owned(problem.link_member[ll], most),
    )  # fmt: skip
    if np.isfinite(spare[frame.pool[new]]).any():
        _pool_rows(built, "emergency_spare", p, link, spare, claimed)


def _pool_rows(built: Built, name: str, p: Indices, link: Indices, most: Floats, claimed: Floats) -> None:
    """Limit what several links take of one supplier, where ``most`` (pool,) is finite."""
    frame, problem = built.frame, built.frame.problem
    number = built.columns["emergency"].block.at
    some = np.isfinite(most[frame.pool[link]])
    p, link, number = p[some], link[some], number[some]
    pools, local = np.unique(frame.pool[link], return_inverse=True)
    key, of = np.unique(p * max(1, len(pools)) + local, return_inverse=True)
    p, at = np.divmod(key, max(1, len(pools)))
    pool = pools[at]
    ramp = problem.ramp_share[frame.period[p]] * frame.years[p]
    here = np.arange(len(key))
    new = built.columns["new"].where[0]
    new = new[np.isin(frame.pool[new], pools)]
    row = np.full((len(frame.case), len(pools)), -1, dtype=np.int64)
    row[p, at] = here
    to = row[:, np.searchsorted(pools, frame.pool[new])]
    each = (problem.ramp_share[frame.period] * frame.years)[:, None]
    # Whose it is: each member's part of the claim, and what is freed for it.
    by = np.zeros((len(key), len(frame.inside)))
    share = np.divide(
        ramp * most[pool],
        claimed[pool],
        out=np.zeros(len(key)),
        where=np.isfinite(claimed[pool]) & (claimed[pool] > 0),
    )
    everyone = np.zeros((len(pools), len(frame.inside)))
    links = frame.links[frame.usable[frame.links] & np.isin(frame.pool[frame.links], pools)]
    which = np.searchsorted(pools, frame.pool[links])
    np.add.at(everyone, (which, problem.link_member[links]), frame.claim[links])
    by += share[:, None] * everyone[at]
    case, period = frame.case[:, None], frame.period[:, None]
    freed = np.where(
        problem.open_share[case, period, links] >= OPEN, problem.freed_t[case, period, links], 0.0
    )
    target = row[:, which]
    q, n = np.nonzero(target >= 0)
    np.add.at(by, (target[q, n], problem.link_member[links[n]]), freed[q, n])
    suppliers = len(problem.suppliers)
    built.limit(
        name, (frame.case[p], frame.period[p], pool % suppliers, pool // suppliers), "SRIK", (of, number, 1.0),
        (np.maximum(to, 0), np.where(to >= 0, built.number("new")[new], -1), each), upper=by.sum(axis=1), by=by,
    )  # fmt: skip


def _link_room(built: Built) -> None:
    """Hold a link to its room: headroom at once, what is newly qualified later; closed until its fee is paid."""
    frame, problem = built.frame, built.frame.problem
    column = built.columns["emergency"]
    s, r, link = column.where
    p = built.frame.place[s, r]
    years, m, k = frame.years[p], problem.link_member[link], problem.link_product[link]
    room = problem.growth_share[r] * frame.demand[m, k] * years
    claimed, spare = pooled_claims(built)
    pooled = frame.sharing.claims
    asked = np.minimum(claimed, spare)[frame.pool[link]] if pooled else frame.claim[link]
    freed = np.inf if pooled else problem.freed_t[s, r, link]
    tight = problem.ramp_share[r] * years * asked + freed > room * (1 + 1e-12)
    there = (built.number("kept")[link] >= 0) | (built.number("new")[link] >= 0)
    some = np.flatnonzero(tight & there)
    here, at = np.arange(len(some)), link[some]
    grows = -problem.headroom_share * years[some]
    built.limit(
        "link", (s[some], r[some], at), "SRL", (here, column.block.at[some], 1.0),
        (here, built.number("kept")[at], grows), (here, built.number("new")[at], grows), upper=room[some],
        by=frame.owned(m[some], room[some]),
    )  # fmt: skip
    fee = np.flatnonzero(built.number("qualified")[link] >= 0)
    if len(fee):
        here = np.arange(len(fee))
        most = years[fee] * frame.demand[m[fee], k[fee]]
        built.limit(
            "fees_emergency", (s[fee], r[fee], link[fee]), "SRL", (here, column.block.at[fee], 1.0),
            (here, built.number("qualified")[link[fee]], -most), upper=0.0,
            by=np.zeros((len(fee), len(frame.inside))),
        )  # fmt: skip
