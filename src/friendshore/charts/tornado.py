"""What matters most: a bar an assumption, from the central answer to that of either end of its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import layer, vconcat
from friendshore.charts.picture import Drawing, library
from friendshore.charts.wording import Words
from friendshore.records import Finding, Name

__all__ = ["small_tornado", "tornado"]

WIDTH, NARROW = 760, 600
"""Usual width, and that below which ranges and rankings are left to the table."""
MOST_PANELS, MOST_ROWS = 3, 12
STEP, NOTE = 22, 52
CHOICES: Mapping[str, str] = {
    "true": "yes", "false": "no", "equal": "all alike", "pay": "who pays most", "use-it": "at once",
    "stretch": "evenly", "floor": "to a floor",
}  # fmt: skip
"""Words for what is no number."""
LOW, HIGH = look.tint(look.MEMBER, 0.38), look.MEMBER

Row = Mapping[str, Any]


def tornado(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw a panel an importer and product, the worst first, on one scale."""
    by: dict[tuple[str, str], list[Row]] = {}
    for row in finding.rows:
        by.setdefault((row["importer"], row["product"]), []).append(row)
    order = sorted(by, key=lambda key: -by[key][0]["shortage_share"])[:MOST_PANELS]
    most = max(max(ends(row)) for key in order for row in by[key]) or 1.0
    shown = {key: [row for row in by[key] if row["swing_t"] > 0][:MOST_ROWS] or by[key][:1] for key in order}
    every = [row for rows in shown.values() for row in rows]
    frame = framed(every, words, most, width)
    panels = []
    for (importer, product), rows in shown.items():
        heading = f"{words.name(importer)}: {words.product(product)}" if len(by) > 1 else ""
        panels.append(tornado_panel(rows, words, frame, heading=heading))
    whole = (
        "Part of demand that is missing over the whole run when one assumption goes to the lower (pale) or upper "
        "(dark) end of its range; the line is the central run."
    )
    peak = (
        "Part of demand that is missing in the worst month when one assumption goes to the lower (pale) or upper "
        "(dark) end of its range; the line is the central run."
    )
    told = [words.say(peak if finding.arguments.get("measure") == "peak" else whole)]
    if frame.ranked:
        told.append(words.say("Right: the most pairs of materials that change places."))
    measure = words.sentences(told)
    return Drawing(vconcat(*panels, spacing=18) if len(panels) > 1 else panels[0]), measure


def small_tornado(rows: Sequence[Row], words: Words, *, width: int, most_rows: int) -> Drawing:
    """Draw the widest bars of one importer and product."""
    shown = [row for row in rows if row["swing_t"] > 0][:most_rows] or rows[:1]
    frame = framed(shown, words, max(max(ends(row)) for row in shown) or 1.0, width)
    return Drawing(tornado_panel(shown, words, frame, heading=""))


def ends(row: Row) -> tuple[float, float, float]:
    """Return the shares missing: low end, central, high end."""
    return row["low_shortage_share"], row["shortage_share"], row["high_shortage_share"]


@dataclass(frozen=True)
class Frame:
    """Sizes in pixels that all panels share."""

    left: float
    """Room for the names of the assumptions."""
    middle: float
    """Room for their ranges."""
    room: float
    """Room for the bars."""
    most: float
    """Share at the right end of the scale."""
    ranked: bool
    """Whether there are distances between rankings to be shown."""

    @property
    def scale(self) -> float:
        """Pixels for a share of 1."""
        return self.room / self.most


def framed(rows: Sequence[Row], words: Words, most: float, width: int) -> Frame:
    """Divide the width between the columns."""
    wide = width >= NARROW
    left = min(look.widest([label_of(row, words) for row in rows]) + 12, width * (0.34 if wide else 0.52))
    middle = min(look.widest([range_of(row, words) for row in rows]) + 14, width * 0.24) if wide else 0.0
    ranked = wide and any(row["low_ranking_distance"] is not None for row in rows)
    return Frame(left, middle, max(width - left - middle - (NOTE if ranked else 0) - 30, 100.0), most, ranked)


def tornado_panel(rows: Sequence[Row], words: Words, frame: Frame, *, heading: str) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw the bars of one importer and product; the widest swing comes first."""
    alt = library()

    data, texts = [], []
    for n, row in enumerate(rows):
        y = n * STEP
        low, central, high = (value * frame.scale for value in ends(row))
        label, reach = label_of(row, words), range_of(row, words)
        spoken = f"{label} ({reach}): {words.span(min(ends(row)), max(ends(row)), 'share')}"
        # the longer one first: both may lie on the same side
        for far, fill in sorted([(low, LOW), (high, HIGH)], key=lambda each: -abs(each[0] - central)):
            if abs(far - central) > 0.3:
                data.append({"x": min(far, central), "x2": max(far, central), "y": y + 4, "y2": y + STEP - 4,
                             "fill": fill, "spoken": spoken})  # fmt: skip
        centre = y + STEP / 2
        name = look.shortened(label, frame.left - 8)
        texts.append({"x": -frame.middle - 6, "text": name, "y": centre, "align": "right"})
        if frame.middle:
            told = look.shortened(reach, frame.middle - 6)
            texts.append({"x": -frame.middle + 2, "text": told, "y": centre, "align": "left"})
        if frame.ranked:
            apart = [row[name] for name in ("low_ranking_distance", "high_ranking_distance")]
            told = words.number(max(apart), "share") if None not in apart else "–"
            texts.append({"x": frame.room + 30 + NOTE - 8, "text": told, "y": centre, "align": "right"})
    tall = len(rows) * STEP
    chart = layer(
        *scale_lines(frame, tall), drawn(data), *written(texts), central_line(rows, frame.scale, tall, words)
    )  # fmt: skip
    title = alt.TitleParams(heading, fontSize=look.SIZE, fontWeight=600, offset=8, anchor="start")
    placed = {"title": title} if heading else {}
    wide = frame.room + 30 + (NOTE if frame.ranked else 0)
    return chart.properties(width=wide, height=tall + 22, **placed)


def label_of(row: Row, words: Words) -> str:
    """Name an assumption."""
    return words.named(Name(key=row["parameter"], kind="assumption"))


def range_of(row: Row, words: Words) -> str:
    """Write the range, or the choices, of an assumption."""
    if row["choices"]:
        return " / ".join(dict.fromkeys(words.say(CHOICES[choice]) for choice in row["choices"].split(";")))
    unit = {"1": "", "months": words.say("months"), "days": words.say("days")}.get(row["unit"], row["unit"])
    low, high = row["low"], row["high"]
    if not unit:
        return f"{low:g} – {high:g}"
    if float(low).is_integer() and float(high).is_integer() and unit != "share":
        low, high = int(low), int(high)
    return words.span(low, high, unit)


def scale_lines(frame: Frame, tall: int) -> list[Any]:
    """Thin lines at round shares, with their figures below."""
    alt = library()

    step = next(
        each
        for each in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0)
        if frame.most / each <= frame.room / 55
    )
    values = [
        {
            "x": n * step * frame.scale,
            "y": 0,
            "y2": tall,
            "text": f"{100 * n * step:g} %" if n else "0",
        }
        for n in range(int(frame.most / step + 1e-9) + 1)
    ]
    base = alt.Chart(alt.Data(values=tuple(values))).encode(
        x=alt.X("x:Q", scale=None, axis=None), description=alt.DescriptionValue("-")
    )
    return [
        base.mark_rule(color=look.GRID).encode(y=alt.Y("y:Q", scale=None, axis=None), y2=alt.Y2("y2:Q")),
        base.mark_text(color=look.QUIET).encode(y=alt.YValue(tall + 11), text=alt.Text("text:N")),
    ]


def drawn(data: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Bars."""
    alt = library()

    return (
        alt.Chart(alt.Data(values=tuple(data)))
        .mark_rect()
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            x2=alt.X2("x2:Q"),
            y=alt.Y("y:Q", scale=None, axis=None),
            y2=alt.Y2("y2:Q"),
            fill=alt.Fill("fill:N", scale=None, legend=None),
            description=alt.Description("spoken:N"),
        )
    )


def written(texts: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Labels, by alignment."""
    alt = library()

    return [
        alt.Chart(alt.Data(values=tuple([each for each in texts if each["align"] == align])))
        .mark_text(align=align, color=look.INK if align == "right" else look.QUIET)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            text=alt.Text("text:N"),
            description=alt.DescriptionValue("-"),
        )
        for align in ("right", "left")
    ]


def central_line(rows: Sequence[Row], scale: float, tall: int, words: Words) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw the central answer through all bars, with its figure."""
    alt = library()

    share = rows[0]["shortage_share"]
    base = alt.Chart(alt.Data(values=({"x": share * scale, "y": 0, "y2": tall},))).encode(
        x=alt.X("x:Q", scale=None, axis=None), description=alt.DescriptionValue("-")
    )
    told = base.encode(y=alt.YValue(-6), text=alt.TextValue(words.number(share, "share")))
    return layer(
        base.mark_rule(color=look.INK, strokeWidth=1.5).encode(
            y=alt.Y("y:Q", scale=None, axis=None), y2=alt.Y2("y2:Q")
        ),
        told.mark_text(color=look.INK, fontWeight=600),
    )
