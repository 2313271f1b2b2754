"""What a plan leaves missing: a shade for each product of a member and each case, by the worst of its periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.heat import STEP, Cell, heat_map, square
from friendshore.charts.marks import boxes, layered, words_at
from friendshore.charts.picture import Drawing
from friendshore.charts.wording import Words, visible

__all__ = ["gap_map"]

NARROW = 600
LINE = 18
"""Height of a label above its shades, on a narrow screen."""
MOST_ACROSS = 60.0
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
    cells = [
        [cell(shares.get((*whose, case), 0.0), f"{name}, {case}", words) for case in cases]
        for whose, name in zip(shown, labels, strict=True)
    ]
    heads = [visible(case) for case in cases]
    if width < NARROW:
        return below_labels(labels, heads, cells, width)
    return heat_map(labels, heads, cells, colour=look.CONCERN, width=width, blocks=1)


def below_labels(
    labels: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[Cell]], width: int
) -> Drawing:
    """Draw for a narrow screen: each row of shades below its label, which has the whole width."""
    across = min(width / max(len(heads), 1), MOST_ACROSS)
    heading = max((look.text_width(head) for head in heads), default=0.0)
    tilted = heading + 4 > across
    top = heading * 0.75 + 14 if tilted else 20.0
    squares, texts = [], []
    for k, head in enumerate(heads):
        x = (k + (0.3 if tilted else 0.5)) * across
        placed = {"x": x, "y": top - 6, "text": head, "strong": True, "tilted": tilted}
        texts.append({**placed, "align": "left" if tilted else "center"})
    for n, (name, row) in enumerate(zip(labels, cells, strict=True)):
        y = top + n * (LINE + STEP)
        texts.append({"x": 1, "y": y + LINE / 2 + 1, "text": look.shortened(name, width)})
        squares += [square(one, k * across, y + LINE, across, look.CONCERN) for k, one in enumerate(row)]
    texts += [
        {
            "x": (one["x"] + one["x2"]) / 2,
            "y": (one["y"] + one["y2"]) / 2,
            "text": one["text"],
            "colour": one["ink"],
            "align": "center",
        }
        for one in squares
        if one["text"]
    ]
    tall = top + len(labels) * (LINE + STEP)
    return Drawing(layered(boxes(squares), words_at(texts), width=width, height=tall))


def label(member: str, product: str, words: Words, *, several: bool) -> str:
    """Name what is missing, and who misses it where there are several."""
    goods = words.product(product)
    return words.say("{member}: {goods}", member=visible(member), goods=goods) if several else goods


def cell(share: float, spoken: str, words: Words) -> Cell:
    """Shade of a share; nothing is written where nothing is missing."""
    told = words.number(share, "share")
    return Cell(share, words.share(share) if share > 0 else "", f"{spoken}: {told}")
