"""How long we last: a table of materials by importer and cut, shaded by how soon a tenth is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.heat import Cell, heat_map
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, short_name
from friendshore.records import Finding
from friendshore.tables.materials import materials

__all__ = ["endurance", "endurance_cell", "longevity", "months_told"]

WIDTH, NARROW = 760, 600
MOST_ROWS = 80
CUTS: Mapping[str, str] = {"aimed": "aimed", "world": "world cut"}
STAGES = ("ore", "intermediate", "refined", "product")
MOST_IMPORTERS = 3
LONGEST = 24.0
"""Months from which on a cell has the palest shade."""


def longevity(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw months until 10 % is missing; what lasts the run is pale, what cannot be measured is hatched."""
    cuts = list(dict.fromkeys((row["importer"], row["cut"]) for row in finding.rows))
    cells: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {}
    for row in finding.rows:
        cells.setdefault(name_of(row, words), {})[row["importer"], row["cut"]] = row
    labels = sorted(cells, key=lambda label: (*urgency(cells[label].values()), label))[:MOST_ROWS]
    shades = [[endurance_cell(cells[label].get(cut), label, cut, words) for cut in cuts] for label in labels]
    both = len({cut for _, cut in cuts}) > 1
    heads = [
        short_name(importer, words) + (" " + words.say(CUTS[cut]) if both else "") for importer, cut in cuts
    ]
    measure = words.say(
        "Months until 10 % of demand is missing, by material with its worst known stage; – not within the run, "
        "* without stock, hatched: cannot be measured"
    )
    blocks = 2 if width >= NARROW else 1
    return heat_map(labels, heads, shades, colour=look.CONCERN, width=width, blocks=blocks), measure


def name_of(row: Mapping[str, Any], words: Words) -> str:
    """Name the material, or the products of one stage."""
    if row.get("material"):
        return words.material(row["material"])
    return " + ".join(words.product(code) for code in (row["product"] or "").split("+"))


def urgency(rows: Iterable[Mapping[str, Any]]) -> tuple[float, float]:
    """Return how soon the first of several runs out, then the most that is missing; last what cannot be measured."""
    known = [row for row in rows if row["demand_t"] is not None]
    found = [row["months_to_10pct"] for row in known if row["months_to_10pct"] is not None]
    first = float(min(found)) if found else 1000.0 if known else 2000.0
    return first, -max((row["peak_shortage_share"] or 0.0 for row in known), default=0.0)


def endurance_cell(row: Mapping[str, Any] | None, label: str, cut: tuple[str, str], words: Words) -> Cell:
    """One cell: the sooner, the darker."""
    who = f"{label}, {words.name(cut[0])}, {words.say(CUTS[cut[1]])}: "
    if row is None or row["demand_t"] is None:
        return Cell(None, "", who + words.say("cannot be measured"))
    star = "" if row["stock_known"] else "*"
    months = row["months_to_10pct"]
    if months is None:
        return Cell(0.0, "–", who + words.say("not within the run"))
    shade = 1 - min(months, LONGEST) / LONGEST
    told = f"{months:.0f}" if months >= 10 or months == 0 else f"{months:.1f}"
    return Cell(shade, told + star, who + words.number(months, words.say("months")))


def endurance(
    rows: Sequence[Mapping[str, Any]], importers: Sequence[str], words: Words, *, width: int
) -> Drawing:
    """Draw months and the part of a year's demand missing by importer and cut, and which stages can be measured."""
    narrow = width < 600
    named = importers if len(importers) <= MOST_IMPORTERS else importers[-1:]
    cuts = [(importer, cut) for importer in named for cut in CUTS if cut == "aimed" or not narrow]
    cells: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {}
    for row in rows:
        cells.setdefault(name_of(row, words), {})[row["importer"], row["cut"]] = row
    stages = [] if narrow or not all(row["material"] for row in rows) else list(STAGES)
    shades = [
        [
            *(year_cell(cells[label].get(cut), label, cut, words) for cut in cuts),
            *(stage_cell(stage_of(cells[label], importers[-1]), label, stage, words) for stage in stages),
        ]
        for label in cells
    ]
    heads = [short_name(importer, words) + " " + words.say(CUTS[cut]) for importer, cut in cuts]
    heads += [words.say(stage) for stage in stages]
    return heat_map(list(cells), heads, shades, colour=look.CONCERN, width=width, blocks=1)


def stage_of(by_cut: Mapping[tuple[str, str], Mapping[str, Any]], importer: str) -> Mapping[str, Any]:
    """Return the row whose stage is marked: that of the last importer where it buys any."""
    return by_cut.get((importer, "aimed")) or next(iter(by_cut.values()))


def year_cell(row: Mapping[str, Any] | None, label: str, cut: tuple[str, str], words: Words) -> Cell:
    """One cell: the more of a year's demand is missing, the darker."""
    who = f"{label}, {words.name(cut[0])}, {words.say(CUTS[cut[1]])}: "
    if row is None:
        return Cell(None, "", who + words.say("cannot be measured"))
    share = row["missing_12_months_t"] / row["demand_t"]
    months = months_told(row)
    spoken = f"{who}{months} {words.say('months')}, {words.number(share, 'share')}"
    return Cell(share, f"{months} · {words.share(share)}", spoken)


def months_told(row: Mapping[str, Any]) -> str:
    """Write the months until a tenth is missing: at least so many where the stock is unknown."""
    months = row["months_to_10pct"]
    if months is None:
        return "–"
    told = f"{months:.0f}" if months >= 10 or months < 0.05 else f"{months:.1f}"
    return told if row["stock_known"] else "≥" + told


def stage_cell(row: Mapping[str, Any], label: str, stage: str, words: Words) -> Cell:
    """One stage: the one that is shown, another one that is measured, or one that cannot be."""
    spoken = f"{label}, {words.say(stage)}"
    if stage == row["stage"]:
        return Cell(0.0, "●", spoken)
    if stage in (row["stages_not_measurable"] or "").split("; "):
        return Cell(None, "", f"{spoken}: {words.say('cannot be measured')}")
    held = any(s.name == stage for s in materials()[row["material"]].stages)
    return Cell(0.0, "○" if held else "", spoken)
