"""The picture of a brief that sets face value against traced."""

from __future__ import annotations

from typing import Any

from friendshore.answers.brief_numbers import hidden
from friendshore.answers.brief_setting import Setting, finding
from friendshore.answers.flows import main_route
from friendshore.answers.readings import BY_TONS, BY_VALUE
from friendshore.records import Amount, Name, Note, Panel

__all__ = ["traced_panel"]

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
    by_product = {
        product: max(added.get((importer, product), (0.0, 0.0)) for importer in readings.names)
        for product in readings.products
    }
    large = larger_half(setting)
    ranked = sorted(
        (p for p in large if any((i, p) in added for i in readings.names)),
        key=lambda p: (-by_product[p][0], -by_product[p][1], p),
    )
    visible = [p for p in ranked if by_product[p][1] >= VISIBLE]
    ranked = visible[:ROWS] or ranked[:5]
    if not ranked:
        return None
    rows = [traced_row(setting, importer, product) for product in ranked for importer in readings.names]
    (importer, product), (least, _) = max(
        ((key, value) for key, value in added.items() if key[1] in ranked),
        key=lambda item: (item[1], item[0]),
    )
    span = readings.traced(importer, product) or (0.0, 0.0)
    values = {
        "importer": Name(key=importer),
        "product": Name(key=product, kind="product"),
        "face": Amount(value=readings.share(BY_TONS, importer, product), unit="share"),
        "span": Amount(value=span[0], high=span[1], unit="share"),
        "supplier": setting.supplier,
        "year": str(readings.year),
        "count": str(len(ranked)),
    }
    title = Note(
        template="Third countries hide most in {product}: for {importer} {face} directly, {span} counting them"
        if least >= 0.01
        else "Third countries hide next to nothing that is certain",
        values=values,
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
            values=values,
        ),
        alt=Note(template="Dots and bands by product and importer. {title}.", values={"title": title}),
        finding=finding(setting, "brief-traced", names, rows, title),
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
