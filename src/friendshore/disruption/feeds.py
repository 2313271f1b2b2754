"""Feeds: a refiner's output is at most what its feed still allows, where we can tell what its feed is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from friendshore.disruption.links import Links
from friendshore.records import Record
from friendshore.tables.trade import Floats, Indices
from friendshore.tables.world import World

__all__ = ["YIELDS", "FeedStep", "Feeds", "feed_steps", "feeds_of"]


class FeedStep(Record):
    """One step of a chain: which codes, together one good, are the feed of a product."""

    feeds: tuple[str, ...]
    product: str
    material: str = ""
    yield_share: float = 1.0
    """Tons of product a ton of feed, at most."""
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


YIELDS: Mapping[str, float] = MappingProxyType(
    {
        "280530": 0.86,  # Nd2O3 is 85.7 % neodymium; the other rare earths are near it
        "720292": 1.12,  # V2O5 is 56 % vanadium, ferrovanadium 50 to 80 %
        "810510": 0.79,  # CoO is 78.6 % cobalt, the most of the oxides and hydroxides
    }
)
"""By product, tons that a ton of its feed yields at most, by composition. A step whose yield nobody has entered
here is not applied: gold is not refined from as many tons of ore."""


def feed_steps(products: Iterable[str]) -> tuple[FeedStep, ...]:
    """Return the steps of the stage table that lie within a list of products and have a yield.

    A step leads from a stage to the next one of the same material; parallel goods of a stage are added up. A
    stage between them that the data lack breaks the step (alumina between bauxite and aluminium): the later
    stage's feed is then not known.
    """
    from friendshore.tables.materials import materials

    here = set(products)
    ranks = ("ore", "intermediate", "refined", "product")
    steps: dict[str, FeedStep] = {}
    for material in materials().values():
        by_rank = [[stage for stage in material.stages if stage.name == rank] for rank in ranks]
        for before, after in pairwise(stages for stages in by_rank if stages):
            codes = tuple(code for stage in before if stage.measurable for code in stage.codes)
            if not codes or not set(codes) <= here:
                continue
            for code in (code for stage in after if stage.measurable for code in stage.codes):
                if code in here and code in YIELDS and code not in steps:
                    steps[code] = FeedStep(
                        feeds=codes, product=code, material=material.id, yield_share=YIELDS[code]
                    )
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
