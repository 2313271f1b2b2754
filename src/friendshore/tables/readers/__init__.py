"""Readers of files that users bring: each gives batches of rows in the columns of the data dictionary."""
