"""The pictures of a brief: which chart shows which panel, wide for page and paper, narrow for a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from friendshore.charts import look
from friendshore.charts.bar_marks import bar_marks
from friendshore.charts.combine import hconcat, vconcat
from friendshore.charts.decisions import decided
from friendshore.charts.dumbbell import Pair, dumbbells
from friendshore.charts.endurance import endurance
from friendshore.charts.frontier import frontiers
from friendshore.charts.heat import Cell, heat_map
from friendshore.charts.lines import Line, Threshold, small_multiples
from friendshore.charts.path import courses_of, paths
from friendshore.charts.picture import Drawing
from friendshore.charts.replacement import replacements
from friendshore.charts.together import Costs, staircase
from friendshore.charts.tornado import small_tornado
from friendshore.charts.wording import Words, short_name
from friendshore.charts.world_map import supplier_map
from friendshore.records import Panel

__all__ = ["HEAT_ROWS", "NARROW", "WIDE", "Concerned", "draw_panel", "unchecked"]

WIDE, NARROW = 800, 340
HEAT_ROWS, HEAT_ROWS_MANY = 44, 24
"""Most products in the heat map, with up to four columns and with more; the table has all."""
MOST_DECISIONS = 12
"""Most decisions in the picture; the table has all."""
MOST_BARS = 8
"""Most assumptions in the picture of what matters most."""
TICKS = {0.0: "0", 0.5: "50", 1.0: "100 %"}


class Concerned(Protocol):
    """Whom pictures are about: a brief, or a page that shows some of its pictures."""

    @property
    def importers(self) -> tuple[str, ...]:
        """Actors in order; where ``joint``, the last is the others together."""
        ...

    @property
    def joint(self) -> bool:
        """Whether the last importer is the others joined."""
        ...

    @property
    def members(self) -> tuple[str, ...]:
        """ISO3 codes of the importers' members."""
        ...

    @property
    def supplier_members(self) -> tuple[str, ...]:
        """ISO3 codes of the suppliers of concern."""
        ...


def draw_panel(panel: Panel, brief: Concerned, words: Words, *, width: int) -> Drawing:
    """Draw a panel at a width in pixels; below 600 the arrangement is that for a phone."""
    with unchecked():
        return _DRAWN[panel.id](panel, brief, words, width)


@contextmanager
def unchecked() -> Iterator[None]:
    """Leave out the check of every keyword of a chart, which takes half of the time.

    The charts' own tests make the same parts with it.
    """
    from altair.utils import schemapi

    with schemapi.debug_mode(False):
        yield


def _suppliers(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    return supplier_map(
        panel.finding.rows, members=brief.members, suppliers=brief.supplier_members, words=words, width=width
    )


def _traced(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    cells = {(row["importer"], row["product"]): row for row in panel.finding.rows}
    products = list(dict.fromkeys(row["product"] for row in panel.finding.rows))
    shown = brief.importers if len(brief.importers) <= 4 or width < 600 else brief.importers[-1:]
    pairs = {
        heading(importer, words, width): [
            pair(cells.get((importer, product), {}), words) for product in products
        ]
        for importer in (shown if len(shown) <= 4 else shown[-1:])
    }
    return dumbbells(
        [words.product(product) for product in products],
        pairs,
        colour=look.CONCERN,
        width=width,
        ticks=TICKS,
        stacked=width < 600,
    )


def heading(importer: str, words: Words, width: int) -> str:
    """Head a panel of a picture: the name, or "together" where it would be too long."""
    name = words.name(importer)
    return name if look.text_width(name) < width * 0.2 else short_name(importer, words)


def pair(row: Mapping[str, Any], words: Words) -> Pair:
    """Face value and its band, with the figures written out."""
    face, low, high = (
        row.get(name)
        for name in ("supplier_share", "supplier_share_traced_low", "supplier_share_traced_high")
    )
    if low is None or high is None:
        told = words.share(face)
    else:
        told = f"{words.share(face)} → {words.span(low, high, 'share').removesuffix(' %')}"
    return Pair(face, low, high, told, told)


def _concentration(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    series: dict[str, dict[str, dict[int, float | None]]] = {}
    for row in panel.finding.rows:
        series.setdefault(row["product"], {}).setdefault(row["importer"] or "", {})[row["year"]] = row[
            "import_hhi"
        ]
    colours = look.importer_colours(len(brief.importers), joint=brief.joint)
    panels: dict[str, list[Line]] = {}
    for product, by_importer in series.items():
        lines = [
            Line(
                words.say("world"),
                words.say("world exports"),
                by_importer.get("", {}),
                look.OTHERS,
                [1, 2],
                1.6,
            )
        ]
        for place, importer in enumerate(brief.importers):
            last = brief.joint and place == len(brief.importers) - 1
            if len(brief.importers) > 4 and place < len(brief.importers) - 1:
                continue
            lines.append(
                Line(
                    short_name(importer, words),
                    words.name(importer),
                    by_importer.get(importer, {}),
                    colours[place],
                    look.dash_of(place, joint=last),
                    2.6 if last else 1.8,
                )
            )
        panels[words.product(product)] = lines
    years = [row["year"] for row in panel.finding.rows]
    columns = min(len(panels), 3) if width >= 600 else 1
    return small_multiples(
        panels,
        years=(min(years), max(years)),
        thresholds=[Threshold(0.4, words.say("rules: 0.4"))],
        width=width,
        columns=columns,
        height=130 if len(panels) > 1 else 240,
    )


def _heat(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    cells = {(row["product"], row["importer"]): row["supplier_share"] for row in panel.finding.rows}
    most = HEAT_ROWS if len(brief.importers) <= 4 else HEAT_ROWS_MANY
    products = list(dict.fromkeys(row["product"] for row in panel.finding.rows))[:most]
    shades = [
        [
            Cell(
                share := cells.get((product, importer)),
                "" if share is None else words.share(share),
                f"{words.product(product)}, {words.name(importer)}: {words.number(share, 'share')}",
            )
            for importer in brief.importers
        ]
        for product in products
    ]
    return heat_map(
        [words.product(product) for product in products],
        [short_name(importer, words) for importer in brief.importers],
        shades,
        colour=look.CONCERN,
        width=width,
        blocks=2 if width >= 600 and len(products) > 8 else 1,
    )


def _others(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    colours = dict(
        zip(brief.importers, look.importer_colours(len(brief.importers), joint=brief.joint), strict=True)
    )
    rows: Sequence[dict[str, Any]] = [
        {
            "label": heading(row["importer"], words, width),
            "value": row["supplier_share"],
            "told": f"{words.number(row['supplier_share'], 'share')} · {words.number(row['supplied_usd'], 'USD')}",
            "fill": colours.get(row["importer"], look.OTHERS),
            "strong": row["importer"] in colours,
        }
        for row in panel.finding.rows
    ]
    return bar_marks(rows, width=width, most=1.0)


def _endurance(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    return endurance(panel.finding.rows, brief.importers, words, width=width)


def _path(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    return paths(courses_of(panel.finding, words, most=3), words, width=width)


def _replaced(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    told: Any = panel.finding.summary
    side = width >= 600
    room = (width - 24 * (len(told) - 1)) // len(told) if side else width
    parts = [
        replacements(each, heading(each["importer"], words, room * 3), words, width=min(room, 460)).chart
        for each in told
    ]
    if len(parts) == 1:
        return Drawing(parts[0])
    return Drawing(hconcat(*parts, spacing=24) if side else vconcat(*parts, spacing=18))


def _tornado(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    return small_tornado(panel.finding.rows, words, width=width, most_rows=MOST_BARS)


def _decisions(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    return decided(panel.finding.rows, words, width=width, most_rows=MOST_DECISIONS)


def _frontier(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    return frontiers(panel.finding.rows, words, width=width)


def _together(panel: Panel, brief: Concerned, words: Words, width: int) -> Drawing:
    rows = panel.finding.rows
    told: Any = panel.finding.summary
    costs = Costs(
        alone={row["member"]: row["alone_usd"] for row in rows},
        together=told["together_usd"],
        gains={},
        paid={row["member"]: row["pays_usd"] for row in rows},
    )
    return staircase(costs, words, width=width)


_DRAWN: Mapping[str, Callable[[Panel, Concerned, Words, int], Drawing]] = {
    "endurance": _endurance,
    "path": _path,
    "replaced": _replaced,
    "tornado": _tornado,
    "decisions": _decisions,
    "frontier": _frontier,
    "together": _together,
    "suppliers": _suppliers,
    "traced": _traced,
    "concentration": _concentration,
    "heat": _heat,
    "others": _others,
}
