"""Decide: what to buy elsewhere, build and hold, alone and together, and why."""
