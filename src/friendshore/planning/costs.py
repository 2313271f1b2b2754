"""What a plan assumes about money, time and sizes: each number with its range, unit, price year and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from friendshore.errors import ArgumentError, MissingDataError
from friendshore.planning.cost_parameters import COST_PARAMETERS, cost_sentence
from friendshore.planning.cost_table import PRICE_YEAR, End, Figure, checked, cost_table, read_costs
from friendshore.planning.problem import Costs
from friendshore.records import Assumption
from friendshore.tables.products import products as known_products
from friendshore.tables.trade import Floats

__all__ = [
    "PRICE_YEAR",
    "CostBook",
    "End",
    "Figure",
    "annuity",
    "assumption",
    "checked",
    "cost_table",
    "costs_of",
    "read_costs",
    "values_of",
]


@dataclass(frozen=True)
class CostBook:
    """All figures of a plan: those of the user first, then those of the package."""

    own: tuple[Figure, ...] = ()
    shipped: tuple[Figure, ...] | None = None
    """None: the table of the package."""
    price_year: int = PRICE_YEAR
    """Year whose dollars the plan counts in."""

    def __post_init__(self) -> None:
        for figure in self.own:
            checked(figure)

    @cached_property
    def _by_parameter(self) -> Mapping[str, tuple[Figure, ...]]:
        shipped = cost_table() if self.shipped is None else self.shipped
        found: dict[str, list[Figure]] = {name: [] for name in COST_PARAMETERS}
        for figure in self.own + shipped:
            found[figure.parameter].append(figure)
        return {name: tuple(figures) for name, figures in found.items()}

    def find(self, parameter: str, product: str = "", host: str = "") -> Figure | None:
        """Return what holds for a product at a host: the user's before ours, then the most special; None if none."""
        best: tuple[tuple[bool, int, bool], Figure] | None = None
        for figure in self._of(parameter):
            fits = _closeness(figure, product, host)
            if fits is not None and (best is None or fits > best[0]):
                best = (fits, figure)
        if best is None:
            return None
        year = best[1].price_year
        if COST_PARAMETERS[parameter].money and year != self.price_year:
            raise ArgumentError(
                f"{parameter} of {best[1].applies_to} is in dollars of {year}, the plan in dollars of "
                f"{self.price_year}.",
                code="unlike_years",
                hint=f"Set price_year: {year} in the plan, or state the cost anew in dollars of {self.price_year}.",
            )
        return best[1]

    def figure(self, parameter: str, product: str = "", host: str = "") -> Figure:
        """Return what holds for a product at a host, or say that there is none."""
        found = self.find(parameter, product, host)
        if found is None:
            what = f" of {product}" if product else ""
            raise MissingDataError(
                f"There is no {parameter}{what}{f' at {host}' if host else ''}, neither in the plan nor in our table.",
                code="missing_cost",
                hint="State it under capacity: or costs: of the plan.",
            )
        return found

    def has_plant(self, product: str, host: str = "") -> bool:
        """Whether it is known what a plant costs: without that none can be planned."""
        return self.find("capital_usd_per_t", product, host) is not None

    def used(self, products: Sequence[str], hosts: Sequence[str] = ("",)) -> tuple[Figure, ...]:
        """Return the figures that hold for products and hosts, each once."""
        found: dict[Figure, None] = {}
        for parameter, about in COST_PARAMETERS.items():
            for product in products if about.by_product else ("",):
                if about.plant and not self.has_plant(product):
                    continue
                for host in hosts if about.by_host else ("",):
                    figure = self.find(parameter, product, host)
                    if figure is not None:
                        found[figure] = None
        return tuple(found)

    def assumptions(self, products: Sequence[str], hosts: Sequence[str] = ("",)) -> tuple[Assumption, ...]:
        """Return the figures used as sentences, each with its range and source."""
        return tuple(assumption(figure) for figure in self.used(products, hosts))

    def _of(self, parameter: str) -> Iterable[Figure]:
        if parameter not in COST_PARAMETERS:
            raise ArgumentError(
                f"{parameter} is no cost of a plan; known: {', '.join(COST_PARAMETERS)}", code="unknown_cost"
            )
        return self._by_parameter[parameter]


def _closeness(figure: Figure, product: str, host: str) -> tuple[bool, int, bool] | None:
    """How close a figure is to what is asked; None where it does not hold."""
    if figure.hosts and host not in figure.hosts:
        return None
    known = known_products().get(product)
    if figure.applies_to == "default":
        level = 0
    elif figure.applies_to == product and product:
        level = 2
    elif known is not None and figure.applies_to in known.materials:
        level = 1
    else:
        return None
    return figure.own, level, bool(figure.hosts)


def assumption(figure: Figure) -> Assumption:
    """Return a figure as a sentence with its range and source."""
    source = "none" if figure.source == "assumption" else figure.source
    said = cost_sentence(figure.parameter, figure.applies_to, figure.value, figure.low, figure.high)
    return Assumption(text=said, source=source)


def annuity(discount_share: float, life_years: float) -> float:
    """Return the yearly payment for a dollar of capital.

    >>> round(annuity(0.05, 15), 6), annuity(0.0, 10)
    (0.096342, 0.1)
    """
    if discount_share == 0:
        return 1.0 / life_years
    return float(discount_share / -np.expm1(-life_years * np.log1p(discount_share)))


def costs_of(
    book: CostBook,
    *,
    products: Sequence[str],
    hosts: Sequence[str],
    ends: Mapping[str, End] | None = None,
) -> Costs:
    """Return the prices of decisions as a problem holds them.

    Parameters
    ----------
    book
        Figures.
    products, hosts
        Axes. Where no plant is known, what it costs is 0, which means nothing: it must not be buildable.
    ends
        By parameter, the end of its range to take instead of the value.
    """
    chosen = ends or {}

    def by_product(parameter: str) -> Floats:
        return values_of(book, parameter, products, chosen)

    def by_host(parameter: str) -> Floats:
        shape = (len(hosts), len(products))
        end = chosen.get(parameter, "value")
        known = [
            [book.figure(parameter, k, h).end(end) if book.has_plant(k, h) else 0.0 for k in products]
            for h in hosts
        ]
        return np.array(known, np.float64).reshape(shape)

    rate, years = (values_of(book, name, ("",), chosen)[0] for name in ("discount_share", "life_years"))
    return Costs(
        switching_share=by_product("switching_share"),
        emergency_share=by_product("emergency_share"),
        capital_usd_per_t=by_host("capital_usd_per_t"),
        gap_usd_per_t=by_host("gap_usd_per_t"),
        support_share=by_host("support_share"),
        annuity=annuity(float(rate), float(years)),
        carrying_share=by_product("carrying_share"),
        filling_share=by_product("filling_share"),
        value_factor=by_product("value_factor"),
        outsider_share=by_product("outsider_share"),
    )


def values_of(
    book: CostBook, parameter: str, products: Sequence[str], ends: Mapping[str, End] | None = None
) -> Floats:
    """Return a parameter by product; NaN where it belongs to a plant and none is known."""
    end = (ends or {}).get(parameter, "value")
    optional = COST_PARAMETERS[parameter].plant
    found = [book.find(parameter, k) if optional else book.figure(parameter, k) for k in products]
    return np.array([np.nan if each is None else each.end(end) for each in found], np.float64)
