"""The catalogue: the package's own, any file with its columns, and files that break a rule."""

import csv
from importlib.resources import files

import pytest

from friendshore.disruption.events import COLUMNS, events
from friendshore.errors import DataError

OWN = list(csv.DictReader(files("friendshore").joinpath("data/events.csv").read_text("utf-8").splitlines()))
NICKEL = next(row for row in OWN if row["id"] == "IDN_NI_2014")


def written(path, *rows, columns=COLUMNS):
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def refused(path):
    with pytest.raises(DataError) as caught:
        events(path)
    return caught.value


def test_the_packages_catalogue_has_the_events_of_its_file_in_order():
    assert [event.id for event in events()] == [row["id"] for row in OWN]
    assert sum(event.quality == "A" for event in events()) == sum(row["quality"] == "A" for row in OWN) == 28


def test_the_package_holds_the_development_half_only():
    assert {row["split"] for row in OWN} == {"development"}


def test_cells_become_values(tmp_path):
    (event,) = events(written(tmp_path / "e.csv", NICKEL))
    assert event.products_hs92 == ("260400",)
    assert event.exporters == ("IDN",)
    assert event.importers == ()  # the world
    assert (event.base_years, event.first_year, event.outcome_years) == ((2012, 2013), 2014, (2014, 2015))
    assert event.severity == pytest.approx(0.9244)
    assert event.production_change is None


def test_codes_that_lost_their_leading_zeros_get_them_back(tmp_path):
    (event,) = events(written(tmp_path / "e.csv", NICKEL | {"products_hs92": "80290;260111"}))
    assert event.products_hs92 == ("080290", "260111")


def test_columns_may_stand_in_any_order(tmp_path):
    path = written(tmp_path / "e.csv", NICKEL, columns=COLUMNS[::-1])
    assert events(path)[0].id == "IDN_NI_2014"


def test_a_kind_of_actor_or_event_that_nobody_listed_is_kept(tmp_path):
    (event,) = events(written(tmp_path / "e.csv", NICKEL | {"actor": "pirates", "type": "piracy"}))
    assert (event.actor, event.type) == ("pirates", "piracy")


def test_an_unknown_figure_in_a_list_stays_unknown(tmp_path):
    (event,) = events(written(tmp_path / "e.csv", NICKEL | {"top5_share_value": "0.4;;0.3"}))
    assert event.top5_share_value == (0.4, None, 0.3)


def test_severity_by_value_stands_in_where_tons_are_not_stated(tmp_path):
    (event,) = events(written(tmp_path / "e.csv", NICKEL | {"severity_tons": "", "severity_value": ".5"}))
    assert event.severity == 0.5


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("severity_tons", "1.2", "less than or equal to 1"),
        ("severity_tons", "nan", "finite"),
        ("severity_tons", "much", "number"),
        ("base_years", "2012;2014", "before first_year 2014"),
        ("base_years", "", "at least 1"),
        ("base_years", "2012;2012", "each one once"),
        ("outcome_years", "2013", "from first_year 2014 on"),
        ("importers", "", "world"),
        ("importers", "JPN;IDN", "exporter of the event too"),
        ("exporters", "Indonesia", "pattern"),
        ("exporters", "", "at least 1"),
        ("products_hs92", "26040012", "pattern"),
        ("first_year", "soon", "integer"),
        ("event_date", "in spring", "pattern"),
        ("quality", "good", "pattern"),
        ("doc_verified", "perhaps", "yes"),
        ("exporter_world_share_tons", "-.1", "greater than or equal to 0"),
        ("cluster", "", "at least 1"),
    ],
)
def test_a_cell_that_breaks_a_rule_is_told_with_line_and_column(tmp_path, column, cell, told):
    fault = refused(written(tmp_path / "e.csv", NICKEL, NICKEL | {"id": "X", column: cell}))
    assert fault.code == "bad_event"
    assert (fault.rows[0]["line"], fault.rows[0]["column"], fault.rows[0]["got"]) == (3, column, cell)
    assert told in fault.rows[0]["expected"]


def test_all_faults_are_counted_and_five_shown(tmp_path):
    rows = [NICKEL | {"id": f"E{n}", "severity_tons": "2", "quality": "?"} for n in range(4)]
    fault = refused(written(tmp_path / "e.csv", *rows))
    assert "8 cell(s)" in fault.message
    assert len(fault.rows) == 5


def test_an_id_stands_once(tmp_path):
    fault = refused(written(tmp_path / "e.csv", NICKEL, NICKEL))
    assert fault.rows[0]["column"] == "id"
    assert "line 2" in fault.rows[0]["expected"]


def test_a_missing_column_is_named(tmp_path):
    fault = refused(written(tmp_path / "e.csv", NICKEL, columns=[c for c in COLUMNS if c != "actor"]))
    assert fault.code == "missing_columns"
    assert "actor" in fault.message


def test_a_misspelt_column_gets_the_nearest_right_name(tmp_path):
    columns = ["severty_tons" if name == "severity_tons" else name for name in COLUMNS]
    assert (
        "Rename severty_tons to severity_tons."
        in refused(written(tmp_path / "e.csv", NICKEL, columns=columns)).hint
    )


def test_a_catalogue_without_events_is_refused(tmp_path):
    assert refused(written(tmp_path / "e.csv")).code == "empty_file"


def test_text_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "e.csv"
    path.write_bytes(b"")
    assert refused(path).code == "empty_file"
    path.write_bytes(b'id,"name\n')
    assert refused(path).code == "not_csv"
    path.write_bytes(b"id,n\xff\n")
    assert refused(path).code == "not_utf8"
    assert refused(tmp_path / "none.csv").code == "cannot_read"
