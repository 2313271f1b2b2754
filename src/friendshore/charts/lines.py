"""Lines over years: small multiples, thresholds dashed and named, each line labelled at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from friendshore.charts import look
from friendshore.charts.marks import Plain, curve, dots, gridded, layered, words_at
from friendshore.charts.marks import lines as straight
from friendshore.charts.picture import Drawing

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
        charts.append(panel(titled, lines, years, thresholds, room=room, height=height, named=n == 0))
    # Flush frames: panels stand in line whatever the length of their labels.
    return Drawing(gridded(charts, columns, across=axis + end + gap, down=58))


@dataclass(frozen=True)
class Frame:
    """Places of years and shares in pixels."""

    first: int
    last: int
    room: int
    height: int

    def x(self, year: float) -> float:
        """Place of a year."""
        return (year - self.first) / (self.last - self.first) * self.room

    def y(self, value: float) -> float:
        """Place of a share."""
        return (1 - value) * self.height


def panel(
    heading: str,
    lines: Sequence[Line],
    years: Sequence[int],
    thresholds: Sequence[Threshold],
    *,
    room: int,
    height: int,
    named: bool,
) -> Plain:
    """One panel."""
    several = years[-1] > years[0]
    first, last = (years[0], years[-1]) if several else (years[0] - 1, years[0] + 1)
    frame = Frame(first, last, room, height)
    shown = marked_years(first, last, room) if several else [years[0]]
    layers = [*axes(frame, shown, thresholds), *(rule(threshold, frame) for threshold in thresholds)]
    layers += [*curves(lines, frame), lone_points(lines, frame), end_labels(lines, frame)]
    if named:
        layers += [rule_name(threshold, lines, frame) for threshold in thresholds]
    return layered(*layers, width=room, height=height, heading=heading, indent=-LABELS)


LABELS = 24
"""Room for the figures left of a panel."""


def axes(frame: Frame, years: Sequence[int], thresholds: Sequence[Threshold]) -> list[Plain]:
    """Line of the years with its figures, and figures of the shares."""
    ticks = [{"x": x, "x2": x, "y": frame.height, "y2": frame.height + 4} for x in map(frame.x, years)]
    base = {"x": 0, "x2": frame.room, "y": frame.height, "y2": frame.height}
    # The figures at the ends of the axis end with it.
    align = {frame.first: "left", frame.last: "right"}
    texts = [
        {
            "x": frame.x(year), "y": frame.height + 13, "text": str(year), "align": align.get(year, "center"),
            "colour": look.QUIET,
        }
        for year in years
    ]  # fmt: skip
    texts += [
        {
            "x": -8,
            "y": frame.y(value),
            "text": f"{value:.1f}".removesuffix(".0"),
            "align": "right",
            "colour": look.QUIET,
        }
        for value in sorted({0.0, 1.0, *(t.value for t in thresholds)})
    ]
    return [straight([base, *ticks], colour=look.OTHERS), words_at(texts)]


def rule(threshold: Threshold, frame: Frame) -> Plain:
    """Dashed line of a threshold."""
    y = frame.y(threshold.value)
    return straight([{"x": 0, "x2": frame.room, "y": y, "y2": y}], colour=look.RULE, dash=(4, 3))


def rule_name(threshold: Threshold, lines: Sequence[Line], frame: Frame) -> Plain:
    """Name of a rule at its line, above or below it, where it covers the fewest points."""
    first, last = frame.first, frame.last
    wide = min(look.text_width(threshold.name) / max(frame.room, 1), 1.0) * (last - first)
    tall = (look.SIZE + 4) / frame.height
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
    spot = {
        "x": frame.x(start) + 3, "y": frame.y(threshold.value) + (-9 if above else 9), "text": threshold.name,
        "colour": look.RULE,
    }  # fmt: skip
    return words_at([spot], halo=True)


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


def curves(lines: Sequence[Line], frame: Frame) -> list[Plain]:
    """All lines of a panel, each in its own colour, dash and width; a year that is not known breaks a line."""
    found = []
    for line in lines:
        run: list[dict[str, float]] = []
        runs = [run]
        for year, value in sorted(line.values.items()):
            if value is None:
                run = []
                runs.append(run)
            else:
                run.append({"x": frame.x(year), "y": frame.y(value)})
        found.append(
            curve(
                *(run for run in runs if len(run) > 1), colour=line.colour, dash=line.dash, thick=line.thick
            )
        )
    return found


def lone_points(lines: Sequence[Line], frame: Frame) -> Plain:
    """Draw a dot where a line has a single year between gaps, or altogether."""
    return dots(
        [
            {
                "x": frame.x(year), "y": frame.y(value), "fill": line.colour, "edge": line.colour,
                "spoken": f"{line.spoken} {year}",
            }
            for line in lines
            for year, value in line.values.items()
            if value is not None and line.values.get(year - 1) is None and line.values.get(year + 1) is None
        ]
    )  # fmt: skip


def end_labels(lines: Sequence[Line], frame: Frame) -> Plain:
    """Label each line just right of its last year."""
    texts = []
    for line, spot in zip(lines, spread(lines, frame.height), strict=True):
        known = [year for year, value in line.values.items() if value is not None]
        if spot is not None:
            texts.append(
                {
                    "x": frame.x(max(known)) + 5,
                    "y": spot,
                    "text": line.label,
                    "colour": look.text_colour(line.colour),
                    "strong": True,
                }
            )
    return words_at(texts)
