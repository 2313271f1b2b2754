"""A finding as text for a terminal: the answer, the table, and everything that qualifies it.

Not on a terminal the text is 100 columns wide and without colour, so that it is the same wherever it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from friendshore.records import Finding
from friendshore.report.cells import (
    Shown,
    constants,
    joined,
    printable,
    qualifications,
    shown_columns,
    unit_of,
)
from friendshore.report.first_columns import FIRST
from friendshore.report.further import further, unshown
from friendshore.report.reading_lines import event_lines, next_lines
from friendshore.report.words import check_language, heading, number, say, translate
from friendshore.tables.schemas import INGREDIENTS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

__all__ = ["PLAIN_WIDTH", "render"]

PLAIN_WIDTH = 100
"""Width where there is no terminal to ask."""
MOST_ROWS = 150
"""More rows than this are not read in a terminal; how many are left out is said."""
_WIDEST_TEXT = 34
_NARROWEST_TEXT = 20
"""Cells of text are cut between these when the table would otherwise not fit."""
_GAP = 2
_SUPPLIER, _MEMBER, _UNKNOWN = "#D55E00", "#0072B2", "#9AA0A6"
"""Colours by role, as in the charts; never the only sign of anything."""

_MOST: Mapping[str, int] = {
    "plan": 30,
    "scenarios": 30,
    "binding": 10,
    "frontier": 40,
    "outsiders": 8,
    "flips": 20,
}
"""Question or table -> rows that a terminal shows, where they are fewer; the first ones matter most."""
_SAID = frozenset(("binding", "neighbours"))
"""Tables of which a terminal prints the sentences alone."""
_MOST_LINES = 20
"""Lines of a block beside the rows of such a question."""
_APART: Mapping[str, str] = {"rules": "rule"}
"""Question -> column by whose values the rows are told apart into tables of their own."""


def render(finding: Finding, *, lang: str = "en", width: int = PLAIN_WIDTH, colour: bool = False) -> str:
    """Write a finding out for reading.

    Parameters
    ----------
    finding
        The answer.
    lang
        ``en`` or ``ja``.
    width
        Columns of the terminal.
    colour
        Colour the supplier of concern and the members (role colours, ANSI codes).

    Returns
    -------
    str
        Text that ends with a line feed. Columns that do not fit are named, never dropped in silence.
    """
    from rich.console import Console

    check_language(lang)
    finding = finding if finding.question == "read" else joined(finding)
    out = StringIO()
    console = Console(
        file=out, width=max(width, 40), force_terminal=colour, color_system="truecolor" if colour else None,
        no_color=not colour, highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    _line(console, translate(finding.answer, lang), style="bold" if colour else "")
    _body(console, finding, lang, colour)
    _further(console, finding, lang, colour)
    _notes(console, finding, lang)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _line(console: Console, text: str, style: str = "", indent: int = 0, bullet: str = "") -> None:
    """Print one paragraph; its further lines hang under the first word."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    if not bullet:
        console.print(Padding(Text(printable(text), style=style), (0, 0, 0, indent)))
        return
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=len(bullet))
    grid.add_column(overflow="fold", width=console.width - len(bullet) - 1)
    grid.add_row(bullet, Text(printable(text)))
    console.print(grid)


def _indented(console: Console, lines: Iterable[tuple[int, str]]) -> None:
    for indent, text in lines:
        _line(console, text, indent=indent)


def _body(console: Console, finding: Finding, lang: str, colour: bool) -> None:
    """Print the rows: one table, or one for each rule, whose ingredients have nothing in common."""
    if not finding.rows:
        _line(console, "")
        _line(console, say("No rows.", lang))
        return
    if finding.question == "read":
        _line(console, "")
        _indented(console, event_lines(finding, lang))
        return
    key = _APART.get(finding.question, "")
    kinds = list(dict.fromkeys(row[key] for row in finding.rows)) if key else []
    if len(kinds) < 2:
        _part(console, finding, lang, colour)
        return
    for kind in kinds:
        rows = tuple(row for row in finding.rows if row[key] == kind)
        _line(console, "")
        _part(console, finding.model_copy(update={"rows": rows}), lang, colour)


def _further(console: Console, finding: Finding, lang: str, colour: bool) -> None:
    """Print the tables beside the rows, and name those that are left to files."""
    for title, table in further(finding, lang):
        _line(console, "")
        _line(console, title, style="bold" if colour else "")
        if table.question == "next":
            _indented(console, next_lines(table, lang))
        elif table.question in _SAID:
            _sentences(console, table, lang)
        else:
            _part(console, table, lang, colour)
    if left := unshown(finding):
        _line(console, "")
        told = "{count} more tables are not shown ({names}); --json or --xlsx holds all."
        _line(console, say(told, lang, count=len(left), names=", ".join(left)))


def _sentences(console: Console, finding: Finding, lang: str) -> None:
    """Print what a table says in words, and nothing else of it."""
    for row in finding.rows[: _most(finding)]:
        _line(console, str(translate(row["sentence"], lang)), bullet="-")
    _left_out(console, len(finding.rows) - _most(finding), [], lang)


def _part(console: Console, finding: Finding, lang: str, colour: bool) -> None:
    same = constants(finding)
    units = {column.name: unit_of(column) for column in finding.columns}
    known = [f"{heading(k, lang)} {number(v, units[k], lang)}" for k, v in same.items() if v is not None]
    empty = [heading(k, lang) for k, v in same.items() if v is None]
    if known:
        _line(console, say("In every row: {pairs}.", lang, pairs=", ".join(known)))
    if empty and finding.question not in _APART:
        _line(console, say("In no row: {names}.", lang, names=", ".join(empty)))
    _line(console, "")
    columns = shown_columns(finding, lang, skip=same | dict.fromkeys(_of_other_rules(finding)))
    if len(finding.rows) == 1:
        console.print(_record(columns, console.width))
        return
    chosen, left = _fitting(columns, finding.question, console.width)
    console.print(_table(console, chosen, finding, colour))
    hidden = len(finding.rows) - _most(finding)
    _left_out(console, hidden, [name for column in left for name in column.names], lang)


def _of_other_rules(finding: Finding) -> set[str]:
    """Columns that hold the ingredients of other rules than these rows': empty there, not unknown."""
    if finding.question != "rules":
        return set()
    own = {name for row in finding.rows for name in INGREDIENTS[row["rule"]]}
    return {name for names in INGREDIENTS.values() for name in names} - own


def _most(finding: Finding) -> int:
    return _MOST.get(finding.question, MOST_ROWS)


def _left_out(console: Console, hidden: int, names: Sequence[str], lang: str) -> None:
    """Say what the table does not show, and how to see it."""
    if hidden > 0:
        told = "{count} more rows are not shown; --csv or --json prints all."
        _line(console, say(told, lang, count=hidden))
    if names:
        told = "{count} more columns do not fit ({names}); --json or --csv prints all."
        _line(console, say(told, lang, count=len(names), names=", ".join(names)))


def _head_words(column: Shown) -> list[str]:
    return [*column.head.split(" "), column.unit] if column.unit else column.head.split(" ")


def _width(column: Shown, widest: int = 10**6) -> int:
    """Cells set the width; the header wraps between words (Japanese: anywhere) above them."""
    from rich.cells import cell_len

    words = [min(cell_len(word), 12) if not word.isascii() else len(word) for word in _head_words(column)]
    cells = [cell_len(cell) for cell in column.cells]
    natural = max([*words, *cells])
    return natural if column.numeric else min(natural, max(widest, *words))


def _fitting(
    columns: Sequence[Shown], question: str, width: int
) -> tuple[list[tuple[Shown, int]], list[Shown]]:
    """Choose the columns that fit, in the order of the question; text is cut before a column is dropped."""
    first = FIRST.get(question, ())
    ranked = sorted(
        columns,
        key=lambda c: first.index(c.names[0]) if c.names[0] in first else len(first) + columns.index(c),
    )
    for widest in (10**6, _WIDEST_TEXT, 24, _NARROWEST_TEXT):
        if sum(_width(c, widest) + _GAP for c in columns) - _GAP <= width:
            break
    # A table that cannot be whole keeps readable text and drops its last columns; in a plan figures matter more.
    if sum(_width(c, widest) + _GAP for c in columns) - _GAP > width:
        widest = _NARROWEST_TEXT if question in _MOST else _WIDEST_TEXT
    chosen: list[Shown] = []
    room = width + _GAP
    for column in ranked:
        need = _width(column, widest) + _GAP
        if need <= room or not chosen:
            chosen.append(column)
            room -= need
        elif question in _MOST:
            # Room that is left serves the names rather than a column that matters less.
            break
    kept = [(c, min(_width(c, widest), width)) for c in columns if c in chosen]
    return _widened(kept, room - _GAP), [c for c in columns if c not in chosen]


def _widened(kept: Sequence[tuple[Shown, int]], room: int) -> list[tuple[Shown, int]]:
    """Give the room that is left to the texts that were cut."""
    result = []
    for column, width in kept:
        more = max(0, min(_width(column) - width, room))
        room -= more
        result.append((column, width + more))
    return result


def _style(value: Any, name: str, arguments: Mapping[str, Any]) -> str:  # noqa: ANN401  a cell has every type
    """Role colour of a cell."""
    if value is None:
        return _UNKNOWN
    suppliers = arguments.get("suppliers") or arguments.get("on") or ()
    if name in {"top_supplier", "supplier", "origin", "via", "exporter"} and value in suppliers:
        return _SUPPLIER
    return _MEMBER if name in {"importer", "member", "payer"} else ""


def _table(console: Console, chosen: Sequence[tuple[Shown, int]], finding: Finding, colour: bool) -> Table:
    from rich.box import Box
    from rich.table import Table
    from rich.text import Text

    # Only two kinds of line: a rule under the header and a thin one every fifth row.
    lines = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")
    table = Table(
        box=lines, show_edge=False, pad_edge=False, padding=(0, 0), header_style="", border_style=""
    )
    heads = _heads(console, chosen)
    for place, (column, width) in enumerate(chosen):
        right = column.numeric and place > 0
        side: Literal["left", "right"] = "right" if right else "left"
        table.add_column(Text(heads[place], justify=side), justify=side, width=width, overflow="fold")
    rows = finding.rows[: _most(finding)]
    for place, row in enumerate(rows):
        cells: list[Text] = []
        for column, width in chosen:
            style = _style(row[column.names[0]], column.names[0], finding.arguments) if colour else ""
            if column is chosen[-1][0] and not column.numeric:
                # The last text may go on below, up to a point.
                cells.append(Text(_cut(column.cells[place], 3 * width), style=style, overflow="fold"))
            else:
                cells.append(Text(column.cells[place], style=style, no_wrap=True, overflow="ellipsis"))
        table.add_row(*cells, end_section=place % 5 == 4 and place + 1 < len(rows))
    return table


def _heads(console: Console, chosen: Sequence[tuple[Shown, int]]) -> list[str]:
    """Break headers into lines and let them stand on the rule; Japanese, without blanks, breaks anywhere."""
    from rich.text import Text

    broken = []
    for column, width in chosen:
        text = Text(column.head + (f"\n{column.unit}" if column.unit else ""))
        broken.append([line.plain.rstrip() for line in text.wrap(console, width, overflow="fold")])
    tallest = max(map(len, broken))
    return ["\n".join([""] * (tallest - len(lines)) + lines) for lines in broken]


def _cut(text: str, widest: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= widest else set_cell_size(text, widest - 1) + "…"


def _record(columns: Sequence[Shown], width: int) -> Table:
    """Write one row downwards, a line a column, so that nothing is hidden."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", max_width=width // 2)
    grid.add_column()
    for column in columns:
        grid.add_row(Text(column.head), Text(column.cells[0]), Text(column.unit))
    return grid


def _notes(console: Console, finding: Finding, lang: str) -> None:
    """Everything that qualifies the table, in the order in which it matters."""
    for title, lines in qualifications(finding, lang):
        # Figures are few, and stand nowhere else.
        whole = finding.question not in _MOST or title == say("Figures", lang)
        most = len(lines) if whole else _MOST_LINES
        _line(console, "")
        _line(console, title)
        for text in lines[:most]:
            _line(console, text, bullet="-")
        if len(lines) > most:
            told = "{count} more are not shown; --json or --xlsx holds all."
            _line(console, say(told, lang, count=len(lines) - most))
    if finding.command:
        _line(console, "")
        _line(console, say("The same again: {command}", lang, command=finding.command))
