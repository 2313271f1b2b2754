"""Heat map of products by importer, in as many blocks side by side as the width allows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.marks import boxes, layered, words_at
from friendshore.charts.picture import Drawing

__all__ = ["Cell", "heat_map"]

STEP = 18


@dataclass(frozen=True)
class Cell:
    """One share; None is unknown or not defined and drawn hatched."""

    share: float | None
    text: str
    spoken: str


def heat_map(
    labels: Sequence[str],
    heads: Sequence[str],
    cells: Sequence[Sequence[Cell]],
    *,
    colour: str,
    width: int,
    blocks: int,
) -> Drawing:
    """Draw shares as shades of one colour, each with its figure.

    Parameters
    ----------
    labels
        Names of the rows.
    heads
        Short names of the columns.
    cells
        One row a label, one cell a head.
    colour
        Of the role whose share it is.
    width, blocks
        Of the whole picture in pixels; the most blocks side by side.
    """
    heading = max(look.text_width(head) for head in heads)
    across = max(34.0, min(heading + 6, 60.0))
    blocks = max(1, min(blocks, int((width + 18) // (len(heads) * across + 120 + 18)), len(labels)))
    gap = 18
    wide = (width - gap * (blocks - 1)) / blocks
    name = min(wide - across * len(heads), look.widest(labels) * 1.05 + 16)
    wide = name + across * len(heads)
    long = math.ceil(len(labels) / blocks)
    tilted = heading + 6 > 60
    top = 22 if not tilted else min(heading * 0.75 + 14, 90)
    squares, names, columns = [], [], []
    for n, label in enumerate(labels):
        block, line = divmod(n, long)
        x, y = block * (wide + gap), top + line * STEP
        names.append(
            {
                "x": x + name - 8, "y": y + STEP / 2, "text": look.shortened(label, name - 10), "align": "right",
                "spoken": label,
            }
        )  # fmt: skip
        squares += [square(cell, x + name + k * across, y, across, colour) for k, cell in enumerate(cells[n])]
    for block in range(math.ceil(len(labels) / long)):
        for k, head in enumerate(heads):
            columns.append(
                {
                    "x": block * (wide + gap) + name + (k + 0.5) * across, "y": top - 6, "text": head,
                    "strong": True, "tilted": tilted, "align": "left" if tilted else "center",
                }
            )  # fmt: skip
    figures = [
        {
            "x": (one["x"] + one["x2"]) / 2, "y": (one["y"] + one["y2"]) / 2, "text": one["text"], "colour": one["ink"],
            "align": "center",
        }
        for one in squares
        if one["text"]
    ]  # fmt: skip
    texts = words_at([*figures, *names, *columns])
    return Drawing(layered(boxes(squares), texts, width=width, height=top + long * STEP))


def square(cell: Cell, x: float, y: float, across: float, colour: str) -> dict[str, Any]:
    """One cell in pixels, with the shade of its share and ink that reads on it."""
    shade = (
        look.MISSING if cell.share is None else look.tint(colour, 0.05 + 0.95 * min(max(cell.share, 0), 1))
    )
    ink = look.ON_LIGHT if cell.share is None else look.ink_on(shade)
    return {
        "x": x + 1, "x2": x + across - 1, "y": y + 1, "y2": y + STEP - 1, "fill": shade,
        "ink": ink, "text": cell.text, "spoken": cell.spoken,
    }  # fmt: skip
