"""Open, read, check and convert tables."""
