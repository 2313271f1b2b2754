"""The table of commands, their help and their examples."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

import typer
from typer.main import get_command

from friendshore.cli import disruption, exchange, lookups, planning, questions, reading, serving, stored
from friendshore.cli.arguments import SeveralValues
from friendshore.cli.briefing import brief

__all__ = ["command"]

_ABOUT = """Measure what countries depend on, from whom, and through whom, with a source under every number.

Importers are named first; the supplier of concern is --on. Both are ISO3 codes (JPN) or bloc names (EU).
"""

_START = """\b
Try:
  friendshore exposure JPN --on CHN --product 284690
  friendshore brief USA JPN --on CHN --out brief.html
  friendshore products nickel
"""

_EXAMPLES = {
    "exposure": (
        "exposure USA JPN --on CHN",
        "exposure USA JPN --on CHN --as-bloc --product 284690 280530 --years 2015-2024",
        "exposure --on CHN RUS -- DEU FRA",
        "exposure JPN --on CHN --by material --xlsx japan.xlsx",
    ),
    "rules": ("rules EU --year 2022 --rule ec2021", "rules USA JPN --as-bloc --product 284690 --json"),
    "trace": ("trace JPN --product 284690 --year 2022", "trace EU --product 260400 --out origins.svg"),
    "suppliers": (
        "suppliers JPN --product 284690 --on CHN",
        "suppliers EU --group battery-inputs --out suppliers.svg",
    ),
    "leverage": ("leverage JPN CHN", "leverage EU IDN --csv"),
    "brief": (
        "brief USA JPN --on CHN --out brief.html",
        "brief JPN --on CHN --group magnet-inputs --lang ja",
        "brief --from article.txt --date 2022-01-21",
    ),
    "read": (
        "read article.txt --date 2022-01-21",
        "read article.txt --date 2022-01-21 --accept --only 1 3",
        "read notice.pdf --rate JPY=0.0065 --json",
        "read --evaluate labels.jsonl documents.jsonl",
    ),
    "blocs": ("blocs", "blocs EU --on 2019-12-31", "blocs JPN --ties"),
    "measures": ("measures --of JPN --on 2022-01-21", "measures --of JPN --out timeline.svg"),
    "products": ("products", "products nickel", "products 磁石"),
    "stress": (
        "stress JPN --on CHN --product 250410 --cover-days 60",
        "stress EU --on RUS --product 270112 --world --months 24",
        "stress --scenario graphite-aimed",
        "stress KOR --scenario my-scenario.yaml --json",
        "stress --scenario graphite-aimed --tornado",
        "stress --scenario graphite-aimed --draws 1000 --seed 1",
    ),
    "plan": (
        "plan --scenario economic-2plus2",
        "plan --scenario economic-2plus2 --compare --sheet talks.html --lang ja",
        "plan --scenario mine.yaml --why --frontier --xlsx plan.xlsx",
        "plan --scenario mine.yaml --alone --quick --json",
    ),
    "hindcast": ("hindcast", "hindcast --grade AB --json", "hindcast --events mine.csv"),
    "summary": (
        "summary --scenario economic-2plus2 --member JPN --out jpn.yaml",
        "summary --scenario agreed.yaml --member JPN --lend-days 30 --explain",
    ),
    "join": ("join jpn.yaml usa.yaml", "join jpn.yaml usa.yaml --json"),
    "serve": ("serve --open", "serve --lang ja --port 0", "serve --host 0.0.0.0 --port 8080"),
    "scenario check": ("scenario check my-scenario.yaml",),
    "scenario schema": ("scenario schema > scenario.schema.json",),
    "scenario list": ("scenario list",),
    "scenario show": ("scenario show hormuz-closure > mine.yaml",),
    "scenario save": ("scenario save mine.yaml --name mine", "stress --scenario mine"),
    "scenario remove": ("scenario remove mine",),
    "scenario compare": (
        "scenario compare graphite-aimed mine",
        "scenario compare nickel-ore-2014 nickel-ore-2020 --json",
    ),
    "list": ("data list", "data list --json"),
    "check": ("data check", "data check --data my-folder"),
    "add": ("data add BACI_HS17_V202601.zip --name baci17", "data add my-trade.csv --name mine --hs HS17"),
}


def _epilog(name: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  friendshore {line}" for line in _EXAMPLES[name])


def _version(wanted: bool) -> None:
    if wanted:
        from friendshore import __version__

        typer.echo(f"friendshore {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@cache
def command() -> Any:  # noqa: ANN401  the parser's own command
    """Build the command line once."""
    settings = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
    plain: dict[str, Any] = {
        "rich_markup_mode": None,
        "add_completion": False,
        "pretty_exceptions_enable": False,
        "context_settings": settings,
    }
    app = typer.Typer(help=_ABOUT, epilog=_START, **plain)
    app.callback(invoke_without_command=True)(_root)
    asked = (
        questions.exposure,
        questions.suppliers,
        questions.rules,
        questions.trace,
        questions.leverage,
        brief,
    )
    for function in asked:
        _add(app, function.__name__, function)
    data = typer.Typer(help="List, check and add data sets.", no_args_is_help=False, **plain)
    for name, function in (("list", stored.show), ("check", stored.check), ("add", stored.add)):
        _add(data, name, function)
    app.add_typer(data, name="data")
    for function in (disruption.stress, disruption.hindcast, planning.plan):
        _add(app, function.__name__, function)
    for function in (exchange.summary, exchange.join):
        _add(app, function.__name__, function)
    _add(app, "read", reading.read)
    _add(app, "serve", serving.serve)
    scenario = typer.Typer(
        help="Check, describe, list, show, save and compare scenarios.", no_args_is_help=False, **plain
    )
    for name, function in (
        ("check", disruption.check),
        ("schema", disruption.schema),
        ("list", disruption.shown),
        ("show", disruption.show),
        ("save", disruption.save),
        ("remove", disruption.remove),
        ("compare", disruption.compare),
    ):
        _add(scenario, name, function, under="scenario")
    app.add_typer(scenario, name="scenario")
    for function in (lookups.blocs, lookups.measures, lookups.products):
        _add(app, function.__name__, function)
    return get_command(app)


def _add(app: typer.Typer, name: str, function: Any, under: str = "") -> None:  # noqa: ANN401  of any options
    app.command(
        name,
        cls=SeveralValues,
        epilog=_epilog(f"{under} {name}".strip()),
        context_settings={"help_option_names": ["-h", "--help"]},
    )(function)
