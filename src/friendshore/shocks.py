"""What happens, as records: a shock, its profile and the stocks held against it.

Nothing here opens a file or knows a table. Codes are ISO3 and HS; a bloc is one code after it was joined, or
its members. What cannot be is refused with an :class:`~friendshore.errors.ArgumentError`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from friendshore.errors import ArgumentError
from friendshore.parameters import PARAMETERS, Parameter, Parameters, assumptions_of
from friendshore.records import Record

__all__ = [
    "DAYS_PER_MONTH",
    "PARAMETERS",
    "Parameter",
    "Parameters",
    "Profile",
    "Shock",
    "StockCover",
    "assumptions_of",
    "check_shocks",
]

DAYS_PER_MONTH = 365.25 / 12
CENTURY_DAYS = 36_525.0

Kind: TypeAlias = Literal[
    "export_ban", "quota", "licensing", "sanction", "import_ban", "outage", "passage_closure"
]
Stopper: TypeAlias = Literal["seller", "buyer", "third_party"]

LEAKY = frozenset({"export_ban", "quota", "licensing", "sanction", "import_ban"})
"""Kinds that goods can get around through a third country: somebody forbids, nothing is destroyed."""


def _refuse(message: str, code: str, hint: str = "", rows: Sequence[dict[str, Any]] = ()) -> ArgumentError:
    return ArgumentError(message, code=code, hint=hint, rows=rows)


def _within(value: float, low: float, high: float) -> bool:
    return math.isfinite(value) and low <= value <= high


class Profile(Record):
    """How the lost share runs over the months of a shock."""

    shape: Literal["full_stop", "quota", "licensing"] = "full_stop"
    """``full_stop`` and ``quota`` hold the lost share; ``licensing`` holds it until the first licences come
    through and then lets a part back."""
    delay_months: float = 2.0
    """Licensing: months until the first licences come through."""
    back_share: float = 0.5
    """Licensing: part of the lost share that is let back in the end, 0 to 1."""
    back_months: float = 6.0
    """Licensing: months over which it comes back, evenly."""

    @model_validator(mode="after")
    def _possible(self) -> Profile:
        if not (_within(self.delay_months, 0, 1200) and _within(self.back_months, 0, 1200)):
            raise _refuse(
                f"Profile: got {self.delay_months} and {self.back_months} months, expected none negative",
                "negative_months",
                "Give delay_months and back_months as 0 or more",
            )
        if not _within(self.back_share, 0, 1):
            raise _refuse(
                f"Profile: the part let back is {self.back_share}, expected 0 to 1", "share_out_of_range"
            )
        return self

    def factor(self, since: NDArray[np.float64]) -> NDArray[np.float64]:
        """Part of the stated lost share that is in force so many months after the start."""
        if self.shape != "licensing":
            return np.ones(len(since))
        # a month counts by its end: with a delay of two months the third month is the first with licences
        through = since + 1 - self.delay_months
        back = np.clip(through / self.back_months, 0, 1) if self.back_months > 0 else (through > 0) * 1.0
        return np.asarray(1 - self.back_share * back, np.float64)


class Shock(Record):
    """Some suppliers' goods stop, in part or wholly, for some importers or for all of them."""

    id: str
    kind: Kind = "export_ban"
    who_stops: Stopper = "seller"
    suppliers: tuple[str, ...]
    importers: tuple[str, ...] = ()
    """Whom it is aimed at; empty: the whole world. The two differ: what an aimed cut frees goes elsewhere."""
    products: tuple[str, ...]
    routes: tuple[tuple[str, str], ...] = ()
    """Closure of a passage: the (exporter, importer) pairs whose way leads through it; empty: all pairs of
    ``suppliers`` and ``importers``."""
    lost_share: float = 1.0
    """Part of the flow, or of an outage's output, that stops: 0 to 1."""
    profile: Profile = Profile()
    start_month: int = 0
    """First month struck; 0 is the first month of the run."""
    duration_months: int | None = None
    """None: it does not end within the run."""
    ramp_months: float = 0.0
    """Months over which the lost share is reached, evenly."""
    source: str = ""

    @model_validator(mode="after")
    def _possible(self) -> Shock:
        self._check_numbers()
        if not self.suppliers or not self.products:
            raise _refuse(
                f"Shock {self.id}: expected at least one supplier and one product", "incomplete_shock"
            )
        same = sorted(set(self.suppliers) & set(self.importers)) if not self.routes else []
        same += [a for a, b in self.routes if a == b]
        if same:
            raise _refuse(
                f"Shock {self.id}: {', '.join(same)} is both supplier and importer, so nothing crosses a border",
                "importer_is_supplier",
                "Name importers other than the suppliers",
            )
        if self.kind == "outage" and self.importers:
            raise _refuse(
                f"Shock {self.id}: an outage strikes a producer and so all who buy there, "
                f"but it names {len(self.importers)} importers",
                "outage_is_aimed",
                "Leave the importers out, or choose another kind",
            )
        if self.routes and self.kind != "passage_closure":
            raise _refuse(
                f"Shock {self.id}: only the closure of a passage has routes", "routes_without_passage"
            )
        return self

    def _check_numbers(self) -> None:
        if not _within(self.lost_share, 0, 1):
            raise _refuse(
                f"Shock {self.id}: lost share is {self.lost_share}, expected 0 to 1",
                "share_out_of_range",
                "Write 0.4 for 40 percent",
            )
        months = {"start": self.start_month, "ramp": self.ramp_months, "duration": self.duration_months or 0}
        for name, value in months.items():
            if not _within(value, 0, 1200):
                raise _refuse(
                    f"Shock {self.id}: {name} is {value} months, expected 0 to 1200", "negative_months"
                )
        if self.duration_months == 0:
            raise _refuse(f"Shock {self.id}: a duration of 0 months is no shock", "no_duration")

    @property
    def aimed(self) -> bool:
        """Whether it is aimed at some importers alone."""
        return bool(self.importers or self.routes)

    @property
    def end_month(self) -> float:
        """First month after it, infinite where it does not end."""
        return math.inf if self.duration_months is None else self.start_month + self.duration_months

    def lost(self, months: int, *, duration_factor: float = 1.0) -> NDArray[np.float64]:
        """Return the share that is lost in each month of a run, 0 outside the shock."""
        since = np.arange(months, dtype=np.float64) - self.start_month
        share = self.lost_share * self.profile.factor(since)
        if self.ramp_months > 0:
            share = share * np.clip((since + 1) / self.ramp_months, 0, 1)
        if self.duration_months is not None:
            # a duration that is no whole number of months strikes a part of its last month
            share = share * np.clip(self.duration_months * duration_factor - since, 0, 1)
        return np.where(since < 0, 0.0, share)

    def leaks(self, months: int, delay: float) -> NDArray[np.bool_]:
        """Return the months in which goods may come around through third countries."""
        return (np.arange(months) >= self.start_month + delay) & (self.kind in LEAKY)


def check_shocks(shocks: Iterable[Shock]) -> tuple[Shock, ...]:
    """Refuse shocks of which two would say something about the same flow in the same month.

    An outage and a ban may strike the same supplier: one lowers what there is, the other closes links.
    """
    listed = tuple(shocks)
    rows = [
        {"shock": one.id, "other": two.id, **{k: v[0] for k, v in common.items()}}
        for one, two in combinations(listed, 2)
        if (common := _common(one, two))
    ]
    if rows:
        first = rows[0]
        raise _refuse(
            f"Shocks {first['shock']} and {first['other']} both strike {first['supplier']} in month "
            f"{first['month']}: expected at most one shock on a link in a month ({len(rows)} such pairs)",
            "overlapping_shocks",
            "Give one shock with the joint lost share, or months that do not overlap",
            rows[:5],
        )
    return listed


def _common(one: Shock, two: Shock) -> dict[str, list[Any]]:
    """Return supplier, product and month that two shocks share on some link; empty where they share none."""
    if (one.kind == "outage") != (two.kind == "outage"):
        return {}
    suppliers = sorted(_sellers(one) & _sellers(two))
    products = sorted(set(one.products) & set(two.products))
    month = max(one.start_month, two.start_month)
    if not suppliers or not products or month >= min(one.end_month, two.end_month):
        return {}
    if one.routes and two.routes:
        pairs = sorted(set(one.routes) & set(two.routes))
        suppliers = [a for a, _ in pairs]
    elif one.routes or two.routes:
        routed, other = (one, two) if one.routes else (two, one)
        suppliers = [
            a
            for a, b in routed.routes
            if a in other.suppliers and (not other.importers or b in other.importers)
        ]
    elif one.importers and two.importers and not set(one.importers) & set(two.importers):
        return {}
    return {"supplier": suppliers, "product": products, "month": [month]} if suppliers else {}


def _sellers(shock: Shock) -> set[str]:
    return {a for a, _ in shock.routes} if shock.routes else set(shock.suppliers)


class StockCover(Record):
    """How long an importer's stock of a product lasts at base demand."""

    importer: str
    product: str = ""
    """Empty: every product of the run."""
    days: float | None = None
    """None: unknown, which is not zero: the result then says that it is without stock."""
    source: str = ""

    @model_validator(mode="after")
    def _possible(self) -> StockCover:
        if self.days is not None and not (math.isfinite(self.days) and self.days >= 0):
            raise _refuse(
                f"Stock of {self.importer}: {self.days} days, expected 0 or more",
                "negative_stock",
                "Leave days out where the stock is unknown",
            )
        if self.days is not None and self.days > CENTURY_DAYS:
            raise _refuse(
                f"Stock of {self.importer}: {self.days:,.0f} days are more than a century of demand",
                "stock_too_large",
                "Give days of base demand, not tons",
            )
        return self
