"""Who supplies importers: a map for one of them, shades of the largest suppliers for several."""

from __future__ import annotations

from friendshore.charts import look
from friendshore.charts.heat import Cell, heat_map
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, visible
from friendshore.charts.world_map import supplier_map
from friendshore.records import Finding

__all__ = ["supplied"]

WIDTH = 760
MOST_SUPPLIERS = 20


def supplied(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Draw a finding of ``suppliers``, with what is measured."""
    told = finding.arguments
    importers = list(dict.fromkeys(row["importer"] for row in finding.rows))
    values = {
        "year": str(told["year"]),
        "importer": words.listed([words.name(name) for name in importers]),
        "count": str(len(told["products"])),
    }
    measure = words.say(
        "Share of the imports of {importer} by country of supply, by value, {year}"
        if len(told["products"]) == 1
        else "Share of the imports of {importer} by country of supply, by value, mean over {count} products each "
        "counting the same, {year}",
        **values,
    )
    if len(importers) == 1:
        drawing = supplier_map(
            finding.rows, members=told["members"], suppliers=told["concern"], words=words, width=WIDTH
        )
        return drawing, measure
    return shaded(finding, importers, words), measure


def shaded(finding: Finding, importers: list[str], words: Words) -> Drawing:
    """Shade the largest suppliers by importer."""
    shares = {(row["supplier"], row["importer"]): row["share"] for row in finding.rows}
    largest = sorted(
        {supplier for supplier, _ in shares},
        key=lambda one: (-max(shares.get((one, importer), 0.0) for importer in importers), one),
    )[:MOST_SUPPLIERS]
    cells = [
        [
            # nothing bought from a country is a share of nothing, not an unknown one
            Cell(
                share := shares.get((supplier, importer), 0.0),
                words.share(share),
                f"{words.name(supplier)}, {words.name(importer)}: {words.number(share, 'share')}",
            )
            for importer in importers
        ]
        for supplier in largest
    ]
    labels = [words.name(supplier) for supplier in largest]
    heads = [visible(importer) for importer in importers]
    return heat_map(labels, heads, cells, colour=look.CONCERN, width=WIDTH, blocks=2)
