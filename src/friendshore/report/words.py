"""Sentences and numbers for people, in English and Japanese.

English is written where it is thought, as the template of a :class:`friendshore.records.Note`; the Japanese
is ``data/locale/ja.po`` and is opened when it is first asked for. A sentence without a translation stays
English rather than disappear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from friendshore.errors import ArgumentError
from friendshore.records import Amount, Listing, Name, Note

if TYPE_CHECKING:
    from friendshore.charts.wording import Words

__all__ = [
    "LANGUAGES",
    "check_language",
    "heading",
    "interval",
    "number",
    "say",
    "significant",
    "term",
    "translate",
    "words_in",
]

LANGUAGES = ("en", "ja")

_SCALES: Mapping[tuple[str, str], tuple[tuple[float, str], ...]] = {
    ("USD", "en"): ((1e9, "bn"), (1e6, "m"), (0.0, "")),
    ("USD", "ja"): ((1e12, "兆ドル"), (1e8, "億ドル"), (1e6, "百万ドル"), (0.0, "ドル")),
    ("t", "en"): ((1e6, "Mt"), (1e3, "kt"), (0.0, "t")),
    ("t", "ja"): ((1e6, "Mt"), (1e3, "kt"), (0.0, "t")),
}
"""Unit and language -> (smallest size, word), largest first."""

_SIZES = {"bn": 1e9, "m": 1e6, "Mt": 1e6, "kt": 1e3, "兆ドル": 1e12, "億ドル": 1e8, "百万ドル": 1e6}
BARE = frozenset(
    {"count", "index", "ratio", "links", "years", "rows", "countries", "products", "members"}
)  # fmt: skip
"""Units that say nothing beside the name of what is counted or measured."""
AMOUNTS = frozenset({"USD", "USD m", "USD bn", "t", "kt", "Mt", "ドル", "百万ドル", "億ドル", "兆ドル"})
"""Units of money and mass in which columns are written."""
_SHARES = frozenset({"share", "fraction"})
_ACRONYMS = {
    "hhi": "HHI",
    "usd": "USD",
    "cdi1": "CDI1",
    "cdi2": "CDI2",
    "cdi3": "CDI3",
    "hs": "HS",
    "id": "ID",
}


def check_language(lang: str) -> str:
    """Return ``lang`` if it is one that friendshore writes."""
    if lang not in LANGUAGES:
        raise ArgumentError(
            f"Language {lang!r} is not one that friendshore writes; it writes {' and '.join(LANGUAGES)}.",
            code="unknown_language",
            hint="Use --lang en or --lang ja.",
        )
    return lang


@lru_cache(maxsize=4)
def _catalogue(lang: str) -> Mapping[tuple[str, str], str]:
    """(context, English) -> translation. Empty entries and fuzzy ones count as absent."""
    from babel.messages.pofile import read_po

    with files("friendshore").joinpath(f"data/locale/{lang}.po").open("rb") as stream:
        catalogue = read_po(stream, locale=lang)
    return {
        (message.context or "", str(message.id)): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


def _look_up(text: str, lang: str, context: str = "") -> str:
    return text if lang == "en" else _catalogue(lang).get((context, text), text)


def _value_in(value: Any, lang: str) -> Any:  # noqa: ANN401  values of notes have every type
    """Write a value of a note: notes, names, amounts and lists in the language, anything else as it is."""
    if isinstance(value, Note):
        return translate(value, lang)
    if isinstance(value, Amount | Listing | Name):
        return _spoken(value, lang)
    if isinstance(value, list | tuple):
        return ("、" if lang == "ja" else ", ").join(str(_value_in(part, lang)) for part in value)
    return number(None, lang=lang) if value == "n/a" or value is None else value


def _spoken(value: Amount | Listing | Name, lang: str) -> str:
    return words_in(lang).value(value)


def words_in(lang: str) -> Words:
    """Return what pictures and pages need to speak a language."""
    from friendshore.charts.wording import Words

    check_language(lang)
    return Words(
        lang,
        lambda template, **values: say(template, lang, **values),
        lambda value, unit: number(value, unit, lang),
        lambda low, high, unit: span(low, high, unit, lang),
    )


def span(low: Any, high: Any, unit: str, lang: str) -> str:  # noqa: ANN401  numbers of every type, or None
    """Write a range; counts have no unit and no decimals.

    >>> span(13, 15, "", "en"), span(13, 13, "", "en"), span(0.4, 0.52, "share", "en")
    ('13 to 15', '13', '40 to 52 %')
    """
    if unit or low is None:
        return interval(low, high, unit, lang)
    to = "～" if lang == "ja" else " to "
    return to.join(dict.fromkeys((f"{low:,}", f"{high:,}")))


def translate(note: Note, lang: str = "en") -> str:
    """Write a note out in a language.

    Parameters
    ----------
    note
        An English template with its values.
    lang
        ``en`` or ``ja``.

    Returns
    -------
    str
        The sentence; in English where the catalogue has no translation.
    """
    template = _look_up(note.template, check_language(lang))
    values = {name: _value_in(value, lang) for name, value in note.values.items()}
    return template.format(**values)


def say(template: str, lang: str = "en", **values: Any) -> str:  # noqa: ANN401  as in Note
    """Write one of our own labels or sentences: :func:`translate` without making a note first."""
    return translate(Note(template=template, values=values), lang)


def term(word: str, context: str, lang: str) -> str:
    """Translate one word of a closed list, as the stages of a material."""
    return _look_up(word, lang, context)


def heading(column: str, lang: str = "en") -> str:
    """Name a column for people: the contract's name without underscores and unit, or its translation."""
    if lang != "en":
        told = _look_up(column, lang, "column")
        if told != column:
            return told
    words = column.split("_")
    if len(words) > 1 and words[-1] in {"usd", "t"}:
        words = words[:-1]
    return " ".join(_ACRONYMS.get(word, word) for word in words)


def significant(value: float, digits: int = 3) -> str:
    """Round to significant digits, with thousands separators and without an exponent down to a millionth.

    >>> significant(1234567.0), significant(0.04567), significant(0.0)
    ('1,230,000', '0.0457', '0')
    """
    if value == 0:
        return "0"
    # The exponent after rounding: 999.9 is 1,000 and not 999.9 or 1e+03.
    exponent = int(f"{value:.{digits - 1}e}".split("e")[1])
    if exponent < -6:
        return f"{value:.{digits - 1}e}"
    rounded = round(value, digits - 1 - exponent)
    return f"{rounded:,.{max(digits - 1 - exponent, 0)}f}"


def percent(value: float) -> str:
    """Write a share as a percentage without its sign: no decimals from 10 % up, one below.

    >>> percent(0.624), percent(0.0624), percent(0.0004)
    ('62', '6.2', '<0.1')
    """
    hundredths = value * 100
    if value == 0:
        return "0"
    if abs(hundredths) < 0.05:
        return "<0.1" if value > 0 else ">-0.1"
    # 9.96 rounds to 10, which has no decimals.
    return f"{hundredths:,.1f}" if abs(round(hundredths, 1)) < 10 else f"{hundredths:,.0f}"


def scale_of(values: Sequence[float], unit: str, lang: str) -> tuple[float, str]:
    """Choose the size in which a whole column is written, by its median: divisor and unit for the header."""
    sizes = sorted(abs(value) for value in values if value)
    middle = sizes[len(sizes) // 2] if sizes else 0.0
    if unit in _SHARES:
        return 0.01, "%"
    for least, word in _SCALES.get((unit, lang), ()):
        if middle >= least:
            shown = f"USD {word}".strip() if unit == "USD" and lang == "en" else word
            return _SIZES.get(word, 1.0), shown
    return 1.0, unit


def number(value: Any, unit: str = "", lang: str = "en") -> str:  # noqa: ANN401  a cell has every type
    """Write one value with its unit.

    >>> number(12_340_000.0, "USD"), number(1_234.0, "t"), number(0.62, "share"), number(None, "t")
    ('USD 12.3 m', '1.23 kt', '62 %', 'n/a')
    """
    if value is None:
        return "不明" if lang == "ja" else "n/a"
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if not isinstance(value, int | float):
        return str(value)
    if not math.isfinite(value):
        return number(None, unit, lang)
    if unit == "year":
        return str(int(value))
    if unit in _SHARES:
        return f"{percent(value)} %"
    if (unit, lang) not in _SCALES:
        plain = f"{value:,}" if isinstance(value, int) else significant(value)
        return plain if unit in BARE else f"{plain} {unit}".strip()
    # The size is chosen after rounding, so that 999,999 dollars are one million.
    size, word = scale_of([float(f"{value:.2e}")], unit, lang)
    shown = significant(value / size)
    if unit == "USD" and lang == "en":
        return f"USD {shown} {word.removeprefix('USD').strip()}".strip()
    return f"{shown}{word}" if unit == "USD" else f"{shown} {word}"


def interval(
    low: float | None,
    high: float | None,
    unit: str = "share",
    lang: str = "en",
    *,
    value: float | None = None,
) -> str:
    """Write a range, after its central value where there is one.

    >>> interval(0.55, 0.68, value=0.62), interval(0.55, 0.68), interval(0.62, 0.62)
    ('62 % (55 to 68)', '55 to 68 %', '62 %')
    >>> interval(5e8, 6e8, "USD"), interval(3, 5, "count")
    ('USD 500 to 600 m', '3 to 5')
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
        return number(value, unit, lang)
    to = "～" if lang == "ja" else " to "
    if unit in _SHARES:
        ends, before, after = (percent(low), percent(high)), "", " %"
    elif isinstance(low, int) and isinstance(high, int):
        ends, before, after = (f"{low:,}", f"{high:,}"), "", "" if unit in BARE else f" {unit}".rstrip()
    else:
        size, word = scale_of([high if value is None else value], unit, lang)
        ends = (significant(low / size), significant(high / size))
        before = "USD " if word.startswith("USD") else ""
        word = "" if word in BARE else word.removeprefix("USD").strip()
        after = word if unit == "USD" and lang == "ja" else f" {word}".rstrip()
    inner = ends[0] if ends[0] == ends[1] else f"{ends[0]}{to}{ends[1]}"
    return f"{before}{inner}{after}" if value is None else f"{number(value, unit, lang)} ({inner})"
