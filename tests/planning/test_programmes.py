"""Programmes that a plan can name: rates and caps as they were announced, each with source and certainty."""

from __future__ import annotations

import pytest

from friendshore.errors import ArgumentError
from friendshore.planning.programmes import caps_of, programme, programmes, standard_examples


def test_every_programme_has_a_source_a_certainty_and_two_names():
    for each in programmes().values():
        assert each.source
        assert each.label_en
        assert each.label_ja
        assert each.certainty in ("verified", "memory")


def test_support_is_never_above_its_legal_maximum():
    rates = [each for each in programmes().values() if each.kind == "support"]
    assert rates
    assert all(0 < each.share <= each.most_share <= 1 for each in rates)


@pytest.mark.parametrize(
    ("name", "share", "cap"),
    [
        ("japan-2020-large", 1 / 2, 15e9),
        ("japan-2020-sme", 2 / 3, 15e9),
        ("japan-2020-sme-group", 3 / 4, 15e9),
        ("japan-2020-health-large", 2 / 3, 15e9),
        ("japan-2020-health-sme", 3 / 4, 15e9),
        ("japan-2021-large", 1 / 2, 10e9),
        ("japan-2022-large", 1 / 2, 10e9),
    ],
)
def test_japans_calls_have_the_announced_rates_and_caps(name, share, cap):
    found = programme(name)
    assert found.share == pytest.approx(share)
    assert (found.most_project.amount, found.most_project.currency) == (cap, "JPY")


def test_the_benchmark_of_the_regulation_caps_any_single_country():
    assert dict(caps_of("crma-2030")) == {"any_share": 0.65}
    assert "2024/1252" in programme("crma-2030").source
    targets = programme("crma-2030-targets").targets
    assert targets == {"extraction_share": 0.1, "processing_share": 0.4, "recycling_share": 0.25}


def test_what_is_only_remembered_is_marked():
    assert {name for name, each in programmes().items() if each.certainty == "memory"} == {
        "nzia-50",
        "iea-90-days",
    }


def test_days_of_stock():
    assert [programme(name).days for name in ("japan-60-days", "japan-180-days", "japan-42-18")] == [
        60,
        180,
        60,
    ]


def test_an_unknown_programme_lists_the_known_ones():
    with pytest.raises(ArgumentError, match="crma-2030") as caught:
        programme("marshall")
    assert caught.value.code == "unknown_programme"


def test_a_programme_without_caps_is_no_preset_of_caps():
    with pytest.raises(ArgumentError, match="nzia-50"):
        caps_of("japan-2020-large")


def test_the_table_of_standards_says_that_it_is_an_illustration():
    assert standard_examples()
    assert all(each.source.startswith("illustration") for each in standard_examples())
    assert all(each.fee_usd > 0 for each in standard_examples() if not each.shared)
