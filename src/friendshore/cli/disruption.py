"""``stress``, ``hindcast`` and ``scenario ...``: what happens when somebody stops."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from friendshore.cli.arguments import AsBloc, Common, Group, On, Products, question
from friendshore.cli.delivery import deliver, emit
from friendshore.cli.waiting import patience

__all__ = ["check", "compare", "hindcast", "remove", "save", "schema", "show", "shown", "stress"]

Asked = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="IMPORTER",
        help="Whose months are shown: ISO3 codes (JPN) or bloc names (EU). A scenario names its own.",
        show_default=False,
    ),
]
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE|NAME",
        help="A scenario file, or the name of a shipped or saved one.",
        show_default=False,
    ),
]


@question
def stress(
    importers: Asked = None,
    scenario: Annotated[
        str,
        typer.Option(
            "--scenario",
            metavar="FILE.yaml|NAME",
            help="A scenario file, or a shipped or saved one by name; instead of the options below.",
            show_default=False,
        ),
    ] = "",
    case: Annotated[
        str,
        typer.Option(
            "--case",
            metavar="NAME",
            help="Of a scenario with alternative futures, the one to follow.",
            show_default=False,
        ),
    ] = "",
    on: On = [],  # noqa: B006  the parser's notation for "none given"; it is never changed
    product: Products = [],  # noqa: B006  Typer reads it and never changes it
    group: Group = "",
    lost_share: Annotated[
        float, typer.Option("--lost-share", metavar="0-1", help="Part of the flow that stops.")
    ] = 1.0,
    months: Annotated[
        int, typer.Option("--months", metavar="N", help="How long it lasts, and the length of the run.")
    ] = 12,
    cover_days: Annotated[
        float | None,
        typer.Option(
            "--cover-days",
            metavar="DAYS",
            help="Stock of each importer in days of base demand. Without it the stock is unknown, not zero.",
            show_default=False,
        ),
    ] = None,
    world: Annotated[
        bool, typer.Option("--world", help="Cut off the whole world, not the importers alone.")
    ] = False,
    as_bloc: AsBloc = False,
    quantities: Annotated[
        str,
        typer.Option("--quantities", metavar="cleaned|raw", help="Tons without outliers, or as published."),
    ] = "cleaned",
    tornado: Annotated[
        bool,
        typer.Option("--tornado", help="Instead: which assumption matters most, one at a time."),
    ] = False,
    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            metavar="N",
            help="Instead: how wide the answer is over N draws from all ranges at once.",
            show_default=False,
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Seed of the draws.")] = 0,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Dask scheduler whose workers do the runs, as tcp://HOST:PORT.",
            show_default=False,
        ),
    ] = "",
    *,
    options: Common,
) -> None:
    """Follow month by month what is missing when somebody stops.

    What is missing for whom, what replaces it, what it costs, who else is hurt, and how far to trust it.
    """
    with patience("Running the months ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.stress(
            importers or (),
            on=on,
            products=product,
            group=group,
            scenario=scenario,
            case=case,
            lost_share=lost_share,
            months=months,
            cover_days=cover_days,
            world_cut=world,
            as_bloc=as_bloc,
            quantities=quantities,
            tornado=tornado,
            draws=draws,
            seed=seed,
            scheduler=scheduler,
            world=options.data,
        )
    deliver(finding, options)


@question
def hindcast(
    events: Annotated[
        str,
        typer.Option(
            "--events",
            metavar="FILE.csv",
            help="Another catalogue with the same columns (the package's own by default).",
            show_default=False,
        ),
    ] = "",
    grade: Annotated[str, typer.Option("--grade", metavar="A|AB|ABC", help="Quality of the events.")] = "A",
    *,
    options: Common,
) -> None:
    """Try the forecast on real events and score it."""
    with patience("Forecasting the events ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.hindcast(events=events, grade=grade, world=options.data)
    deliver(finding, options)


@question
def check(file: File, *, options: Common) -> None:
    """Check a scenario file.

    Keys, ranges and names, and that these data hold what it stops. All problems are told at once, with lines.
    """
    with patience("Checking the scenario ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.scenario(file, world=options.data)
    deliver(finding, options)


@question
def schema(*, options: Common) -> None:
    """Print the JSON Schema of scenario files, for editors that check while you type."""
    from friendshore import answers

    finding = answers.scenario_schema()
    if not (options.json or options.csv or options.xlsx or options.out):
        import json

        emit(json.dumps(finding.summary, ensure_ascii=False, indent=1) + "\n", exact=True)
        return
    deliver(finding, options)


@question
def shown(*, options: Common) -> None:
    """List the scenarios that come with the package, and those that you saved."""
    from friendshore import answers

    deliver(answers.scenarios(), options)


@question
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A shipped or saved scenario.", show_default=False)
    ],
    *,
    options: Common,
) -> None:
    """Print a shipped or saved scenario, to be copied and changed."""
    if not (options.json or options.csv or options.xlsx or options.out):
        from friendshore.disruption.saved import named_text

        emit(named_text(name).decode("utf-8", "replace"), exact=True)
        return
    from friendshore import answers

    deliver(answers.scenario(name, world=options.data, question="scenario show"), options)


@question
def save(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario file.", show_default=False)],
    name: Annotated[
        str,
        typer.Option("--name", metavar="NAME", help="Name under which it is saved.", show_default=False),
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of one that is saved under this name.")
    ] = False,
    *,
    options: Common,
) -> None:
    """Save a scenario under a name.

    From then on it can be named wherever a shipped one can. It is checked as a whole, and extends others by name.
    """
    from friendshore.answers.scenarios import saved
    from friendshore.tables.csv_text import read_file

    deliver(saved(name, read_file(Path(file)), replace=replace), options)


@question
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A saved scenario.", show_default=False)],
    *,
    options: Common,
) -> None:
    """Remove a saved scenario."""
    from friendshore.answers.scenarios import removed

    deliver(removed(name), options)


@question
def compare(
    first: Annotated[
        str,
        typer.Argument(
            metavar="FIRST", help="A scenario file, or a shipped or saved one by name.", show_default=False
        ),
    ],
    second: Annotated[
        str, typer.Argument(metavar="SECOND", help="What it is compared with.", show_default=False)
    ],
    case: Annotated[
        str,
        typer.Option(
            "--case",
            metavar="NAME",
            help="Of scenarios with alternative futures, the one to follow.",
            show_default=False,
        ),
    ] = "",
    *,
    options: Common,
) -> None:
    """Compare two scenarios: what they say, and what follows from each.

    Of type stress the months, of type plan the figures and decisions (without trying other assumptions).
    """
    with patience("Comparing ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.compare(first, second, case=case, world=options.data)
    deliver(finding, options)
