"""Over what a run is varied: the ranges of its parameters, of the shock and of the stocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from friendshore.errors import ArgumentError
from friendshore.parameters import PARAMETERS, Parameters
from friendshore.shocks import Shock

__all__ = ["SHOCK_RANGES", "Range", "ranges_of"]

SHOCK_RANGES: Mapping[str, tuple[float, float, float]] = {
    "lost_share": (0.8, 1.0, 1.2),
    "duration": (0.5, 1.0, 1.5),
    "stock_factor": (0.75, 1.0, 1.25),
    "cover_days": (0.0, 0.0, 60.0),
}
"""Lowest, central and highest. Factors on the lost share (never beyond a full stop), on the duration where it ends and
on the stocks where they are stated; days of stock where they are not. All assumptions of ours."""


@dataclass(frozen=True)
class Range:
    """One thing that is varied; the three values are what a draw takes, or empty for a choice."""

    name: str
    low: float
    central: float
    high: float
    unit: str
    shown: tuple[float | str, float | str, float | str]
    """Low, central and high for the reader: a factor is written as what it gives, where that is one number."""
    source: str = "none"


def ranges_of(
    parameters: Parameters,
    shocks: Sequence[Shock],
    *,
    stated_stock: bool,
    unknown_stock: bool,
    own: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Range, ...]:
    """Return everything that is varied, the shock first.

    Parameters
    ----------
    parameters
        Central values. One outside its usual range widens the range.
    shocks
        What happens.
    stated_stock, unknown_stock
        Whether some importer's stock is stated, and whether some importer's is not.
    own
        Name -> lowest and highest, in place of the usual range.
    """
    found = [
        each
        for each in (_of_shock(name, shocks) for name in SHOCK_RANGES)
        if (each.name != "duration" or any(shock.duration_months for shock in shocks))
        and (each.name != "stock_factor" or stated_stock)
        and (each.name != "cover_days" or unknown_stock)
    ]
    stated = dict(parameters.sources)
    for name, about in PARAMETERS.items():
        central = float(getattr(parameters, name))
        low, high = min(about.low, central), max(about.high, central)
        found.append(
            Range(name, low, central, high, about.unit, (low, central, high), stated.get(name, about.source))
        )
    chosen = dict(own or {})
    unknown = sorted(set(chosen) - {each.name for each in found})
    if unknown:
        raise ArgumentError(
            f"Cannot vary {unknown[0]}: expected one of {', '.join(each.name for each in found)}",
            code="unknown_parameter",
        )
    return tuple(_narrowed(each, *chosen[each.name]) if each.name in chosen else each for each in found)


def _narrowed(each: Range, low: float, high: float) -> Range:
    if each.name in PARAMETERS:
        about = PARAMETERS[each.name]
        least, most = about.least, about.most
    else:
        least, most = 0.0, 36_525.0
    if not least <= low <= high <= most:
        raise ArgumentError(
            f"Range of {each.name} is {low:g} to {high:g}, expected two rising numbers from {least:g} to {most:g}",
            code="parameter_out_of_range",
            hint="Write the lower end first",
        )
    scale = 1.0
    if isinstance(each.shown[1], float) and each.central:
        scale = each.shown[1] / each.central
    shown = (low * scale, each.shown[1], high * scale)
    return replace(each, low=low, high=high, shown=shown)


def _of_shock(name: str, shocks: Sequence[Shock]) -> Range:
    low, central, high = SHOCK_RANGES[name]
    if name == "cover_days":
        return Range(name, low, central, high, "days", (low, central, high))
    if name == "stock_factor":
        return Range(name, low, central, high, "1", (low, central, high))
    if name == "lost_share":
        values = {shock.lost_share for shock in shocks}
        # never beyond a full stop: else half of all draws would be one
        high = min(high, 1 / max([*values, 1e-9]))
        unit = "share"
    else:
        values = {float(shock.duration_months) for shock in shocks if shock.duration_months}
        unit = "months"
    if len(values) == 1:
        (one,) = values
        return Range(name, low, central, high, unit, (low * one, one, high * one))
    return Range(name, low, central, high, "1", (low, central, high))
