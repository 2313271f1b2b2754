"""The path of a shock by month: stock above the line, what is missing below it, and who fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.charts import look
from friendshore.charts.combine import concat, layer, vconcat
from friendshore.charts.picture import Drawing, library
from friendshore.charts.replacement import replacements
from friendshore.charts.wording import Words
from friendshore.records import Finding
from friendshore.shocks import DAYS_PER_MONTH

__all__ = ["Course", "courses_of", "drawn", "paths", "stress"]

WIDTH = 760
MOST_PANELS = 6
STOCK, NO_STOCK, LOWER = 50, 18, 84
"""Height in pixels of the part for stock, of what stands there without any, and of 100 % missing."""
LEFT = 42
"""Room for the figures at the axis."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Course:
    """One importer's months of one product, and what was read off them."""

    heading: str
    """Names the importer."""
    months: Sequence[Row]
    """Rows of ``stress`` in order."""
    read: Row
    """The record of ``stress_summary``."""
    product: str = ""
    """Named below the heading; empty where all courses are of one."""
    has_stock: bool = True
    """Whether stocks are among what is shown."""


@dataclass(frozen=True)
class Frame:
    """Sizes of a panel in pixels."""

    room: int
    step: float
    """Width of a month."""
    zero: int
    """Height of the line between stock and shortage."""
    tallest: float
    """Largest stock of all panels, months of demand."""


def courses_of(finding: Finding, words: Words, *, most: int = MOST_PANELS) -> list[Course]:
    """Return the courses of a finding, the largest peak first where there are more than fit."""
    months: dict[tuple[str, str], list[Row]] = {}
    for row in finding.rows:
        months.setdefault((row["product"], row["importer"]), []).append(row)
    read = {(each["product"], each["importer"]): each for each in records(finding)}
    several = len({product for product, _ in months}) > 1
    found = []
    for product, importer in sorted(months, key=lambda key: -max(r["shortage_share"] for r in months[key]))[
        :most
    ]:
        record = read.get((product, importer), {"product": product, "importer": importer})
        named = words.product(product) if several else ""
        found.append(Course(words.name(importer), months[product, importer], record, named))
    return found


def drawn(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw what is missing in the middle of many draws, and the band that eight in ten lie in."""
    months: dict[tuple[str, str], list[Row]] = {}
    for row in finding.rows:
        months.setdefault((row["product"], row["importer"]), []).append(
            {
                "month": row["month"],
                "stock_t": None,
                "shortage_share": row["shortage_share_p50"],
                "shortage_share_low": row["shortage_share_p10"],
                "shortage_share_high": row["shortage_share_p90"],
            }
        )
    order = sorted(months, key=lambda key: -max(row["shortage_share"] for row in months[key]))[:MOST_PANELS]
    several = len({product for product, _ in months}) > 1
    courses = [
        Course(
            words.name(importer),
            months[product, importer],
            {"product": product, "importer": importer},
            words.product(product) if several else "",
            has_stock=False,
        )
        for product, importer in order
    ]
    measure = words.say(
        "Part of demand that is missing, by month: half of {n} draws miss less than the bar, eight in ten lie in the "
        "band.",
        n=f"{finding.arguments['draws']:,}",
    )
    if not several:
        measure = words.sentences([f"{words.product(order[0][0])}:", measure])
    return paths(courses, words, width=width), measure


def records(finding: Finding) -> Sequence[Row]:
    """Return the summary as records by product and importer."""
    told: Any = finding.summary
    if isinstance(told, Mapping):
        told = next((each for each in told.values() if isinstance(each, list | tuple)), ())
    return [each for each in told if isinstance(each, Mapping)]


def stress(finding: Finding, words: Words, *, width: int = WIDTH) -> tuple[Drawing, str]:
    """Draw the courses, and below them who delivers more where there are few."""
    courses = courses_of(finding, words)
    parts = [paths(courses, words, width=width).chart]
    if len(courses) <= 2:
        more = [each for each in courses if each.read.get("replaced_by")]
        parts += [replacements(each.read, each.heading, words, width=width).chart for each in more]
    products = list({course.read["product"] for course in courses})
    told = [
        words.say(
            "{product}: stock above the line, part of demand that is missing below it, by month.",
            product=words.product(products[0]),
        )
        if len(products) == 1
        else words.say("Stock above the line, part of demand that is missing below it, by month.")
    ]
    if any(row["shortage_share_low"] is not None for row in finding.rows):
        told.append(words.say("Band: interval of 80 %."))
    if len(parts) > 1:
        told.append(words.say("Below: who delivers more than before, tons over the whole run."))
    measure = words.sentences(told)
    return Drawing(vconcat(*parts, spacing=20) if len(parts) > 1 else parts[0]), measure


def paths(courses: Sequence[Course], words: Words, *, width: int) -> Drawing:
    """Draw one panel a course, on one scale of shares; stocks on one scale of months of demand."""
    columns = min(len(courses), 3 if width >= 600 else 1)
    gap = 18
    room = (width - columns * LEFT - (columns - 1) * gap) // columns
    room = min(room, 600)
    tallest = max((max(stock_line(course)) for course in courses if course.has_stock), default=0.0)
    zero = STOCK if any(course.has_stock for course in courses) else NO_STOCK
    charts = [
        panel(course, words, Frame(room, room / len(course.months), zero, tallest)) for course in courses
    ]
    above = 60 if courses[0].product else 42
    grid = concat(*charts, columns=columns, spacing={"row": above, "column": gap + LEFT}, bounds="flush")
    # the grid is flush with its panels; the figures at the axis of the first column stand left of it
    return Drawing(grid)


def stock_line(course: Course) -> list[float]:
    """Return the stock at the start and at the end of each month, in months of demand."""
    first = course.months[0]
    ends = [(row["stock_t"] or 0.0) / row["demand_t"] for row in course.months]
    drawn = first["demand_t"] - first["supply_t"] - first["shortage_t"]
    start = ((first["stock_t"] or 0.0) + drawn) / first["demand_t"]
    return [max(0.0, start) if first["stock_t"] is not None else 0.0, *ends]


def panel(course: Course, words: Words, frame: Frame) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Draw one panel."""
    alt = library()

    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)
    line = stock_line(course) if course.has_stock else [0.0]
    layers = [rules(frame)]
    if max(line) > 0:
        high = (frame.zero - 16) / frame.tallest
        area = [{"x": n * frame.step, "y": frame.zero - value * high, "y2": frame.zero}
                for n, value in enumerate(line)]  # fmt: skip
        layers.append(
            alt.Chart(alt.Data(values=tuple(area)))
            .mark_area(fill=look.tint(look.MEMBER, 0.45), line={"color": look.MEMBER, "strokeWidth": 1})
            .encode(x=x, y=y, y2=alt.Y2("y2:Q"), description=alt.DescriptionValue("-"))
        )
    bars_below = alt.Chart(alt.Data(values=tuple(shortage_bars(course, words, frame))))
    layers.append(
        bars_below.mark_rect(fill=look.CONCERN).encode(
            x=x, x2=alt.X2("x2:Q"), y=y, y2=alt.Y2("y2:Q"), description=alt.Description("spoken:N")
        )
    )
    layers += [
        *band(course, frame),
        texts(course, words, frame, line[0]),
        *end_of_stock(course, words, frame),
    ]
    zero = alt.Chart(alt.Data(values=({"x": 0, "x2": frame.room, "y": frame.zero},)))
    layers.append(
        zero.mark_rule(color=look.INK).encode(
            x=x, x2=alt.X2("x2:Q"), y=y, description=alt.DescriptionValue("-")
        )
    )
    below = {"subtitle": look.shortened(course.product, frame.room)} if course.product else {}
    title = alt.TitleParams(
        look.shortened(course.heading, frame.room * 0.9), fontSize=look.SIZE, fontWeight=600, offset=6,
        anchor="start", frame="group", **below,
    )  # fmt: skip
    return layer(*layers).properties(width=frame.room, height=frame.zero + LOWER + 18, title=title)


def rules(frame: Frame) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Thin lines at half and all of demand missing, with their figures left of the panel."""
    alt = library()

    values = [
        {"x": 0, "x2": frame.room, "y": frame.zero + share * LOWER, "text": f"{100 * share:.0f} %"}
        for share in (0, 0.5, 1)
    ]
    base = alt.Chart(alt.Data(values=tuple(values))).encode(
        y=alt.Y("y:Q", scale=None, axis=None), description=alt.DescriptionValue("-")
    )
    x = alt.X("x:Q", scale=None, axis=None)
    return layer(
        base.mark_rule(color=look.GRID).encode(x=x, x2=alt.X2("x2:Q")),
        base.mark_text(align="right", dx=-6, color=look.QUIET).encode(x=x, text=alt.Text("text:N")),
    )


def shortage_bars(course: Course, words: Words, frame: Frame) -> list[dict[str, Any]]:
    """Bars below the line."""
    inner = min(2.0, frame.step * 0.12)
    return [
        {
            "x": n * frame.step + inner,
            "x2": (n + 1) * frame.step - inner,
            "y": frame.zero,
            "y2": frame.zero + min(row["shortage_share"], 1.0) * LOWER,
            "spoken": words.say(
                "{name}, month {month}: {share} missing",
                name=course.heading,
                month=row["month"],
                share=words.number(row["shortage_share"], "share"),
            ),
        }
        for n, row in enumerate(course.months)
        if row["shortage_share"] > 0
    ]


def band(course: Course, frame: Frame) -> list[Any]:
    """Interval of each month: the colour at a fifth, its bounds as thin lines that read on a bar too."""
    alt = library()

    values = [
        {"x": n * frame.step, "x2": (n + 1) * frame.step, "y": frame.zero + row["shortage_share_low"] * LOWER,
         "y2": frame.zero + row["shortage_share_high"] * LOWER}
        for n, row in enumerate(course.months)
        if row["shortage_share_low"] is not None and row["shortage_share_high"]
    ]  # fmt: skip
    if not values:
        return []
    base = alt.Chart(alt.Data(values=tuple(values))).encode(
        x=alt.X("x:Q", scale=None, axis=None), x2=alt.X2("x2:Q"), description=alt.DescriptionValue("-")
    )
    y = alt.Y("y:Q", scale=None, axis=None)
    return [
        base.mark_rect(fill=look.CONCERN, opacity=0.2).encode(y=y, y2=alt.Y2("y2:Q")),
        base.mark_rule(color=look.INK, strokeWidth=0.8).encode(y=y),
        base.mark_rule(color=look.INK, strokeWidth=0.8).encode(y=alt.Y("y2:Q", scale=None, axis=None)),
    ]


def texts(course: Course, words: Words, frame: Frame, stock: float) -> Any:  # noqa: ANN401  parts of a chart share no type
    """Months below the panel, and the stock at the start in words above it."""
    alt = library()

    count = len(course.months)
    every = next(each for each in (1, 2, 3, 6, 12, 24, 60, 120, 600) if each * frame.step >= 22)
    shown = [1, *(month for month in range(every, count + 1, every) if (month - 1) * frame.step >= 20)]
    values = [
        {"x": (month - 0.5) * frame.step, "y": frame.zero + LOWER + 11, "text": str(month)}
        for month in dict.fromkeys(shown)
    ]
    unknown = course.read.get("stock_known") is False or course.months[0]["stock_t"] is None
    told = "stock unknown" if unknown else "stock {days}"
    days = words.number(round(stock * DAYS_PER_MONTH), words.say("days"))
    note = [{"x": 0, "y": 5, "text": words.say(told, days=days)}] if course.has_stock else []

    def written(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  parts of a chart share no type
        return alt.Chart(alt.Data(values=tuple(rows))).encode(
            x=alt.X("x:Q", scale=None, axis=None), y=alt.Y("y:Q", scale=None, axis=None), text=alt.Text("text:N"),
            description=alt.DescriptionValue("-"),
        )  # fmt: skip

    return layer(
        written(values).mark_text(color=look.QUIET),
        written(note).mark_text(align="left", color=look.QUIET if unknown else look.MEMBER),
    )


def end_of_stock(course: Course, words: Words, frame: Frame) -> list[Any]:
    """Mark the day from which something is missing: when the stock that covers it has run out."""
    alt = library()

    cover = course.read.get("cover_days")
    first = next((n for n, row in enumerate(course.months) if row["shortage_share"] > 0.01), None)
    if cover is None or first is None:
        return []
    months = cover / DAYS_PER_MONTH
    # the shock starts with a month, so what is beyond whole months is the part of that month
    x = (first + months - int(months + 1e-9)) * frame.step
    text = words.say("short from day {day}", day=f"{int(cover + 1e-9) + 1}")
    right = x + look.text_width(text) + 8 <= frame.room
    spot = {"x": x, "y": 14, "y2": frame.zero + LOWER, "text": text}
    place = {"align": "left" if right else "right", "dx": 4 if right else -4, "color": look.RULE}
    base = alt.Chart(alt.Data(values=(spot,))).encode(
        x=alt.X("x:Q", scale=None, axis=None), description=alt.DescriptionValue("-")
    )
    label = base.encode(y=alt.YValue(frame.zero - 10), text=alt.Text("text:N"))
    return [
        base.mark_rule(color=look.RULE, strokeDash=[4, 3]).encode(
            y=alt.Y("y:Q", scale=None, axis=None), y2=alt.Y2("y2:Q")
        ),
        label.mark_text(**place, **look.HALO),
        label.mark_text(**place),
    ]
