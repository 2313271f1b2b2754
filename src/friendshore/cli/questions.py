"""The commands that ask the questions. Each one hands its arguments to the answer of the same name."""

from __future__ import annotations

from typing import Annotated

import typer

from friendshore.answers.spans import chosen_years, one_year
from friendshore.cli.arguments import (
    AsBloc,
    Common,
    Group,
    Importers,
    On,
    Products,
    Year,
    Years,
    question,
)
from friendshore.cli.delivery import deliver
from friendshore.cli.waiting import patience

__all__ = ["exposure", "leverage", "rules", "suppliers", "trace"]

Quantities = Annotated[
    str,
    typer.Option("--quantities", metavar="raw|cleaned", help="Tons as published, or without outliers."),
]


@question
def exposure(
    importers: Importers,
    on: On = [],  # noqa: B006  the parser's notation for "none given"; it is never changed
    as_bloc: AsBloc = False,
    product: Products = [],  # noqa: B006  Typer reads it and never changes it
    group: Group = "",
    by: Annotated[
        str, typer.Option("--by", metavar="product|material", help="One row for each.")
    ] = "product",
    year: Year = "",
    years: Years = "",
    basis: Annotated[
        str, typer.Option("--basis", metavar="value|quantity", help="Dollars or tons for shares and HHI.")
    ] = "value",
    quantities: Quantities = "raw",
    *,
    options: Common,
) -> None:
    """Measure how far importers depend on a supplier.

    What they buy, how concentrated it is, what share the supplier holds directly and through third countries.
    """
    span = chosen_years(year, years)
    with patience("Measuring exposure ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.exposure(
            importers,
            on=on,
            world=options.data,
            as_bloc=as_bloc,
            products=product,
            group=group,
            by=by,
            years=span,
            basis=basis,
            quantities=quantities,
        )
    deliver(finding, options)


@question
def rules(
    importers: Importers,
    as_bloc: AsBloc = False,
    product: Products = [],  # noqa: B006  Typer reads it and never changes it
    rule: Annotated[
        str,
        typer.Option(
            "--rule",
            metavar="ec2021|geodep|governance|governance-compat",
            help="One rule (all by default).",
            show_default=False,
        ),
    ] = "",
    year: Year = "",
    *,
    options: Common,
) -> None:
    """Apply published dependency rules to the same data."""
    wanted = one_year(year)
    with patience("Applying the rules ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.rules(
            importers, year=wanted, world=options.data, as_bloc=as_bloc, products=product, rule=rule
        )
    deliver(finding, options)


@question
def trace(
    importer: Annotated[
        str, typer.Argument(metavar="IMPORTER", help="ISO3 code or bloc name.", show_default=False)
    ],
    product: Annotated[
        str, typer.Option("--product", metavar="HS6", help="Product code of six digits.", show_default=False)
    ],
    on: On = [],  # noqa: B006  Typer reads it and never changes it
    year: Year = "",
    *,
    options: Common,
) -> None:
    """Trace where the supply of a product originates.

    With --on also the routes on which a supplier's goods come, and how much each carries.
    """
    wanted = one_year(year)
    with patience("Tracing origins ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.trace(importer, product=product, on=on, year=wanted, world=options.data)
    deliver(finding, options)


@question
def suppliers(
    importers: Importers,
    on: On = [],  # noqa: B006  the parser's notation for "none given"; it is never changed
    as_bloc: AsBloc = False,
    product: Products = [],  # noqa: B006  Typer reads it and never changes it
    group: Group = "",
    year: Year = "",
    quantities: Quantities = "raw",
    *,
    options: Common,
) -> None:
    """List who supplies importers.

    With the share of each, and how it has changed in five years; --on marks suppliers of concern.
    """
    wanted = one_year(year)
    with patience("Listing suppliers ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.suppliers(
            importers,
            on=on,
            world=options.data,
            as_bloc=as_bloc,
            products=product,
            group=group,
            year=wanted,
            quantities=quantities,
        )
    deliver(finding, options)


@question
def leverage(
    a: Annotated[str, typer.Argument(metavar="A", help="ISO3 code or bloc name.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="ISO3 code or bloc name.", show_default=False)],
    year: Year = "",
    *,
    options: Common,
) -> None:
    """Compare who depends on whom, between two sides.

    Product by product, between two countries or blocs.
    """
    wanted = one_year(year)
    with patience("Comparing both sides ...", quiet=options.quiet, lang=options.lang):
        from friendshore import answers

        finding = answers.leverage(a, b, year=wanted, world=options.data)
    deliver(finding, options)
