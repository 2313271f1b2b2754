"""What a plan leaves missing: a shade for each product of a member and each case, by the worst of its periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.heat import Cell, heat_map
from friendshore.charts.marks import gridded
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, visible

__all__ = ["gap_map"]

NARROW, FEW = 600, 4
"""On a narrow screen so many cases stand side by side, the others below them."""
MOST_ROWS = 24

Row = Mapping[str, Any]


def gap_map(rows: Sequence[Row], words: Words, *, width: int, most_rows: int = MOST_ROWS) -> Drawing:
    """Draw the table ``gaps`` of a plan: ``name member product planned_share``; what is not in it lacks nothing."""
    cases = list(dict.fromkeys(row["name"] for row in rows))
    shares = {(row["member"], row["product"], row["name"]): row["planned_share"] for row in rows}
    worst: dict[tuple[str, str], float] = {}
    for row in rows:
        whose = (row["member"], row["product"])
        worst[whose] = max(worst.get(whose, 0.0), row["planned_share"])
    shown = sorted((whose for whose in worst if worst[whose] > 0), key=lambda whose: -worst[whose])[
        :most_rows
    ]
    members = list(dict.fromkeys(row["member"] for row in rows))
    shown.sort(key=lambda whose: (members.index(whose[0]), -worst[whose]))
    labels = [label(member, product, words, several=len(members) > 1) for member, product in shown]
    step = len(cases) if width >= NARROW else FEW
    parts = []
    for first in range(0, len(cases), step):
        heads = cases[first : first + step]
        cells = [
            [cell(shares.get((*whose, head), 0.0), f"{name}, {head}", words) for head in heads]
            for whose, name in zip(shown, labels, strict=True)
        ]
        drawn = heat_map(
            labels, [visible(head) for head in heads], cells, colour=look.CONCERN, width=width, blocks=1
        )
        parts.append(drawn.chart)
    return Drawing(gridded(parts, 1, across=0, down=16))


def label(member: str, product: str, words: Words, *, several: bool) -> str:
    """Name what is missing, and who misses it where there are several."""
    goods = words.product(product)
    return words.say("{member}: {goods}", member=visible(member), goods=goods) if several else goods


def cell(share: float, spoken: str, words: Words) -> Cell:
    """Shade of a share; nothing is written where nothing is missing."""
    told = words.number(share, "share")
    return Cell(share, words.share(share) if share > 0 else "", f"{spoken}: {told}")
