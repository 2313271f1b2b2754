"""``data list`` and ``data check``."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from friendshore.errors import DataError
from friendshore.tables.adding import add
from friendshore.tables.checking import check, list_data
from friendshore.tables.schemas import columns

HEADER = "year,exporter,importer,product,value_usd,quantity_t\n"


@pytest.fixture
def mine(tmp_path, own_store):
    path = tmp_path / "trade.csv"
    path.write_text(HEADER + "2022,CHN,JPN,284690,100,10\n2022,USA,JPN,284690,5,\n2021,CHN,JPN,010121,1,1\n")
    add(path, name="mine")
    return own_store / "mine" / "v000001"


def test_the_box_keeps_its_own_rules():
    assert check() == ()


def test_a_good_store_and_a_good_folder_have_no_failing_rows(mine, tmp_path):
    assert check("mine") == ()
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "trade.csv").write_text(HEADER + "2022,CHN,JPN,284690,100,10\n")
    assert check(folder) == ()


def test_a_folder_that_would_be_refused_is_listed_row_by_row(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "trade.csv").write_text(HEADER + "2022,CHN,JPN,284690,-1,10\n" * 9)
    found = check(folder)
    assert len(found) == 18, "each row is negative and a duplicate"
    assert set(found[0].as_row()) == {column.name for column in columns("failures")}
    assert found[0].as_row()["line"] == 2


def rewritten(path, change):
    """Change a file of a store and its hash, so that only the rules can find it."""
    table = change(pq.read_table(path))
    pq.write_table(table, path)
    from friendshore.tables.checking import file_hash

    manifest = path.parents[1] / "manifest.json"
    described = json.loads(manifest.read_text())
    described["sha256"][f"trade/{path.name}"] = file_hash(path)
    manifest.write_text(json.dumps(described))


def replaced(name, values):
    def change(table):
        place = table.column_names.index(name)
        return table.set_column(
            place, table.schema.field(name), pa.array(values, table.schema.field(name).type)
        )

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replaced("product", ["28469", "284690"]), "lost_zero"),
        (replaced("importer", ["XQX", "JPN"]), "unknown_country"),
        (replaced("importer", ["CHN", "JPN"]), "self_flow"),
        (replaced("exporter", ["CHN", "CHN"]), "duplicate_rows"),
        (replaced("exporter", ["USA", "CHN"]), "unsorted"),
        (replaced("value_usd", [-1.0, 1.0]), "negative_value"),
        (replaced("quantity_t", [float("nan"), 1.0]), "not_finite"),
        (replaced("quantity_t_cleaned", [-1.0, 1.0]), "negative_value"),
        (lambda table: table.slice(0, 1), "bad_file"),
    ],
)
def test_every_rule_finds_a_row_that_breaks_it(mine, change, code):
    rewritten(mine / "trade" / "2022.parquet", change)
    found = check("mine")
    assert code in {one.code for one in found}
    assert {one.file for one in found} == {"trade/2022.parquet"}


def test_changed_and_missing_files_are_found_by_their_hash(mine):
    path = mine / "trade" / "2022.parquet"
    pq.write_table(pq.read_table(path).filter(pc.field("exporter") == "CHN"), path)
    (mine / "trade" / "2021.parquet").unlink()
    files = {(one.file, one.got) for one in check("mine") if one.code == "bad_file"}
    assert ("trade/2021.parquet", "nothing") in files
    assert any(file == "trade/2022.parquet" and got.startswith("sha256") for file, got in files)


def test_an_unreadable_file_is_an_error(mine):
    (mine / "trade" / "2022.parquet").write_bytes(b"nonsense")
    with pytest.raises(DataError):
        check("mine")


def test_unknown_data_is_an_error():
    with pytest.raises(DataError, match="no data set"):
        check("nowhere")


def test_the_list_names_the_box_and_every_store(mine):
    rows = list_data()
    assert [row["name"] for row in rows] == ["raw-materials", "mine"]
    assert [set(row) for row in rows] == [{column.name for column in columns("data")}] * 2
    box, own = rows
    assert (box["hs"], box["years"], box["rows"], box["products"]) == ("HS92", "1995-2024", 1_264_888, 74)
    assert (own["years"], own["rows"], own["countries"], own["products"]) == ("2021-2022", 3, 3, 2)


def test_a_broken_store_is_listed_with_the_reason(mine):
    (mine / "manifest.json").write_text("{")
    row = list_data()[1]
    assert row["name"] == "mine"
    assert row["sources"].startswith("cannot be read")
