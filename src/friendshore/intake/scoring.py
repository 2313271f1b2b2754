"""How well a reader reads: matches between what it found and what somebody labelled by hand, and scores of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = [
    "Judged",
    "intervals",
    "judged",
    "matches",
    "overlap",
    "same_type",
    "same_type_and_actors",
    "summary",
]

Row = Mapping[str, Any]
DRAWS = 1000


def _words(quote: str) -> set[str]:
    return set("".join(c if c.isalnum() else " " for c in quote.casefold()).split())


def overlap(one: str, two: str) -> float:
    """Part of the words of the shorter quote that the other holds, 0 to 1."""
    a, b = _words(one), _words(two)
    return len(a & b) / max(1, min(len(a), len(b)))


def same_type(one: Row, two: Row) -> bool:
    """Whether two events are of one type."""
    return bool(one["type"] == two["type"])


def same_type_and_actors(one: Row, two: Row) -> bool:
    """Whether two events are of one type and have exactly the same actors."""
    return same_type(one, two) and set(one["actors"]) == set(two["actors"])


def relaxed(one: Row, two: Row) -> bool:
    """Whether two events are of one type, share somebody, and their quotes overlap."""
    parties = [set(event["actors"]) | set(event["targets"]) for event in (one, two)]
    return same_type(one, two) and bool(parties[0] & parties[1]) and overlap(one["quote"], two["quote"]) > 0.5


def matches(
    labelled: Sequence[Row], found: Sequence[Row], same: Callable[[Row, Row], bool]
) -> list[tuple[int, int]]:
    """Pair labelled and found events one to one, those with the most common words and the same date first."""
    pairs = sorted(
        (-overlap(a["quote"], b["quote"]), a["date"] != b["date"], i, j)
        for i, a in enumerate(labelled)
        for j, b in enumerate(found)
        if same(a, b)
    )
    left, right, kept = set(range(len(labelled))), set(range(len(found))), []
    for *_, i, j in pairs:
        if i in left and j in right:
            left.remove(i)
            right.remove(j)
            kept.append((i, j))
    return kept


@dataclass(frozen=True)
class Judged:
    """Counts of one document, or of one type over all documents."""

    labelled: int = 0
    found: int = 0
    strict: int = 0
    typed: int = 0
    relaxed: int = 0
    dates: int = 0
    """Of the strict matches, those with the same date."""
    statuses: int = 0
    amounts: int = 0
    amounts_of: int = 0
    """Strict matches in which either side states a sum."""
    products: int = 0
    exact: int = 0
    """Found events whose quote stands in the text as it is, white space aside."""
    blank: int = 0
    """1 where the document holds no labelled event."""
    false_in_blank: int = 0

    def __add__(self, other: Judged) -> Judged:
        return Judged(*(a + b for a, b in zip(self.counts, other.counts, strict=True)))

    @property
    def counts(self) -> tuple[int, ...]:
        """All counts in order."""
        return tuple(getattr(self, name) for name in self.__dataclass_fields__)


def judged(labelled: Sequence[Row], found: Sequence[Row], text: str, kind: str = "") -> Judged:
    """Count for one document, of one type where it is given."""
    if kind:
        labelled = [event for event in labelled if event["type"] == kind]
        found = [event for event in found if event["type"] == kind]
    strict = matches(labelled, found, same_type_and_actors)
    pairs = [(labelled[i], found[j]) for i, j in strict]
    money = [(a, b) for a, b in pairs if a["amount_usd"] is not None or b["amount_usd"] is not None]
    plain = " ".join(text.split())
    return Judged(
        len(labelled), len(found), len(strict), len(matches(labelled, found, same_type)),
        len(matches(labelled, found, relaxed)),
        sum(a["date"] == b["date"] for a, b in pairs), sum(a["status"] == b["status"] for a, b in pairs),
        sum(a["amount_usd"] == b["amount_usd"] for a, b in money), len(money),
        sum(set(a["products"]) == set(b["products"]) for a, b in pairs),
        sum(" ".join(event["quote"].split()) in plain for event in found),
        int(not labelled), 0 if labelled else len(found),
    )  # fmt: skip


def _part(some: float, whole: float) -> float | None:
    return some / whole if whole else None


def summary(total: Judged, documents: int) -> dict[str, float | int | None]:
    """Scores of counts; None where there is nothing to score."""
    return {
        "f1_type_actors": _part(2 * total.strict, total.labelled + total.found),
        "precision_type_actors": _part(total.strict, total.found),
        "recall_type_actors": _part(total.strict, total.labelled),
        "f1_type": _part(2 * total.typed, total.labelled + total.found),
        "f1_relaxed": _part(2 * total.relaxed, total.labelled + total.found),
        "date_accuracy": _part(total.dates, total.strict),
        "status_accuracy": _part(total.statuses, total.strict),
        "amount_accuracy": _part(total.amounts, total.amounts_of),
        "product_accuracy": _part(total.products, total.strict),
        "quote_exact": _part(total.exact, total.found),
        "false_events_per_blank": _part(total.false_in_blank, total.blank),
        "n_documents": documents,
        "n_blank": total.blank,
        "n_events": total.labelled,
        "n_found": total.found,
    }


def intervals(documents: Sequence[Judged], *, seed: int = 0) -> dict[str, tuple[float, float]]:
    """95 percent intervals of the two F1 scores, over documents drawn again and again."""
    counts = np.array([document.counts for document in documents], np.float64).reshape(len(documents), -1)
    if not len(documents):
        return {}
    drawn = np.random.default_rng(seed).integers(0, len(documents), (DRAWS, len(documents)))
    sums = counts[drawn].sum(axis=1)
    names = list(Judged.__dataclass_fields__)
    both = sums[:, names.index("labelled")] + sums[:, names.index("found")]
    found: dict[str, tuple[float, float]] = {}
    for score, field in (("f1_type_actors", "strict"), ("f1_type", "typed")):
        known = both > 0
        if known.any():
            values = 2 * sums[known, names.index(field)] / both[known]
            low, high = np.quantile(values, [0.025, 0.975]).tolist()
            found[score] = (low, high)
    return found
