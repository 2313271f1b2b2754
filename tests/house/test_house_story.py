"""Every figure in the page on rare earths and nickel is the one that the data give."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

import friendshore
from friendshore import answers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "rare-earths-and-nickel.md"


@cache
def row(on: str, product: str, year: int, basis: str = "quantity") -> dict:
    finding = answers.exposure(["JPN"], on=[on], products=[product], years=[year], basis=basis)
    return dict(finding.rows[0])


def share(on: str, product: str, year: int, basis: str = "quantity", digits: int = 0) -> str:
    return f"{row(on, product, year, basis)['supplier_share']:.{digits}%}".replace("%", " %")


def dollars_a_kilogram(product: str, year: int) -> str:
    found = row("CHN", product, year)
    return f"{found['imports_usd'] / found['imports_t'] / 1000:.0f}"


@cache
def origin(importer: str, of: str) -> tuple[str, str]:
    finding = answers.trace(importer, product="284690", year=2022)
    (found,) = (r for r in finding.rows if r["origin"] == of)
    return f"{found['traced_share_low']:.0%}".replace("%", " %"), f"{found['traced_share_high']:.0%}".replace(
        "%", " %"
    )


def rare_earths() -> list[str]:
    now = row("CHN", "284690", 2022)
    through = [now["supplier_share_traced_low"], now["supplier_share_traced_high"]]
    hidden = [100 * (end - now["supplier_share"]) for end in through]
    china, myanmar, inside = origin("JPN", "CHN"), origin("JPN", "MMR"), origin("CHN", "MMR")
    return [
        f"In 2008 Japan bought {share('CHN', '284690', 2008)} of these tons from China, in 2012 "
        f"{share('CHN', '284690', 2012)}, in 2022 {share('CHN', '284690', 2022)}, and in 2024 "
        f"{share('CHN', '284690', 2024)}.",
        f"{dollars_a_kilogram('284690', 2010)} dollars a kilogram in 2010 and "
        f"{dollars_a_kilogram('284690', 2011)} dollars in 2011",
        f"from {share('MYS', '284690', 2010, digits=1)} in 2010 to {share('MYS', '284690', 2022)} in 2022",
        f"In 2022 China's share was {share('CHN', '284690', 2022, 'value')} by value and "
        f"{share('CHN', '284690', 2022)} by quantity; in 2013 it was "
        f"{share('CHN', '284690', 2013, 'value')} and {share('CHN', '284690', 2013)}.",
        f"By origin China is somewhere between {china[0]} and {china[1]}, and Myanmar, which sells Japan "
        f"nothing at all, is between {myanmar[0]} and {myanmar[1]}.",
        f"Myanmar produced {inside[0]} to {inside[1]}.",
        f"calmed by {china[1]}.",
        f"{through[0]:.0%} to {through[1]:.0%} of the tons: the {now['supplier_share']:.0%} that came directly, "
        f"and {hidden[0]:.1f} to {hidden[1]:.1f} points".replace("%", " %"),
    ]


@cache
def ore_exports(year: int) -> float:
    world = friendshore.open_world()
    trade = world.trade([year], ["260400"])
    return float(np.nansum(trade.quantity_t[trade.exporter == world.position["IDN"]])) / 1e6


def nickel() -> list[str]:
    world = friendshore.open_world()
    mined = [world.material_output["Nickel"].in_year(year, len(world.countries)) for year in (2018, 2024)]
    own = [tons[world.position["IDN"]] / 1e6 for tons in mined]
    hhi = [row("IDN", "260400", year)["import_hhi"] for year in (2013, 2015)]
    bought = [row("IDN", "260400", year)["imports_t"] / 1e6 for year in (2013, 2024)]
    assert row("IDN", "260400", 2015)["supplier_share"] == 0
    return [
        f"From {share('IDN', '260400', 2013)} in 2013 Indonesia's share fell to "
        f"{share('IDN', '260400', 2014, digits=1)} in 2014 and to zero in 2015.",
        f"from {ore_exports(2013):.1f} Mt to {ore_exports(2015):.2f} Mt",
        f"rose from {hhi[0]:.2f} to {hhi[1]:.2f}",
        f"Japan bought {bought[0]:.1f} Mt of ore in 2013 and {bought[1]:.1f} Mt in 2024",
        f"{own[0]:.2f} Mt of nickel content in 2018 and {own[1]:.1f} Mt in 2024, "
        f"{own[1] * 1e6 / np.nansum(mined[1]):.0%} of the world's".replace("%", " %"),
    ]


@pytest.mark.parametrize("told", [rare_earths, nickel])
def test_the_page_tells_what_the_data_say(told):
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert [sentence for sentence in told() if sentence not in page] == []


def test_myanmar_sells_japan_no_compounds_and_two_suppliers_of_ore_remain():
    world = friendshore.open_world()
    trade = world.trade([2022], ["284690"])
    direct = (trade.importer == world.position["JPN"]) & (trade.exporter == world.position["MMR"])
    assert not direct.any()
    ore = world.trade([2015], ["260400"])
    bought = ore.importer == world.position["JPN"]
    tons = np.nan_to_num(ore.quantity_t[bought])
    largest = [world.countries[i] for i in ore.exporter[bought][np.argsort(-tons)][:2]]
    assert sorted(largest) == ["NCL", "PHL"]
    assert np.sort(tons)[-2:].sum() / tons.sum() > 0.9
