"""The hindcast on the catalogue: the catalogue's own figures, the gates, and the shape of what is printed."""

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from shocked_worlds import shock, toy

from friendshore.disruption.events import events
from friendshore.disruption.hindcast import METHODS, hindcast
from friendshore.errors import ArgumentError, MissingDataError
from friendshore.tables.box import open_box


@pytest.fixture(scope="module")
def done():
    return hindcast(open_box())


@pytest.fixture(scope="module")
def toyed():
    return hindcast(toy(), [shock()])


PUBLISHED = {"persistence": 0.367, "own_mix": 0.341, "world_exports": 0.360, "no_replacement": 0.331}
MEDIANS = {"persistence": 0.315, "own_mix": 0.283, "world_exports": 0.312, "no_replacement": 0.276}


def test_the_naive_forecasts_come_out_as_the_catalogue_states_them(done):
    # two importers more are clean here than there (193 against 191), and their suppliers moved much
    found = done.summary
    assert found["model"]["n_rows"] == pytest.approx(191, abs=3)
    assert {name: found[name]["tv_mean"] for name in PUBLISHED} == pytest.approx(PUBLISHED, abs=0.008)
    assert {name: found[name]["tv_median"] for name in MEDIANS} == pytest.approx(MEDIANS, abs=0.01)
    assert found["own_mix"]["ape_median"] == pytest.approx(0.212, abs=0.002)
    assert found["no_replacement"]["ape_median"] == pytest.approx(0.248, abs=0.002)
    assert found["own_mix"]["ape_capped_mean"] == pytest.approx(0.341, abs=0.006)
    assert found["no_replacement"]["ape_capped_mean"] == pytest.approx(0.328, abs=0.006)
    assert found["churn"]["tv_mean"] == pytest.approx(0.298, abs=0.01)
    assert len({event.id for event in done.cases.events}) == 26


def test_the_gates_are_passed_by_forecasts_that_never_saw_the_cluster(done):
    found = done.summary
    naive = [found[name]["tv_mean"] for name in PUBLISHED]
    assert found["model"]["tv_mean"] <= min(naive) - 0.01
    assert found["model"]["ape_median"] <= min(
        found["own_mix"]["ape_median"], found["no_replacement"]["ape_median"]
    )
    assert all(0.7 <= part <= 0.9 for part in found["model"]["coverage_80"].values())
    assert all(done.cross_fitted)


def test_intervals_are_narrower_than_ordinary_change(done):
    width = done.width()
    assert width["share"] < done.churn_width["share"]
    assert width["tons"] < done.churn_width["tons"]


def test_a_share_of_the_rows_has_no_comparable_event_and_says_so(done):
    none = {
        event.id for event, known in zip(done.cases.events, done.intervals.known, strict=True) if not known
    }
    assert "CHN_REE_2010" in none
    row = next(row for row in done.rows if row["event"] == "CHN_REE_2010")
    assert row["predicted_t_low"] is None
    assert row["predicted_t_high"] is None


def test_the_page_shows_the_figures_that_come_out(done):
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "hindcast.md").read_text("utf-8")
    for name, found in done.summary.items():
        line = next(line for line in page.splitlines() if line.startswith(f"| {name} | ") and "%" in line)
        cells = [cell.strip(" *") for cell in line.split("|")[2:-1]]
        assert cells[0] == f"{found['tv_mean']:.3f}"
        assert cells[2] == f"{found['tv_median']:.3f}"
        assert cells[3:] == [
            f"{100 * found['ape_median']:.1f} %", f"{100 * found['ape_capped_mean']:.1f} %", str(found["n_rows"]),
        ]  # fmt: skip
    for event in {event.id for event in done.cases.events}:
        line = next(line for line in page.splitlines() if line.startswith(f"| {event} | "))
        mine = [one.id == event for one in done.cases.events]
        cells = [cell.strip(" *") for cell in line.split("|")[2:-1]]
        assert cells[:2] == [str(sum(mine)), f"{done.errors['model'][0][mine].mean():.2f}"]


@pytest.mark.shared
def test_the_same_importers_are_eligible_and_clean_as_in_the_shared_table(shared, done):
    with (shared / "data" / "events" / "development_importers.csv").open(encoding="utf-8") as file:
        stated = [row for row in csv.DictReader(file) if row["quality"] == "A"]
    found = {
        (event.id, done.cases.countries[importer]): n
        for n, (event, importer) in enumerate(zip(done.cases.events, done.cases.importer, strict=True))
    }
    clean = {(row["id"], row["importer"]): row for row in stated if row["clean"] == "True"}
    assert set(clean) - set(found) == set()
    assert set(found) - set(clean) == {("IND_FE_2011", "THA"), ("CAN_W_2015", "NLD")}
    dropped = {(event, importer) for event, importer, _ in done.cases.dropped if importer}
    assert {(row["id"], row["importer"]) for row in stated if row["clean"] != "True"} - dropped == {
        ("CAN_W_2015", "NLD")
    }
    ratio = [
        done.cases.base[n].sum() / float(clean[key]["base_tons"]) for key, n in found.items() if key in clean
    ]
    assert np.quantile(np.abs(np.log(ratio)), 0.95) < 0.001
    gap = [
        done.cases.exposure[n] - float(clean[key]["exposure_tons"])
        for key, n in found.items()
        if key in clean
    ]
    assert np.max(np.abs(gap)) < 0.03


def test_rows_hold_what_the_contract_names(done):
    row = done.rows[0]
    assert list(row) == [
        "event", "importer", "exposure", "predicted_t", "actual_t", "predicted_t_low", "predicted_t_high",
        "predicted_shares", "actual_shares", "baselines",
    ]  # fmt: skip
    assert list(row["baselines"]) == ["persistence", "own_mix", "world_exports", "no_replacement", "churn"]
    assert all(set(naive) == {"predicted_t", "predicted_shares"} for naive in row["baselines"].values())
    assert tuple(done.summary) == METHODS
    figures = {"tv_mean", "tv_median", "ape_median", "ape_capped_mean", "n_rows", "n_clusters"}
    assert all(set(done.summary[name]) == figures for name in METHODS[1:])
    assert set(done.summary["model"]) == figures | {"coverage_80", "interval_width"}


def test_the_summary_can_be_had_from_the_rows(done):
    def distance(mix, actual):
        return sum(abs(mix.get(name, 0) - actual.get(name, 0)) for name in mix | actual) / 2

    for name in ("model", "own_mix", "no_replacement"):
        mixes = [
            row["predicted_shares"] if name == "model" else row["baselines"][name]["predicted_shares"]
            for row in done.rows
        ]
        moved = [distance(mix, row["actual_shares"]) for mix, row in zip(mixes, done.rows, strict=True)]
        assert np.mean(moved) == pytest.approx(done.summary[name]["tv_mean"], abs=1e-6)


def test_shares_add_up_to_one_in_every_map(done):
    for row in done.rows:
        assert sum(row["predicted_shares"].values()) == pytest.approx(1, abs=1e-6)
        assert sum(row["actual_shares"].values()) == pytest.approx(1, abs=1e-6)


def test_bootstrap_intervals_hold_their_mean_and_repeat(done):
    again = hindcast(open_box())
    assert again.bounds == done.bounds
    low, high = done.bounds["model"]
    assert low < done.summary["model"]["tv_mean"] < high
    assert hindcast(open_box(), seed=1).bounds["model"] != done.bounds["model"]


def test_clusters_are_drawn_whole():
    # one cluster: every draw is the same
    found = hindcast(toy(), [shock()])
    assert found.bounds["model"][0] == found.bounds["model"][1]


def test_an_unseen_catalogue_gets_the_shipped_fit_and_the_same_score_under_any_order(toyed):
    assert set(toyed.cross_fitted) == {""}
    two = [shock(id="B", cluster="B", severity_tons=0.2), shock()]
    first, second = hindcast(toy(), two), hindcast(toy(), two[::-1])
    assert Counter(row["event"] for row in first.rows) == {"TOY": 2, "B": 2}
    assert first.summary["model"]["tv_mean"] == pytest.approx(second.summary["model"]["tv_mean"])


def test_the_outcome_of_the_toy_event_is_scored_by_hand(toyed):
    (japan, _) = toyed.rows
    assert japan["actual_shares"] == pytest.approx({"CHL": 50 / 80, "PER": 10 / 80, "AUS": 20 / 80})
    assert japan["baselines"]["persistence"]["predicted_t"] == pytest.approx(100)
    # persistence: (|.6-.25| + |.3-.625| + |.1-.125|) / 2 = .35 for Japan; Korea's one supplier stays: 0
    assert toyed.summary["persistence"]["tv_mean"] == pytest.approx(0.175)
    assert toyed.summary["persistence"]["ape_median"] == pytest.approx((20 / 80 + 40 / 60) / 2)


@pytest.mark.parametrize(
    ("type_", "actor"),
    [
        ("export_ban", "seller"), ("quota", "mixed"), ("sanction", "buyer"), ("import_ban", "third_party"),
        ("disaster", "accident"), ("war", "war"), ("other", "closure"), ("other", "labour"), ("unknown", "unknown"),
        ("piracy", "pirates"),
    ],
)  # fmt: skip
def test_every_kind_of_event_can_be_forecast(type_, actor):
    found = hindcast(toy(), [shock(type=type_, actor=actor)])
    assert np.isfinite(found.model.shares).all()
    assert np.isfinite(found.model.total).all()


def test_a_grade_that_no_event_has_is_refused():
    with pytest.raises(ArgumentError, match="grade 'B'; it has A"):
        hindcast(toy(), [shock()], grade="B")


def test_data_that_show_none_of_the_events_are_told():
    with pytest.raises(MissingDataError, match="no such product"):
        hindcast(toy(), [shock(products_hs92=("010101",))])


def test_the_catalogue_itself_is_the_default(done):
    assert {event.id for event in done.cases.events} <= {event.id for event in events()}
