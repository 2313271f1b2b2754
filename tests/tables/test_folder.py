"""A user's folder: what is accepted, and every kind of bad file refused with file, line and a way on."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from friendshore.errors import DataError
from friendshore.tables.assembly import newest_full_year
from friendshore.tables.folder import failing_rows, open_folder

HEADER = "year,exporter,importer,product,value_usd,quantity_t\n"
GOOD = "2022,CHN,JPN,284690,100,10\n2022,USA,JPN,284690,50.5,\n2021,USA,JPN,010121,0,0\n"


def folder(tmp_path, trade=HEADER + GOOD, **others):
    """Write a folder; text is encoded as UTF-8, bytes are written as they are."""
    for table, content in {"trade": trade, **others}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / f"{table}.csv").write_bytes(data)
    return tmp_path


def refused(path) -> DataError:
    with pytest.raises(DataError) as caught:
        open_folder(path)
    assert caught.value.hint, "every refusal says how to go on"
    return caught.value


def test_rows_of_the_folder_are_the_rows_of_the_world(tmp_path):
    world = open_folder(folder(tmp_path))
    assert world.countries == ("CHN", "JPN", "USA")
    assert world.products == ("010121", "284690")
    assert world.years == (2021, 2022)
    assert world.hs == "HS92"
    trade = world.trade([2022])
    rows = [
        (world.countries[e], world.countries[i], world.products[p], v, q)
        for e, i, p, v, q in zip(
            trade.exporter, trade.importer, trade.product, trade.value_usd, trade.quantity_t, strict=True
        )
    ]
    assert rows[0] == ("CHN", "JPN", "284690", 100.0, 10.0)
    assert rows[1][:4] == ("USA", "JPN", "284690", 50.5)
    assert math.isnan(rows[1][4]), "an empty quantity is unknown, not zero"


def test_a_year_or_product_without_rows_gives_none(tmp_path):
    world = open_folder(folder(tmp_path))
    assert len(world.trade([1999])) == 0
    assert len(world.trade(products=["999999"])) == 0
    assert len(world.trade()) == 3
    assert len(world.trade([2021, 2022], ["284690"])) == 2


def test_production_absent_row_is_unknown_and_zero_is_zero(tmp_path):
    production = "year,country,product,quantity_t\n2022,CHN,284690,5\n2022,USA,284690,0\n2021,AUS,284690,\n"
    world = open_folder(folder(tmp_path, production=production))
    output = world.product_output["284690"]
    at = world.position
    assert output.years == (2021, 2022)
    assert output.tons[1, at["CHN"]] == 5
    assert output.tons[1, at["USA"]] == 0
    assert math.isnan(output.tons[1, at["JPN"]])
    assert math.isnan(output.tons[0, at["AUS"]]), "an empty cell is unknown"
    assert "AUS" in world.countries


def test_material_output_sums_known_codes_and_is_nan_where_no_code_has_a_row(tmp_path):
    from friendshore.tables.materials import governance_codes

    first, second = governance_codes("Cobalt")[:2]
    production = (
        f"year,country,product,quantity_t\n2022,COD,{first},5\n2022,COD,{second},7\n2022,AUS,{first},1\n"
    )
    world = open_folder(folder(tmp_path, production=production))
    cobalt = world.material_output["Cobalt"].in_year(2022, len(world.countries))
    assert cobalt[world.position["COD"]] == 12
    assert cobalt[world.position["AUS"]] == 1
    assert math.isnan(cobalt[world.position["JPN"]])


def test_governance_keeps_listed_apart_from_known(tmp_path):
    governance = "year,country,political_stability\n2022,CHN,-0.5\n2022,JPN,\n"
    world = open_folder(folder(tmp_path, governance=governance))
    at = world.position
    assert world.stability[2022][at["CHN"]] == -0.5
    assert math.isnan(world.stability[2022][at["JPN"]])
    assert world.listed[2022].tolist() == [True, True, False]


def test_production_with_a_header_alone_knows_nothing(tmp_path):
    world = open_folder(folder(tmp_path, production="year,country,product,quantity_t\n"))
    assert world.product_output == {}


def test_source_carries_a_hash_that_changes_with_the_files(tmp_path):
    first = open_folder(folder(tmp_path)).sources[0].sha256
    again = open_folder(tmp_path).sources[0].sha256
    other = open_folder(folder(tmp_path, HEADER + GOOD + "2022,AUS,JPN,284690,1,1\n")).sources[0].sha256
    assert first == again != other
    assert str(tmp_path) not in open_folder(tmp_path).sources[0].model_dump_json()


@pytest.mark.parametrize(
    "trade",
    [
        b"\xef\xbb\xbf" + (HEADER + GOOD).encode(),
        (HEADER + GOOD).replace("\n", "\r\n"),
        (HEADER + GOOD).rstrip("\n"),
        HEADER + "\n" + GOOD + "\n\n",
        '"year","exporter","importer","product","value_usd","quantity_t"\n'
        '"2022","CHN","JPN","284690","100","10"\n2022,USA,JPN,"284690",50.5,""\n2021, USA ,JPN,010121,0,0\n',
        "product,year,quantity_t,value_usd,importer,exporter\n"
        "284690,2022,10,1e2,JPN,CHN\n284690,2022,,50.5,JPN,USA\n010121,2021,0,0,JPN,USA\n",
    ],
    ids=["byte order mark", "CRLF", "no last newline", "blank lines", "quotes and blanks", "other order"],
)
def test_harmless_variants_are_read_alike(tmp_path, trade):
    expected = open_folder(folder(tmp_path)).trade()
    found = open_folder(folder(tmp_path, trade)).trade()
    for name in ("year", "product", "importer", "exporter", "value_usd", "quantity_t"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


BAD_ROWS = {
    "negative dollars": ("2022,AUS,JPN,284690,-1,1", "negative_value", "value_usd", "-1"),
    "negative tons": ("2022,AUS,JPN,284690,1,-0.5", "negative_value", "quantity_t", "-0.5"),
    "NaN": ("2022,AUS,JPN,284690,nan,1", "not_finite", "value_usd", "nan"),
    "infinite": ("2022,AUS,JPN,284690,1,inf", "not_finite", "quantity_t", "inf"),
    "beyond all numbers": ("2022,AUS,JPN,284690,1e400,1", "not_finite", "value_usd", "inf"),
    "beyond the world": ("2022,AUS,JPN,284690,1e30,1", "out_of_range", "value_usd", "1e+30"),
    "text for a number": ("2022,AUS,JPN,284690,many,1", "not_a_number", "value_usd", "many"),
    "hexadecimal": ("0x7E6,AUS,JPN,284690,1,1", "not_an_integer", "year", "0x7E6"),
    "NA": ("2022,AUS,JPN,284690,1,NA", "not_a_number", "quantity_t", "NA"),
    "no dollars": ("2022,AUS,JPN,284690,,1", "missing_value", "value_usd", "nothing"),
    "no exporter": ("2022,,JPN,284690,1,1", "missing_value", "exporter", "nothing"),
    "decimal comma": ('2022,AUS,JPN,284690,"1,5",1', "not_a_number", "value_usd", "1,5"),
    "thousands": ('2022,AUS,JPN,284690,"1,500.2",1', "not_a_number", "value_usd", "1,500.2"),
    "year with a point": ("2022.0,AUS,JPN,284690,1,1", "not_an_integer", "year", "2022.0"),
    "year of a date": ("2022-01-01,AUS,JPN,284690,1,1", "not_an_integer", "year", "2022-01-01"),
    "year out of range": ("22,AUS,JPN,284690,1,1", "out_of_range", "year", "22"),
    "unknown country": ("2022,XQX,JPN,284690,1,1", "unknown_country", "exporter", "XQX"),
    "country in small letters": ("2022,aus,JPN,284690,1,1", "unknown_country", "exporter", "aus"),
    "country of two letters": ("2022,AU,JPN,284690,1,1", "unknown_country", "exporter", "AU"),
    "lost zero": ("2022,AUS,JPN,10121,1,1", "lost_zero", "product", "10121"),
    "four digits": ("2022,AUS,JPN,2846,1,1", "bad_product", "product", "2846"),
    "dotted code": ("2022,AUS,JPN,2846.90,1,1", "bad_product", "product", "2846.90"),
    "fullwidth digits": ("2022,AUS,JPN,２８４６９０,1,1", "bad_product", "product", "２８４６９０"),
    "self-flow": ("2022,AUS,AUS,284690,1,1", "self_flow", "importer", "AUS"),
    "too many cells": ("2022,AUS,JPN,284690,1,5,1", "wrong_cell_count", "row", "7 cells"),
    "too few cells": ("2022,AUS,JPN", "wrong_cell_count", "row", "3 cells"),
    "formula": ("=1+1,AUS,JPN,284690,1,1", "not_an_integer", "year", "=1+1"),
}


@pytest.mark.parametrize("case", BAD_ROWS)
def test_one_bad_row_refuses_the_folder(tmp_path, case):
    row, code, field, got = BAD_ROWS[case]
    error = refused(folder(tmp_path, HEADER + GOOD + row + "\n2020,AUS,JPN,284690,1,1\n"))
    assert error.code == code
    assert error.rows == (
        {"table": "trade", "file": "trade.csv", "line": 5, "field": field, "got": got,
         "expected": error.rows[0]["expected"]},
    )  # fmt: skip
    assert "1 row breaks" in error.message
    assert "trade.csv line 5" in error.message


@pytest.mark.parametrize(
    ("row", "advice"),
    [
        ("2022,AUS,JPN,10121,1,1", 'write "010121"'),
        ('2022,AUS,JPN,284690,"1,5",1', "write 1.5"),
        ('2022,AUS,JPN,284690,"1,500.2",1', "write 1500.2"),
        ("2022.0,AUS,JPN,284690,1,1", "write 2022"),
        ("2022,AUS,JPN,284690,1,NA", "leave the cell empty"),
        ("2022,S19,JPN,284690,1,1", "write TWN"),
        ("2022,Australia,JPN,284690,1,1", "write AUS"),
        ("2022,オーストラリア,JPN,284690,1,1", "write AUS"),
        ("2022,AU,JPN,284690,1,1", "write AUS"),
        ("2022,JPP,CHN,284690,1,1", "did you mean JPN?"),
        ("2022,AUS,JPN,284690,1,5,1", "decimal points"),
    ],
)
def test_expected_says_what_to_write(tmp_path, row, advice):
    assert advice in refused(folder(tmp_path, HEADER + GOOD + row + "\n")).rows[0]["expected"]


def test_every_fault_is_counted_and_five_are_shown(tmp_path):
    bad = "".join(f"2022,AUS,JPN,{code},1,1\n" for code in range(10121, 10133))
    error = refused(folder(tmp_path, HEADER + bad + GOOD))
    assert "12 rows break" in error.message
    assert [row["line"] for row in error.rows] == [2, 3, 4, 5, 6]
    assert "7 more" in error.message


def test_faults_of_all_files_are_told_at_once(tmp_path):
    path = folder(
        tmp_path, HEADER + GOOD + "2022,AUS,JPN,284690,-1,1\n",
        production="year,country,product,quantity_t\n2022,CHN,284690,-5\n",
        governance="year,country,political_stability\n2022,CHN,55.2\n",
    )  # fmt: skip
    error = refused(path)
    assert [row["file"] for row in error.rows] == ["trade.csv", "production.csv", "governance.csv"]
    assert len(failing_rows(path)) == 3


@pytest.mark.parametrize("again", ["2022,CHN,JPN,284690,100,10", "2022,CHN,JPN,284690,7,"])
def test_a_repeated_key_is_refused_and_both_lines_are_shown(tmp_path, again):
    error = refused(folder(tmp_path, HEADER + GOOD + again + "\n"))
    assert error.code == "duplicate_rows"
    assert [row["line"] for row in error.rows] == [2, 5]
    assert error.rows[0]["got"] == "2022 CHN JPN 284690"


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("production", "year,country,product,quantity_t\n2022,CHN,284690,1\n2022,CHN,284690,2\n"),
        ("governance", "year,country,political_stability\n2022,CHN,1\n2022,CHN,1\n"),
    ],
)
def test_a_repeated_key_is_refused_in_every_table(tmp_path, table, row):
    assert refused(folder(tmp_path, **{table: row})).code == "duplicate_rows"


@pytest.mark.parametrize("estimate", ["2.6", "-3.6", "88", "nan", "high"])
def test_governance_is_the_estimate_and_no_rank(tmp_path, estimate):
    governance = f"year,country,political_stability\n2022,CHN,{estimate}\n"
    assert refused(folder(tmp_path, governance=governance)).rows[0]["field"] == "political_stability"


HEADERS = {
    "semicolons": ((HEADER + GOOD).replace(",", ";"), "wrong_delimiter", "semicolons"),
    "semicolons and decimal commas": (
        HEADER.replace(",", ";") + "2022;CHN;JPN;284690;1,5;2,5\n", "wrong_delimiter", "semicolons",
    ),
    "tabs": ((HEADER + GOOD).replace(",", "\t"), "wrong_delimiter", "tabs"),
    "vertical bars": ((HEADER + GOOD).replace(",", "|"), "wrong_delimiter", "vertical bars"),
    "missing column": ("year,exporter,importer,product,value_usd\n", "missing_columns", "quantity_t"),
    "misspelt column": (HEADER.replace("exporter", "exportr") + GOOD, "missing_columns", "exportr"),
    "capital letters": (HEADER.replace("year", "Year") + GOOD, "missing_columns", "Year"),
    "extra column": (HEADER.strip() + ",note\n", "unknown_columns", "note"),
    "repeated column": (HEADER.strip() + ",year\n", "repeated_columns", "year"),
    "no header": (GOOD, "missing_columns", "year"),
    "empty": ("", "empty_file", "empty"),
    "blanks only": (" \n\n", "empty_file", "empty"),
    "byte order mark only": (b"\xef\xbb\xbf", "empty_file", "empty"),
    "UTF-16": ((HEADER + GOOD).encode("utf-16"), "not_utf8", "UTF-16"),
    "UTF-16 without mark": ((HEADER + GOOD).encode("utf-16-le"), "not_utf8", "UTF-16"),
    "Latin-1": ((HEADER + GOOD + "2022,C\xf4te,JPN,284690,1,1\n").encode("latin-1"), "not_utf8", "line 5"),
    "NUL": (HEADER + GOOD + "2022,AUS\0,JPN,284690,1,1\n", "not_text", "line 5"),
    "spreadsheet": (b"PK\x03\x04" + b"x" * 100, "not_csv", "spreadsheet"),
    "header only": (HEADER, "empty_table", "no rows"),
    "unclosed quote": (HEADER + GOOD + '2022,"AUS,JPN,284690,1,1\n2020,AUS,JPN,284690,1,1\n', "bad_cell", "line 5"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_a_file_that_is_no_such_table_is_refused(tmp_path, case):
    trade, code, said = HEADERS[case]
    error = refused(folder(tmp_path, trade))
    assert error.code == code
    assert said in error.message


def test_a_misspelt_column_is_answered_with_the_right_one(tmp_path):
    error = refused(folder(tmp_path, HEADER.replace("value_usd", "valueusd") + GOOD))
    assert "Rename valueusd to value_usd." in error.hint


def test_an_enormous_field_is_refused_and_not_repeated(tmp_path):
    for size in (2_000, 300_000, 3_000_000):
        error = refused(folder(tmp_path, HEADER + GOOD + f"2022,{'A' * size},JPN,284690,1,1\n" + "x\n"))
        assert error.rows[0]["line"] == 5
        assert len(error.message) < 1_000


@pytest.mark.parametrize("missing", ["nowhere", "file"])
def test_a_folder_that_is_none_is_refused(tmp_path, missing):
    (tmp_path / "file").write_text("x")
    assert refused(tmp_path / missing).code == "no_folder"


def test_an_empty_folder_is_refused(tmp_path):
    assert refused(tmp_path).code == "no_trade"


@pytest.mark.parametrize(
    ("name", "tip"), [("Trade.csv", "trade.csv"), ("trades.csv", "trade.csv"), ("trade.tsv", "trade.csv")]
)
def test_a_misnamed_file_is_answered_with_the_right_name(tmp_path, name, tip):
    (tmp_path / name).write_text(HEADER + GOOD)
    error = refused(tmp_path)
    assert error.code == "misnamed_file"
    assert tip in error.hint


def test_a_misnamed_production_is_not_passed_over(tmp_path):
    error = refused(folder(tmp_path, govenance="year,country,political_stability\n"))
    assert error.code == "misnamed_file"


def test_csv_beside_parquet_is_ambiguous(tmp_path):
    folder(tmp_path)
    (tmp_path / "trade.parquet").write_bytes(b"")
    assert refused(tmp_path).code == "ambiguous_files"


def parquet(tmp_path, **changed):
    columns = {
        "year": pa.array([2022, 2022], pa.int32()),
        "exporter": pa.array(["CHN", "USA"]),
        "importer": pa.array(["JPN", "JPN"]),
        "product": pa.array(["010121", "284690"]),
        "value_usd": pa.array([100.0, 50.5]),
        "quantity_t": pa.array([10.0, None]),
    } | changed
    table = pa.table({name: column for name, column in columns.items() if column is not None})
    pq.write_table(table, tmp_path / "trade.parquet")
    return tmp_path


def test_parquet_is_read_like_csv(tmp_path):
    trade = open_folder(parquet(tmp_path)).trade()
    assert trade.value_usd.tolist() == [100.0, 50.5]
    assert math.isnan(trade.quantity_t[1])
    assert trade.products == ("010121", "284690")


@pytest.mark.parametrize(
    "changed",
    [
        {"year": pa.array([2022, 2022], pa.int64())},
        {"exporter": pa.array(["CHN", "USA"], pa.large_string())},
        {"product": pa.array(["010121", "284690"]).dictionary_encode()},
        {"value_usd": pa.array([100, 50])},
        {"quantity_t": pa.nulls(2)},
        {"value_usd": pa.chunked_array([[1.0], [2.0]]), "exporter": pa.chunked_array([["USA"], ["CHN"]])},
    ],
)
def test_parquet_types_that_hold_the_same_are_accepted(tmp_path, changed):
    assert len(open_folder(parquet(tmp_path, **changed)).trade()) == 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"product": pa.array([10121, 284690])}, "wrong_type"),
        ({"product": pa.array(["10121", "284690"])}, "lost_zero"),
        ({"year": pa.array([2022.0, 2022.0])}, "wrong_type"),
        ({"value_usd": pa.array(["100", "50"])}, "wrong_type"),
        ({"value_usd": pa.array([float("nan"), 1.0])}, "not_finite"),
        ({"quantity_t": pa.array([float("inf"), 1.0])}, "not_finite"),
        ({"value_usd": pa.array([None, 1.0])}, "missing_value"),
        ({"exporter": pa.array([None, "USA"])}, "missing_value"),
        ({"exporter": pa.array(["JPN", "USA"])}, "self_flow"),
        ({"exporter": pa.array(["CHN", "CHN"]), "product": pa.array(["010121"] * 2)}, "duplicate_rows"),
        ({"quantity_t": None}, "missing_columns"),
        ({"__index_level_0__": pa.array([0, 1])}, "unknown_columns"),
    ],
)
def test_bad_parquet_is_refused(tmp_path, changed, code):
    assert refused(parquet(tmp_path, **changed)).code == code


@pytest.mark.parametrize("cut", [0, 3, 100])
def test_truncated_parquet_is_refused(tmp_path, cut):
    path = parquet(tmp_path) / "trade.parquet"
    path.write_bytes(path.read_bytes()[:cut])
    assert refused(tmp_path).code == "bad_parquet"


def test_more_codes_than_any_revision_has_are_refused(tmp_path):
    """Positions of products are 16-bit numbers: they must not run over."""
    rows = "".join(f"2022,CHN,JPN,{code:06d},1,1\n" for code in range(32_768))
    assert refused(folder(tmp_path, HEADER + rows)).code == "too_many_products"


@pytest.mark.parametrize(("content", "hs"), [({"hs": "HS17"}, "HS17"), ({}, "HS92")])
def test_manifest_names_the_revision(tmp_path, content, hs):
    (folder(tmp_path) / "manifest.json").write_text(json.dumps(content))
    assert open_folder(tmp_path).hs == hs


@pytest.mark.parametrize(
    ("content", "code"),
    [("{", "bad_manifest"), ("[]", "bad_manifest"), ('{"hs": "HS99"}', "unknown_revision"),
     ('{"hs": 17}', "unknown_revision")],
)  # fmt: skip
def test_a_bad_manifest_is_refused(tmp_path, content, code):
    (folder(tmp_path) / "manifest.json").write_text(content)
    assert refused(tmp_path).code == code


@pytest.mark.parametrize(
    ("rows", "year"),
    [
        ({2022: 5}, 2022),
        ({2020: 100, 2021: 100, 2022: 100, 2023: 80}, 2023),
        ({2020: 100, 2021: 100, 2022: 100, 2023: 79}, 2022),
        ({2019: 1000, 2020: 100, 2021: 100, 2022: 100, 2023: 80}, 2023),
        ({2021: 1000, 2022: 100, 2023: 10}, 2021),
        ({2021: 4, 2022: 3}, 2022),
        ({2020: 99, 2021: 99, 2022: 99, 2023: 1}, 2023),
    ],
)
def test_default_year_is_the_newest_with_at_least_four_fifths_of_the_rows_before(rows, year):
    assert newest_full_year(rows) == year


codes = st.sampled_from(["CHN", "JPN", "USA", "AUS", "TWN", "XKX", "R20"])
flows = st.dictionaries(
    st.tuples(st.integers(1990, 2030), codes, codes, st.from_regex(r"[0-9]{6}", fullmatch=True)).filter(
        lambda key: key[1] != key[2]
    ),
    st.tuples(
        st.floats(0, 1e15, allow_subnormal=False), st.none() | st.floats(0, 1e12, allow_subnormal=False)
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=flows, suffix=st.sampled_from(["csv", "parquet"]))
def test_what_is_written_is_what_is_read(tmp_path, rows, suffix):
    for old in tmp_path.iterdir():
        old.unlink()
    records = [(*key, *amounts) for key, amounts in rows.items()]
    if suffix == "csv":
        lines = (",".join("" if cell is None else str(cell) for cell in record) for record in records)
        (tmp_path / "trade.csv").write_text(HEADER + "\n".join(lines) + "\n")
    else:
        columns = dict(zip(HEADER.strip().split(","), map(list, zip(*records, strict=True)), strict=True))
        columns["quantity_t"] = pa.array(columns["quantity_t"], pa.float64())
        pq.write_table(pa.table(columns), tmp_path / "trade.parquet")
    world = open_folder(tmp_path)
    trade = world.trade()
    found = {
        (int(y), world.countries[e], world.countries[i], world.products[p]): (v, None if math.isnan(q) else q)
        for y, e, i, p, v, q in zip(
            trade.year, trade.exporter, trade.importer, trade.product, trade.value_usd, trade.quantity_t,
            strict=True,
        )
    }  # fmt: skip
    assert found == rows
    keys = list(zip(trade.year, trade.product, trade.importer, trade.exporter, strict=True))
    assert keys == sorted(keys)


def test_opening_a_folder_imports_neither_pandas_nor_duckdb(tmp_path):
    folder(tmp_path)
    program = (
        "import sys; from friendshore.tables.folder import open_folder; "
        f"open_folder({str(tmp_path)!r}); print([m for m in ('pandas', 'duckdb', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
