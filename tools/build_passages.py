"""Write data/passages.csv: which way ships go between 67 areas, and how far around where a passage is closed.

Reads the sea distances that were computed with searoute 1.6.0 (six scenarios of closed passages); run by hand::

    python tools/build_passages.py ../shared/data/gravity/sea_distance_67areas_6scenarios.parquet
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pyarrow.parquet as pq

TARGET = Path(__file__).resolve().parents[1] / "src/friendshore/data/passages.csv"
NAMES = {"ormuz": "hormuz", "babalmandab": "bab_el_mandeb", "south_africa": "cape", "chili": "magellan"}
CLOSED = {"no_suez": "suez", "no_malacca": "malacca", "no_panama": "panama", "no_hormuz": "hormuz"}


def main(source: str) -> None:
    """Turn one row a pair and scenario into one row a pair."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for row in pq.ParquetFile(source).read().to_pylist():
        pair = rows.setdefault((row["area_a"], row["area_b"]), {})
        km = "" if row["km"] is None or row["km"] != row["km"] else f"{row['km']:.0f}"
        if row["scenario"] == "base":
            passed = [NAMES.get(name, name) for name in (row["passages"] or "").split(";") if name]
            pair |= {"km": km, "passages": ";".join(sorted(passed))}
        elif row["scenario"] in CLOSED:
            pair[f"km_without_{CLOSED[row['scenario']]}"] = km
    names = ["area_a", "area_b", "km", "passages", *(f"km_without_{name}" for name in CLOSED.values())]
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, names, lineterminator="\n")
        out.writeheader()
        for (a, b), pair in sorted(rows.items()):
            out.writerow({"area_a": a, "area_b": b, **pair})


if __name__ == "__main__":
    main(sys.argv[1])
