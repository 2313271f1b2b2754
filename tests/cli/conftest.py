"""A folder of toy tables as a user would bring it, and the command line run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from friendshore.cli import main

# methods.md 3.1 with SGP as the hub: what JPN buys from SGP is mostly CHN's.
FLOWS = (
    ("CHN", "SGP", 50), ("CHN", "JPN", 10), ("SGP", "JPN", 30), ("SGP", "VNM", 10), ("JPN", "SGP", 5),
    ("VNM", "JPN", 4), ("CHN", "USA", 20), ("VNM", "USA", 20),
)  # fmt: skip
MADE = (("CHN", 100), ("JPN", 20), ("SGP", 0), ("VNM", 0), ("USA", 10))


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with trade, production and governance of 2019 to 2022 in two products."""
    folder = tmp_path_factory.mktemp("toy")
    trade = ["year,exporter,importer,product,value_usd,quantity_t"]
    made = ["year,country,product,quantity_t"]
    stable = ["year,country,political_stability"]
    for year in (2019, 2020, 2021, 2022):
        trade += [f"{year},{a},{b},284690,{1000 * v},{v}" for a, b, v in FLOWS]
        trade += [
            f"{year},CHN,JPN,280530,7000,",
            f"{year},VNM,JPN,280530,3000,2",
            f"{year},VNM,USA,280530,10,1",
        ]
        made += [f"{year},{c},284690,{v}" for c, v in MADE]
        stable += [f"{year},{c},0.5" for c, _ in MADE]
    for name, lines in (("trade", trade), ("production", made), ("governance", stable)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Run the command line in an empty folder and give exit code, stdout, stderr and the JSON object."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: object) -> SimpleNamespace:
        code = main([str(word) for word in argv])
        out, err = capsys.readouterr()
        told = json.loads(out) if "--json" in argv else None
        return SimpleNamespace(code=code, out=out, err=err, json=told)

    return run
