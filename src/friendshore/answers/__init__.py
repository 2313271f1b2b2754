"""The questions users ask, one function each; every one returns a Finding."""
