"""The picture of a brief that sets face value against traced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from friendshore.answers.brief_numbers import hidden
from friendshore.answers.brief_setting import Setting, finding
from friendshore.answers.flows import main_route
from friendshore.answers.readings import BY_TONS, BY_VALUE
from friendshore.records import Amount, Name, Note, Panel

__all__ = ["traced_panel"]

Added: TypeAlias = Mapping[tuple[str, str], tuple[float, float]]
"""(importer, product) -> what third countries add to the direct share, low and high."""
ROWS = 10
"""Most rows."""
VISIBLE = 0.01
"""What third countries add is drawn from this share of imports on."""


def traced_panel(setting: Setting) -> Panel | None:
    """Face value against traced."""
    readings = setting.readings
    added = {
        (importer, product): hidden(readings, importer, product)
        for importer in readings.names
        for product in readings.products
        if readings.traced(importer, product) is not None
    }
    if not added:
        return None
    large = larger_half(setting)
    ranked = most_hidden(setting, large, added)
    if not ranked:
        return None
    rows = [traced_row(setting, importer, product) for product in ranked for importer in readings.names]
    title = traced_title(
        setting, {key: value for key, value in added.items() if key[1] in ranked}, len(ranked)
    )
    names = (
        "product",
        "importer",
        "supplier_share",
        "supplier_share_traced_low",
        "supplier_share_traced_high",
        "via",
    )
    return Panel(
        id="traced",
        title=title,
        subtitle=Note(
            template="Share of import tons that comes directly from {supplier} (dot), and that originates in it or "
            "passed through it (band, lowest to highest), {year}; the {count} products where third countries add most, "
            "among the larger half of imports by value"
            if len(large) < len(readings.bought(setting.lead))
            else "Share of import tons that comes directly from {supplier} (dot), and that originates in it or "
            "passed through it (band, lowest to highest), {year}",
            values=title.values,
        ),
        alt=Note(template="Dots and bands by product and importer. {title}.", values={"title": title}),
        finding=finding(setting, "brief-traced", names, rows, title),
    )


def most_hidden(setting: Setting, large: Sequence[str], added: Added) -> list[str]:
    """Products to which third countries add most for some importer."""
    names = setting.readings.names
    most = {p: max(added.get((i, p), (0.0, 0.0)) for i in names) for p in large}
    ranked = sorted(
        (p for p in large if any((i, p) in added for i in names)), key=lambda p: (-most[p][0], -most[p][1], p)
    )
    return [p for p in ranked if most[p][1] >= VISIBLE][:ROWS] or ranked[:5]


def traced_title(setting: Setting, added: Added, count: int) -> Note:
    """Say where third countries hide most."""
    readings = setting.readings
    (importer, product), (least, _) = max(added.items(), key=lambda item: (item[1], item[0]))
    low, high = readings.traced(importer, product) or (0.0, 0.0)
    return Note(
        template="Third countries hide most in {product}: for {importer} {face} directly, {span} counting them"
        if least >= VISIBLE
        else "Third countries hide next to nothing that is certain",
        values={
            "importer": Name(key=importer),
            "product": Name(key=product, kind="product"),
            "face": Amount(value=readings.share(BY_TONS, importer, product), unit="share"),
            "span": Amount(value=low, high=high, unit="share"),
            "supplier": setting.supplier,
            "year": str(readings.year),
            "count": str(count),
        },
    )


def larger_half(setting: Setting) -> tuple[str, ...]:
    """Products that make up the larger half by value of imports, where there are too many for one picture.

    Trifles have the most extreme shares; a picture of them would say little.
    """
    readings = setting.readings
    bought = sorted(
        readings.bought(setting.lead),
        key=lambda p: (-readings.figure(BY_VALUE, setting.lead, p, "imports_usd"), p),
    )
    return tuple(bought if len(bought) <= ROWS else bought[: max(len(bought) // 2, ROWS)])


def traced_row(setting: Setting, importer: str, product: str) -> dict[str, Any]:
    """One dot and its band."""
    readings = setting.readings
    low, high = readings.traced(importer, product) or (None, None)
    face = readings.share(BY_TONS, importer, product)
    actor = next(a for a in readings.actors if a.name == importer)
    route = None
    if low is not None and (high or 0.0) - (face or 0.0) >= 0.005:
        route = main_route(setting.world, actor, readings.year, product, setting.suppliers)
    return {
        "product": product,
        "importer": importer,
        "supplier_share": face,
        "supplier_share_traced_low": low,
        "supplier_share_traced_high": high,
        "via": route[0] if route else None,
    }
