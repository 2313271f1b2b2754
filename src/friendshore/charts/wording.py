"""Words that a picture or page needs: translated phrases, finished numbers, names in the reader's language.

Charts lie below the report in the layers, so the functions that know the languages are handed in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from friendshore.records import Amount, Listing, Name, Note
from friendshore.tables.blocs import blocs
from friendshore.tables.countries import countries, country_name
from friendshore.tables.materials import materials
from friendshore.tables.measures import measures
from friendshore.tables.products import groups, product_name

__all__ = ["Words", "actor_name", "short_name"]


ASSUMPTIONS: Mapping[str, str] = {
    "lost_share": "share that is lost",
    "duration": "how long it lasts",
    "stock_factor": "size of the stated stocks",
    "cover_days": "stock where none is stated",
    "link_headroom": "room on existing links",
    "lead_months": "time until a new link qualifies",
    "link_ramp_months": "time until new links carry all",
    "spare_share": "spare capacity within reach",
    "spare_ramp_months": "time to mobilise spare capacity",
    "by_product_share": "by-products that answer to price",
    "contract_term_months": "term of contracts",
    "force_majeure_share": "contracts withheld when short",
    "leakage_share": "leakage through third countries",
    "leakage_delay_months": "time until leakage begins",
    "hoarding_days": "hoarding",
    "refill_months": "time to refill stocks",
    "alarm_share": "gap that alarms",
    "floor_share": "stock that is never touched",
    "elasticity_1y": "price elasticity, first year",
    "elasticity_3y": "price elasticity, third year",
    "elasticity_10y": "price elasticity, tenth year",
    "demand_elasticity": "demand that gives way to price",
    "price_cap": "price beyond which goods are rationed",
    "grades": "same grade only",
    "rationing": "who is served first",
    "stock_rule": "how stocks are drawn",
}
"""Short names of what is varied, message ids."""


@dataclass(frozen=True)
class Words:
    """How to speak in one language."""

    lang: str
    say: Callable[..., str]
    """(template, **values) -> the phrase in this language."""
    number: Callable[[Any, str], str]
    """(value, unit) -> the finished number with its unit."""
    span: Callable[[Any, Any, str], str]
    """(low, high, unit) -> the finished range with its unit."""

    def tell(self, note: Note) -> str:
        """Write a note out, names and amounts among its values included."""
        return self.say(note.template, **{name: self.value(value) for name, value in note.values.items()})

    def value(self, value: Any) -> str:  # noqa: ANN401  values of notes have every type
        """Write one value of a note."""
        if isinstance(value, Note):
            return self.tell(value)
        if isinstance(value, Name):
            return self.named(value)
        if isinstance(value, Listing):
            return joined([self.value(item) for item in value.items], self.lang)
        if isinstance(value, Amount):
            if value.high is None:
                return self.number(value.value, value.unit)
            return self.span(value.value, value.high, value.unit)
        return visible(str(value))

    def named(self, name: Name) -> str:
        """Write a name."""
        if name.kind == "product":
            return self.within(self.product(name.key))
        if name.kind == "group" and name.key in groups():
            return groups()[name.key].label(self.lang)
        if name.kind == "measure" and name.key in measures():
            return visible(measures()[name.key].name(self.lang))
        if name.kind == "bloc" and name.key in blocs():
            return visible(blocs()[name.key].name(self.lang))
        if name.kind == "material":
            return self.within(self.material(name.key))
        if name.kind == "assumption" and name.key in ASSUMPTIONS:
            return self.assumption(name.key)
        if name.kind == "absent":
            absent = (a for g in groups().values() for a in g.absent if a.label_en == name.key)
            return next((a.label(self.lang) for a in absent), name.key)
        name_of = self.name(name.key)
        return in_a_sentence(name.key, name_of) if self.lang == "en" else name_of

    def within(self, goods: str) -> str:
        """Write goods within a sentence: English common nouns lose their capital, abbreviations keep it."""
        capital = self.lang == "en" and goods[1:2].islower()
        return goods[:1].lower() + goods[1:] if capital else goods

    def listed(self, names: Sequence[str]) -> str:
        """Join finished names with commas."""
        return ("、" if self.lang == "ja" else ", ").join(names)

    def sentences(self, told: Sequence[str]) -> str:
        """Put finished sentences one after the other."""
        return ("" if self.lang == "ja" else " ").join(told)

    def share(self, value: float | None) -> str:
        """Write a share without its sign, as in a cell of a heat map."""
        return self.number(value, "share").removesuffix(" %")

    def product(self, code: str) -> str:
        """Name a product, or return the code itself where no name is known."""
        return visible(product_name(code, self.lang) or code)

    def material(self, key: str) -> str:
        """Name a material."""
        known = materials().get(key)
        return visible(known.label(self.lang) if known else key)

    def assumption(self, key: str) -> str:
        """Name a parameter of the path, of the shock or of the stocks."""
        return self.say(ASSUMPTIONS[key])

    def name(self, actor: str) -> str:
        """Name a country, a bloc, or several joined by ``+``."""
        return visible(actor_name(actor, self.lang))


def visible(text: str, keep: str = "") -> str:
    """Replace control characters and marks that turn the direction of text: no name may steer the page."""
    if text.isprintable():
        # Holds none of them, and a page writes thousands of such cells.
        return text
    return "".join(
        character
        if character in keep or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        else "\ufffd"
        for character in text
    )


ARTICLE = frozenset(
    ("ARE", "BHS", "CAF", "COD", "COG", "COK", "COM", "CYM", "DOM", "FLK", "FRO", "GBR", "GMB", "MDV", "MHL",
     "MNP", "NLD", "PHL", "SLB", "TCA", "USA", "VGB", "VIR")
)  # fmt: skip
"""Countries whose English name takes an article within a sentence."""


def in_a_sentence(actor: str, name: str) -> str:
    """Put "the" before the English names that take it."""
    if "+" in actor:
        parts = actor.split("+")
        return joined([in_a_sentence(part, one_name(part, "en")) for part in parts], "en")
    takes = actor in ARTICLE or (actor in blocs() and actor not in countries() and " " in name)
    return f"the {name}" if takes else name


def actor_name(actor: str, lang: str) -> str:
    """Name a country or bloc; ``A+B`` is all names joined as the language joins them."""
    names = [one_name(part, lang) for part in actor.split("+")]
    return joined(names, lang, "・")


def one_name(part: str, lang: str) -> str:
    """Name one country or bloc, or return the code itself."""
    bloc = blocs().get(part)
    if bloc is not None and part not in countries():
        return bloc.name_ja if lang == "ja" else bloc.name_en
    return country_name(part, lang)


def joined(names: Sequence[str], lang: str, comma: str = "、") -> str:
    """Join names as the language does: ``A, B and C``."""
    if lang == "ja":
        return comma.join(names)
    if any("," in name for name in names):
        return "; ".join(names)
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part) if names else ""


def short_name(actor: str, words: Words) -> str:
    """Label an importer where room is scarce: its code, and "jointly" for joined ones."""
    return words.say("jointly") if "+" in actor else visible(actor)
