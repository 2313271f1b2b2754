"""Products: our own short labels in two languages, what they are a stage of, groups and official lists."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from friendshore.records import Note, Record

__all__ = [
    "ABSENCE_REASONS",
    "Absent",
    "Group",
    "Product",
    "StageName",
    "find_products",
    "groups",
    "product_name",
    "products",
    "search_key",
]

StageName: TypeAlias = Literal["ore", "intermediate", "refined", "product"]
Reason: TypeAlias = Literal["not_in_box", "shared_code", "series_ended", "no_code"]

ABSENCE_REASONS: Mapping[str, Note] = MappingProxyType(
    {
        "not_in_box": Note(template="its code is not among the 74 raw-material codes in the box"),
        "shared_code": Note(template="it shares a six-digit code with other goods"),
        "series_ended": Note(template="its code ends in the data in 2007"),
        "no_code": Note(template="it has no customs code of its own"),
    }
)
"""Why something cannot be measured with the data in the box."""


class Product(Record):
    """One code of the box."""

    code: str
    label_en: str
    label_ja: str
    stage: StageName
    """``ore``: as mined or concentrated; ``intermediate``: compound or matte; ``refined``: metal, alloy or
    chemical as the next industry buys it; ``product``: worked further."""
    materials: tuple[str, ...]
    """Materials that this code measures a stage of, its own first (whose production counts where ``own_tons``);
    empty where it belongs to none alone (see ``note``)."""
    own_tons: bool
    """True where World Mining Data counts gross tons of just this product at this stage."""
    own_tons_reason: str
    last_year: int | None
    """Last year with a full series where the code has ended, else None."""
    note: str
    keywords: tuple[str, ...]


class Absent(Record):
    """Something asked for that the box cannot show."""

    codes: tuple[str, ...]
    """Codes under which it is traded, as HS 1992 has them unless ``note`` says otherwise; may be empty."""
    label_en: str
    label_ja: str
    reason: Reason
    note: str = ""
    keywords: tuple[str, ...] = ()

    def label(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.label_ja if lang == "ja" else self.label_en

    @property
    def why(self) -> Note:
        """The reason as a sentence part."""
        return ABSENCE_REASONS[self.reason]


class Group(Record):
    """A named set of products: a use, or an official list mapped to the codes in the box."""

    name: str
    label_en: str
    label_ja: str
    products: tuple[str, ...]
    absent: tuple[Absent, ...] = ()
    """Members of the group that the box does not hold."""
    official: bool = False
    """True for a published list; its mapping to HS codes is ours all the same."""
    source: str
    url: str = ""
    as_of: str
    """ISO date of the list's text, or of our compilation."""
    note: str = ""

    def label(self, lang: str = "en") -> str:
        """Name in a language."""
        return self.label_ja if lang == "ja" else self.label_en


def read_text(name: str) -> str:
    """Text of a file in the package's data folder."""
    return files("friendshore").joinpath("data", name).read_text(encoding="utf-8")


def read_yaml(name: str) -> Any:  # noqa: ANN401  YAML holds every type
    """Parse a YAML file of the data folder, with libyaml where it is there."""
    import yaml

    return yaml.load(read_text(name), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both loaders are safe ones


def search_key(text: str) -> str:
    """Fold case, width and outer blanks, so that ``ＬＮＧ`` finds ``LNG``."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


@cache
def products() -> Mapping[str, Product]:
    """All products of the box by code, in order of code."""
    table = {
        row["code"]: Product(
            code=row["code"],
            label_en=row["label_en"],
            label_ja=row["label_ja"],
            stage=row["stage"],
            materials=_parts(row["materials"]),
            own_tons=row["own_tons"] == "true",
            own_tons_reason=row["own_tons_reason"],
            last_year=int(row["last_year"]) if row["last_year"] else None,
            note=row["note"],
            keywords=_parts(row["keywords"]),
        )
        for row in csv.DictReader(io.StringIO(read_text("products.csv")))
    }
    return MappingProxyType(table)


def product_name(code: str, lang: str = "en") -> str:
    """Return our label of a code, or the code itself where we have none (a user's own data)."""
    product = products().get(code)
    if product is None:
        return code
    return product.label_ja if lang == "ja" else product.label_en


@cache
def _search_keys() -> Mapping[str, tuple[str, ...]]:
    return {
        product.code: tuple(
            search_key(text)
            for text in (product.label_en, product.label_ja, *product.keywords, *product.materials)
        )
        for product in products().values()
    }


def find_products(text: str) -> list[Product]:
    """Find products by words in either language, or by the first digits of the code.

    Parameters
    ----------
    text
        Several words must all occur, each anywhere in a label, keyword or material. Empty text finds all.

    Returns
    -------
    list of Product
        Those with a label, keyword or material equal to the text first, the others in order of code.
    """
    wanted = search_key(text)
    words = wanted.split()
    found = []
    for product in products().values():
        keys = _search_keys()[product.code]
        if all(
            any(word in key for key in keys) or (word.isdigit() and product.code.startswith(word))
            for word in words
        ):
            found.append((wanted not in keys, product.code, product))
    return [product for _, _, product in sorted(found, key=lambda item: item[:2])]


@cache
def groups() -> Mapping[str, Group]:
    """Return groups and official lists by name, in the order of the file."""
    raw = read_yaml("groups.yaml")
    return MappingProxyType({name: Group(name=name, **body) for name, body in raw.items()})
