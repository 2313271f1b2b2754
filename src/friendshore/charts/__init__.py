"""Finding to chart specification; the only door to the chart library."""
