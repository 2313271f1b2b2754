"""Readers of BACI and of own tables: what they accept, convert and refuse."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from friendshore.errors import DataError
from friendshore.tables.readers import archives, batches
from friendshore.tables.readers.baci import stated
from friendshore.tables.readers.inputs import default_name, inputs
from friendshore.tables.violations import failing

TRADE = "year,exporter,importer,product,value_usd,quantity_t\n"
BACI = "t,i,j,k,v,q\n2022,842,392,10121,1.5,2\n2022,490,392,284690,0.004,NA\n2022, 251,392,284690,   7.25,   0.5\n"


def read(path):
    """Read all inputs of a path: (input, typed rows, good rows, lines) each."""
    found = []
    for one in inputs(path):
        for batch in one.batches(lambda _: None):
            good = ~failing(batch.breaches, batch.typed.num_rows)
            found.append((one, batch, good))
    return found


def rows(path):
    return [row for _, batch, _ in read(path) for row in batch.typed.to_pylist()]


def written(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(path, files, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_baci_is_converted(tmp_path):
    path = written(tmp_path / "BACI_HS92_Y2022_V202401b.csv", BACI)
    (one,) = inputs(path)
    assert (one.table, one.hs, one.whole_years) == ("trade", "HS92", True)
    assert [tuple(row.values()) for row in rows(path)] == [
        (2022, "USA", "JPN", "010121", 1500.0, 2.0),
        (2022, "TWN", "JPN", "284690", 4.0, None),
        (2022, "FRA", "JPN", "284690", 7250.0, 0.5),
    ]


def test_codes_of_baci_that_keep_their_zero_are_kept(tmp_path):
    path = written(tmp_path / "x.csv", 't,i,j,k,v,q\n2022,842,392,"010121",1,1\n')
    assert rows(path)[0]["product"] == "010121"


def test_merged_countries_of_baci_are_told_apart_before_the_sum(tmp_path):
    path = written(tmp_path / "x.csv", "t,i,j,k,v,q\n1999,711,392,284690,1,1\n1999,710,392,284690,1,1\n")
    ((_, batch, _),) = read(path)
    assert batch.typed.column("exporter").to_pylist() == ["ZAF", "ZAF"]
    assert len(set(batch.before_merging.tolist())) == 2


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2022,9999,392,284690,1,1", "unknown_country"),
        ("2022,USA,392,284690,1,1", "unknown_country"),
        ("2022,842,842,284690,1,1", "self_flow"),
        ("2022,842,392,2846,1,1", "bad_product"),
        ("2022,842,392,284690,NA,1", "not_a_number"),
        ("2022,842,392,284690,-1,1", "negative_value"),
        ("2022,842,392,284690,1,-1", "negative_value"),
        ("2022,842,392,284690,,1", "missing_value"),
        (",842,392,284690,1,1", "missing_value"),
    ],
)
def test_bad_rows_of_baci_are_found(tmp_path, row, code):
    path = written(tmp_path / "x.csv", BACI + row + "\n")
    ((_, batch, good),) = read(path)
    assert good.tolist() == [True, True, True, False]
    assert code in {breach.code for breach in batch.breaches if breach.rows.any()}
    assert batch.lines[~good].tolist() == [5]


@pytest.mark.parametrize(
    ("file", "hs", "release"),
    [
        ("BACI_HS92_Y1995_V202401b.csv", "HS92", "202401b"),
        ("BACI_HS17_Y2022_V202601.csv", "HS17", "202601"),
        ("folder/baci_hs22_y2023_v202601.csv", "HS22", "202601"),
        ("BACI_HS92_V202401b.zip", "HS92", "202401b"),
        ("country_codes_V202401b.csv", "", ""),
        ("baci.csv", "", ""),
    ],
)
def test_the_revision_is_read_from_the_name(file, hs, release):
    assert stated(file) == (hs, release)


def test_a_zip_as_published_is_read_and_its_lists_of_codes_passed_over(tmp_path):
    path = zipped(
        tmp_path / "BACI_HS17_V202601.zip",
        {
            "BACI_HS17_Y2021_V202601.csv": BACI.replace("2022", "2021"),
            "BACI_HS17_Y2022_V202601.csv": BACI,
            "country_codes_V202601.csv": "country_code,country_name,country_iso2,country_iso3\n4,Afghanistan,AF,AFG\n",
            "product_codes_HS17_V202601.csv": "code,description\n010121,Horses\n",
            "Readme.txt": "BACI",
        },
    )
    found = inputs(path)
    assert [one.file for one in found] == ["BACI_HS17_Y2021_V202601.csv", "BACI_HS17_Y2022_V202601.csv"]
    assert {one.hs for one in found} == {"HS17"}
    assert default_name(path, found) == "baci-hs17-v202601"
    assert len(rows(path)) == 6


def test_a_folder_of_unpacked_baci_files_is_read(tmp_path):
    written(tmp_path / "BACI_HS17_Y2022_V202601.csv", BACI)
    written(tmp_path / "country_codes_V202601.csv", "a,b\n1,2\n")
    assert len(rows(tmp_path)) == 3


def refused(path):
    with pytest.raises(DataError) as caught:
        rows(path)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("cut", [0, 1, 50, -10])
def test_a_truncated_zip_is_refused(tmp_path, cut):
    path = zipped(tmp_path / "x.zip", {"BACI_HS17_Y2022_V202601.csv": BACI * 50})
    path.write_bytes(path.read_bytes()[:cut])
    assert refused(path).code == ("empty_file" if cut == 0 else "bad_zip")


def test_a_zip_with_damaged_bytes_is_refused(tmp_path):
    """The list of members is whole, the bytes of one are not: found by its checksum while it is read."""
    path = zipped(
        tmp_path / "x.zip", {"BACI_HS17_Y2022_V202601.csv": BACI + "2022,842,392,284690,1,1\n" * 90_000}
    )
    data = bytearray(path.read_bytes())
    for place in range(500, 560):
        data[place] ^= 0xFF
    path.write_bytes(data)
    assert refused(path).code == "bad_zip"


def test_a_zip_without_tables_is_refused(tmp_path):
    assert refused(zipped(tmp_path / "x.zip", {"Readme.txt": "x"})).code == "no_file"
    assert refused(zipped(tmp_path / "y.zip", {})).code == "no_file"
    assert "header" in refused(zipped(tmp_path / "z.zip", {"a.csv": "a,b\n1,2\n"})).message


def test_names_in_a_zip_never_become_paths(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    path = zipped(
        inside / "x.zip", {"../../evil.csv": TRADE + "2022,CHN,JPN,284690,1,1\n", "/abs.csv": "a,b\n"}
    )
    before = sorted(tmp_path.rglob("*"))
    assert len(rows(path)) == 1
    assert inputs(path)[0].file == "evil.csv"
    assert sorted(tmp_path.rglob("*")) == before


def test_an_encrypted_zip_is_refused(tmp_path):
    path = zipped(tmp_path / "x.zip", {"a.csv": BACI})
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    assert refused(path).code == "encrypted_zip"


def test_a_bomb_is_refused_before_it_unfolds(tmp_path):
    """128 MiB of zeros in 128 kB; the same within the limit is read."""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as stream:
        for _ in range(128):
            stream.write(bytes(1 << 20))
    assert path.stat().st_size < 200_000
    assert refused(path).code == "zip_bomb"


def test_a_zip_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    assert refused(zipped(tmp_path / "x.zip", {f"{n}.csv": BACI for n in range(4)})).code == "zip_bomb"


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    """The header says 10 bytes and the member holds more: what is read is never more than was said."""
    content = BACI.encode()
    packed = zlib.compressobj(wbits=-15)
    body = packed.compress(content) + packed.flush()
    crc = zlib.crc32(content)
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(body), 10, 5, 0) + b"a.csv"
    listed = (
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(body), 10, 5, 0, 0, 0, 0, 0, 0)
        + b"a.csv"
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(head) + len(body), 0)
    path = written(tmp_path / "x.zip", head + body + listed + end)
    assert refused(path).code in {"bad_zip", "no_file"}


def test_an_own_table_is_known_by_its_header(tmp_path):
    headers = {
        "trade": TRADE,
        "production": "year,country,product,quantity_t\n",
        "governance": "country,year,political_stability\n",
    }
    for table, header in headers.items():
        assert inputs(written(tmp_path / "x.csv", header + "1\n"))[0].table == table


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("year,exporter,importer,hs6,value_usd,quantity_t\n", "missing_columns"),
        (TRADE.replace(",", ";"), "wrong_delimiter"),
        ("t;i;j;k;v;q\n", "wrong_delimiter"),
        ("a,b,c\n", "missing_columns"),
        ("t,i,j,k,v\n", "missing_columns"),
        ("", "empty_file"),
    ],
)
def test_a_wrong_header_is_refused_before_anything_is_read(tmp_path, header, code):
    with pytest.raises(DataError) as caught:
        inputs(written(tmp_path / "x.csv", header))
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["x.tsv", "x", "x.xls", "x.gz"])
def test_other_formats_are_refused_by_name(tmp_path, name):
    assert refused(written(tmp_path / name, "x")).code == "unknown_format"


def test_what_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "nowhere.csv").code == "no_file"
    assert refused(tmp_path).code == "no_file"


def test_lines_are_numbered_through_blocks_faults_and_blank_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "BLOCK", 64)
    lines = ["2022,CHN,JPN,284690,1,1"] * 40
    lines[7] = ""
    lines[11] = "2022,CHN,JPN"
    lines[23] = '2022,"CHN,JPN,284690,1,1'
    lines[31] = "2022,CHN,JPN,284690,-5,1"
    path = written(tmp_path / "x.csv", TRADE + "\n".join(lines))
    read_lines, bad, odd = [], [], []
    for _, batch, good in read(path):
        read_lines += batch.lines.tolist()
        bad += batch.lines[~good].tolist()
        odd += [one.line for one in batch.odd]
    assert odd == [13, 25]
    assert bad == [33]
    assert read_lines == [n for n in range(2, 42) if n not in {9, 13, 25}]


def test_bytes_that_are_no_text_spoil_their_line_alone(tmp_path):
    path = written(
        tmp_path / "x.csv", (TRADE + "2022,CHN,JPN,284690,1,1\n").encode() + b"2022,\xff,JPN,284690,1,1\n"
    )
    ((_, batch, good),) = read(path)
    assert good.tolist() == [True]
    assert [(one.line, one.reason) for one in batch.odd] == [(3, "not UTF-8 text")]


def test_an_endless_line_is_refused_without_holding_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(batches, "BLOCK", 1 << 12)
    path = written(tmp_path / "x.csv", TRADE + "2022,CHN,JPN,284690,1,1\n" + "A" * 20_000)
    error = refused(path)
    assert error.code == "long_line"
    assert "Line 3" in error.message


def test_parquet_is_read_in_batches_and_checked(tmp_path):
    table = pa.table(
        {
            "year": [2022, 2022],
            "exporter": ["CHN", "AUS"],
            "importer": ["JPN", "JPN"],
            "product": ["10121", "010121"],
            "value_usd": [1.0, 2.0],
            "quantity_t": [None, 1.0],
        }
    )
    pq.write_table(table, tmp_path / "x.parquet")
    ((_, batch, good),) = read(tmp_path / "x.parquet")
    assert good.tolist() == [False, True]
    assert batch.lines.tolist() == [1, 2]
    pq.write_table(table.set_column(3, "product", pa.array([10121, 284690])), tmp_path / "x.parquet")
    assert refused(tmp_path / "x.parquet").code == "wrong_type"


def workbook(path, lines, sheet=None):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    if sheet:
        book.create_sheet(sheet)
    book.save(path)
    return path


def test_a_workbook_is_read(tmp_path):
    header = TRADE.strip().split(",")
    path = workbook(
        tmp_path / "x.xlsx",
        [
            [*header, None],
            [2022, "CHN", "JPN", "010121", 1.5, None],
            [2022, "AUS", "JPN", 284690, 100, 2],
            [None] * 6,
            [2022, "AUS", "JPN", 10121, 100, 2],
            [2022, "AUS", "CHN", "284690", "1,5", True],
        ],
        sheet="notes",
    )
    ((one, batch, good),) = read(path)
    assert one.table == "trade"
    assert batch.lines.tolist() == [2, 3, 5, 6]
    assert good.tolist() == [True, True, False, False]
    assert batch.typed.to_pylist()[0] == {
        "year": 2022, "exporter": "CHN", "importer": "JPN", "product": "010121", "value_usd": 1.5, "quantity_t": None,
    }  # fmt: skip


def test_a_formula_counts_as_the_value_last_worked_out_and_else_as_nothing(tmp_path):
    path = workbook(
        tmp_path / "x.xlsx", [TRADE.strip().split(","), [2022, "CHN", "JPN", "284690", "=1+1", 1]]
    )
    ((_, batch, good),) = read(path)
    assert batch.typed.column("value_usd").to_pylist() == [None]
    assert good.tolist() == [False]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"year,exporter"])
def test_a_broken_workbook_is_refused(tmp_path, content):
    assert refused(written(tmp_path / "x.xlsx", content)).code in {"empty_file", "bad_zip"}


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    assert refused(zipped(tmp_path / "x.xlsx", {"a.csv": BACI})).code == "bad_zip"


@pytest.mark.parametrize(
    ("file", "name"), [("My Trade (2).csv", "my-trade-2"), ("輸入.csv", "table"), ("a.b.csv", "a.b")]
)
def test_default_names_are_plain_words(tmp_path, file, name):
    path = written(tmp_path / file, TRADE + "2022,CHN,JPN,284690,1,1\n")
    assert default_name(path, inputs(path)) == name


def test_reading_tells_every_byte(tmp_path):
    path = written(tmp_path / "x.csv", BACI * 30)
    told = []
    (one,) = inputs(path)
    for _ in one.batches(told.append):
        pass
    assert sum(told) == one.size == path.stat().st_size


def test_a_stream_split_anywhere_gives_the_same_rows(monkeypatch):
    text = (TRADE + "".join(f"2022,CHN,JPN,{n:06d},{n},\r\n" for n in range(200))).encode()
    expected = [f"{n:06d}" for n in range(200)]
    for block in (97, 200, 4096, 1 << 20):
        monkeypatch.setattr(batches, "BLOCK", block)
        found, lines = [], []
        for batch in batches.text_batches(io.BytesIO(text), "x.csv", lambda _: None):
            found += batch.cells.column("product").to_pylist()
            lines += batch.lines.tolist()
        assert found == expected
        np.testing.assert_array_equal(lines, np.arange(2, 202))
