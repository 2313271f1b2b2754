"""Grades: goods of the same code at very different unit values do not stand in for one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from friendshore.tables.trade import Floats

__all__ = ["GRADE_FACTOR", "same_grade", "unit_values"]

GRADE_FACTOR = 2.0
"""A supplier whose unit value is further off than this factor sells another grade (assumption)."""


def unit_values(dollars: Floats, tons: Floats) -> Floats:
    """Dollars a ton; NaN where there are no tons."""
    result = np.full(len(tons), np.nan)
    np.divide(dollars, tons, out=result, where=tons > 0)
    return result


def same_grade(offered: Floats, paid: Floats, factor: float = GRADE_FACTOR) -> NDArray[np.bool_]:
    """Whether a supplier's unit value is within a factor of what the importer pays on average today.

    Without a unit value on either side the grade is not known, and the answer is no: what cannot be compared
    is not counted on.
    """
    with np.errstate(invalid="ignore"):
        close: NDArray[np.bool_] = (offered <= paid * factor) & (offered * factor >= paid) & (offered > 0)
    return close
