"""Countries, leaders, offices, blocs and formats that a text names, from tables alone.

What only looks like one is left out: porcelain and the bird (lower case), firms that bear a country's name,
Georgia where the text is about the American state, Korea where nothing says which.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from friendshore.tables.countries import countries

__all__ = ["Mention", "mentions_of"]


@dataclass(frozen=True)
class Mention:
    """A named country, bloc or format."""

    start: int
    end: int
    code: str
    """ISO3, bloc id or format id."""
    kind: str
    """``name``, ``people``, ``leader``, ``office``, ``bloc``, ``format``."""


_WORD = re.compile(r"[\w’'.&+-]*[\w+]|[^\W]", re.UNICODE)
_FIRM = re.compile(
    r"\s+(?:Airlines|Airways|Air\b(?! Force)|Gas Corp\w*|Steel\b|Bank|Mobile|Telecom|Unicom|Zinc|Motors?\b|"
    r"Corp|Inc\b|Ltd|Group\b|Electric\b|Aerospace"
    r"|Petroleum|Oil\b|Tobacco|Post\b|Holdings|Company|Co\.|Shipbuilding|Offshore|Heavy|Electronics|"
    r"Semiconductor|Solar\b"
    r"|Nuclear Operating|Railway|Insurance|Evergrande|Lithium|Minmetals|Molybdenum|Molycorp|"
    r"Rare Earths? (?:Group|Inc|Corp))"
)
_BEFORE_FIRM = re.compile(
    r"(?:\bBank of|\bAir|\bRoyal|\bBHP|\bSamsung|\bTSMC|\bJX|\bToyota(?: Motor)?(?: North)?|\bMiss)\s+$"
)
_STATE_OF_GEORGIA = re.compile(
    r"Atlanta|Savannah|Augusta|Rome, Georgia|Dalton|Kemp\b|Georgians|, Georgia\b|Bulldogs|Peach State|"
    r"(?:Tennessee|Texas|Ohio|Arizona|Carolina|"
    r"Michigan|Alabama|Florida|Nevada)[^.]{0,80}\bGeorgia|Georgia[^.]{0,80}(?:Tennessee|Texas|Ohio|Arizona|"
    r"Carolina|Michigan|Alabama|Florida)"
)
_GEORGIA = re.compile(r"Tbilisi|Georgian|Ukraine|Moldova|Armenia|Abkhazia|Black Sea|Caucasus")
_SOUTH = re.compile(
    r"South Korea|Republic of Korea|\bROK\b|Seoul|Yoon|Lee Jae|Moon Jae|State Visit to Korea|Korean"
)
_NORTH = re.compile(r"North Korea|DPRK|Pyongyang|Kim Jong")


@cache
def _table() -> Mapping[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        files("friendshore").joinpath("data/aliases.yaml").read_text("utf-8")
    )
    return found


@cache
def _names() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """First word -> (name, code, kind), longest first."""
    found: dict[str, dict[str, tuple[str, str]]] = {}

    def put(name: str, code: str, kind: str) -> None:
        words = _WORD.findall(name)
        if words:
            found.setdefault(words[0], {}).setdefault(name, (code, kind))

    table = _table()
    for part, base in (("formats", "format"), ("blocs", "bloc"), ("countries", "name")):
        for code, entry in table[part].items():
            kinds = {"names": base, "people": "people", "leaders": "leader", "offices": "office"}
            for field, kind in kinds.items():
                for name in entry.get(field) or ():
                    put(str(name), code, kind)
    for code, country in countries().items():
        if country.name_en and code not in {"GGY", "JEY", "PRK"}:
            put(country.name_en, code, "name")
    return {
        first: tuple(sorted(((n, *of) for n, of in names.items()), key=lambda entry: -len(entry[0])))
        for first, names in found.items()
    }


@cache
def _japanese() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    known: dict[str, tuple[str, str]] = {}
    table = _table()
    for part, kind in (("formats", "format"), ("blocs", "bloc"), ("countries", "name")):
        for code, entry in table[part].items():
            for name in entry.get("ja") or ():
                known.setdefault(str(name), (code, kind))
    for code, country in countries().items():
        if country.name_ja and len(country.name_ja) > 1:
            known.setdefault(country.name_ja, (code, "name"))
    words = sorted((name for name in known if not name.isascii()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))), known


def mentions_of(text: str) -> list[Mention]:
    """Find what a text names, in order, none overlapping another.

    Parameters
    ----------
    text
        The cleaned text; offsets refer to it.
    """
    found: list[Mention] = []
    table = _names()
    past = 0
    for word in _WORD.finditer(text):
        if word.start() < past:
            continue
        first = word.group()
        for key in dict.fromkeys(
            (first, re.sub(r"[’']s?$", "", first), first.rstrip(".,"), first.split("-")[0].rstrip("."))
        ):
            hit = next((e for e in table.get(key, ()) if _stands(text, word.start(), e[0])), None)
            if hit:
                end = word.start() + len(_matched(text, word.start(), hit[0]))
                if _meant(text, word.start(), end, hit):
                    found.append(Mention(word.start(), end, hit[1], hit[2]))
                    past = end
                break
        else:
            # of "U.S.-EU" or "India-US" the parts
            for part in re.finditer(r"[\w.]+", first):
                if part.start() and part.group() in table:
                    name, code, kind = table[part.group()][-1]
                    if name == part.group():
                        at = word.start() + part.start()
                        found.append(Mention(at, at + len(name), code, kind))
    found += _hyphenated(text, found)
    pattern, known = _japanese()
    if not text.isascii():
        found += [Mention(m.start(), m.end(), *known[m.group()]) for m in pattern.finditer(text)]
    return _without_overlap(found)


def _hyphenated(text: str, found: list[Mention]) -> list[Mention]:
    """Find the second part of ``U.S.-EU``, ``India-US`` and ``United States–Australia``."""
    table = _names()
    more = []
    for mention in found:
        rest = re.match(r"\s?[-–—/]\s?([\w.]+\w|\w+)", text[mention.end : mention.end + 40])
        if rest and rest.group(1) in table:
            hit = next(
                (e for e in table[rest.group(1)] if _stands(text, mention.end + rest.start(1), e[0])), None
            )
            if hit:
                at = mention.end + rest.start(1)
                more.append(Mention(at, at + len(_matched(text, at, hit[0])), hit[1], hit[2]))
    return more


def _without_overlap(found: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(set(found), key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


@cache
def _pattern(name: str) -> re.Pattern[str]:
    # white space of any kind between the words, since lines are wrapped; straight and curved apostrophes
    words = [re.escape(word).replace("'", "[’']") for word in name.split()]
    tail = r"(?![\w])" if name[-1].isalnum() else ""
    return re.compile(r"\s+".join(words) + tail)


def _matched(text: str, at: int, name: str) -> str:
    match = _pattern(name).match(text, at)
    return match.group() if match else ""


def _stands(text: str, at: int, name: str) -> bool:
    return bool(_matched(text, at, name))


def _meant(text: str, start: int, end: int, hit: tuple[str, str, str]) -> bool:
    """Whether the name stands for the country here."""
    name, code, kind = hit
    if kind in {"name", "people"} and (
        _FIRM.match(text, end) or _BEFORE_FIRM.search(text[max(0, start - 24) : start])
    ):
        return False
    if name in {"US", "America"} and text[max(0, start - 6) : start].endswith(("Latin ", "South ", "North ")):
        return False
    if name == "Georgia":
        return bool(_GEORGIA.search(text)) and not _STATE_OF_GEORGIA.search(text)
    if name == "Turkey":
        return not re.search(
            r"\b(?:roast|Thanksgiving|poultry|chicken)\b", text[max(0, start - 80) : end + 80]
        )
    if name == "Korea":
        return bool(_SOUTH.search(text)) and not _NORTH.search(text)
    if name in {"Mexico", "Jersey"} and text[max(0, start - 4) : start] == "New ":
        return False
    if name in {"Jordan", "Chad"}:
        return not re.search(
            r"(?:Rep\.|Sen\.|Mr\.|Jim|Michael|Justice)\s+$", text[max(0, start - 10) : start]
        )
    if name in {"Lee", "Abe", "Austin", "Tai", "Suga"}:
        return bool(
            re.search(
                r"(?:Minister|President|Secretary|Ambassador|Representative)\s+(?:\w+\s+)?$",
                text[max(0, start - 40) : start],
            )
        )
    if kind == "leader":
        after = text[end : end + 1]
        return not (after == "-" or (text[max(0, start - 1) : start] == "-" and code != "USA"))
    if name == "London":
        return not text[end : end + 9].startswith((", Ontario", ", Kentuc"))
    return True
