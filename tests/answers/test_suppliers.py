"""Who supplies importers, counted by hand in toy worlds and a second time with DuckDB in the box."""

from __future__ import annotations

from importlib.resources import files

import pytest

from friendshore.answers import suppliers
from friendshore.charts import draw
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.report.words import words_in
from worlds import world

FLOWS = [
    # year, exporter, importer, product, dollars, tons
    (2017, "CHN", "JPN", "284690", 30, 3), (2017, "AUS", "JPN", "284690", 70, 7),
    (2022, "CHN", "JPN", "284690", 60, 6), (2022, "AUS", "JPN", "284690", 30, 2),
    (2022, "VNM", "JPN", "284690", 10, None),
    (2022, "AUS", "JPN", "270112", 900, 9), (2022, "CHN", "JPN", "270112", 100, 1),
    (2022, "CHN", "USA", "284690", 50, 5), (2022, "JPN", "USA", "284690", 50, 5),
]  # fmt: skip


def by_supplier(finding, importer="JPN"):
    return {row["supplier"]: row for row in finding.rows if row["importer"] == importer}


def test_shares_of_one_product_their_change_and_their_tons():
    finding = suppliers("JPN", on="CHN", products="284690", year=2022, world=world(FLOWS))
    rows = by_supplier(finding)
    assert [row["supplier"] for row in finding.rows] == ["CHN", "AUS", "VNM"]
    assert [row["rank"] for row in finding.rows] == [1, 2, 3]
    assert {s: row["share"] for s, row in rows.items()} == pytest.approx({"CHN": 0.6, "AUS": 0.3, "VNM": 0.1})
    assert rows["CHN"]["share_change"] == pytest.approx(0.3)
    assert rows["AUS"]["share_change"] == pytest.approx(-0.4)
    assert rows["VNM"]["share_change"] == pytest.approx(0.1)
    assert (rows["CHN"]["supplied_t"], rows["CHN"]["tons_share"]) == (6, pytest.approx(0.75))
    assert rows["VNM"]["supplied_t"] is None
    assert rows["VNM"]["tons_share"] is None
    assert [row["of_concern"] for row in finding.rows] == [True, False, False]
    assert [row["products_led"] for row in finding.rows] == [1, 0, 0]
    assert any("1" in str(note) and "tons" in str(note) for note in finding.caveats)


def test_over_several_products_each_counts_the_same_and_tons_are_not_added():
    finding = suppliers("JPN", year=2022, world=world(FLOWS))
    rows = by_supplier(finding)
    assert rows["CHN"]["share"] == pytest.approx((0.6 + 0.1) / 2)
    assert rows["CHN"]["value_share"] == pytest.approx(160 / 1100)
    assert rows["AUS"]["share"] == pytest.approx((0.3 + 0.9) / 2)
    assert sum(row["share"] for row in finding.rows) == pytest.approx(1)
    assert sum(row["value_share"] for row in finding.rows) == pytest.approx(1)
    assert all(row["supplied_t"] is None for row in finding.rows)
    assert all(row["of_concern"] is None for row in finding.rows)
    assert any("not added" in str(note) for note in finding.caveats)


def test_joined_importers_do_not_supply_each_other():
    finding = suppliers(
        ["JPN", "USA"], on="CHN", products="284690", year=2022, as_bloc=True, world=world(FLOWS)
    )
    assert {row["importer"] for row in finding.rows} == {"JPN+USA"}
    rows = by_supplier(finding, "JPN+USA")
    assert "JPN" not in rows
    assert rows["CHN"]["share"] == pytest.approx(110 / 150)


def test_no_change_is_told_where_the_data_do_not_reach_back_or_nothing_was_bought():
    toy = world(FLOWS)
    finding = suppliers("USA", products="284690", year=2022, world=toy)
    assert all(row["share_change"] is None for row in finding.rows)
    assert any("bought none" in str(note) for note in finding.caveats)
    early = suppliers("JPN", products="284690", year=2017, world=toy)
    assert all(row["share_change"] is None for row in early.rows)
    assert any("2012" in str(note) for note in early.caveats)


def test_the_supplier_of_concern_is_no_importer_and_an_importer_without_imports_is_refused():
    with pytest.raises(ArgumentError) as caught:
        suppliers("JPN", on="JPN", world=world(FLOWS))
    assert caught.value.code == "importer_is_supplier"
    with pytest.raises(MissingDataError) as missing:
        suppliers("AUS", year=2022, world=world(FLOWS))
    assert missing.value.code == "no_imports"


@pytest.mark.parametrize(("importer", "product"), [("JPN", "284690"), ("DEU", ""), ("USA", "")])
def test_the_box_counted_a_second_time(importer, product):
    import duckdb

    trade = files("friendshore").joinpath("data/raw_materials/trade")
    only = f"AND product = '{product}'" if product else ""
    counted = duckdb.sql(f"""
        WITH mine AS (
            SELECT parse_filename(filename, true)::INT AS year, exporter, product, sum(value_usd) AS usd
            FROM read_parquet(['{trade}/2017.parquet', '{trade}/2022.parquet'], filename = true)
            WHERE importer = '{importer}' {only} GROUP BY ALL
        ), parts AS (
            SELECT year, exporter, usd, usd / sum(usd) OVER (PARTITION BY year, product) AS part,
                   row_number() OVER (PARTITION BY year, product ORDER BY usd DESC, exporter) = 1 AS leads
            FROM mine
        ), wide AS (SELECT year, count(DISTINCT product) AS goods FROM mine GROUP BY year)
        SELECT exporter, year, sum(part) / any_value(goods), sum(usd), sum(leads::INT)
        FROM parts JOIN wide USING (year) GROUP BY exporter, year
    """).fetchall()
    now = {e: (share, usd, led) for e, year, share, usd, led in counted if year == 2022}
    before = {e: share for e, year, share, _, _ in counted if year == 2017}
    rows = by_supplier(suppliers(importer, products=product or (), year=2022), importer)
    assert set(rows) == set(now)
    for code, row in rows.items():
        assert row["share"] == pytest.approx(now[code][0], abs=1e-12)
        assert row["supplied_usd"] == pytest.approx(now[code][1])
        assert row["products_led"] == now[code][2]
        assert row["share_change"] == pytest.approx(now[code][0] - before.get(code, 0), abs=1e-12)


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("importers", [["JPN"], ["JPN", "USA"]])
def test_it_is_drawn(importers, lang):
    finding = suppliers(importers, on="CHN", products="284690", year=2022, world=world(FLOWS))
    svg = draw(finding, words=words_in(lang)).decode()
    assert "60" in svg
    assert words_in(lang).name("AUS") in svg
