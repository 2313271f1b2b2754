"""Imports: what a store holds after them, whatever happens on the way."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from friendshore.errors import ArgumentError, DataError, OutputError
from friendshore.tables import staging
from friendshore.tables.adding import add
from friendshore.tables.checking import check
from friendshore.tables.opening import open_world
from friendshore.tables.versions import lock

TRADE = "year,exporter,importer,product,value_usd,quantity_t\n"
PRODUCTION = "year,country,product,quantity_t\n"
BACI = "t,i,j,k,v,q\n"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def held(name="mine"):
    """Rows of a store, (year, exporter, importer, product) -> (dollars, tons)."""
    world = open_world(name)
    trade = world.trade()
    return {
        (int(y), world.countries[e], world.countries[i], world.products[p]): (v, None if np.isnan(q) else q)
        for y, e, i, p, v, q in zip(
            trade.year, trade.exporter, trade.importer, trade.product, trade.value_usd, trade.quantity_t,
            strict=True,
        )
    }  # fmt: skip


def refused(error, *arguments, **more):
    with pytest.raises(error) as caught:
        add(*arguments, **more)
    assert caught.value.hint
    return caught.value


def test_rows_read_are_kept_or_refused_and_the_refused_are_listed(tmp_path):
    path = written(
        tmp_path / "trade.csv",
        TRADE
        + "2022,CHN,JPN,284690,100,10\n"
        + "2022,CHN,JPN,10121,100,10\n"
        + "2022,XQX,JPN,284690,100,10\n"
        + "2022,AUS,JPN,284690,-1,10\n"
        + "2022,AUS,JPN\n"
        + "2022,USA,JPN,284690,1,1\n"
        + "2022,USA,JPN,284690,2,2\n"
        + '2022,"=cmd|x",JPN,284690,1,1\n',
    )
    report = add(path, name="mine")
    assert (report.read, report.kept, report.refused, report.merged) == (8, 1, 7, 0)
    assert held() == {(2022, "CHN", "JPN", "284690"): (100, 10)}
    assert {(r.code, r.field): r.count for r in report.reasons} == {
        ("unknown_country", "exporter"): 2,
        ("duplicate_rows", "year exporter importer product"): 2,
        ("lost_zero", "product"): 1,
        ("negative_value", "value_usd"): 1,
        ("bad_line", "row"): 1,
    }
    assert "leading zero" in " ".join(str(r.text) for r in report.reasons)
    with Path(report.refused_file).open() as stream:
        rows = list(csv.DictReader(stream))
    assert sorted(int(row["line"]) for row in rows) == [3, 4, 5, 6, 7, 8, 9]
    by_line = {int(row["line"]): row for row in rows}
    assert by_line[3]["row"] == "2022,CHN,JPN,10121,100,10"
    assert 'write "010121"' in by_line[3]["reason"]
    assert {row["file"] for row in rows} == {"trade.csv"}


def test_the_file_of_refused_rows_holds_no_formula(tmp_path):
    lines = [
        '=HYPERLINK("x"),CHN,JPN,284690,1,1',
        '"=1+1",CHN,JPN,284690,1,1',
        "@x",
        " +1,CHN",
        "2022,CHN,JPN,284690,1,1",
    ]
    report = add(written(tmp_path / "=trade.csv", TRADE + "\n".join(lines) + "\n"), name="mine")
    with Path(report.refused_file).open(newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert len(cells) == 4 * 5
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_the_file_of_refused_rows_goes_when_none_is_refused(tmp_path):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n2022,X,JPN,284690,1,1\n")
    first = Path(add(path, name="mine").refused_file)
    assert first.exists()
    report = add(written(path, TRADE + "2022,CHN,JPN,284690,1,1\n"), name="mine")
    assert report.refused_file == ""
    assert not first.exists()


def test_an_import_without_a_good_row_leaves_the_store_as_it_was(tmp_path, own_store):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    add(path, name="mine")
    error = refused(DataError, written(path, TRADE + "2022,CHN,JPN,10121,1,1\n"), name="mine")
    assert error.code == "nothing_imported"
    assert error.rows[0]["line"] == 2
    assert held() == {(2022, "CHN", "JPN", "284690"): (1, 1)}
    assert list((own_store / "mine").glob("refused-*.csv"))
    assert not (own_store / "mine" / "incoming").exists()
    assert refused(DataError, written(path, TRADE), name="mine").code == "nothing_imported"


def test_the_store_is_sorted_checked_and_hashed(tmp_path, own_store):
    rng = np.random.default_rng(4)
    keys = sorted({(int(y), e, i, f"{p:06d}") for y, e, i, p in zip(
        rng.integers(2018, 2024, 4000), rng.choice(["CHN", "JPN", "USA", "AUS"], 4000),
        rng.choice(["DEU", "FRA", "GBR"], 4000), rng.integers(10101, 970600, 4000), strict=True,
    )}, key=lambda _: rng.random())  # fmt: skip
    lines = [",".join(map(str, (*key, n, "" if n % 7 == 0 else n / 3))) for n, key in enumerate(keys)]
    report = add(written(tmp_path / "trade.csv", TRADE + "\n".join(lines) + "\n"), name="mine")
    assert report.kept == len(keys)
    assert check("mine") == ()
    assert held() == {k: (n, None if n % 7 == 0 else pytest.approx(n / 3)) for n, k in enumerate(keys)}
    table = pq.read_table(own_store / "mine" / "v000001" / "trade" / "2020.parquet")
    found = list(
        zip(*(table.column(c).to_pylist() for c in ("product", "importer", "exporter")), strict=True)
    )
    assert found == sorted(found)


def test_chunks_hold_whole_products_whatever_their_size(tmp_path, monkeypatch):
    lines = [
        f"{y},{e},JPN,{p:06d},{y},1"
        for p in range(100100, 100160)
        for e in ("CHN", "USA")
        for y in (2021, 2022)
    ]
    path = written(tmp_path / "trade.csv", TRADE + "\n".join(lines) + "\n")
    add(path, name="large")
    monkeypatch.setattr(staging, "AT_ONCE", 5)
    monkeypatch.setattr(staging, "FETCHED", 3)
    add(path, name="small")
    assert held("large") == held("small")
    assert len(held("small")) == 240
    assert check("small") == ()


def test_an_own_table_replaces_the_products_of_the_years_it_names(tmp_path):
    path = tmp_path / "trade.csv"
    add(
        written(path, TRADE + "2021,CHN,JPN,284690,1,1\n2022,CHN,JPN,284690,1,1\n2022,CHN,JPN,810510,1,1\n"),
        name="mine",
    )
    report = add(written(path, TRADE + "2022,USA,JPN,284690,5,5\n2023,USA,JPN,284690,5,5\n"), name="mine")
    assert report.replaced == (2022,)
    assert held() == {
        (2021, "CHN", "JPN", "284690"): (1, 1),
        (2022, "CHN", "JPN", "810510"): (1, 1),
        (2022, "USA", "JPN", "284690"): (5, 5),
        (2023, "USA", "JPN", "284690"): (5, 5),
    }
    assert open_world("mine").countries == ("CHN", "JPN", "USA")


def test_baci_replaces_whole_years_and_keeps_the_others(tmp_path):
    path = tmp_path / "BACI_HS17_Y2022_V202601.csv"
    add(written(path, BACI + "2021,156,392,284690,1,1\n2022,156,392,284690,1,1\n2022,156,392,810510,1,1\n"))
    report = add(written(path, BACI + "2022,842,392,284690,1,1\n"))
    assert report.name == "baci-hs17-v202601"
    assert set(held(report.name)) == {(2021, "CHN", "JPN", "284690"), (2022, "USA", "JPN", "284690")}
    world = open_world(report.name)
    assert world.hs == "HS17"
    assert world.products == ("284690",), "a product that went is no longer listed"
    (source,) = world.sources
    assert source.id == "baci_hs17_v202601"
    assert "Gaulier" in source.citation
    assert source.licence == "Etalab Open Licence 2.0"
    assert str(tmp_path) not in source.model_dump_json()


def test_flows_of_merged_countries_are_summed_and_repeated_rows_refused(tmp_path):
    path = written(
        tmp_path / "BACI_HS92_Y1999_V202601.csv",
        BACI
        + "1999,711,392,284690,1,2\n1999,710,392,284690,3,NA\n"  # both South Africa today
        + "1999,711,392,810510,1,NA\n1999,710,392,810510,3,NA\n"
        + "1999,842,392,284690,1,1\n1999,842,392,284690,2,1\n"  # the same row twice
        + "1999,711,710,284690,1,1\n",  # within one country today
    )
    report = add(path, name="mine")
    assert held() == {(1999, "ZAF", "JPN", "284690"): (4000, 2), (1999, "ZAF", "JPN", "810510"): (4000, None)}
    assert (report.kept, report.merged, report.refused) == (4, 2, 3)


@pytest.mark.parametrize(
    "years", [[2018, 2019, 2020, 2021, 2022, 2023], [2023, 2021, 2018, 2022, 2019, 2020]]
)
def test_years_added_one_by_one_give_what_all_at_once_give(tmp_path, own_store, years):
    """Cleaned quantities look at the years around: those of a store must not depend on the order of imports."""
    rng = np.random.default_rng(11)
    lines = {year: [] for year in years}
    for year in years:
        for product in ("284690", "810510", "010121"):
            for exporter in ("CHN", "USA", "AUS", "ZAF", "BRA"):
                for importer in ("JPN", "DEU", "FRA"):
                    dollars = float(np.exp(rng.normal(12, 2)).round(2))
                    tons = dollars / float(np.exp(rng.normal(3, 0.3)))
                    wrong = rng.random()
                    tons = "" if wrong < 0.15 else round(tons * (1000 if wrong < 0.3 else 1), 3)
                    lines[year].append(f"{year},{exporter},{importer},{product},{dollars},{tons}")
    whole = TRADE + "\n".join(line for year in sorted(years) for line in lines[year]) + "\n"
    add(written(tmp_path / "trade.csv", whole), name="whole")
    for year in years:
        add(written(tmp_path / "trade.csv", TRADE + "\n".join(lines[year]) + "\n"), name="parts")
    for year in years:
        tables = [
            pq.read_table(
                next((own_store / name).glob("v*6/trade" if name == "parts" else "v*1/trade"))
                / f"{year}.parquet"
            )
            for name in ("whole", "parts")
        ]
        assert tables[0].equals(tables[1]), year
        assert tables[0].column("quantity_method").null_count < tables[0].num_rows, "some rows are cleaned"


def test_production_and_governance_join_the_trade_of_their_name(tmp_path):
    written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    early = written(tmp_path / "production.csv", PRODUCTION + "2022,CHN,284690,5\n2021,CHN,284690,4\n")
    assert refused(DataError, early, name="mine").code == "no_trade"
    add(tmp_path / "trade.csv", name="mine")
    add(early, name="mine")
    report = add(
        written(
            early, PRODUCTION + "2022,CHN,284690,6\n2022,USA,284690,1\n2020,USA,284690,1\n2020,USA,284690,2\n"
        ),
        name="mine",
    )
    assert (report.kept, report.refused) == (2, 2)
    output = open_world("mine").product_output["284690"]
    at = open_world("mine").position
    assert output.years == (2021, 2022)
    assert output.tons[0, at["CHN"]] == 4, "rows of other keys stay"
    assert output.tons[1, at["CHN"]] == 6, "rows of the same key are replaced"
    assert held() == {(2022, "CHN", "JPN", "284690"): (1, 1)}
    add(written(tmp_path / "trade.csv", TRADE + "2023,CHN,JPN,284690,1,1\n"), name="mine")
    assert open_world("mine").product_output["284690"].years == (2021, 2022), "trade leaves production alone"


def test_hs_revisions_do_not_mix(tmp_path):
    baci17 = written(tmp_path / "BACI_HS17_Y2022_V202601.csv", BACI + "2022,156,392,284690,1,1\n")
    own = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    assert refused(DataError, baci17, hs="HS92").code == "hs_mismatch"
    report = add(own, name="mine")
    assert report.hs == "HS92"
    assert "HS92" in str(report.notes[0]), "a revision that nobody stated is taken with a note"
    error = refused(DataError, baci17, name="mine")
    assert error.code == "hs_mismatch"
    assert "--name mine-hs17" in error.hint
    assert refused(DataError, own, name="mine", hs="HS17").code == "hs_mismatch"
    assert add(own, name="mine").notes == (), "the store's own revision is no guess"
    assert add(own, name="other", hs="hs2017").hs == "HS17"
    assert refused(ArgumentError, own, name="third", hs="HS99").code == "unknown_revision"
    written(tmp_path / "both" / "BACI_HS92_Y2022_V202601.csv", BACI + "2022,156,392,284690,1,1\n")
    shutil.copy(baci17, tmp_path / "both")
    assert refused(DataError, tmp_path / "both").code == "hs_mismatch"


def test_more_codes_than_a_table_can_number_are_refused(tmp_path, monkeypatch):
    """Positions of products are 16-bit numbers: they must not run over, neither at once nor bit by bit."""
    monkeypatch.setattr("friendshore.tables.assembly.MOST_PRODUCTS", 30)
    half = [TRADE + "".join(f"2022,CHN,JPN,{code:06d},1,1\n" for code in range(a, a + 20)) for a in (0, 20)]
    add(written(tmp_path / "trade.csv", half[0]), name="mine")
    error = refused(DataError, written(tmp_path / "trade.csv", half[1]), name="mine")
    assert error.code == "too_many_products"
    assert len(open_world("mine").products) == 20


@pytest.mark.parametrize("name", ["raw-materials", "../x", "a/b", ".hidden", "x" * 65, "a b", "日本"])
def test_names_that_cannot_be_stores_are_refused(tmp_path, own_store, name):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    assert refused(ArgumentError, path, name=name).code in {"reserved_name", "bad_name"}
    assert not own_store.exists()


def test_progress_only_grows_and_ends_at_one(tmp_path):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    parts = []
    add(path, name="mine", progress=lambda part, text: parts.append((part, str(text))))
    assert [part for part, _ in parts] == sorted(part for part, _ in parts)
    assert parts[-1] == (1.0, "done")
    assert any("trade.csv" in text for _, text in parts)


def test_only_one_import_at_a_time(tmp_path, own_store):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    add(path, name="mine")
    with lock(own_store / "mine"):
        assert refused(OutputError, path, name="mine").code == "store_busy"
        assert held(), "reading goes on meanwhile"
    add(path, name="mine")


def test_what_killed_imports_left_is_removed_and_one_old_version_kept(tmp_path, own_store):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    add(path, name="mine")
    written(own_store / "mine" / "incoming" / "trade" / "2022.parquet", "half")
    written(own_store / "mine" / "v000007" / "manifest.json", "half")
    written(own_store / "mine" / "current.new", "v000007")
    reader = open_world("mine")
    add(path, name="mine")
    add_names = {p.name for p in (own_store / "mine").iterdir()}
    assert add_names == {"lock", "current", "v000001", "v000002"}
    assert len(reader.trade()) == 1, "who opened the version before can go on reading"
    add(path, name="mine")
    assert {p.name for p in (own_store / "mine").glob("v*")} == {"v000002", "v000003"}


def test_unchanged_years_are_the_same_bytes(tmp_path, own_store):
    path = tmp_path / "trade.csv"
    add(written(path, TRADE + "2010,CHN,JPN,284690,1,1\n2022,CHN,JPN,284690,1,1\n"), name="mine")
    before = (own_store / "mine/v000001/trade/2010.parquet").read_bytes()
    add(written(path, TRADE + "2022,CHN,JPN,284690,2,1\n"), name="mine")
    assert (own_store / "mine/v000002/trade/2010.parquet").read_bytes() == before
    assert check("mine") == ()


def test_a_home_that_cannot_be_written_is_an_error(tmp_path, monkeypatch):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    monkeypatch.setenv("FRIENDSHORE_DATA", str(path / "below a file"))
    assert refused(OutputError, path, name="mine").code == "cannot_write"


def test_a_program_fault_leaves_the_store_as_it_was(tmp_path, own_store, monkeypatch):
    path = written(tmp_path / "trade.csv", TRADE + "2022,CHN,JPN,284690,1,1\n")
    add(path, name="mine")
    monkeypatch.setattr("friendshore.tables.store_writing.clean", lambda trade: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add(written(path, TRADE + "2022,CHN,JPN,284690,2,2\n"), name="mine")
    assert held() == {(2022, "CHN", "JPN", "284690"): (1, 1)}
    assert {p.name for p in (own_store / "mine").iterdir()} == {"lock", "current", "v000001"}


OLD = TRADE + "2021,CHN,JPN,284690,1,1\n2022,CHN,JPN,284690,1,1\n"
NEW = TRADE + "2022,CHN,JPN,284690,2,2\n2022,USA,JPN,010121,2,\n"
OLD_ROWS = {(2021, "CHN", "JPN", "284690"): (1, 1), (2022, "CHN", "JPN", "284690"): (1, 1)}
NEW_ROWS = {
    (2021, "CHN", "JPN", "284690"): (1, 1),
    (2022, "CHN", "JPN", "284690"): (2, 2),
    (2022, "USA", "JPN", "010121"): (2, None),
}

KILLER = """
    import os, resource, shutil, signal, sys
    from pathlib import Path
    import numpy, numpy.ma, pyarrow, pyarrow.compute, pyarrow.csv, pyarrow.parquet, duckdb
    from friendshore.tables.adding import add
    from friendshore.tables import blocs, cleaning, countries, staging, store_writing

    new, pristine, homes, how = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]

    def watched(moment, home):
        # Kill this process just before its moment-th step that touches the home.
        steps = 0
        def hook(event, arguments):
            nonlocal steps
            if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate"):
                if any(str(home) in str(one) for one in arguments[:2]):
                    steps += 1
                    if steps == moment:
                        os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(hook)

    moment = 0
    while True:
        moment += 1
        home = homes / f"{moment:04d}"
        shutil.copytree(pristine, home)
        child = os.fork()
        if child == 0:
            os.environ["FRIENDSHORE_DATA"] = str(home)
            if how == "kill":
                watched(moment, home)
            else:
                resource.setrlimit(resource.RLIMIT_FSIZE, ((1 << moment) - 2,) * 2)
            code = 1
            try:
                add(new, name="mine")
                code = 0
            except BaseException as problem:
                print(moment, getattr(problem, "code", type(problem).__name__), flush=True)
            finally:
                os._exit(code)
        status = os.waitpid(child, 0)[1]
        if status == 0:
            break
"""


def attacked(tmp_path, own_store, how):
    """Import NEW over OLD under attack until it comes through; give the homes and what was printed."""
    add(written(tmp_path / "old" / "trade.csv", OLD), name="mine")
    new = written(tmp_path / "new" / "trade.csv", NEW)
    homes = tmp_path / "homes"
    homes.mkdir()
    program = [sys.executable, "-c", textwrap.dedent(KILLER), str(new), str(own_store), str(homes), how]
    done = subprocess.run(program, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return new, sorted(homes.iterdir()), done.stdout


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_step_the_store_holds_the_old_or_the_new_table(tmp_path, own_store, monkeypatch):
    new, homes, _ = attacked(tmp_path, own_store, "kill")
    assert len(homes) > 15, "the import takes that many steps on the disk"
    states = []
    for home in homes:
        monkeypatch.setenv("FRIENDSHORE_DATA", str(home))
        rows = held()
        assert rows in (OLD_ROWS, NEW_ROWS), home.name
        assert check("mine") == (), home.name
        states.append(rows == NEW_ROWS)
    assert states == sorted(states), "once the new table is in force it stays"
    assert not states[0]
    assert states[-1]
    for home in homes[::5]:
        monkeypatch.setenv("FRIENDSHORE_DATA", str(home))
        add(new, name="mine")
        assert held() == NEW_ROWS, "the next import comes through and cleans up"
        assert not (home / "mine" / "incoming").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit on the size of files")
def test_when_the_disk_takes_no_more_the_old_table_stays_and_the_error_is_ours(
    tmp_path, own_store, monkeypatch
):
    _, homes, said = attacked(tmp_path, own_store, "limit")
    codes = dict(line.split() for line in said.splitlines())
    assert len(codes) >= 8, "each limit but the last was too small"
    assert set(codes.values()) == {"disk_full"}
    for home in homes[:-1]:
        monkeypatch.setenv("FRIENDSHORE_DATA", str(home))
        assert held() == OLD_ROWS, home.name
        assert not (home / "mine" / "incoming").exists()


def test_a_full_disk_while_publishing_leaves_the_old_table(tmp_path, own_store, monkeypatch):
    path = written(tmp_path / "trade.csv", OLD)
    add(path, name="mine")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(OutputError, written(path, NEW), name="mine").code == "disk_full"
    monkeypatch.undo()
    monkeypatch.setenv("FRIENDSHORE_DATA", str(own_store))
    assert held() == OLD_ROWS


@pytest.mark.shared
def test_real_baci_rows_of_another_revision_are_imported_as_an_own_table(tmp_path, shared):
    real = pq.read_table(shared / "data/trade_hs/baci_hs17_v202601_2024_30hs6.parquet")
    names = {"hs6": "product", "value_kusd": "value_usd", "qty_t": "quantity_t"}
    table = pa.table(
        {
            names.get(name, name): real.column(name)
            for name in ("year", "exporter", "importer", "hs6", "value_kusd", "qty_t")
        }
    )
    dollars = pa.array(np.asarray(table.column("value_usd")) * 1000)
    table = table.set_column(table.column_names.index("value_usd"), "value_usd", dollars)
    pq.write_table(table, tmp_path / "magnets.parquet")
    report = add(tmp_path / "magnets.parquet", name="hs17", hs="HS17")
    assert (report.read, report.kept, report.refused) == (real.num_rows, real.num_rows, 0)
    assert "S19" in str(report.notes[0]), "BACI's own code for Taiwan is replaced, and that is said"
    assert "TWN" in str(report.notes[0])
    world = open_world("hs17")
    assert world.hs == "HS17"
    assert len(world.trade()) == report.kept
    assert check("hs17") == ()
    magnets = world.trade([2024], ["850511"])
    japan = magnets.importer == world.position["JPN"]
    kusd = sum(
        v
        for i, e, p, v in zip(
            *(real.column(c).to_pylist() for c in ("importer", "exporter", "hs6", "value_kusd")), strict=True
        )
        if i == "JPN" and p == "850511"
    )
    assert magnets.value_usd[japan].sum() == pytest.approx(kusd * 1000)


def test_the_manifest_tells_what_the_store_holds(tmp_path, own_store):
    add(written(tmp_path / "trade.csv", OLD), name="mine")
    described = json.loads((own_store / "mine/v000001/manifest.json").read_text())
    assert described["years"] == [2021, 2022]
    assert described["rows"] == [1, 1]
    assert described["default_year"] == 2022
    assert described["countries"] == ["CHN", "JPN"]
    assert set(described["sha256"]) == {"trade/2021.parquet", "trade/2022.parquet"}
