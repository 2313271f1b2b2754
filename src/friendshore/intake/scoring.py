"""How well a reader reads: matches between what it found and what somebody labelled by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = ["matches", "overlap", "scores"]

Row = Mapping[str, Any]


def _words(quote: str) -> set[str]:
    return set("".join(c if c.isalnum() else " " for c in quote.casefold()).split())


def overlap(one: str, two: str) -> float:
    """Part of the words of the shorter quote that the other holds, 0 to 1."""
    a, b = _words(one), _words(two)
    return len(a & b) / max(1, min(len(a), len(b)))


def matches(
    gold: Sequence[Row], found: Sequence[Row], same: Callable[[Row, Row], bool]
) -> list[tuple[int, int]]:
    """Pair labelled and found events one to one, best quotes first."""
    pairs = [
        (-overlap(g["quote"], f["quote"]), -(g["date"] == f["date"]), i, j)
        for i, g in enumerate(gold)
        for j, f in enumerate(found)
        if same(g, f)
    ]
    taken_gold: set[int] = set()
    taken_found: set[int] = set()
    kept = []
    for _, _, i, j in sorted(pairs):
        if i not in taken_gold and j not in taken_found:
            taken_gold.add(i)
            taken_found.add(j)
            kept.append((i, j))
    return kept


def same_type(one: Row, two: Row) -> bool:
    """Whether two events are of one type."""
    return bool(one["type"] == two["type"])


def same_type_and_actors(one: Row, two: Row) -> bool:
    """Whether two events are of one type and have exactly the same actors."""
    return bool(one["type"] == two["type"] and set(one["actors"]) == set(two["actors"]))


def scores(gold: int, found: int, right: int) -> dict[str, float | None]:
    """Precision, recall and F1 of counts; None where nothing can be said."""
    precision = right / found if found else None
    recall = right / gold if gold else None
    f1 = 2 * right / (gold + found) if gold + found else None
    return {"precision": precision, "recall": recall, "f1": f1}
