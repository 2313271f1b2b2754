"""What a stress finding holds, as sections: the months, who misses how much, who replaces it."""

from __future__ import annotations

from collections.abc import Mapping

from friendshore.charts.path import courses_of, paths
from friendshore.charts.picture import Drawing
from friendshore.charts.replacement import replaced_blocks
from friendshore.charts.wording import Words
from friendshore.records import Finding, Note
from friendshore.report.words import words_in
from friendshore.web.pages.plain import plain
from friendshore.web.sections import Section

__all__ = ["HEADS", "parts", "same_in_all"]

HEADS: Mapping[str, str] = {
    "month": "Month",
    "product": "Product",
    "importer": "Importer",
    "exporter": "Supplier",
    "supply_t": "Arrives",
    "demand_t": "Wanted",
    "stock_t": "In stock",
    "shortage_t": "Missing",
    "shortage_share": "Missing",
    "shortage_share_low": "80 % interval",
    "price_factor": "Price, times",
    "peak_shortage_share": "Missing in the worst month",
    "months_to_10pct": "A tenth missing after",
    "cover_days": "Cover lasts",
    "months_short": "Months short",
    "total_shortage_t": "Missing in all",
    "replaced_share": "Replaced by others",
    "import_bill_rise": "Import bill rises by",
    "outsiders_shortage_t": "Missing elsewhere",
    "more_t": "More than before",
}
"""What people read above the columns; message ids."""
MOST_PATHS, MOST_BARS = 6, 4
MOST_OPEN = 24
"""Rows up to which a table stands open."""
CODES = ("importer", "exporter", "product")


def parts(finding: Finding, lang: str) -> tuple[Section, ...]:
    """Lay out what the months say."""
    from friendshore.answers.stress_told import outcomes, replacing

    found = [path_section(finding, lang), outcome_section(outcomes(finding))]
    more = replacing(finding)
    if more.rows:
        found.append(replaced_section(finding, more))
    return tuple(found)


def same_in_all(finding: Finding, *names: str) -> tuple[str, ...]:
    """Name the columns that say the same in every row, which the title says already."""
    return tuple(name for name in names if len({row[name] for row in finding.rows}) == 1)


def path_section(finding: Finding, lang: str) -> Section:
    """Months on x, stock as area above the line, what is missing below it with its band."""
    from friendshore.answers.stress_told import months_note

    words = words_in(lang)
    pairs = {(row["product"], row["importer"]) for row in finding.rows}
    codes = {product for product, _ in pairs}
    measure = [
        words.say(
            "{product}: stock above the line, part of demand that is missing below it, by month.",
            product=words.product(next(iter(codes))),
        )
        if len(codes) == 1
        else words.say("Stock above the line, part of demand that is missing below it, by month.")
    ]
    if any(row["shortage_share_low"] is not None for row in finding.rows):
        measure.append(words.say("Band: interval of 80 %."))
    notes = []
    if len(pairs) > MOST_PATHS:
        notes.append(
            Note(
                template="Shown are the {shown} of {count} paths on which most is missing; the table has all.",
                values={"shown": str(MOST_PATHS), "count": str(len(pairs))},
            )
        )
    if any(row["price_factor"] is None for row in finding.rows):
        notes.append(Note(template="Without a price: rationed, since no finite price clears the market."))
    return Section(
        "path",
        months_note(finding),
        subtitle=plain(words.sentences(measure)),
        draw=lambda words, width: paths(courses_of(finding, words, most=MOST_PATHS), words, width=width),
        alt=Note(template="Bars below a line by month. {title}", values={"title": finding.answer}),
        finding=finding,
        heads=HEADS,
        named=CODES,
        skip=(
            *same_in_all(finding, "product", "importer"),
            *unknown(finding, "stock_t", "shortage_share_low"),
        ),
        notes=tuple(notes),
        opened=len(finding.rows) <= MOST_OPEN,
    )


def unknown(finding: Finding, *names: str) -> tuple[str, ...]:
    """Name the columns that are empty in every row; the caveats say why."""
    empty = [name for name in names if all(row[name] is None for row in finding.rows)]
    ends = [name.removesuffix("_low") + "_high" for name in empty if name.endswith("_low")]
    return (*empty, *ends)


def outcome_section(told: Finding) -> Section:
    """Tabulate what was read off the months."""
    return Section(
        "outcomes",
        Note(template="Who misses how much, and from when"),
        subtitle=Note(template="Read off the whole run; n/a: it does not happen within it, or is not known."),
        finding=told,
        heads=HEADS,
        named=CODES,
        skip=same_in_all(told, "product") if len(told.rows) > 1 else (),
    )


def replaced_section(finding: Finding, more: Finding) -> Section:
    """Draw who delivers more than before."""
    from friendshore.answers.stress_told import replaced_note

    return Section(
        "replaced",
        replaced_note(finding),
        subtitle=Note(template="Tons that other suppliers deliver more than before, over the whole run."),
        draw=lambda words, width: bars_of(finding, words, width),
        alt=Note(template="Bars by supplier. {title}.", values={"title": replaced_note(finding)}),
        finding=more,
        heads=HEADS,
        named=CODES,
        skip=same_in_all(more, "product", "importer"),
        most=20,
        opened=False,
    )


def bars_of(finding: Finding, words: Words, width: int) -> Drawing:
    """Draw a block of bars for each of the worst struck."""
    courses = courses_of(finding, words, most=MOST_PATHS)
    told = [
        (course.read, words.listed([name for name in (course.heading, course.product) if name]))
        for course in courses
        if course.read.get("replaced_by")
    ]
    return replaced_blocks(told[:MOST_BARS], words, width=width)
