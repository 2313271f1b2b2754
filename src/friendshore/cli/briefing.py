"""``brief``: the one-file page that a minister can read."""

from __future__ import annotations

from pathlib import Path

from friendshore.cli.arguments import AsBloc, Common, Group, Importers, On, Year, one_year, question
from friendshore.cli.delivery import emit, note, patience

__all__ = ["brief"]

DEFAULT_FILE = "brief.html"


@question
def brief(
    importers: Importers,
    on: On = [],  # noqa: B006  the parser's notation for "none given"
    as_bloc: AsBloc = False,
    group: Group = "",
    year: Year = "",
    *,
    options: Common,
) -> None:
    """Write a brief for a minister: one offline page.

    It holds the answer, charts with their tables, what is not known, and every source. Without --out the page
    is brief.html.
    """
    from friendshore.report.writing import refuse_place, refuse_suffix, write_bytes

    path = Path(options.out or DEFAULT_FILE)
    refuse_suffix(path, (".html",))
    refuse_place(path)
    wanted = one_year(year)
    with patience("Writing the brief ...", quiet=options.quiet):
        from friendshore.answers.brief import brief as answered
        from friendshore.report.brief import render

        told = answered(importers, on=on, world=options.data, as_bloc=as_bloc, group=group, year=wanted)
        write_bytes(render(told, options.lang).encode(), path)
    emit(f"{told}\n")
    if not options.quiet:
        note(f"Written: {path}")
