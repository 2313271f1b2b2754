"""Goods that a text speaks of: the labels of the scheme, with the words that stand for them and our product codes."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

__all__ = ["Good", "goods", "goods_in"]

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Good:
    """One label: words that stand for it, and what friendshore's data hold of it."""

    label: str
    words: re.Pattern[str]
    group: str
    """Product group of friendshore, or empty."""
    products: tuple[str, ...]
    """Product codes, where no group fits."""
    implies: tuple[str, ...]
    """Labels that go with it."""


@cache
def goods() -> Mapping[str, Good]:
    """Return the table of goods, ``data/goods.yaml``."""
    raw: dict[str, dict[str, Any]] = yaml.safe_load(
        files("friendshore").joinpath("data/goods.yaml").read_text("utf-8")
    )
    return {
        label: Good(
            label,
            re.compile(
                "|".join([rf"(?<!\w)(?:{entry['words']})(?!\w)", *entry.get("ja", ())]),
                0 if entry.get("case") else re.IGNORECASE,
            ),
            entry.get("group", ""),
            tuple(entry.get("products", ())),
            tuple(entry.get("implies", ())),
        )
        for label, entry in raw.items()
    }


def goods_in(text: str) -> tuple[str, ...]:
    """Labels of the goods that a text names, in the order of first mention."""
    places: dict[str, int] = {}
    for label, good in goods().items():
        match = good.words.search(text)
        if match:
            for each in (label, *good.implies):
                places[each] = min(places.get(each, match.start()), match.start())
    return tuple(sorted(places, key=lambda label: (places[label], label)))
