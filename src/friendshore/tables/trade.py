"""Bilateral trade in memory: columns sorted by year, product, importer, exporter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Indices", "Trade"]

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trade:
    """Flows as parallel columns, one row a (year, product, importer, exporter), each at most once, sorted so.

    Self-flows (importer equal to exporter) are never present. A link that is absent is zero; a quantity that
    is unknown is NaN here and NULL at every edge.
    """

    countries: tuple[str, ...]
    """ISO3 codes, sorted; ``importer`` and ``exporter`` are positions in it."""
    products: tuple[str, ...]
    """HS codes as six-character strings, sorted; ``product`` is a position in it."""
    year: NDArray[np.int16]
    product: NDArray[np.int16]
    importer: NDArray[np.int16]
    exporter: NDArray[np.int16]
    value_usd: Floats
    """Current US dollars, FOB."""
    quantity_t: Floats
    """Metric tons; NaN where unknown."""
    left_out_usd: Floats | None = None
    """After :meth:`joined`: dollars of the members' flows whose tons are unknown and so not in the sum. None: a
    flow's tons are known or not, as a whole."""

    def __len__(self) -> int:
        return len(self.year)

    @classmethod
    def sorted_from(
        cls,
        countries: Sequence[str],
        products: Sequence[str],
        year: NDArray[np.integer],
        product: NDArray[np.integer],
        importer: NDArray[np.integer],
        exporter: NDArray[np.integer],
        value_usd: Floats,
        quantity_t: Floats,
    ) -> Trade:
        """Sort rows that are known to be unique and free of self-flows."""
        order = np.lexsort((exporter, importer, product, year))
        return cls(
            tuple(countries),
            tuple(products),
            np.asarray(year, np.int16)[order],
            np.asarray(product, np.int16)[order],
            np.asarray(importer, np.int16)[order],
            np.asarray(exporter, np.int16)[order],
            np.asarray(value_usd, np.float64)[order],
            np.asarray(quantity_t, np.float64)[order],
        )

    @property
    def unweighed_usd(self) -> Floats:
        """Dollars of each row that have no tons beside them."""
        if self.left_out_usd is not None:
            return self.left_out_usd
        return np.where(np.isnan(self.quantity_t), self.value_usd, 0.0)

    @property
    def unknown_tons(self) -> NDArray[np.bool_]:
        """True for each row whose tons are not known, or known only in part."""
        unknown: NDArray[np.bool_] = np.isnan(self.quantity_t) | (self.unweighed_usd > 0)
        return unknown

    def amounts(self, basis: str) -> Floats:
        """Return the column of a basis: ``value`` gives dollars, ``quantity`` tons with NaN where unknown."""
        return self.value_usd if basis == "value" else self.quantity_t

    def take(self, rows: NDArray[np.bool_] | Indices | slice) -> Trade:
        """Return the chosen rows (order kept)."""
        return Trade(
            self.countries,
            self.products,
            self.year[rows],
            self.product[rows],
            self.importer[rows],
            self.exporter[rows],
            self.value_usd[rows],
            self.quantity_t[rows],
            None if self.left_out_usd is None else self.left_out_usd[rows],
        )

    def of(self, *, year: int, product: int | None = None) -> Trade:
        """Return the rows of one year, or of one product (position) in one year, by binary search."""
        start, stop = np.searchsorted(self.year, [year, year + 1])
        if product is not None:
            within = np.searchsorted(self.product[start:stop], [product, product + 1])
            start, stop = start + within[0], start + within[1]
        return self.take(slice(int(start), int(stop)))

    def joined(self, members: Iterable[int], name: str) -> Trade:
        """Treat several countries as one importer and exporter: sum their flows and drop those among them.

        Parameters
        ----------
        members
            Positions in ``countries``.
        name
            Name of the joined country; appended to ``countries`` as the last position (so positions of all
            other countries stay the same). The members keep their positions and have no flows left.

        Returns
        -------
        Trade
            Dollars are summed; tons are the sum of the known rows and NaN only where no row is known
            (``left_out_usd`` says what the sum leaves out).
        """
        inside = np.zeros(len(self.countries), bool)
        inside[list(members)] = True
        new = len(self.countries)
        buyer = np.where(inside[self.importer], new, self.importer)
        seller = np.where(inside[self.exporter], new, self.exporter)
        keep = buyer != seller
        year, product, buyer, seller = self.year[keep], self.product[keep], buyer[keep], seller[keep]
        value, quantity, unweighed = self.value_usd[keep], self.quantity_t[keep], self.unweighed_usd[keep]
        order = np.lexsort((seller, buyer, product, year))
        year, product, buyer, seller = year[order], product[order], buyer[order], seller[order]
        value, quantity, unweighed = value[order], quantity[order], unweighed[order]
        first = np.ones(len(year), bool)
        first[1:] = (
            (year[1:] != year[:-1])
            | (product[1:] != product[:-1])
            | (buyer[1:] != buyer[:-1])
            | (seller[1:] != seller[:-1])
        )
        starts = np.flatnonzero(first)
        if len(starts):
            known = np.isfinite(quantity)
            value = np.add.reduceat(value, starts)
            tons = np.add.reduceat(np.where(known, quantity, 0.0), starts)
            quantity = np.where(np.add.reduceat(known.astype(np.int64), starts) > 0, tons, np.nan)
            unweighed = np.add.reduceat(unweighed, starts)
        return Trade(
            (*self.countries, name),
            self.products,
            year[starts].astype(np.int16),
            product[starts].astype(np.int16),
            buyer[starts].astype(np.int16),
            seller[starts].astype(np.int16),
            value,
            quantity,
            unweighed,
        )
