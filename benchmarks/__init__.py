"""Benchmarks: CPU time as a ratio to what others need for the same work, measured in one run."""
