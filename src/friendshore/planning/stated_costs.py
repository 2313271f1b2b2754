"""What a scenario file says about costs, as figures of the table, in dollars of one year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from friendshore.disruption.entries import StatedEntry
from friendshore.disruption.plan_schema import CapacityEntry, MoneyEntry, PlanEntry, SupportEntry
from friendshore.errors import ArgumentError
from friendshore.planning.cost_parameters import COST_PARAMETERS
from friendshore.planning.costs import PRICE_YEAR, CostBook, Figure, checked
from friendshore.planning.programmes import programme

__all__ = ["book_of", "dollars", "own_figures", "price_year_of", "rate_of", "support_figure"]

CAPACITY = ("capital_usd_per_t", "gap_usd_per_t", "build_months", "lump_t", "support_share")


def price_year_of(plan: PlanEntry) -> int:
    """Return the year whose dollars the plan counts in: as it says, else that of its budgets, else of our table."""
    if plan.price_year is not None:
        return plan.price_year
    years = {budget.year for budget in plan.budgets if budget.year is not None and budget.rate_usd is None}
    if len(years) > 1:
        raise ArgumentError(
            f"Budgets are in dollars of {', '.join(map(str, sorted(years)))}, which do not add up.",
            code="unlike_years",
            hint="Set price_year: in the plan and rate_usd: where a budget is of another year.",
        )
    return years.pop() if years else PRICE_YEAR


def rate_of(money: MoneyEntry, price_year: int, where: str) -> float:
    """Return dollars of the price year for one unit of an entry's money.

    Parameters
    ----------
    money
        An entry with currency, year and rate.
    price_year
        Year whose dollars the plan counts in.
    where
        How the message calls the entry.
    """
    if money.rate_usd is not None:
        return money.rate_usd
    if money.currency != "USD":
        raise ArgumentError(
            f"{where} is in {money.currency} without rate_usd.",
            code="unlike_currencies",
            hint=f"Set rate_usd: dollars of {price_year} for one {money.currency}.",
        )
    if money.year not in (None, price_year):
        raise ArgumentError(
            f"{where} is in dollars of {money.year}, the plan in dollars of {price_year}.",
            code="unlike_years",
            hint=f"Set rate_usd: dollars of {price_year} for one of {money.year}, or price_year: {money.year}.",
        )
    return 1.0


def dollars(amount: float, money: MoneyEntry, price_year: int, where: str) -> float:
    """Return an amount of an entry in dollars of the price year."""
    return amount * rate_of(money, price_year, where)


def own_figures(
    plan: PlanEntry, *, price_year: int | None = None, members_of: Mapping[str, Sequence[str]] | None = None
) -> tuple[Figure, ...]:
    """Return what the plan states about costs, supported rates included.

    Parameters
    ----------
    plan
        The section of the scenario file.
    price_year
        Year whose dollars the plan counts in; by default :func:`price_year_of`.
    members_of
        By a name of the plan (a bloc, a country), the hosts that it stands for; by default the name itself.
    """
    year = price_year_of(plan) if price_year is None else price_year
    named = members_of or {}

    def hosts(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(host for name in names for host in named.get(name, (name,))))

    found = [_figure(name, "default", entry, year=year) for name, entry in plan.costs.items()]
    found.append(_figure("notice_months", "default", plan.notice_months))
    if "notice_months" not in plan.model_fields_set:
        found.pop()
    if plan.stock.most_days is not None:
        found.append(_figure("stock_days", "default", plan.stock.most_days))
    if plan.stock.fill_share is not None:
        found.append(_figure("fill_share", "default", plan.stock.fill_share))
    for position, capacity in enumerate(plan.capacity):
        found.extend(_of_capacity(capacity, position, year, hosts(capacity.hosts)))
    for support in plan.support:
        payer = (support.host or support.member,)
        found.append(support_figure(support, hosts(payer) if payer[0] else ()))
    return tuple(found)


def _of_capacity(entry: CapacityEntry, position: int, year: int, hosts: tuple[str, ...]) -> list[Figure]:
    where = f"capacity, entry {position + 1}"
    found = []
    for parameter in CAPACITY:
        stated = getattr(entry, parameter)
        if stated is None:
            continue
        rate = rate_of(entry, year, where) if COST_PARAMETERS[parameter].money else 1.0
        source = stated.source if stated.source != "none" else entry.source
        found += [
            _figure(parameter, what, stated, hosts=hosts, rate=rate, year=year, source=source)
            for what in (*entry.products, *entry.materials) or ("default",)
        ]
    return found


def _figure(
    parameter: str, what: str, stated: StatedEntry, *, hosts: tuple[str, ...] = (), rate: float = 1.0,
    year: int = PRICE_YEAR, source: str = "",
) -> Figure:  # fmt: skip
    """One figure of the user; a bare number has no range."""
    about = COST_PARAMETERS.get(parameter)
    said = source or stated.source
    low = stated.value if stated.low is None else stated.low
    high = stated.value if stated.high is None else stated.high
    return checked(
        Figure(
            parameter=parameter, applies_to=what, value=stated.value * rate, low=low * rate, high=high * rate,
            price_year=year if about and about.money else None,
            source="the scenario" if said == "none" else said, hosts=hosts, own=True,
        )
    )  # fmt: skip


def support_figure(entry: SupportEntry, hosts: tuple[str, ...] = ()) -> Figure:
    """Return the part of the capital that a state pays, refused where it is more than the law allows.

    Parameters
    ----------
    entry
        Share, legal maximum, or a programme that has both.
    hosts
        Where the plant stands; empty: anywhere.
    """
    known = programme(entry.programme) if entry.programme else None
    stated = entry.share
    if stated is None:
        if known is None or known.share is None:
            raise ArgumentError(
                f"Support by {entry.member or entry.host or 'anybody'} has no share.",
                code="missing_cost",
                hint="Give share: 0.5, or programme: and one of the names in docs/explanation/plan.md.",
            )
        stated = StatedEntry(value=known.share, source=known.source)
    ceilings = [most for most in (entry.most_share, known.most_share if known else None) if most is not None]
    figure = _figure("support_share", "default", stated, hosts=hosts, source=_said(entry, stated))
    if ceilings and figure.value > min(ceilings):
        raise ArgumentError(
            f"Support by {entry.member or entry.host or 'anybody'} is {figure.value:g} of the capital; the law allows "
            f"{min(ceilings):g}.",
            code="support_above_maximum",
            hint=f"Give share: {min(ceilings):g} or less, or another programme.",
        )
    top = min([figure.high, *ceilings])
    return figure.model_copy(update={"high": top})


def _said(entry: SupportEntry, stated: StatedEntry) -> str:
    return next((source for source in (stated.source, entry.source) if source != "none"), "none")


def book_of(plan: PlanEntry, *, members_of: Mapping[str, Sequence[str]] | None = None) -> CostBook:
    """Return all figures of a plan: its own before those of the package.

    Parameters
    ----------
    plan
        The section of the scenario file.
    members_of
        By a name of the plan (a bloc, a country), the hosts that it stands for; by default the name itself.
    """
    year = price_year_of(plan)
    return CostBook(own=own_figures(plan, price_year=year, members_of=members_of), price_year=year)
