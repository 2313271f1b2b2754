"""``stress``, ``hindcast`` and ``scenario check | schema | list | show``: what happens when somebody stops."""

from __future__ import annotations

from typing import Annotated

import typer

from friendshore.cli.arguments import AsBloc, Common, Group, On, Products, question
from friendshore.cli.delivery import deliver, emit, patience

__all__ = ["check", "hindcast", "schema", "show", "shown", "stress"]

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
        metavar="FILE|NAME", help="A scenario file, or the name of a shipped one.", show_default=False
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
            help="A scenario file, or a shipped one by name; instead of the options below.",
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
    with patience("Running the months ...", quiet=options.quiet):
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
    with patience("Forecasting the events ...", quiet=options.quiet):
        from friendshore import answers

        finding = answers.hindcast(events=events, grade=grade, world=options.data)
    deliver(finding, options)


@question
def check(file: File, *, options: Common) -> None:
    """Check a scenario file.

    Keys, ranges and names, and that these data hold what it stops. All problems are told at once, with lines.
    """
    with patience("Checking the scenario ...", quiet=options.quiet):
        from friendshore import answers

        finding = answers.scenario(file, world=options.data)
    deliver(finding, options)


@question
def schema(*, options: Common) -> None:
    """Print the JSON Schema of scenario files, for editors that check while you type."""
    import json

    from friendshore.disruption.scenario_schema import json_schema
    from friendshore.records import Finding, Note

    told = json_schema()
    if not (options.json or options.csv or options.xlsx or options.out):
        emit(json.dumps(told, ensure_ascii=False, indent=1) + "\n", exact=True)
        return
    finding = Finding(
        question="scenario schema",
        arguments={},
        columns=(),
        rows=(),
        answer=Note(template="The JSON Schema of scenario files stands under summary."),
        summary=told,
        command="friendshore scenario schema",
    )
    deliver(finding, options)


@question
def shown(*, options: Common) -> None:
    """List the scenarios that come with the package."""
    from friendshore import answers

    deliver(answers.scenarios(), options)


@question
def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A shipped scenario.", show_default=False)],
    *,
    options: Common,
) -> None:
    """Print a shipped scenario, to be copied and changed."""
    from friendshore.disruption.scenario_files import shipped_text

    text = shipped_text(name)
    if not (options.json or options.csv or options.xlsx or options.out):
        emit(text.decode("utf-8"), exact=True)
        return
    from friendshore import answers

    deliver(answers.scenario(name, world=options.data, question="scenario show"), options)
