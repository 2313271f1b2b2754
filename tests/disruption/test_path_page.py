"""The page about the path names every parameter with the default and the range of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from friendshore.disruption.feeds import YIELDS
from friendshore.parameters import PARAMETERS, Parameters

PAGE = (Path(__file__).resolve().parents[2] / "docs/explanation/path.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_the_page_states_default_range_and_source(name):
    about = PARAMETERS[name]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:3] == [f"{getattr(Parameters(), name):g}", f"{about.low:g} to {about.high:g}"]
    assert cells[4] == about.source


def test_the_page_states_the_yields():
    assert all(f"{share:g} t" in PAGE for share in YIELDS.values())
