"""Bars: one number a row, from zero, sorted by size, labelled at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import layer
from friendshore.charts.picture import Drawing, library

__all__ = ["bars"]

STEP = 22
"""Height of a row in pixels."""


def bars(rows: Sequence[Mapping[str, Any]], *, width: int, most: float = 0.0) -> Drawing:
    """Draw horizontal bars.

    Parameters
    ----------
    rows
        ``label``, ``value`` (None is drawn as a hatched stub), ``told`` (text at the end of the bar),
        ``fill`` and ``strong`` (label in semi-bold), in the order they are to be shown.
    width
        Of the whole picture, pixels.
    most
        Right end of the scale; the largest value by default.
    """
    alt = library()

    # Semi-bold labels are a little wider.
    left = round(min(look.widest([str(r["label"]) for r in rows]) * 1.1 + 12, width * 0.42))
    right = round(look.widest([str(r["told"]) for r in rows]) + 8)
    room = max(width - left - right, 60)
    longest = most or max((r["value"] or 0.0 for r in rows), default=0.0) or 1.0
    data = [
        {
            "y": n * STEP + STEP / 2,
            "end": 14 if r["value"] is None else r["value"] / longest * room,
            "label": look.shortened(str(r["label"]), left - 10),
            "told": r["told"],
            "spoken": f"{r['label']}: {r['told']}",
            "fill": look.MISSING if r["value"] is None else r["fill"],
            "weight": 600 if r.get("strong") else 400,
        }
        for n, r in enumerate(rows)
    ]
    base = alt.Chart(alt.Data(values=tuple(data))).encode(
        y=alt.Y("y:Q", scale=None, axis=None), description=alt.Description("spoken:N")
    )
    bar = base.mark_bar(height=STEP - 8).encode(
        x=alt.X("start:Q", scale=None, axis=None),
        x2=alt.X2("end:Q"),
        fill=alt.Fill("fill:N", scale=None, legend=None),
    )
    layers = [bar.transform_calculate(start="0")]
    for weight in (400, 600):
        chosen = base.transform_filter(f"datum.weight == {weight}")
        layers.append(
            chosen.mark_text(align="right", dx=-8, fontWeight=weight, color=look.INK).encode(
                x=alt.XValue(0), text=alt.Text("label:N"), description=alt.DescriptionValue("-")
            )
        )
        layers.append(
            chosen.mark_text(align="left", dx=6, fontWeight=weight, color=look.INK).encode(
                x=alt.X("end:Q", scale=None, axis=None),
                text=alt.Text("told:N"),
                description=alt.DescriptionValue("-"),
            )
        )
    axis = alt.Chart(alt.Data(values=({},))).mark_rule(color=look.OTHERS).encode(x=alt.XValue(0))
    chart = layer(*layers, axis).properties(width=room, height=max(len(rows), 1) * STEP)
    return Drawing(chart)
