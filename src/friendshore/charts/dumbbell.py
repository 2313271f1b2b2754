"""Face value against traced: a dot for what customs wrote, a band for what look-through adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import hconcat, layer, vconcat
from friendshore.charts.picture import Drawing, library

__all__ = ["Pair", "dumbbells"]

STEP = 21
HEAD = 30


@dataclass(frozen=True)
class Pair:
    """One row of one panel; None is unknown and drawn hatched."""

    face: float | None
    low: float | None
    high: float | None
    told: str
    """Finished text, as ``23 → 41 to 55``."""
    spoken: str


def dumbbells(
    labels: Sequence[str],
    panels: Mapping[str, Sequence[Pair]],
    *,
    colour: str,
    width: int,
    ticks: Mapping[float, str],
    stacked: bool = False,
) -> Drawing:
    """Draw one panel an importer, the same rows in each.

    Parameters
    ----------
    labels
        Names of the rows, in order.
    panels
        Heading -> one pair a row.
    colour
        Of the role whose share it is.
    width
        Of the whole picture, pixels.
    ticks
        Share -> text below it.
    stacked
        Panels below each other (narrow screens) instead of side by side.
    """
    count = 1 if stacked else len(panels)
    left = round(min(look.widest(labels) + 12, width * (0.36 if stacked else 0.26)))
    note = round(look.widest([p.told for pairs in panels.values() for p in pairs]) + 12)
    gap = 14
    room = (width - left - (count - 1) * gap) // count - note
    names = [look.shortened(label, left - 12) for label in labels]
    charts = []
    for n, (heading, pairs) in enumerate(panels.items()):
        charts.append(
            panel(
                heading,
                pairs,
                names if stacked or n == 0 else None,
                colour=colour,
                room=room,
                note=note,
                ticks=ticks,
            )
        )
    combined = vconcat(*charts, spacing=18) if stacked else hconcat(*charts, spacing=gap)
    return Drawing(combined)


def panel(
    heading: str,
    pairs: Sequence[Pair],
    names: Sequence[str] | None,
    *,
    colour: str,
    room: int,
    note: int,
    ticks: Mapping[float, str],
) -> Any:  # noqa: ANN401  parts of a chart share no type
    """One panel with its heading, grid, bands, dots and figures."""
    alt = library()

    height = len(pairs) * STEP + HEAD
    data = [cell(n, pair, room) for n, pair in enumerate(pairs)]
    grid = [{"x": share * room, "text": text} for share, text in ticks.items()]
    y = alt.Y("y:Q", scale=None, axis=None)
    lines = alt.Chart(alt.Data(values=tuple(grid))).encode(
        x=alt.X("x:Q", scale=None, axis=None), description=alt.DescriptionValue("-")
    )
    base = alt.Chart(alt.Data(values=tuple(data))).encode(y=y, description=alt.Description("spoken:N"))
    known = base.transform_filter("isValid(datum.low)")
    layers = [
        lines.mark_rule(color=look.GRID).encode(y=alt.YValue(HEAD - 4), y2=alt.value(height)),
        lines.mark_text(color=look.QUIET, baseline="top").encode(
            y=alt.YValue(height + 5), text=alt.Text("text:N")
        ),
        known.mark_rule(color=colour, strokeWidth=1.5, opacity=0.55).encode(
            x=alt.X("face:Q", scale=None, axis=None), x2=alt.X2("low:Q")
        ),
        known.mark_bar(height=11, color=look.tint(colour, 0.3)).encode(
            x=alt.X("low:Q", scale=None, axis=None), x2=alt.X2("high:Q")
        ),
        known.mark_tick(color=colour, thickness=1.5, size=11, orient="vertical").encode(
            x=alt.X("low:Q", scale=None)
        ),
        known.mark_tick(color=colour, thickness=1.5, size=11, orient="vertical").encode(
            x=alt.X("high:Q", scale=None)
        ),
        base.transform_filter("isValid(datum.face)")
        .mark_point(filled=True, fill=colour, stroke=look.COAST, strokeWidth=1, size=62, opacity=1)
        .encode(x=alt.X("face:Q", scale=None)),
        base.transform_filter("!isValid(datum.face) && !isValid(datum.low)")
        .mark_bar(height=11, color=look.MISSING)
        .encode(x=alt.XValue(0), x2=alt.value(18)),
        base.mark_text(align="left", color=look.QUIET).encode(
            x=alt.XValue(room + 10), text=alt.Text("told:N"), description=alt.DescriptionValue("-")
        ),
        alt.Chart(alt.Data(values=({"text": heading},)))
        .mark_text(align="left", fontWeight=600, color=look.INK, baseline="top")
        .encode(
            x=alt.XValue(0), y=alt.YValue(4), text=alt.Text("text:N"), description=alt.DescriptionValue("-")
        ),
    ]
    if names is not None:
        rows = [{"y": HEAD + (n + 0.5) * STEP, "text": name} for n, name in enumerate(names)]
        layers.append(
            alt.Chart(alt.Data(values=tuple(rows)))
            .mark_text(align="right", dx=-10, color=look.INK)
            .encode(x=alt.XValue(0), y=y, text=alt.Text("text:N"), description=alt.DescriptionValue("-"))
        )
    return layer(*layers).properties(width=room + note, height=height)


def cell(place: int, pair: Pair, room: float) -> dict[str, Any]:
    """Turn a pair into pixels."""
    spots = {
        name: None if share is None else share * room
        for name, share in (("face", pair.face), ("low", pair.low), ("high", pair.high))
    }
    return {"y": HEAD + (place + 0.5) * STEP, "told": pair.told, "spoken": pair.spoken, **spots}
