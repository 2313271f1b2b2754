"""The table under each picture of a brief: the same rows, units in the header, names in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from friendshore.charts.wording import Words
from friendshore.records import Brief, Panel
from friendshore.report.words import percent, scale_of, significant

__all__ = [
    "Cell",
    "Head",
    "Table",
    "band",
    "count",
    "dollars",
    "label",
    "product",
    "share",
    "table_of",
    "text",
    "tons",
]

YEAR_STEP = 5
LONG = 26
"""Tables with more rows than this are left out on paper and folded on screen."""


@dataclass(frozen=True)
class Cell:
    """Finished text and what it sorts by."""

    text: str
    key: str = ""
    """Number or text to sort by; empty sorts last."""
    number: bool = False


@dataclass(frozen=True)
class Head:
    """Header of a column."""

    text: str
    unit: str = ""
    number: bool = False


@dataclass(frozen=True)
class Table:
    """A finished table."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    emphasis: frozenset[int] = field(default_factory=frozenset)
    """Rows of the importers asked about, in semi-bold."""
    on_screen_only: bool = False
    """True where the table is too long for paper."""
    lesser: frozenset[int] = field(default_factory=frozenset)
    """Rows left out on paper."""


def table_of(panel: Panel, brief: Brief, words: Words) -> Table:
    """Make the table of a panel."""
    return _TABLES[panel.id](panel, brief, words)


def text(shown: str) -> Cell:
    """Make a cell of text."""
    return Cell(shown, shown)


def share(value: float | None, words: Words) -> Cell:
    """Make a cell with a share in percent."""
    return Cell(
        words.share(None) if value is None else percent(value),
        "" if value is None else f"{value:.6f}",
        number=True,
    )


def band(low: float | None, high: float | None, words: Words) -> Cell:
    """Make a cell with a range in percent."""
    if low is None or high is None:
        return Cell(words.share(None), "", number=True)
    return Cell(words.span(low, high, "share").removesuffix(" %"), f"{low:.6f}", number=True)


def dollars(values: Sequence[float | None], words: Words) -> tuple[str, list[Cell]]:
    """Make a column of dollars in one size: its unit and cells."""
    size, unit = scale_of([v for v in values if v is not None], "USD", words.lang)
    return unit, [
        Cell(words.number(None, "USD"), "", number=True)
        if v is None
        else Cell("<0.01" if 0 < abs(v) < 0.01 * size else significant(v / size), f"{v:.0f}", number=True)
        for v in values
    ]


def tons(value: float | None, words: Words) -> Cell:
    """Make a cell with tons."""
    return Cell(
        words.number(None, "")
        if value is None
        else significant(value)
        if value >= 0.05 or not value
        else "<0.1",
        "" if value is None else f"{value:.6f}",
        number=True,
    )


def count(value: int | None, words: Words) -> Cell:
    """Make a cell with a count."""
    return Cell(
        words.number(None, "") if value is None else str(value),
        "" if value is None else str(value),
        number=True,
    )


def index(value: float | None, words: Words) -> Cell:
    """Make a cell with a concentration index."""
    return Cell(
        words.number(None, "") if value is None else f"{value:.2f}",
        "" if value is None else f"{value:.6f}",
        number=True,
    )


def product(code: str, words: Words) -> Cell:
    """Make a cell with a product's name and code."""
    name = words.product(code)
    return text(name if name == code else f"{name} ({code})")


def _suppliers(panel: Panel, brief: Brief, words: Words) -> Table:
    rows = panel.finding.rows[:ROWS_OF_MAP]
    unit, money = dollars([row["imports_usd"] for row in rows], words)
    heads = [
        Head(words.say("Supplier")),
        Head(words.say("Mean share of imports"), "%", number=True),
        Head(words.say("Largest supplier of"), words.say("products"), number=True),
        Head(words.say("Imports"), unit, number=True),
    ]
    cells = [
        [
            text(words.name(row["supplier"])),
            share(row["share"], words),
            count(row["products_led"], words),
            money[n],
        ]
        for n, row in enumerate(rows)
    ]
    strong = frozenset(n for n, row in enumerate(rows) if row["supplier"] in brief.supplier_members)
    return Table(heads, cells, strong, on_screen_only=True)


ROWS_OF_MAP = 8


def _traced(panel: Panel, brief: Brief, words: Words) -> Table:
    cells = {(row["product"], row["importer"]): row for row in panel.finding.rows}
    products = dict.fromkeys(row["product"] for row in panel.finding.rows)
    shown = brief.importers if len(brief.importers) <= 4 else brief.importers[-1:]
    heads = [Head(words.say("Product"))]
    for importer in shown:
        name = label(importer, words)
        heads += [
            Head(words.say("{importer}: directly", importer=name), "%", number=True),
            Head(words.say("counting third countries"), "%", number=True),
        ]
    heads.append(Head(words.say("Mainly through")))
    rows = []
    for code in products:
        line = [product(code, words)]
        for importer in shown:
            row = cells.get((code, importer), {})
            line += [
                share(row.get("supplier_share"), words),
                band(row.get("supplier_share_traced_low"), row.get("supplier_share_traced_high"), words),
            ]
        via = [cells[code, i]["via"] for i in shown if (code, i) in cells and cells[code, i]["via"]]
        line.append(text(words.listed([words.name(v) for v in dict.fromkeys(via)])))
        rows.append(line)
    return Table(heads, rows, on_screen_only=True)


def label(importer: str, words: Words) -> str:
    """Name an importer in a header: joined ones are "together"."""
    return words.say("jointly") if "+" in importer else words.name(importer)


def _concentration(panel: Panel, brief: Brief, words: Words) -> Table:
    levels: dict[tuple[str, str], dict[int, float | None]] = {}
    for row in panel.finding.rows:
        levels.setdefault((row["product"], row["importer"] or ""), {})[row["year"]] = row["import_hhi"]
    years = sorted({row["year"] for row in panel.finding.rows})
    shown = [y for y in years if y % YEAR_STEP == 0 or y in (years[0], years[-1])]
    heads = [Head(words.say("Product")), Head(words.say("Importer"))]
    heads += [Head(str(year), number=True) for year in shown]
    rows = [
        [
            product(code, words),
            text(label(importer, words) if importer else words.say("world exports")),
            *(index(by_year.get(year), words) for year in shown),
        ]
        for (code, importer), by_year in levels.items()
    ]
    return Table(heads, rows, on_screen_only=True)


def _heat(panel: Panel, brief: Brief, words: Words) -> Table:
    cells = {(row["product"], row["importer"]): row for row in panel.finding.rows}
    products = list(dict.fromkeys(row["product"] for row in panel.finding.rows))
    lead = brief.importers[-1]
    unit, money = dollars([cells[code, lead]["imports_usd"] for code in products], words)
    heads = [Head(words.say("Product"))]
    heads += [Head(label(importer, words), "%", number=True) for importer in brief.importers]
    heads += [
        Head(words.say("Imports"), unit, number=True),
        Head(words.say("Concentration"), "HHI", number=True),
        Head(words.say("Largest supplier")),
    ]
    rows = []
    for n, code in enumerate(products):
        last = cells[code, lead]
        rows.append(
            [
                product(code, words),
                *(share(cells[code, importer]["supplier_share"], words) for importer in brief.importers),
                money[n],
                index(last["import_hhi"], words),
                text(words.name(last["top_supplier"]) if last["top_supplier"] else words.number(None, "")),
            ]
        )
    return Table(heads, rows, on_screen_only=len(rows) > LONG)


def _others(panel: Panel, brief: Brief, words: Words) -> Table:
    rows = panel.finding.rows
    unit, money = dollars([row["imports_usd"] for row in rows], words)
    unit_supplied, supplied = dollars([row["supplied_usd"] for row in rows], words)
    heads = [
        Head(words.say("Importer")),
        Head(words.say("Share"), "%", number=True),
        Head(words.say("Bought from there"), unit_supplied, number=True),
        Head(words.say("Imports"), unit, number=True),
        Head(words.say("Above half"), words.say("products"), number=True),
    ]
    cells = [
        [text(words.name(row["importer"])), share(row["supplier_share"], words), supplied[n], money[n],
         count(row["products_above_half"], words)]
        for n, row in enumerate(rows)
    ]  # fmt: skip
    return Table(
        heads,
        cells,
        frozenset(n for n, row in enumerate(rows) if row["importer"] in brief.importers),
        on_screen_only=True,
    )


def _materials(panel: Panel, brief: Brief, words: Words) -> Table:
    heads = [
        Head(words.say("Material")),
        Head(words.say("Worst known stage")),
        Head(words.say("Share"), "%", number=True),
        Head(words.say("Stages not measurable")),
    ]
    rows = [
        [
            text(words.material(row["material"])),
            text(
                f"{words.say(row['stage'])}: {words.product(row['product'])}"
                if row["stage"]
                else words.say("none measurable")
            ),
            share(row["supplier_share"], words),
            text(
                words.listed(
                    [words.say(name) for name in (row["stages_not_measurable"] or "").split("; ") if name]
                )
            ),
        ]
        for row in panel.finding.rows
    ]
    return Table(heads, rows, on_screen_only=len(rows) > LONG)


_TABLES: Mapping[str, Callable[[Panel, Brief, Words], Table]] = {
    "suppliers": _suppliers,
    "traced": _traced,
    "concentration": _concentration,
    "heat": _heat,
    "others": _others,
    "materials": _materials,
}
