"""Where the nodes and bands of a Sankey diagram stand: every column and every node adds up to its tons."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["MOST_NODES", "OTHERS", "OWN", "UNKNOWN", "Band", "Layout", "Node", "laid_out"]

MOST_NODES = 7
"""Most places in a column; the rest are joined."""
OTHERS, UNKNOWN, OWN = "others", "", "own"
"""Keys of the nodes that are no country."""
TALL = 250.0
"""Height of all tons, pixels."""
SLOT, GAP = 15.0, 5.0
"""Least room of a node, so that its label has a line, and room between nodes."""
HEAD = 24.0


@dataclass(frozen=True)
class Node:
    """A place in a column: where it stands, how large."""

    key: str
    tons: float
    y: float
    height: float


@dataclass(frozen=True)
class Band:
    """Tons from a place to another."""

    start: str
    end: str
    tons: float
    low: float | None
    high: float | None
    y: float
    """Upper edge at its start."""
    y2: float
    """Upper edge at its end."""
    height: float


@dataclass(frozen=True)
class Layout:
    """All in pixels, the first column's names before the second's."""

    origins: tuple[Node, ...]
    sellers: tuple[Node, ...]
    importer: Node
    bands: tuple[Band, ...]
    """From origins to sellers."""
    sold: tuple[Band, ...]
    """From sellers to the importer."""
    height: float


def laid_out(rows: Sequence[Mapping[str, Any]], suppliers: Collection[str]) -> Layout:
    """Place nodes and bands; the tons of every column add up to the same."""
    importer = str(rows[0]["importer"])
    named = [
        (key_of(row["origin"], importer), key_of(row["via"], importer), row)
        for row in rows
        if row["quantity_t"] > 0
    ]
    kept = [
        chosen([(origin, float(row["quantity_t"])) for origin, _, row in named], suppliers),
        chosen([(via, float(row["quantity_t"])) for _, via, row in named], suppliers),
    ]
    sums: dict[tuple[str, str], list[float | None]] = {}
    for origin, via, row in named:
        pair = (origin if origin in kept[0] else OTHERS, via if via in kept[1] else OTHERS)
        before = sums.get(pair, [0.0, 0.0, 0.0])
        sums[pair] = [
            None if sum_ is None or row[name] is None else sum_ + row[name]
            for sum_, name in zip(before, ("quantity_t", "quantity_t_low", "quantity_t_high"), strict=True)
        ]
    tons = {pair: float(told[0] or 0.0) for pair, told in sums.items()}
    total = sum(tons.values())
    left = ranked(
        {pair[0] for pair in tons}, {key: sum(v for p, v in tons.items() if p[0] == key) for key, _ in tons}
    )
    via_tons = {key: sum(v for p, v in tons.items() if p[1] == key) for _, key in tons}
    # Sellers stand near those whose goods they pass on, so that bands cross little.
    near = {
        key: sum(left.index(p[0]) * v for p, v in tons.items() if p[1] == key) / via_tons[key]
        for key in via_tons
    }
    middle = sorted(
        via_tons, key=lambda key: (key in (OTHERS, OWN), key == OWN, near[key], -via_tons[key], key)
    )
    origin_tons = {key: sum(v for p, v in tons.items() if p[0] == key) for key in left}
    height = max(stacked_height(c, t, total) for c, t in ((left, origin_tons), (middle, via_tons))) + HEAD
    origins = placed(left, origin_tons, total, height)
    sellers = placed(middle, via_tons, total, height)
    (end,) = placed([importer], {importer: total}, total, height)
    bands = joined(origins, sellers, sums, tons, total)
    sold, down = [], end.y
    for node in sellers:
        sold.append(Band(node.key, importer, node.tons, None, None, node.y, down, node.height))
        down += node.height
    return Layout(origins, sellers, end, bands, tuple(sold), height)


def key_of(name: str | None, importer: str) -> str:
    """Name a node: a country, the importer's own production, or what is not known."""
    return UNKNOWN if name is None else OWN if name == importer else name


def chosen(parts: Sequence[tuple[str, float]], suppliers: Collection[str]) -> set[str]:
    """Keep the suppliers of concern and the largest others, at most as many as a column holds."""
    sums: dict[str, float] = {}
    for key, tons in parts:
        sums[key] = sums.get(key, 0.0) + tons
    order = sorted(
        (key for key in sums if key != OTHERS),
        key=lambda key: (key not in suppliers and key not in (UNKNOWN, OWN), -sums[key], key),
    )
    return set(order if len(sums) <= MOST_NODES else order[: MOST_NODES - 1])


def ranked(keys: Collection[str], tons: Mapping[str, float]) -> list[str]:
    """Order a column: the largest first, what is joined or not known last."""
    return sorted(keys, key=lambda key: (key in (OTHERS, UNKNOWN), key == UNKNOWN, -tons[key], key))


def stacked_height(keys: Sequence[str], tons: Mapping[str, float], total: float) -> float:
    """Room that a column takes."""
    return sum(max(tons[key] / total * TALL, SLOT) for key in keys) + GAP * (len(keys) - 1)


def placed(keys: Sequence[str], tons: Mapping[str, float], total: float, height: float) -> tuple[Node, ...]:
    """Stack a column around the middle of the picture."""
    down = HEAD + (height - HEAD - stacked_height(keys, tons, total)) / 2
    found = []
    for key in keys:
        tall = tons[key] / total * TALL
        slot = max(tall, SLOT)
        found.append(Node(key, tons[key], down + (slot - tall) / 2, tall))
        down += slot + GAP
    return tuple(found)


def joined(
    origins: Sequence[Node],
    sellers: Sequence[Node],
    sums: Mapping[tuple[str, str], Sequence[float | None]],
    tons: Mapping[tuple[str, str], float],
    total: float,
) -> tuple[Band, ...]:
    """Lay bands from node to node, in the order of the nodes at both ends."""
    leaving, arriving = {node.key: node.y for node in origins}, {node.key: node.y for node in sellers}
    found: dict[tuple[str, str], Band] = {}
    ends: dict[tuple[str, str], float] = {}
    for seller in sellers:
        for origin in origins:
            if (pair := (origin.key, seller.key)) in tons:
                ends[pair] = arriving[seller.key]
                arriving[seller.key] += tons[pair] / total * TALL
    for origin in origins:
        for seller in sellers:
            if (pair := (origin.key, seller.key)) in tons:
                tall = tons[pair] / total * TALL
                low, high = sums[pair][1], sums[pair][2]
                found[pair] = Band(*pair, tons[pair], low, high, leaving[origin.key], ends[pair], tall)
                leaving[origin.key] += tall
    return tuple(found.values())
