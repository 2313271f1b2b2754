"""Lines over years: small multiples, thresholds dashed and named, each line labelled at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import concat, layer
from friendshore.charts.picture import Drawing, library

__all__ = ["Line", "Threshold", "small_multiples"]


@dataclass(frozen=True)
class Line:
    """One series of a panel; a None is a gap."""

    label: str
    """Short, at the end of the line."""
    spoken: str
    values: Mapping[int, float | None]
    colour: str
    dash: Sequence[int]
    thick: float = 1.8


@dataclass(frozen=True)
class Threshold:
    """A dashed line with the name of the rule that draws it."""

    value: float
    name: str


def small_multiples(
    panels: Mapping[str, Sequence[Line]],
    *,
    years: Sequence[int],
    thresholds: Sequence[Threshold],
    width: int,
    columns: int,
    height: int = 120,
) -> Drawing:
    """Draw one panel a heading, all on the scale from 0 to 1.

    Parameters
    ----------
    panels
        Heading -> lines.
    years
        First and last year of the axis.
    thresholds
        Named in the first panel, drawn in all.
    width, columns, height
        Of the whole picture, in pixels; panels in a row; of one panel.
    """
    columns = min(columns, len(panels))
    end = round(look.widest([line.label for lines in panels.values() for line in lines]) + 10)
    axis, gap = 28, 14
    room = (width - columns * (axis + end) - (columns - 1) * gap) // columns
    charts = []
    for n, (heading, lines) in enumerate(panels.items()):
        titled = look.shortened(heading, (room + end + axis) * 0.9)
        charts.append(
            panel(titled, lines, years, thresholds, room=room, height=height, end=end, named=n == 0)
        )
    # Flush bounds: panels stand in line whatever the length of their labels.
    return Drawing(
        concat(*charts, columns=columns, spacing={"row": 58, "column": axis + end + gap}, bounds="flush")
    )


def panel(
    heading: str,
    lines: Sequence[Line],
    years: Sequence[int],
    thresholds: Sequence[Threshold],
    *,
    room: int,
    height: int,
    end: int,
    named: bool,
) -> Any:  # noqa: ANN401  parts of a chart share no type
    """One panel."""
    alt = library()

    first, last = (years[0], years[-1]) if years[-1] > years[0] else (years[0] - 1, years[0] + 1)
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[first, last], nice=False),
        axis=alt.Axis(
            format="d",
            title=None,
            grid=False,
            values=marked_years(first, last, room) if years[-1] > years[0] else [years[0]],
            labelFlush=True,
        ),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(
            title=None,
            values=sorted({0.0, 1.0, *(t.value for t in thresholds)}),
            domain=False,
            ticks=False,
            format=".1~f",
            labelPadding=6,
        ),
    )
    layers = [rule(threshold, y) for threshold in thresholds]
    if any(line.values for line in lines):
        layers += [curves(lines, x, y), lone_points(lines, x, y), end_labels(lines, height, x, y)]
    if named:
        layers += [rule_name(threshold, lines, (first, last), room, height, x) for threshold in thresholds]
    title = alt.TitleParams(
        heading, fontSize=look.SIZE, fontWeight=600, offset=8, anchor="start", frame="bounds"
    )
    return layer(*layers).properties(width=room, height=height, title=title)


def rule(threshold: Threshold, y: Any) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Dashed line of a threshold."""
    alt = library()

    return (
        alt.Chart(alt.Data(values=({"value": threshold.value},)))
        .mark_rule(color=look.RULE, strokeDash=[4, 3], strokeWidth=1)
        .encode(y=y, description=alt.DescriptionValue("-"))
    )


def rule_name(
    threshold: Threshold,
    lines: Sequence[Line],
    years: tuple[int, int],
    room: int,
    height: int,
    x: Any,  # noqa: ANN401  parts of a chart share no type
) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Name of a rule at its line, above or below it, where it covers the fewest points."""
    alt = library()

    first, last = years
    wide = min(look.text_width(threshold.name) / max(room, 1), 1.0) * (last - first)
    tall = (look.SIZE + 4) / height
    best: tuple[int, float, bool] | None = None
    for above in (True, False):
        low, high = (
            (threshold.value, threshold.value + tall) if above else (threshold.value - tall, threshold.value)
        )
        for start in (first, (first + last - wide) / 2, last - wide):
            covered = sum(
                value is not None
                and start - 1 <= year <= start + wide + 1
                and low - 0.03 <= value <= high + 0.03
                for line in lines
                for year, value in line.values.items()
            )
            if best is None or covered < best[0]:
                best = (covered, start, above)
    _, start, above = best or (0, float(first), True)
    place = {"align": "left", "dx": 3, "baseline": "middle", "color": look.RULE}
    spot = (1 - threshold.value) * height + (-9 if above else 9)
    base = alt.Chart(alt.Data(values=({"year": start, "text": threshold.name},))).encode(
        x=x, y=alt.YValue(spot), text=alt.Text("text:N"), description=alt.DescriptionValue("-")
    )
    return layer(base.mark_text(**place, **look.HALO), base.mark_text(**place))


def marked_years(first: int, last: int, room: int) -> list[int]:
    """Years written on the axis: the two ends, and round ones between where there is room."""
    step = 10 if last - first > 12 else 5 if last - first > 5 else 1
    least = (last - first) * 44 / max(room, 1)
    between = [
        year for year in range(first + 1, last)
        if year % step == 0 and year - first >= least and last - year >= least
    ]  # fmt: skip
    while len(between) > 1 and between[1] - between[0] < least:
        between = between[::2]
    return sorted({first, *between, last})


def spread(lines: Sequence[Line], height: int) -> list[float | None]:
    """Vertical places of the labels at the ends, moved apart where they would touch."""
    ends: list[tuple[float, int]] = []
    for n, line in enumerate(lines):
        known = [value for _, value in sorted(line.values.items()) if value is not None]
        if known:
            ends.append(((1 - known[-1]) * height, n))
    ends.sort()
    spots = [spot for spot, _ in ends]
    least = look.SIZE + 1.0
    for _ in range(40):
        for n in range(len(spots) - 1):
            lack = least - (spots[n + 1] - spots[n])
            if lack > 0:
                spots[n] -= lack / 2
                spots[n + 1] += lack / 2
        spots = [min(max(spot, 4.0), height - 4.0) for spot in spots]
    found: list[float | None] = [None] * len(lines)
    for spot, (_, n) in zip(spots, ends, strict=True):
        found[n] = spot
    return found


def curves(lines: Sequence[Line], x: Any, y: Any) -> Any:  # noqa: ANN401  parts of a chart share no type
    """All lines of a panel; each carries its own colour, dash and width."""
    alt = library()

    data = [
        {
            "series": n, "year": year, "value": value, "colour": line.colour, "dash": list(line.dash),
            "thick": line.thick,
        }
        for n, line in enumerate(lines)
        for year, value in sorted(line.values.items())
    ]  # fmt: skip
    return (
        alt.Chart(alt.Data(values=tuple(data)))
        .mark_line(invalid="break-paths-show-domains")
        .encode(
            x=x,
            y=y,
            detail="series:N",
            stroke=alt.Stroke("colour:N", scale=None),
            strokeDash=alt.StrokeDash("dash:N", scale=None),
            strokeWidth=alt.StrokeWidth("thick:Q", scale=None),
            description=alt.DescriptionValue("-"),
        )
    )


def lone_points(lines: Sequence[Line], x: Any, y: Any) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw a dot where a line has a single year between gaps, or altogether."""
    alt = library()
    data = [
        {"year": year, "value": value, "colour": line.colour}
        for line in lines
        for year, value in line.values.items()
        if value is not None and line.values.get(year - 1) is None and line.values.get(year + 1) is None
    ]
    return (
        alt.Chart(alt.Data(values=tuple(data)))
        .mark_point(filled=True, size=36, opacity=1)
        .encode(x=x, y=y, color=alt.Color("colour:N", scale=None), description=alt.DescriptionValue("-"))
    )


def end_labels(lines: Sequence[Line], height: int, x: Any, y: Any) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Label each line just right of its last year."""
    alt = library()

    data = []
    for line, spot in zip(lines, spread(lines, height), strict=True):
        known = [year for year, value in line.values.items() if value is not None]
        if spot is not None:
            data.append(
                {"year": max(known), "value": 1 - spot / height, "text": line.label, "colour": line.colour}
            )
    return (
        alt.Chart(alt.Data(values=tuple(data)))
        .mark_text(align="left", dx=5, fontWeight=600)
        .encode(
            x=x,
            y=y,
            text=alt.Text("text:N"),
            color=alt.Color("colour:N", scale=None),
            description=alt.DescriptionValue("-"),
        )
    )
