"""Feeds: a refiner's output is at most what its feed still allows, where we can tell what its feed is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from friendshore.disruption.links import Links
from friendshore.records import Record
from friendshore.tables.trade import Floats, Indices
from friendshore.tables.world import World

__all__ = ["FeedStep", "Feeds", "feed_steps", "feeds_of"]


class FeedStep(Record):
    """One step of a chain: which codes, together one good, are the feed of a product."""

    feeds: tuple[str, ...]
    product: str
    material: str = ""
    yield_share: float = 1.0
    """Tons of product a ton of feed, at most. 1 where not known: no more can come out than goes in."""
    processors: tuple[str, ...] = ()
    """Exporters to which it applies; empty: all of which the feed is known."""


@dataclass(frozen=True, eq=False)
class Feeds:
    """By seller: the part of its feed that it buys abroad, and from which buyers' arrivals to read it."""

    share: Floats
    fed_by: Indices
    feeders: Indices
    order: Indices
    """The products of the run, feeds first."""
    limited: int
    """Sellers that a feed limits."""
    unknown: int
    """Sellers of a product with a feed step for which the feed is not known; nothing limits them."""


def feed_steps(products: Iterable[str]) -> tuple[FeedStep, ...]:
    """Return the steps of the stage table that lie within a list of products.

    A step leads from a stage to the next one of the same material. A stage between them that the data lack
    breaks the step (alumina between bauxite and aluminium): the later stage's feed is then not known.
    """
    from friendshore.tables.materials import materials

    here = set(products)
    ranks = ("ore", "intermediate", "refined", "product")
    steps: dict[str, FeedStep] = {}
    for material in materials().values():
        by_rank = [[stage for stage in material.stages if stage.name == rank] for rank in ranks]
        filled = [stages for stages in by_rank if stages]
        for before, after in pairwise(filled):
            codes = tuple(code for stage in before for code in stage.codes)
            whole = all(stage.measurable for stage in before) and set(codes) <= here
            for code in (code for stage in after if stage.measurable for code in stage.codes):
                if whole and code in here and code not in steps:
                    steps[code] = FeedStep(feeds=codes, product=code, material=material.id)
    return tuple(steps.values())


def mined(world: World, material: str, years: Sequence[int]) -> Floats:
    """Return mean production by country over the years, in whatever tons; NaN where not known."""
    table = world.material_output.get(material)
    places = len(world.countries)
    if table is None:
        return np.full(places, np.nan)
    return np.asarray(np.mean([table.in_year(year, places) for year in years], axis=0), np.float64)


def feeds_of(
    world: World, links: Links, products: Sequence[str], years: Sequence[int], steps: Sequence[FeedStep]
) -> Feeds:
    """Find by seller what limits it.

    Notes
    -----
    A feed limits a seller where (1) its country is known to mine none of the material, so that the feed is
    bought abroad, or is named in ``processors``; and (2) it buys at least as much feed as the product that
    it sells needs, after the yield: else it must have another feed (scrap, another code).
    """
    place = {code: n for n, code in enumerate(products)}
    share = np.zeros(len(links.seller_tons))
    found: dict[int, Indices] = {}
    unknown = 0
    edges: dict[int, set[int]] = {n: set() for n in range(len(products))}
    for step in steps:
        k = place[step.product]
        feeds = [place[code] for code in step.feeds]
        edges[k].update(feeds)
        output = (
            mined(world, step.material, years) if step.material else np.full(len(world.countries), np.nan)
        )
        named = {world.position[code] for code in step.processors if code in world.position}
        buyers = np.flatnonzero(np.isin(links.buyer_product, feeds))
        for i in np.flatnonzero((links.seller_product == k) & (links.seller_tons > 0)).tolist():
            country = int(links.seller_country[i])
            own = buyers[links.buyer_country[buyers] == country]
            mines_none = country < len(output) and output[country] == 0
            enough = links.buyer_tons[own].sum() * step.yield_share >= links.seller_tons[i]
            if len(own) and enough and (country in named or (mines_none and not step.processors)):
                share[i], found[i] = 1.0, own
            else:
                unknown += 1
    sizes = [len(found.get(i, ())) for i in range(len(share))]
    feeders = np.concatenate([found[i] for i in sorted(found)]) if found else np.zeros(0, np.int64)
    return Feeds(
        share, np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), feeders.astype(np.int64),
        _feeds_first(edges), len(found), unknown,
    )  # fmt: skip


def _feeds_first(edges: dict[int, set[int]]) -> Indices:
    from graphlib import TopologicalSorter

    return np.array(list(TopologicalSorter(edges).static_order()), np.int64)
