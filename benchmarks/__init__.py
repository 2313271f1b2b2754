"""Benchmarks: CPU time as a ratio to what others need for the same work, measured in one run.

``python -m benchmarks`` runs all, ``python -m benchmarks indicators`` one of them. Everything runs on one
thread; a figure is the median of several runs. They are never tests: a busy machine moves CPU time by a third.
"""
