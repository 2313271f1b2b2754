"""What still feeds a new plant in a case: nothing new helps that is fed by the supplier it is to replace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from friendshore.disruption.feeds import mined
from friendshore.disruption.market import Market
from friendshore.planning.arrivals import Arrivals
from friendshore.planning.setting import Setting
from friendshore.tables.materials import materials
from friendshore.tables.products import products
from friendshore.tables.trade import Floats

__all__ = ["feed_codes", "feed_open", "feeds_of_plants", "minable"]

RANKS = ("ore", "intermediate", "refined", "product")


def feed_codes(code: str) -> tuple[str, tuple[str, ...], bool]:
    """Return a product's material, the codes of the stage before it, and whether the data hold that stage.

    No codes where the product is what is mined, or where no material is known.
    """
    known = products().get(code)
    material = materials().get(known.materials[0]) if known and known.materials else None
    if material is None:
        return "", (), True
    own = [RANKS.index(stage.name) for stage in material.stages if code in stage.codes]
    if not own:
        return material.id, (), True
    before = [stage for stage in material.stages if RANKS.index(stage.name) < min(own)]
    if not before:
        return material.id, (), True
    nearest = max(RANKS.index(stage.name) for stage in before)
    stages = [stage for stage in before if RANKS.index(stage.name) == nearest]
    codes = tuple(each for stage in stages if stage.measurable for each in stage.codes)
    return material.id, codes, bool(codes)


def feeds_of_plants(codes: Sequence[str], held: Sequence[str]) -> tuple[str, ...]:
    """Return the codes beyond ``codes`` that plants would be fed with, as far as the data hold them."""
    found = [feed for code in codes for feed in feed_codes(code)[1] if feed in held and feed not in codes]
    return tuple(dict.fromkeys(found))


def minable(market: Market, setting: Setting) -> NDArray[np.bool_]:
    """Return (H, K) whether a host could make a product that comes out of the ground.

    Nobody opens a mine where nothing lies. Where the product is what is mined, a host that is known to mine none of
    the material cannot; where its output is not known, and for all that is processed, it can.
    """
    found = np.ones((len(setting.hosts), len(setting.products)), bool)
    for n, code in enumerate(setting.products):
        material, feeds, measured = feed_codes(code)
        if not material or feeds or not measured:
            continue
        own = mined(market.world, material, market.base_years)
        for h, host in enumerate(setting.hosts):
            inside = _inside(market, setting, host)
            found[h, n] = not inside or bool((own[inside] > 0).any() or np.isnan(own[inside]).any())
    return found


def _inside(market: Market, setting: Setting, host: str) -> list[int]:
    codes = setting.joined.get(host, (host,))
    return [market.world.position[code] for code in codes if code in market.world.position]


def feed_open(
    market: Market, setting: Setting, cases: Sequence[Arrivals]
) -> tuple[Floats, tuple[tuple[str, str], ...]]:
    """Return (S, R, H, K) the part of a plant's feed that still arrives, and the (host, product) where it is not known.

    A host that mines the material feeds its plants itself. One that does not buys the stage before; where it buys
    none today, its plant would be fed by the world market: what the world's exporters of the feed still deliver.
    Where the data lack that stage, nobody knows; the plant is counted as fed, and told.
    """
    periods = len(setting.bounds) - 1
    found = np.ones((len(cases), periods, len(setting.hosts), len(setting.products)))
    unknown: list[tuple[str, str]] = []
    links = market.links
    for n, code in enumerate(setting.products):
        material, feeds, measured = feed_codes(code)
        here = [market.place[feed] for feed in feeds if feed in market.place]
        if not material or (measured and not here):
            continue
        own = mined(market.world, material, market.base_years)
        for h, host in enumerate(setting.hosts):
            inside = _inside(market, setting, host)
            if inside and np.nansum(own[inside]) > 0:
                continue
            if not measured:
                unknown.append((host, code))
                continue
            rows = np.isin(links.product, here) & (links.tons > 0)
            bought = rows & (links.importer == market.position[host])
            at = np.flatnonzero(bought if bought.any() else rows)
            weight = links.tons[at] / links.tons[at].sum()
            for s, arrivals in enumerate(cases):
                found[s, :, h, n] = arrivals.open_share[:, at] @ weight
    return found, tuple(unknown)
