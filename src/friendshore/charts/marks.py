"""Marks placed in pixels: what the charts of a plan are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.picture import library

__all__ = ["boxes", "curve", "dots", "lines", "titled", "words_at"]

Mark = Mapping[str, Any]


def boxes(rows: Sequence[Mark]) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw rectangles: ``x x2 y y2 fill edge spoken``; ``edge`` is the colour of the outline."""
    alt = library()

    return (
        alt.Chart(alt.Data(values=tuple(rows)))
        .mark_rect(strokeWidth=1.2)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            x2=alt.X2("x2:Q"),
            y=alt.Y("y:Q", scale=None, axis=None),
            y2=alt.Y2("y2:Q"),
            fill=alt.Fill("fill:N", scale=None, legend=None),
            stroke=alt.Stroke("edge:N", scale=None, legend=None),
            description=alt.Description("spoken:N"),
        )
    )


def lines(rows: Sequence[Mark], *, colour: str, dash: Sequence[int] = (1, 0), thick: float = 1.0) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw straight lines: ``x x2 y y2``."""
    alt = library()

    return (
        alt.Chart(alt.Data(values=tuple(rows)))
        .mark_rule(color=colour, strokeDash=list(dash), strokeWidth=thick)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            x2=alt.X2("x2:Q"),
            y=alt.Y("y:Q", scale=None, axis=None),
            y2=alt.Y2("y2:Q"),
            description=alt.DescriptionValue("-"),
        )
    )


def curve(rows: Sequence[Mark], *, colour: str, dash: Sequence[int], thick: float) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Join points ``x y`` in their order."""
    alt = library()

    placed = [{"n": n, **row} for n, row in enumerate(rows)]
    return (
        alt.Chart(alt.Data(values=tuple(placed)))
        .mark_line(color=colour, strokeDash=list(dash), strokeWidth=thick, strokeJoin="round")
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            order=alt.Order("n:Q"),
            description=alt.DescriptionValue("-"),
        )
    )


def dots(rows: Sequence[Mark], *, shape: str = "circle", size: int = 34) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw points: ``x y fill edge spoken``."""
    alt = library()

    return (
        alt.Chart(alt.Data(values=tuple(rows)))
        .mark_point(shape=shape, size=size, strokeWidth=1.4, opacity=1)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            fill=alt.Fill("fill:N", scale=None, legend=None),
            stroke=alt.Stroke("edge:N", scale=None, legend=None),
            description=alt.Description("spoken:N"),
        )
    )


def words_at(rows: Sequence[Mark], *, halo: bool = False) -> list[Any]:
    """Write texts: ``x y text`` with ``align`` (left), ``colour`` (ink) and ``strong`` (no); one layer a style."""
    alt = library()

    styles: dict[tuple[str, str, bool], list[Mark]] = {}
    for row in rows:
        key = (row.get("align", "left"), row.get("colour", look.INK), bool(row.get("strong")))
        styles.setdefault(key, []).append({name: row[name] for name in ("x", "y", "text")})
    made = []
    for (align, colour, strong), placed in styles.items():
        base = alt.Chart(alt.Data(values=tuple(placed))).encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            text=alt.Text("text:N"),
            description=alt.DescriptionValue("-"),
        )
        style = {"align": align, "color": colour, "fontWeight": 600 if strong else 400}
        if halo:
            made.append(base.mark_text(**{**style, **look.HALO}))
        made.append(base.mark_text(**style))
    return made


def titled(chart: Any, heading: str, *, width: float, height: float) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Give a drawing its size and, where there is one, a heading."""
    alt = library()

    title = alt.TitleParams(
        heading, fontSize=look.SIZE, fontWeight=600, offset=8, anchor="start", frame="group"
    )
    return chart.properties(width=width, height=height, **({"title": title} if heading else {}))
