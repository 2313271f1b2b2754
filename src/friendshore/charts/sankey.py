"""From origin through sellers to the importer: bands as wide as their tons, what is hidden hatched."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import Attributes, Plain, boxes, layered, text_of, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.sankey_layout import OTHERS, OWN, UNKNOWN, Band, Layout, Node, laid_out
from friendshore.charts.wording import Words

__all__ = ["sankey"]

FINEST = 0.2
"""Bands thinner than this are not drawn, in pixels."""
THICK = 9.0


def sankey(
    rows: Sequence[Mapping[str, Any]],
    spans: Mapping[str, tuple[float, float]],
    *,
    suppliers: Collection[str],
    words: Words,
    width: int,
) -> Drawing:
    """Draw the table ``links`` of a trace.

    Parameters
    ----------
    rows
        ``origin via importer quantity_t quantity_t_low quantity_t_high``.
    spans
        Origin -> low and high share of the supply, for its label.
    suppliers
        ISO3 codes of the suppliers of concern; what comes from or through them has their colour.
    words, width
        Language, and width in pixels.
    """
    plan = laid_out(rows, suppliers)
    importer = str(rows[0]["importer"])
    narrow = width < 600
    total = plan.importer.tons
    left = left_labels(plan, spans, importer, words, narrow=narrow)
    right = [words.name(importer), words.number(total, "t")]
    room_left = min(look.widest(left) + 12, width * (0.37 if narrow else 0.3))
    # On a phone the importer's name stands above its node, not beside it.
    room_right = 0.0 if narrow else min(look.widest(right) + 12, width * 0.24)
    start, end = room_left, width - room_right - THICK
    middle = start + (end - start) * 0.44
    parts = [
        ribbons(plan.bands, (start + THICK, middle), plan, suppliers, words, importer),
        ribbons(plan.sold, (middle + THICK, end), plan, suppliers, words, importer),
        blocks(plan.origins, start, suppliers), blocks(plan.sellers, middle, suppliers),
        blocks((plan.importer,), end, ()),
        heads((start, middle, end), right if narrow else (), words),
        texts(plan.origins, left, start - 7, "right", room_left - 8, suppliers),
        texts(plan.sellers, seller_labels(plan, importer, words), middle + THICK + 6, "left",
              end - middle - THICK - 8, suppliers, halo=True),
    ]  # fmt: skip
    if not narrow:
        parts.append(importer_label(plan.importer, right, end + THICK + 7, room_right - 8))
    return Drawing(layered(*parts, width=width, height=plan.height))


def ribbons(
    bands: Sequence[Band],
    across: tuple[float, float],
    plan: Layout,
    suppliers: Collection[str],
    words: Words,
    importer: str,
) -> Plain:
    """Draw bands; what a seller passes on from elsewhere is hatched."""
    left, right = across
    bend = (right - left) * 0.5
    found: list[tuple[str, Attributes, str]] = []
    for band in bands:
        if band.height < FINEST:
            continue
        tall, y, y2 = max(band.height, 0.5), band.y, band.y2
        path = (
            f"M{spot(left, y)}C{spot(left + bend, y)} {spot(right - bend, y2)} {spot(right, y2)}"
            f"L{spot(right, y2 + tall)}C{spot(right - bend, y2 + tall)} {spot(left + bend, y + tall)} "
            f"{spot(left, y + tall)}Z"
        )
        hidden = band.end != importer and band.start not in (band.end, UNKNOWN)
        told = spoken(band, plan.importer.tons, words, importer)
        found.append(("path", {"d": path, "fill": shade(band, suppliers), "aria-label": told}, ""))
        if hidden:
            found.append(("path", {"d": path, "fill": look.HIDDEN, "aria-label": told}, ""))
    return Plain(tuple(found))


def shade(band: Band, suppliers: Collection[str]) -> str:
    """Colour a band by role."""
    if band.start in suppliers or band.end in suppliers:
        return look.tint(look.CONCERN, 0.6)
    if band.start == UNKNOWN:
        return look.MISSING
    return look.tint(look.DOMESTIC, 0.6) if band.start == OWN else look.LAND[1]


def spoken(band: Band, total: float, words: Words, importer: str) -> str:
    """Tell a band in words."""
    share = words.number(band.tons / total, "share")
    start, end = label(band.start, importer, words), label(band.end, importer, words)
    if band.low is None or band.high is None:
        return f"{start} → {end}: {words.number(band.tons, 't')}, {share}"
    return f"{start} → {end}: {words.span(band.low, band.high, 't')}, {share}"


def label(key: str, importer: str, words: Words) -> str:
    """Name a node for people."""
    if key == OWN:
        return words.say("own production")
    if key == OTHERS:
        return words.say("others")
    return words.say("not known") if key == UNKNOWN else words.name(key)


def left_labels(
    plan: Layout, spans: Mapping[str, tuple[float, float]], importer: str, words: Words, *, narrow: bool
) -> list[str]:
    """Name the origins, each with the interval of its share; a phone has room for the interval alone."""
    found = []
    for node in plan.origins:
        low, high = spans.get(importer if node.key == OWN else node.key, (None, None))
        if low is None or high is None:
            told = words.number(node.tons / plan.importer.tons, "share")
        else:
            told = words.span(low, high, "share")
        name = label(node.key, importer, words)
        if narrow:
            told = told.removesuffix(" %")
            name = look.shortened(name, 124 - look.text_width(told))
        found.append(f"{name} {told}")
    return found


def seller_labels(plan: Layout, importer: str, words: Words) -> list[str]:
    """Name the sellers with their share."""
    return [
        f"{label(node.key, importer, words)} {words.number(node.tons / plan.importer.tons, 'share')}"
        for node in plan.sellers
    ]


def blocks(nodes: Sequence[Node], x: float, suppliers: Collection[str]) -> Plain:
    """Draw the nodes of a column."""
    return boxes(
        [
            {
                "x": x, "x2": x + THICK, "y": node.y, "y2": node.y + max(node.height, 1.0), "spoken": "-",
                "fill": node_colour(node.key, suppliers),
            }
            for node in nodes
        ]
    )  # fmt: skip


def node_colour(key: str, suppliers: Collection[str]) -> str:
    """Colour a node by role."""
    if key in suppliers:
        return look.CONCERN
    if key == OWN:
        return look.DOMESTIC
    return look.MISSING if key == UNKNOWN else look.OTHERS


def heads(places: tuple[float, float, float], importer: Sequence[str], words: Words) -> Plain:
    """Head the columns; on a phone the third with the importer itself."""
    told = [words.say("made in"), words.say("bought from"), words.say("used in")]
    if importer:
        told[0] = f"{told[0]} (%)"
        told[2] = look.shortened(importer[0], 96)
    rows: list[dict[str, Any]] = [
        {"x": places[0] + THICK, "align": "right"},
        {"x": places[1], "align": "left"},
        {"x": places[2] + THICK, "align": "right", "strong": bool(importer)},
    ]
    return words_at(
        [
            {**row, "y": 6, "text": text, "colour": look.INK if row.get("strong") else look.QUIET}
            for row, text in zip(rows, told, strict=True)
        ]
    )


def texts(
    nodes: Sequence[Node],
    told: Sequence[str],
    x: float,
    align: str,
    room: float,
    suppliers: Collection[str],
    *,
    halo: bool = False,
) -> Plain:
    """Write the labels of a column, each beside the middle of its node."""
    return words_at(
        [
            {
                "x": x, "y": node.y + node.height / 2, "text": look.shortened(text, room), "align": align,
                "strong": node.key in suppliers, "spoken": text,
            }
            for node, text in zip(nodes, told, strict=True)
        ],
        halo=halo,
    )  # fmt: skip


def importer_label(node: Node, told: Sequence[str], x: float, room: float) -> Plain:
    """Write the importer's name, and how much it uses below."""
    middle = node.y + node.height / 2
    return words_at(
        [
            {
                "x": x,
                "y": middle - 8,
                "text": look.shortened(told[0], room),
                "strong": True,
                "spoken": told[0],
            },
            {"x": x, "y": middle + 8, "text": told[1], "colour": look.QUIET},
        ]
    )


def spot(x: float, y: float) -> str:
    """Write a place."""
    return f"{text_of(x)},{text_of(y)}"
