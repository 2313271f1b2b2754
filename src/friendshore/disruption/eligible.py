"""Which importers an event is tried on, and what was known of each of them before it.

An importer-event counts where, with base means of cleaned tons,

- imports of the product (several codes pooled) exceed 5 million dollars a year;
- the shocked exporters, taken as one supplier, sell at least 5 % of the tons;
- the data can be read: the unit value of the importer's purchases does not move by a factor of 3 or more
  against the world's between base and outcome, at most 30 % of the tons of either are imputed, and the
  outcome is not empty.

The last test looks at the outcome. It chooses the rows that can be scored and enters no forecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.events import Event
from friendshore.tables.countries import countries
from friendshore.tables.trade import Floats, Indices, Trade
from friendshore.tables.world import World

__all__ = ["Cases", "Ledger", "Reach", "cases", "ledgers", "means"]

LEAST_USD = 5e6
LEAST_EXPOSURE = 0.05
LARGEST_BREAK = 3.0
"""Factor between the importer's and the world's change of unit value from which a row is not read."""
MOST_IMPUTED = 0.3
MEMORY = 5
"""Years up to the last base year in which a supplier's presence is counted."""
EARTH_KM = 6371.0
USUAL_KM = 4000.0
"""Where a place is unknown: about the median distance, at which nearness has no effect."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """Flows of one set of products, pooled, as a block of years x importers x exporters."""

    years: tuple[int, ...]
    tons: Floats
    """Cleaned; unknown counts as nothing, as in the catalogue's own figures."""
    usd: Floats
    imputed: Floats
    """By year and importer, the part of ``tons`` that is not as published."""

    def rows(self, years: Sequence[int]) -> Indices:
        """Positions of years."""
        return np.array([self.years.index(year) for year in years], np.int64)


@dataclass(frozen=True, eq=False)
class Reach:
    """How much each importer within an event's reach bought from the shocked exporters."""

    importers: Indices
    tons: Floats
    km: Floats
    """From the nearest shocked exporter, centre to centre."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Importer-events as parallel arrays; supplier columns are the countries, then the shocked exporters as one.

    All tons are a year's. Everything but ``outcome`` was known before the event.
    """

    countries: tuple[str, ...]
    events: tuple[Event, ...]
    """The event of each row."""
    importer: Indices
    exposure: Floats
    """Share of the shocked exporters in base tons."""
    world_share: Floats
    """Share of the shocked exporters in the world's exports by base tons."""
    base: Floats
    """Mean over the base years, by supplier."""
    last: Floats
    """Of the last base year, by supplier."""
    presence: Floats
    """Share of the five years up to the last base year in which the supplier sold to the importer."""
    elsewhere: Floats
    """Base mean of what the supplier sold to everybody else."""
    volatility: Floats
    """Standard deviation of the log of total tons over the same five years."""
    outcome: Floats
    """Mean over the outcome years, by supplier."""
    reaches: tuple[Reach, ...]
    """The reach of each row's event."""
    dropped: tuple[tuple[str, str, str], ...] = ()
    """(event, importer or empty, reason) of what was eligible and is not scored."""

    def __len__(self) -> int:
        return len(self.importer)

    @property
    def severity(self) -> Floats:
        """The stated severity of each row's event."""
        return np.array([event.severity for event in self.events], np.float64)

    def take(self, rows: NDArray[np.bool_]) -> Cases:
        """Return some of the rows."""
        at = np.flatnonzero(rows)
        arrays = {
            name: getattr(self, name)[at]
            for name in (
                "importer", "exposure", "world_share", "base", "last", "presence", "elsewhere",
                "volatility", "outcome",
            )
        }  # fmt: skip
        return Cases(
            self.countries,
            tuple(self.events[n] for n in at),
            reaches=tuple(self.reaches[n] for n in at),
            dropped=self.dropped,
            **arrays,
        )


def ledgers(world: World, groups: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Ledger]]:
    """Read the flows of each set of products, one block after the other (each takes some 40 MB)."""
    wanted = sorted({code for group in groups for code in group} & set(world.products))
    if not wanted:
        return
    cleaned = world.trade(None, wanted, quantities="cleaned")
    raw = world.trade(None, wanted)
    for group in sorted(set(groups)):
        inside = [world.products.index(code) for code in group if code in world.products]
        rows = np.isin(cleaned.product, inside)
        if rows.any():
            yield group, _ledger(world, cleaned.take(rows), raw.take(rows))


def _ledger(world: World, cleaned: Trade, raw: Trade) -> Ledger:
    size = len(world.countries)
    year = np.searchsorted(np.array(world.years), cleaned.year)
    cell = (year.astype(np.int64) * size + cleaned.importer) * size + cleaned.exporter
    shape = (len(world.years), size, size)

    def block(amounts: Floats) -> Floats:
        return np.asarray(np.bincount(cell, amounts, shape[0] * size * size), np.float64).reshape(shape)

    tons = np.nan_to_num(cleaned.quantity_t)
    published = np.nan_to_num(raw.quantity_t, nan=-1.0)
    imputed = np.abs(published - tons) > 1e-6 * np.abs(published)
    filled = np.bincount(cell // size, np.where(imputed, tons, 0.0), shape[0] * size).astype(np.float64)
    return Ledger(world.years, block(tons), block(cleaned.value_usd), filled.reshape(shape[:2]))


def means(ledger: Ledger, years: Sequence[int]) -> tuple[Floats, Floats, Floats]:
    """Return the mean tons, dollars and imputed share of tons (by importer) over some years."""
    rows = ledger.rows(years)
    tons, usd = ledger.tons[rows].mean(0), ledger.usd[rows].mean(0)
    filled, total = ledger.imputed[rows].mean(0), tons.sum(1)
    return tons, usd, np.divide(filled, total, out=np.zeros(len(total)), where=total > 0)


def cases(world: World, catalogue: Sequence[Event]) -> Cases:
    """Collect the importer-events of a catalogue that can be scored.

    Events whose products or years the world lacks are named in ``dropped``.
    """
    dropped: list[tuple[str, str, str]] = []
    found: list[Cases] = []
    known = [event for event in catalogue if _usable(world, event, dropped)]
    ordered = sorted(known, key=lambda event: event.products_hs92)
    by_products = {group: list(these) for group, these in groupby(ordered, lambda event: event.products_hs92)}
    for group, ledger in ledgers(world, list(by_products)):
        found += [_cases(world, event, ledger, dropped) for event in by_products[group]]
    place = {event.id: n for n, event in enumerate(catalogue)}
    found = sorted((part for part in found if len(part)), key=lambda part: place[part.events[0].id])
    return _joined(world, found, tuple(dropped))


def _usable(world: World, event: Event, dropped: list[tuple[str, str, str]]) -> bool:
    reason = ""
    if not set(event.products_hs92) & set(world.products):
        reason = "no such product in the data"
    elif not set(event.base_years + event.outcome_years) <= set(world.years):
        reason = "years outside the data"
    elif not set(event.exporters) & set(world.countries):
        reason = "no such exporter in the data"
    elif event.severity is None:
        reason = "no severity stated"
    if reason:
        dropped.append((event.id, "", reason))
    return not reason


def kilometres(world: World, exporters: Sequence[str]) -> Floats:
    """Distance of every country of a world from the nearest of some exporters, centre to centre."""
    known = countries()
    spots = np.array(
        [
            (known[code].latitude, known[code].longitude)
            if code in known and known[code].latitude is not None
            else (np.nan, np.nan)
            for code in world.countries
        ],
        np.float64,
    )
    latitude, longitude = np.radians(spots).T
    nearest: Floats = np.full(len(spots), np.inf)
    for code in exporters:
        at = world.position.get(code)
        if at is None:
            continue
        half = (
            np.sin((latitude - latitude[at]) / 2) ** 2
            + np.cos(latitude) * np.cos(latitude[at]) * np.sin((longitude - longitude[at]) / 2) ** 2
        )
        nearest = np.fmin(nearest, 2 * EARTH_KM * np.arcsin(np.sqrt(half)))
    return np.where(np.isfinite(nearest), nearest, USUAL_KM)


def _cases(world: World, event: Event, ledger: Ledger, dropped: list[tuple[str, str, str]]) -> Cases:
    shocked = np.array([world.position[code] for code in event.exporters if code in world.position])
    base, usd, filled = means(ledger, event.base_years)
    outcome, usd_after, filled_after = means(ledger, event.outcome_years)
    total, after = base.sum(1), outcome.sum(1)
    sold = base[:, shocked].sum(1)
    inside = np.ones(len(total), bool)
    if event.importers:
        inside = np.isin(np.array(world.countries), event.importers)
    inside[shocked] = False
    with np.errstate(divide="ignore", invalid="ignore"):
        exposure = np.where(total > 0, sold / total, 0.0)
        change = (usd_after.sum(1) / after) / (usd.sum(1) / total)
        breaks = np.abs(np.log(change / ((usd_after.sum() / after.sum()) / (usd.sum() / total.sum()))))
    eligible = inside & (usd.sum(1) > LEAST_USD) & (exposure >= LEAST_EXPOSURE)
    reasons = (
        ("nothing imported in the outcome years", after <= 0),
        ("unit value breaks", ~(breaks <= np.log(LARGEST_BREAK))),
        ("too many imputed tons", np.maximum(filled, filled_after) > MOST_IMPUTED),
    )
    for importer in np.flatnonzero(eligible):
        said = next((reason for reason, rows in reasons if rows[importer]), "")
        if said:
            dropped.append((event.id, world.countries[importer], said))
            eligible[importer] = False
    rows = np.flatnonzero(eligible)
    buyers = np.flatnonzero(inside & (sold > 0))
    reach = Reach(buyers, sold[buyers], kilometres(world, event.exporters)[buyers])
    last = ledger.years.index(max(event.base_years))
    recent = _pooled(ledger.tons[max(0, last - MEMORY + 1) : last + 1][:, rows], shocked)
    totals = recent.sum(2)
    floor = np.maximum(totals, 0.05 * total[rows])
    pooled = _pooled(base[rows], shocked)
    return Cases(
        world.countries,
        (event,) * len(rows),
        rows,
        exposure[rows],
        np.full(len(rows), base[:, shocked].sum() / max(base.sum(), 1e-300)),
        pooled,
        recent[-1],
        (recent > 0).mean(0),
        _pooled(base.sum(0)[None, :], shocked) - pooled,
        np.log(floor).std(0),
        _pooled(outcome[rows], shocked),
        (reach,) * len(rows),
    )


def _pooled(tons: Floats, shocked: Indices) -> Floats:
    """Move the shocked exporters' tons into one more supplier at the end."""
    together = tons[..., shocked].sum(-1, keepdims=True)
    others = tons.copy()
    others[..., shocked] = 0.0
    return np.concatenate([others, together], axis=-1)


def _joined(world: World, parts: Sequence[Cases], dropped: tuple[tuple[str, str, str], ...]) -> Cases:
    size = len(world.countries) + 1

    def stacked(name: str, *, wide: bool = False) -> Floats:
        pieces = [getattr(part, name) for part in parts]
        return np.concatenate(pieces) if pieces else np.empty((0, size) if wide else 0)

    wide = ("base", "last", "presence", "elsewhere", "outcome")
    return Cases(
        world.countries,
        tuple(event for part in parts for event in part.events),
        stacked("importer").astype(np.int64),
        reaches=tuple(reach for part in parts for reach in part.reaches),
        dropped=dropped,
        **{name: stacked(name) for name in ("exposure", "world_share", "volatility")},
        **{name: stacked(name, wide=True) for name in wide},
    )
