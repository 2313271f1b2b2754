"""Normal times: what is bought, built and held, within claims, caps and budgets."""

from __future__ import annotations

import numpy as np

from friendshore.planning.formulation_frame import Built
from friendshore.planning.problem import Problem
from friendshore.tables.trade import Floats, Indices

__all__ = ["budgets_of", "dearer", "normal_limits", "normal_variables", "plant_terms", "pooled_claims"]


def normal_variables(built: Built) -> None:
    """Add purchases, plants, their output, stock and qualified links, with their yearly cost."""
    frame, problem = built.frame, built.frame.problem
    need = problem.demand_t[problem.link_member, problem.link_product]
    links, member = frame.links, problem.link_member
    kept = links[problem.link_t[links] > 0]
    built.add(
        "kept", (kept,), (len(need),), "L", upper=problem.link_t[kept], unit=need[kept],
        upper_by=frame.owned(member[kept], problem.link_t[kept]),
    )  # fmt: skip
    new = links[frame.claim[links] > 0]
    most = problem.link_spare_t[new]
    own = np.minimum(frame.claim[new], most)
    pooled = frame.sharing.claims
    built.add(
        "new", (new,), (len(need),), "L", unit=need[new], cost=_new_cost(built, new),
        upper=np.inf if pooled else own, upper_by=None if pooled else frame.owned(member[new], own),
    )  # fmt: skip
    _plants(built)
    held = frame.demand > 0
    m, k = np.nonzero(held & (problem.stock_most_t > 0))
    price, costs = problem.price[m, k], problem.costs
    built.add(
        "stock", (m, k), frame.demand.shape, "MK", upper=problem.stock_most_t[m, k], unit=frame.demand[m, k],
        cost=(costs.carrying_share[k] + costs.annuity * costs.filling_share[k]) * price,
        upper_by=frame.owned(m, problem.stock_most_t[m, k]),
    )  # fmt: skip
    fee = links[(problem.link_fee_usd[links] > 0) & frame.usable[links]]
    built.add(
        "qualified", (fee,), (len(need),), "L", upper=1.0, integer=True,
        cost=costs.annuity * problem.link_fee_usd[fee], upper_by=frame.owned(member[fee], np.ones(len(fee))),
    )  # fmt: skip


def _new_cost(built: Built, links: Indices) -> Floats:
    """Dollars for a ton more a year: the switching premium, and what it costs above today's price."""
    problem = built.frame.problem
    member, product = problem.link_member[links], problem.link_product[links]
    return np.asarray(
        problem.price[member, product] * (problem.costs.switching_share[product] + dearer(built, links)),
        np.float64,
    )


def dearer(built: Built, links: Indices) -> Floats:
    """Part by which a link's price lies above what its member pays today; never below 0."""
    problem = built.frame.problem
    price = problem.price[problem.link_member[links], problem.link_product[links]]
    ratio = np.divide(problem.link_price[links], price, out=np.ones(len(links)), where=price > 0)
    return np.asarray(np.maximum(0.0, ratio - 1.0), np.float64)


def _plants(built: Built) -> None:
    """Add plants in lumps or of any size, by host, product and owners, and what each member buys of them."""
    frame, problem = built.frame, built.frame.problem
    costs = problem.costs
    wanted = np.zeros((frame.groups, len(problem.products)))
    np.add.at(wanted, frame.group[frame.members], frame.demand[frame.members])
    most = np.broadcast_to(problem.capacity_most_t[:, :, None], (*problem.buildable.shape, frame.groups))
    possible = problem.buildable[:, :, None] & (wanted.T[None] > 0) & (most > 0)
    shape = possible.shape
    for lumpy, name in ((False, "plant"), (True, "lumps")):
        h, k, o = np.nonzero(possible & ((problem.lump_t > 0) == lumpy)[None, :, None])
        lump = problem.lump_t[k] if lumpy else np.ones(len(k))
        # Where a plant must sell a part of what it makes, it is never larger than what sells that part.
        least = problem.least_use_share
        useful = wanted[o, k] / least if least > 0 else np.full(len(k), np.inf)
        limit = np.minimum(most[h, k, o], useful) / lump
        built.add(
            name, (h, k, o), shape, "HKO", upper=limit, integer=lumpy, size=lump,
            unit=1.0 if lumpy else wanted[o, k], cost=costs.annuity * costs.capital_usd_per_t[h, k] * lump,
            upper_by=_by_demand(built, k, o, limit),
        )  # fmt: skip
    there = possible[:, :, frame.group] & frame.inside[None, None, :] & (frame.demand.T[None] > 0)
    h, k, j = np.nonzero(there)
    built.add(
        "output", (h, j, k), (shape[0], len(problem.members), shape[1]), "HMK", unit=frame.demand[j, k],
        cost=costs.gap_usd_per_t[h, k],
    )  # fmt: skip


def _by_demand(built: Built, k: Indices, o: Indices, amount: Floats) -> Floats:
    """Split what belongs to a group of owners in proportion to their demand."""
    frame = built.frame
    part = np.where(frame.group[None, :] == o[:, None], frame.demand[:, k].T, 0.0)
    total = part.sum(axis=1, keepdims=True)
    share = np.divide(part, total, out=np.zeros_like(part), where=total > 0)
    return np.asarray(np.where(np.isfinite(amount), amount, 0.0)[:, None] * share, np.float64)


def plant_terms(built: Built, h: Indices, k: Indices, o: Indices) -> list[tuple[Indices, Floats]]:
    """Return (variable, tons for one of it) of the plants at some places; -1 where there is none."""
    problem = built.frame.problem
    return [
        (built.number("plant")[h, k, o], np.ones(len(h))),
        (built.number("lumps")[h, k, o], problem.lump_t[k]),
    ]


def pooled_claims(built: Built) -> tuple[Floats, Floats]:
    """(pool,) what the members claim together, and what the supplier has, where that is less; else infinite."""
    frame, problem = built.frame, built.frame.problem
    at = frame.links[frame.claim[frame.links] > 0]
    claimed = np.bincount(frame.pool[at], frame.claim[at], frame.pools)
    spare = np.zeros(frame.pools)
    spare[frame.pool[at]] = problem.link_spare_t[at]
    short = claimed > spare * (1 + 1e-9)
    return np.asarray(claimed, np.float64), np.asarray(np.where(short, spare, np.inf), np.float64)


def normal_limits(built: Built) -> None:
    """Add the rows of normal times."""
    frame, problem = built.frame, built.frame.problem
    m, k = np.nonzero(frame.demand > 0)
    row = np.full(frame.demand.shape, -1, dtype=np.int64)
    row[m, k] = np.arange(len(m))
    links, output = frame.links, built.columns["output"]
    of = row[problem.link_member[links], problem.link_product[links]]
    _, oj, ok = output.where
    built.limit(
        "demand", (m, k), "MK", (of, built.number("kept")[links], 1.0), (of, built.number("new")[links], 1.0),
        (row[oj, ok], output.block.at, 1.0), lower=frame.demand[m, k], upper=frame.demand[m, k],
        by=frame.owned(m, frame.demand[m, k]),
    )  # fmt: skip
    _use(built)
    _shared_spare(built)
    _caps(built, row)
    _budgets(built)
    _fees(built)


def _use(built: Built) -> None:
    """Each plant sells its owners at most what it makes, and at least the stated part."""
    frame, problem = built.frame, built.frame.problem
    shape = built.columns["plant"].shape
    h, k, o = np.nonzero((built.number("plant") >= 0) | (built.number("lumps") >= 0))
    row = np.full(shape, -1, dtype=np.int64)
    row[h, k, o] = np.arange(len(h))
    oh, oj, ok = built.columns["output"].where
    sold = (row[oh, ok, frame.group[oj]], built.columns["output"].block.at, 1.0)
    plants = plant_terms(built, h, k, o)
    nobody = np.zeros((len(h), len(frame.inside)))
    here = np.arange(len(h))
    built.limit(
        "use", (h, k, o), "HKO", sold, *((here, v, -size) for v, size in plants), upper=0.0, by=nobody
    )
    least = problem.least_use_share
    if least > 0:
        terms = ((here, v, -least * size) for v, size in plants)
        built.limit("least_use", (h, k, o), "HKO", sold, *terms, lower=0.0, by=nobody)
    h, k = np.nonzero(np.isfinite(problem.capacity_most_t) & ((row >= 0).sum(axis=2) > 1))
    if len(h):
        groups = np.arange(frame.groups)
        at = np.arange(len(h))[:, None]
        most = problem.capacity_most_t[h, k]
        sizes = np.ones(len(k)), problem.lump_t[k]
        each = [
            (at, built.number(name)[h[:, None], k[:, None], groups], size[:, None])
            for name, size in zip(("plant", "lumps"), sizes, strict=True)
        ]
        part = frame.demand[:, k].T / frame.demand[:, k].sum(axis=0)[:, None]
        built.limit("host", (h, k), "HK", *each, upper=most, by=most[:, None] * part)


def _shared_spare(built: Built) -> None:
    """One ton of outside capacity is promised once."""
    frame, problem = built.frame, built.frame.problem
    claimed, spare = pooled_claims(built)
    new = built.columns["new"].where[0]
    pools = np.unique(frame.pool[new])
    if not frame.sharing.claims:
        pools = pools[np.isfinite(spare[pools])]
    if not len(pools):
        return
    row = np.full(frame.pools, -1, dtype=np.int64)
    row[pools] = np.arange(len(pools))
    mine = new[row[frame.pool[new]] >= 0]
    most = np.minimum(claimed, spare)[pools]
    by = np.zeros((len(pools), len(frame.inside)))
    np.add.at(by, (row[frame.pool[mine]], problem.link_member[mine]), frame.claim[mine])
    by *= (most / claimed[pools])[:, None]
    n = len(problem.suppliers)
    built.limit(
        "claims", (pools % n, pools // n), "IK", (row[frame.pool[mine]], built.number("new")[mine], 1.0),
        upper=most, by=by,
    )  # fmt: skip


def _caps(built: Built, row: Indices) -> None:
    """Caps on suppliers of concern, on any one country and on traced origin, and the floor for partners."""
    frame, problem = built.frame, built.frame.problem
    limits, links = problem.limits, frame.links
    m, k = np.nonzero(row >= 0)
    of = row[problem.link_member[links], problem.link_product[links]]
    demand = frame.demand[m, k]
    numbers = built.number("kept")[links], built.number("new")[links]
    traced = np.nan_to_num(problem.link_traced, nan=0.0)
    for name, part, share, floor in (
        ("concern_cap", problem.link_concern.astype(np.float64), limits.concern_share, False),
        ("traced_cap", traced, limits.traced_share, False),
        ("partner_floor", problem.link_partner.astype(np.float64), limits.partner_share, True),
    ):
        if np.isinf(share) or (share <= 0 and floor):
            continue
        amount = share * demand
        terms = [(of, number, part[links]) for number in numbers]
        oh, oj, ok = built.columns["output"].where
        counts = _at_hosts(built, part)
        if floor:  # what is made at home, or at a fellow member's, comes from a friend
            counts = np.where(np.isin(problem.hosts, problem.members), 1.0, counts)
        terms.append((row[oj, ok], built.columns["output"].block.at, counts[oh]))
        bound = {"lower": amount} if floor else {"upper": amount}
        built.limit(name, (m, k), "MK", *terms, by=frame.owned(m, amount), **bound)
    if np.isfinite(limits.any_share):
        _any_cap(built, limits.any_share)


def _at_hosts(built: Built, part: Floats) -> Floats:
    """(H,) whether a host is a supplier of a kind, judged by its links; 0 for who is no supplier."""
    problem = built.frame.problem
    by_supplier = np.zeros(len(problem.suppliers))
    full = part >= 1.0
    by_supplier[problem.link_supplier[full]] = 1.0
    place = {name: n for n, name in enumerate(problem.suppliers)}
    return np.array([by_supplier[place[host]] if host in place else 0.0 for host in problem.hosts])


def _any_cap(built: Built, share: float) -> None:
    """Cap what comes from a single country that is no member, plants that stand there included."""
    frame, problem = built.frame, built.frame.problem
    member = set(problem.members)
    foreign = np.array([name not in member for name in problem.suppliers], bool)
    links = frame.links
    most = share * problem.demand_t[problem.link_member[links], problem.link_product[links]]
    place = {name: n for n, name in enumerate(problem.suppliers)}
    host = np.array([place.get(name, -1) for name in problem.hosts], dtype=np.int64)
    oh, oj, ok = built.columns["output"].where
    shape = (len(problem.suppliers), *frame.demand.shape)
    plant_there = np.zeros(shape, bool)
    with_plant = host[oh] >= 0
    plant_there[host[oh][with_plant], oj[with_plant], ok[with_plant]] = True
    at = problem.link_supplier[links], problem.link_member[links], problem.link_product[links]
    reach = problem.link_t[links] + np.where(built.number("new")[links] >= 0, np.inf, 0.0)
    links = links[foreign[problem.link_supplier[links]] & ((reach > most) | plant_there[at])]
    i, m, k = problem.link_supplier[links], problem.link_member[links], problem.link_product[links]
    row = np.full(shape, -1, dtype=np.int64)
    row[i, m, k] = np.arange(len(links))
    plants = np.where(with_plant, row[np.maximum(host[oh], 0), oj, ok], -1)
    plants_at = np.where(plants >= 0, built.columns["output"].block.at, -1)
    amount = share * frame.demand[m, k]
    here = np.arange(len(links))
    built.limit(
        "any_cap", (links,), "L", (here, built.number("kept")[links], 1.0), (here, built.number("new")[links], 1.0),
        (plants, plants_at, 1.0), upper=amount, by=frame.owned(m, amount),
    )  # fmt: skip


def budgets_of(problem: Problem) -> Floats:
    """(M,) budgets, infinite where none is stated."""
    stated = problem.limits.budgets_usd
    return stated if len(stated) else np.full(len(problem.members), np.inf)


def _budgets(built: Built) -> None:
    """Limit what members pay for support of plants and for stock, each from its purse or all from one."""
    frame, problem = built.frame, built.frame.problem
    budgets = budgets_of(problem)
    if not np.isfinite(budgets[frame.members]).any():
        return
    costs = problem.costs
    rate = costs.support_share * costs.capital_usd_per_t
    together = frame.sharing.budgets
    if together and not np.isfinite(budgets[frame.members]).all():
        return
    payers = frame.members[:1] if together else frame.members[np.isfinite(budgets[frame.members])]
    row = np.full(len(frame.inside), -1, dtype=np.int64)
    row[frame.members if together else payers] = 0 if together else np.arange(len(payers))
    m, k = built.columns["stock"].where
    stock_at = np.where(row[m] >= 0, built.columns["stock"].block.at, -1)
    terms = [(row[m], stock_at, problem.price[m, k])]
    if frame.sharing.lumps and not together:
        terms.append(_payments(built, rate, row))
    else:
        owner = np.where(np.arange(frame.groups) >= 0, row[frame.members[: frame.groups]], -1)
        for name in ("plant", "lumps"):
            column = built.columns[name]
            h, k, o = column.where
            at = np.where(owner[o] >= 0, column.block.at, -1)
            terms.append((owner[o], at, rate[h, k] * column.size))
    by = np.zeros((len(payers), len(frame.inside)))
    by[row[row >= 0], np.flatnonzero(row >= 0)] = budgets[row >= 0]
    built.limit("budget", (payers,), "M", *terms, upper=by.sum(axis=1), by=by)


def _payments(built: Built, rate: Floats, row: Indices) -> tuple[Indices, Indices, Floats]:
    """Let members pay for a plant that they own together, each from its own purse; all of it must be paid."""
    frame, problem = built.frame, built.frame.problem
    there = (built.number("plant")[:, :, 0] >= 0) | (built.number("lumps")[:, :, 0] >= 0)
    h, k = np.nonzero(there & (rate > 0))
    j = np.repeat(frame.members, len(h))
    hh, kk = np.tile(h, len(frame.members)), np.tile(k, len(frame.members))
    unit = np.maximum(1e-12, rate[hh, kk] * frame.demand[:, kk].sum(axis=0))
    paid = built.add(
        "support", (j, hh, kk), (len(frame.inside), *problem.buildable.shape), "MHK", unit=unit
    )  # fmt: skip
    here = np.arange(len(h))
    plants = plant_terms(built, h, k, np.zeros(len(h), np.int64))
    built.limit(
        "support", (h, k), "HK", (np.tile(here, len(frame.members)), paid.block.at, 1.0),
        *((here, v, -rate[h, k] * size) for v, size in plants), lower=0.0, upper=0.0,
        by=np.zeros((len(h), len(frame.inside))),
    )  # fmt: skip
    return row[j], np.where(row[j] >= 0, paid.block.at, -1), np.ones(len(j))


def _fees(built: Built) -> None:
    """Close links that no shared standard covers to more than today until they are qualified."""
    frame, problem = built.frame, built.frame.problem
    fee = built.columns["qualified"].where[0]
    links = fee[built.number("new")[fee] >= 0]
    if not len(links):
        return
    here = np.arange(len(links))
    demand = problem.demand_t[problem.link_member[links], problem.link_product[links]]
    claimed, _ = pooled_claims(built)
    most = np.minimum(claimed[frame.pool[links]] if frame.sharing.claims else frame.claim[links], demand)
    built.limit(
        "fees", (links,), "L", (here, built.number("new")[links], 1.0),
        (here, built.number("qualified")[links], -most), upper=0.0, by=np.zeros((len(links), len(frame.inside))),
    )  # fmt: skip
