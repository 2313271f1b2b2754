"""Draw findings: Altair charts turned into SVG and PNG, offline. Nothing is computed here but positions."""

from friendshore.charts.draw import draw

__all__ = ["draw"]
