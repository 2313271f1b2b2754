"""Quantities cleaned by unit value."""

from __future__ import annotations

import numpy as np

from friendshore.tables.trade import Floats, Trade

__all__ = ["clean"]


def clean(trade: Trade) -> tuple[Floats, np.ndarray]:
    """Placeholder until the rule is in."""
    return trade.quantity_t.copy(), np.full(len(trade), "", dtype=object)
