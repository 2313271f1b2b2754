"""One product bought from several suppliers at least cost, kept from leaning on few of them.

Money and tons are a year's. A share is one of demand. The marginal cost of a limit is what the yearly cost falls by
when its share is loosened by one percentage point.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.errors import ArgumentError
from friendshore.planning.programmes import caps_of
from friendshore.planning.sourcing import POINT, Marginal, Offers, Portion, Risk, Sourcing
from friendshore.planning.spreading import within_hhi
from friendshore.tables.trade import Floats

__all__ = ["Diversified", "Marginal", "Offers", "Portion", "Risk", "diversify", "share_cap_of"]


@dataclass(frozen=True, eq=False)
class Diversified:
    """The cheapest purchases that keep the limits."""

    bought_t: Floats
    """By supplier."""
    cost_usd: float
    """Of the purchases."""
    cheapest_usd: float
    """Of the purchases that keep capacities alone."""
    hhi: float
    """Sum of squared shares of demand."""
    risk_usd: float
    """Mean loss of the worst cases, 0 where no risk was stated."""
    marginal: tuple[Marginal, ...]
    """Of every limit that was stated."""


def share_cap_of(preset: str) -> float:
    """Return the most that may come from one country, by a programme: ``crma-2030``, ``nzia-50``.

    >>> share_cap_of("crma-2030")
    0.65
    """
    return float(caps_of(preset)["any_share"])


def diversify(
    offers: Offers,
    demand_t: float,
    *,
    share_cap: float = np.inf,
    hhi_cap: float = np.inf,
    portions: Sequence[Portion] = (),
    risk: Risk | None = None,
) -> Diversified:
    """Buy ``demand_t`` at least cost within limits.

    Parameters
    ----------
    offers
        Prices and capacities.
    demand_t
        Tons to buy.
    share_cap
        Most that may come from one supplier, as a share of demand.
    hhi_cap
        Most that the sum of squared shares of demand may be.
    portions
        Floors and caps on groups of suppliers, as bought or as traced.
    risk
        Expected loss in the worst cases, added to the cost that is made least.

    Raises
    ------
    ArgumentError
        ``no_such_sourcing`` where the limits cannot be kept together, saying what is short;
        ``bad_offers`` for figures that mean nothing.

    Notes
    -----
    Without ``hhi_cap`` it is a linear program. With it, each square is held from below by tangents, which are added
    where they are missing until none is; the last step solves the conditions of the optimum by Newton's method, and
    is kept where it keeps all limits at no higher cost.
    """
    _refuse_nonsense(offers, demand_t, share_cap, hhi_cap, portions, risk)
    cheapest = Sourcing(offers, demand_t, np.inf, (), None).cheapest()
    sourcing = Sourcing(offers, demand_t, share_cap, portions, risk)
    found = sourcing.cheapest()
    spread: tuple[Marginal, ...] = ()
    if np.isfinite(hhi_cap):
        if found.hhi > hhi_cap * (1 + 1e-12):
            found, slope = within_hhi(sourcing, hhi_cap)
        else:
            slope = 0.0
        spread = (Marginal(limit="hhi_cap", usd=slope * POINT),)
    return Diversified(
        found.bought_t,
        found.cost_usd,
        cheapest.cost_usd,
        found.hhi,
        found.risk_usd,
        (*found.marginal, *spread),
    )


def _refuse_nonsense(
    offers: Offers,
    demand_t: float,
    share_cap: float,
    hhi_cap: float,
    portions: Sequence[Portion],
    risk: Risk | None,
) -> None:
    n = len(offers.suppliers)
    wrong = None
    if not n or offers.price_usd.shape != (n,) or offers.capacity_t.shape != (n,):
        wrong = f"{n} suppliers with {offers.price_usd.size} prices and {offers.capacity_t.size} capacities"
    elif not (np.isfinite(offers.price_usd).all() and (offers.price_usd >= 0).all()):
        wrong = "a price that is missing or below 0"
    elif not (offers.capacity_t >= 0).all():
        wrong = "a capacity that is missing or below 0"
    elif not (np.isfinite(demand_t) and demand_t > 0):
        wrong = f"a demand of {demand_t:g} t"
    elif not (share_cap > 0 and hhi_cap > 0):
        wrong = "a cap that is not above 0"
    elif any(each.part.shape != (n,) or not np.isfinite(each.part).all() for each in portions):
        wrong = "a portion that does not cover every supplier"
    elif risk is not None and (
        risk.loss_usd.shape != (len(risk.probability), n)
        or not np.isclose(risk.probability.sum(), 1)
        or (risk.probability < 0).any()
        or not 0 <= risk.tail < 1
    ):
        wrong = "a risk whose probabilities do not add up to 1, or that does not cover every supplier"
    if wrong:
        raise ArgumentError(
            f"Purchases cannot be planned with {wrong}.",
            code="bad_offers",
            hint="Every supplier needs a price and a capacity of 0 or more; demand and caps are above 0.",
        )
