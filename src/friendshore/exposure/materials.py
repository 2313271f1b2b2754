"""Materials: the flows and the production that a question about materials adds up.

A material is traded under several product codes and produced as one: the governance-weighted scores
need both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.trade import Floats, Indices, Trade
from friendshore.tables.world import Output, World

__all__ = ["Imports", "Question", "codes_of_material", "imports_of"]


@dataclass(frozen=True, eq=False)
class Imports:
    """Sums over the flows of each (year, product, importer)."""

    tons: Floats
    usd: Floats
    rated_tons: Floats
    """Tons of exporters with a known risk."""
    risk_tons: Floats
    """Tons weighted by risk."""

    def over_codes(self, products: Sequence[int]) -> tuple[Floats, Floats, Floats, Floats]:
        """Add up the products of a material: four arrays of shape (years, importers)."""
        at = list(products)
        return (
            self.tons[:, at].sum(axis=1),
            self.usd[:, at].sum(axis=1),
            self.rated_tons[:, at].sum(axis=1),
            self.risk_tons[:, at].sum(axis=1),
        )


def codes_of_material(material: str) -> tuple[str, ...]:
    """Return the product codes whose trade counts as a material's, from the material table."""
    from friendshore.tables.materials import governance_codes

    return tuple(governance_codes(material))


class Question:
    """What is to be scored: resolved materials, codes, years and importers of one world."""

    def __init__(
        self,
        world: World,
        years: Sequence[int],
        materials: Sequence[str],
        importers: Sequence[Sequence[int]] | None,
        trade: Trade | None,
        codes_of: Callable[[str], tuple[str, ...]],
    ) -> None:
        self.world = world
        self.years = tuple(years)
        self.materials = tuple(materials or world.material_output)
        self.codes = tuple(tuple(codes_of(material)) for material in self.materials)
        place = {code: n for n, code in enumerate(world.products)}
        self.products = [[place[code] for code in codes if code in place] for codes in self.codes]
        self.alone = importers is None
        self.importers = (
            tuple((n,) for n in range(len(world.countries)))
            if importers is None
            else tuple(tuple(members) for members in importers)
        )
        if trade is None:
            wanted = sorted({code for codes in self.codes for code in codes if code in place})
            trade = world.trade(self.years, wanted)
        self.trade = trade

    def material_output(self, m: int) -> Output | None:
        """Production of a material as its producer counts it; None where the world has no such table."""
        return self.world.material_output.get(self.materials[m])

    def output(self, m: int, year: int) -> Floats:
        """Production in tons by country: the material's own table, else the sum of its products' tables."""
        places = len(self.world.countries)
        table = self.material_output(m)
        if table is not None:
            return table.in_year(year, places)
        tables = [self.world.product_output[c] for c in self.codes[m] if c in self.world.product_output]
        if not tables:
            return np.full(places, np.nan)
        total: Floats = np.sum([each.in_year(year, places) for each in tables], axis=0)
        return total

    def summed(self, by_country: Floats) -> Floats:
        """Add up production over the members of each importer; NaN where any is unknown."""
        if self.alone:
            return by_country
        return np.array([by_country[list(members)].sum() for members in self.importers])


def imports_of(question: Question, risk: Floats, *, drop_inner: bool) -> Imports:
    """Add up flows by (year, product, importer). Inner flows of a bloc are dropped, or kept at risk 0."""
    trade, products = question.trade, len(question.world.products)
    years = np.array(question.years)
    order = np.argsort(years)
    at = np.minimum(np.searchsorted(years, trade.year, sorter=order), len(years) - 1)
    year = order[at]
    here = years[year] == trade.year
    block = np.where(here, year * products + trade.product, -1)
    tons = np.where(np.isnan(trade.quantity_t), 0.0, trade.quantity_t)
    # Corrected: dollars without tons would distort the price. The original keeps them.
    usd = np.where(np.isnan(trade.quantity_t), 0.0, trade.value_usd) if drop_inner else trade.value_usd
    rate = risk[year, trade.exporter]
    if question.alone:
        buyers = len(question.world.countries)
        sums = _sums(block, trade.importer, buyers, tons, usd, rate, len(years) * products)
        return Imports(*(s.reshape(len(years), products, buyers) for s in sums))
    columns = []
    for members in question.importers:
        inside = np.zeros(len(trade.countries), bool)
        inside[list(members)] = True
        rows = inside[trade.importer]
        inner = inside[trade.exporter]
        if drop_inner:
            rows = rows & ~inner
        rated = np.where(inner, 0.0, rate)[rows]
        one = np.zeros(int(rows.sum()), np.int64)
        columns.append(_sums(block[rows], one, 1, tons[rows], usd[rows], rated, len(years) * products))
    stacked = [np.concatenate([c[k] for c in columns], axis=1) for k in range(4)]
    return Imports(*(s.reshape(len(years), products, len(columns)) for s in stacked))


def _sums(
    block: Indices,
    buyer: NDArray[np.integer],
    buyers: int,
    tons: Floats,
    usd: Floats,
    rate: Floats,
    blocks: int,
) -> list[Floats]:
    """Sum tons, dollars, rated tons and risk-weighted tons by block and buyer; block -1 is left out."""
    keep = block >= 0
    cell = block[keep] * buyers + buyer[keep]
    tons, usd, rate = tons[keep], usd[keep], rate[keep]
    known = ~np.isnan(rate)
    weights = (tons, usd, tons * known, tons * np.where(known, rate, 0.0))
    return [np.bincount(cell, w, blocks * buyers).astype(np.float64).reshape(blocks, buyers) for w in weights]
