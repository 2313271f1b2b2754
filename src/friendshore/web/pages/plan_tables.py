"""Tables of a plan with names instead of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from friendshore.charts.wording import Words
from friendshore.records import Finding
from friendshore.web.sections import Cell, Grid, Link, grid

__all__ = ["named_grid"]

NAMED = ("member", "to", "supplier", "host", "product", "country", "coalition")
"""Columns that hold codes."""
HEADS: Mapping[str, str] = {
    "acting": "acts",
    "action": "what",
    "alone_usd": "alone, a year",
    "always_above": "always above",
    "best_usd": "plan made for it",
    "best_missing_usd": "missing with that",
    "breakeven_factor": "breaks even at",
    "budget_usd": "budget",
    "capex_usd": "capital of plants",
    "coalition": "who acts together",
    "cost_usd": "cost a year",
    "defect_owen_usd": "gains by leaving, Owen",
    "defect_proportional_usd": "gains by leaving, need",
    "defect_shapley_usd": "gains by leaving, Shapley",
    "demand_t": "needed",
    "direction": "trade",
    "distance_usd": "dearer by",
    "exports_at_risk_share": "of its exports",
    "exports_at_risk_usd": "exports at risk",
    "flip_factor": "flips at, times what is assumed",
    "gain_usd": "worth a year",
    "gone_above": "gone above",
    "high": "highest",
    "hinges_on": "hinges on",
    "imports_at_risk_share": "of its imports",
    "imports_at_risk_usd": "imports at risk",
    "keeps_limit": "keeps the limit",
    "loss_t": "tons lost",
    "lost_usd": "value of what is missing",
    "low": "lowest",
    "member": "who",
    "missed_usd": "lost if it leaves",
    "missing_share": "still missing",
    "missing_usd": "missing, today's prices",
    "months_covered": "months covered",
    "months_worst": "first short after",
    "name": "case",
    "need_usd": "would miss",
    "never_below": "never below",
    "normal_t": "tons a year",
    "note": "assumed instead",
    "once_usd": "paid at once",
    "owen_usd": "gain by Owen",
    "period": "months",
    "plan_missing_usd": "missing with this plan",
    "plan_usd": "this plan",
    "planned_shortage_t": "missing, planned",
    "proportional_usd": "gain by need",
    "quantity_t": "tons",
    "quantity_t_low": "lowest to highest",
    "redirect_usd": "turning exports",
    "redirected_t": "turned home",
    "regret_usd": "dearer by",
    "release_usd": "filling stock again",
    "released_t": "from stock",
    "retaliation_exports_usd": "would not sell",
    "retaliation_missing_usd": "would miss in return",
    "saving_usd": "less than alone",
    "sentence": "in words",
    "shadow_price": "one more saves, USD",
    "shapley_usd": "gain by Shapley",
    "shortage_share": "part of need",
    "shortage_t": "missing",
    "shortage_usd": "missing",
    "simulated_shortage_t": "missing, month by month",
    "stated_usd": "stated alone",
    "stock_usd": "stock bought",
    "supplier": "from whom, where",
    "support_usd": "support of plants",
    "what": "what is done together",
    "within_gap": "too close to tell",
    "worst_shortage_share": "worst gap",
}
"""English words for the heads of columns; in Japanese the dictionary's own words are for people already."""


def named_grid(
    finding: Finding,
    words: Words,
    *,
    links: Mapping[str, Link] | None = None,
    skip: Sequence[str] = (),
    most: int = 40,
    first: str = "",
) -> Grid:
    """Write rows with the names of countries, blocs and products; supplier or host stand in one column.

    ``first`` names the column that is put before the others.
    """
    if first:
        columns = sorted(finding.columns, key=lambda column: column.name != first)
        finding = finding.model_copy(update={"columns": tuple(columns)})
    heads = HEADS if words.lang == "en" else {}
    made = grid(finding, words.lang, links=links, most=most, skip=skip, heads=heads, named=NAMED)
    names = [column.name for column in finding.columns if column.name not in skip]
    if not {"supplier", "host"} <= set(names):
        return made
    rows = tuple(
        tuple(_placed(cell, row.get("supplier") or row.get("host"), words) for cell in cells)
        for cells, row in zip(made.rows, finding.rows, strict=False)
    )
    return replace(made, rows=rows)


def _placed(cell: Cell, place: str | None, words: Words) -> Cell:
    """Name a host, whose code stands in the column of the suppliers."""
    if place is None or cell.text != place:
        return cell
    return replace(cell, text=words.name(place), key=words.name(place))
