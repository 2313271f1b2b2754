"""Draw findings: Altair charts turned into SVG and PNG, offline. Nothing is computed here but positions."""

from friendshore.charts.draw import composed, draw, finished, picture

__all__ = ["composed", "draw", "finished", "picture"]
