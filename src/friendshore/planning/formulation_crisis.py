"""The cases: emergency purchases, plants, stock, own supply, and what is missing, period by period."""

from __future__ import annotations

import numpy as np

from friendshore.planning.formulation_frame import OPEN, Built
from friendshore.planning.formulation_normal import dearer, plant_terms, pooled_claims
from friendshore.tables.trade import Floats, Indices

__all__ = ["allowed_shortage", "case_prices", "crisis_limits", "crisis_variables", "missing_weights"]


def crisis_variables(built: Built) -> None:
    """Add what can be done in each case, weighed in the costs by its probability."""
    frame, problem = built.frame, built.frame.problem
    shape = problem.period_months.shape
    p, m, k = np.nonzero(frame.needed)
    need = frame.demand[m, k] * frame.years[p]
    _emergency(built)
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


def _emergency(built: Built) -> None:
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
        np.add.at(every, (slice(None), pool), freed)
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
    """A member's own exports turned home, or to an ally where supply is opened."""
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
    _emergency_claims(built)
    _link_room(built)
    _by_case(built)


def _place(built: Built) -> Indices:
    """(S, R) number of each case and period that takes part, -1 for others."""
    frame = built.frame
    place = np.full(frame.problem.period_months.shape, -1, dtype=np.int64)
    place[frame.case, frame.period] = np.arange(len(frame.case))
    return place


def _scenario(built: Built) -> None:
    """What arrives, is made, drawn, redirected and missing covers the demand of each period.

    A plant replaces purchases once it stands. Until then they go on, and arrive as the worst of today's links does.
    """
    frame, problem = built.frame, built.frame.problem
    p, m, k = np.nonzero(frame.needed)
    row = np.full(frame.needed.shape, -1, dtype=np.int64)
    row[p, m, k] = np.arange(len(p))
    links, place = frame.links, _place(built)
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
    np.minimum.at(worst, (slice(None), lm[today], lk[today]), share[:, today])
    oh, oj, ok = built.columns["output"].where
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
    """A plant delivers at most what it makes while it stands and is fed."""
    frame, problem = built.frame, built.frame.problem
    column = built.columns["delivered"]
    s, r, h, j, k = column.where
    p, o = _place(built)[s, r], frame.group[j]
    key, of = np.unique(
        np.ravel_multi_index((p, h, k, o), (len(frame.case), *built.columns["plant"].shape)), return_inverse=True
    )  # fmt: skip
    p, h, k, o = np.unravel_index(key, (len(frame.case), *built.columns["plant"].shape))
    s, r = frame.case[p], frame.period[p]
    runs = problem.online_share[r, k] * problem.feed_open[s, r, h, k] * frame.years[p]
    here = np.arange(len(key))
    built.limit(
        "plants", (s, r, h, k, o), "SRHKO", (of, column.block.at, 1.0),
        *((here, v, -size * runs) for v, size in plant_terms(built, h, k, o)), upper=0.0,
        by=np.zeros((len(key), len(frame.inside))),
    )  # fmt: skip


def _stock(built: Built) -> None:
    """What is drawn in a case was held; pooled, it serves whoever is hit."""
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
    """Exports are turned once."""
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


def _emergency_claims(built: Built) -> None:
    """Of a claim, what is bought in normal times is not there in a crisis; what is freed comes on top."""
    frame, problem = built.frame, built.frame.problem
    column = built.columns["emergency"]
    s, r, link = column.where
    p = _place(built)[s, r]
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
    """A link grows at once by its headroom, later by what is newly qualified; closed until its fee is paid."""
    frame, problem = built.frame, built.frame.problem
    column = built.columns["emergency"]
    s, r, link = column.where
    p = _place(built)[s, r]
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


def _by_case(built: Built) -> None:
    """Weigh cases by their worst, by the mean of the worst, or by what is missing in them, where asked for."""
    frame, problem = built.frame, built.frame.problem
    kind = frame.objective.kind
    if kind == "least_shortage":
        column = built.columns["shortage"]
        _, _, m, k = column.where
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
    terms = [(row[built.columns[n].where[0]], built.columns[n].block.at, price) for n, price in prices]
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
    frame, problem = built.frame, built.frame.problem
    s, _, m, k = built.columns["shortage"].where
    chance = np.array([case.probability for case in problem.cases])
    if not chance.any():
        chance = np.full(len(chance), 1.0 / max(1, len(chance)))
    return np.asarray(chance[s] * problem.price[m, k], np.float64)
