"""Words that a chart needs: translated phrases, finished numbers, names of importers and suppliers.

Charts lie below the report in the layers, so the two functions that know the languages are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.tables.blocs import blocs
from friendshore.tables.countries import countries, country_name
from friendshore.tables.products import product_name

__all__ = ["Words", "actor_name", "short_name"]


@dataclass(frozen=True)
class Words:
    """How to speak in one language."""

    lang: str
    say: Callable[..., str]
    """(template, **values) -> the phrase in this language."""
    number: Callable[[Any, str], str]
    """(value, unit) -> the finished number with its unit."""

    def share(self, value: float | None) -> str:
        """Write a share without its sign, as in a cell of a heat map."""
        return self.number(value, "share").removesuffix(" %")

    def product(self, code: str) -> str:
        """Name a product, or return the code itself where no name is known."""
        return product_name(code, self.lang) or code

    def name(self, actor: str) -> str:
        """Name a country, a bloc, or several joined by ``+``."""
        return actor_name(actor, self.lang)


def actor_name(actor: str, lang: str) -> str:
    """Name a country or bloc; ``A+B`` is both names joined as the language joins them."""
    names = [one_name(part, lang) for part in actor.split("+")]
    return joined(names, lang)


def one_name(part: str, lang: str) -> str:
    """Name one country or bloc, or return the code itself."""
    bloc = blocs().get(part)
    if bloc is not None and part not in countries():
        return bloc.name_ja if lang == "ja" else bloc.name_en
    return country_name(part, lang)


def joined(names: Sequence[str], lang: str) -> str:
    """Join names as the language does: ``A, B and C``."""
    if lang == "ja":
        return "・".join(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def short_name(actor: str, words: Words) -> str:
    """Label an importer where room is scarce: its code, and "together" for joined ones."""
    return words.say("together") if "+" in actor else actor
