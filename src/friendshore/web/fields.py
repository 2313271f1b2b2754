"""What a question is: its fields under the names of the command line, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "AS_BLOC",
    "GROUP",
    "IMPORTERS",
    "ON",
    "PRODUCTS",
    "QUANTITIES",
    "SCENARIO",
    "YEAR",
    "YEARS",
    "Field",
    "Question",
    "always",
]


@dataclass(frozen=True)
class Field:
    """One argument of a question."""

    name: str
    """As on the command line, without dashes before it: ``importer``, ``as-bloc``."""
    keyword: str
    """Of the function that answers."""
    kind: str = "text"
    """``text``, ``actor``, ``product``, ``group``, ``scenario``, ``member``, ``choice``, ``flag``, ``number``,
    ``whole``, ``year``, ``years``, ``day`` (a year means its last day), ``date``."""
    label: str = ""
    """For people; a message id."""
    help: str = ""
    """One sentence beside the field; a message id."""
    several: bool = False
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """What people read for each choice; message ids."""
    least: float | None = None
    most: float | None = None
    example: str = ""
    """A value, as an address writes it."""


@dataclass(frozen=True)
class Question:
    """One question that can be asked over the network."""

    name: str
    """Of the command, words joined by hyphens: ``exposure``, ``scenario-list``."""
    title: str
    """What it asks; a message id."""
    fields: tuple[Field, ...]
    function: str
    """Name in :mod:`friendshore.answers`."""
    takes_data: bool = True
    long: Callable[[Mapping[str, Any]], bool] = lambda arguments: False
    """Whether these arguments take longer than a reader waits; such an answer is a job."""
    adapted: Callable[[dict[str, Any]], dict[str, Any]] = dict
    """From the fields' keywords to those of the function, where they differ."""
    lasting: bool = True
    """False where the answer also holds what people keep (accepted events, saved scenarios, data sets)."""
    uploaded: bool = False
    """Whether it is about something that was sent, of which only the answer, or what is needed for it, is kept."""
    example: tuple[tuple[str, str], ...] = ()
    """An address that is worth trying."""
    tables: tuple[str, ...] = ()
    """Tables of the data dictionary that describe its rows; that of the question's own name by default."""


def always(arguments: Mapping[str, Any]) -> bool:
    """Tell that whatever is asked takes long."""
    return True


IMPORTERS = Field(
    "importer",
    "importers",
    "actor",
    "Importers",
    "Who buys: country codes or blocs, as JPN USA or EU.",
    several=True,
    required=True,
    default=(),
    example="JPN",
)
ON = Field(
    "on",
    "on",
    "actor",
    "Suppliers of concern",
    "Country codes or blocs; several are taken together as one supplier.",
    several=True,
    default=(),
    example="AUS",
)
AS_BLOC = Field(
    "as-bloc",
    "as_bloc",
    "flag",
    "Count the importers as one",
    "Trade among them is then left out.",
    default=False,
)
PRODUCTS = Field(
    "product",
    "products",
    "product",
    "Products",
    "Customs codes of six digits, as 284690. All products by default.",
    several=True,
    default=(),
    example="284690",
)
GROUP = Field(
    "group",
    "group",
    "group",
    "Group of products",
    "Instead of single products.",
    default="",
    example="magnet-inputs",
)
YEAR = Field("year", "year", "year", "Year", "The newest year with full data by default.", default=0)
YEARS = Field(
    "years",
    "years",
    "years",
    "Years from and to",
    "As 2015-2024, instead of one year.",
    default=(),
    example="2015-2024",
)
QUANTITIES = Field(
    "quantities",
    "quantities",
    "choice",
    "Tons",
    "Some published tons contradict their value; cleaned tons replace those.",
    default="raw",
    choices=("raw", "cleaned"),
    words=("as published", "cleaned of outliers"),
)
SCENARIO = Field(
    "scenario",
    "scenario",
    "scenario",
    "Scenario",
    "One that comes with the program, or one that you saved: it says what stops instead of the fields below.",
    default="",
    example="graphite-aimed",
)
