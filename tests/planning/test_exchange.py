"""The file that allies exchange: it comes back as it was, and nothing else passes for it."""

from __future__ import annotations

import os

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from friendshore.errors import DataError
from friendshore.planning import exchange
from friendshore.planning.exchange import (
    LARGEST_BYTES,
    CapacityOffer,
    Gap,
    Need,
    StockOffer,
    Summary,
    canonical,
    checksum,
    parse_summary,
    read_summary,
    summary_text,
)


def summary(member="AAA", **changes):
    entries = {
        "member": member,
        "members": ("AAA", "BBB"),
        "data": "toy",
        "data_sha256": "0" * 64,
        "price_basis": "USD a ton",
        "price_years": (2022, 2023, 2024),
        "rule": "link",
        "periods": (0.0, 3.0, 12.0),
        "cases": ("all",),
        "products": ("010203",),
        "budget_usd": 250e6,
        "needs": (
            Need(
                product="010203", demand_t=100.0, price_usd_per_t=1234.5, stock_most_t=9.0, alone_usd=5.5,
                alone_shortage_share=0.1,
                gaps=(Gap(case="all", gap_t=(20.0, 1e-05)),),
            ),
        ),
        "capacity": (
            CapacityOffer(
                host="AAA", product="010203", most_t=None, lump_t=50.0, capital_usd_per_t=9e3, gap_usd_per_t=-1.0,
                support_share=0.5, online_share=(0.0, 1.0),
            ),
        ),
        "stock": (StockOffer(product="010203", days=30.0, stock_t=8.2),),
        "agreed": {"version": 1, "name": "on: yes", "shocks": [{"id": "NO", "lost_share": 1.0, "products": ["1"]}]},
    }  # fmt: skip
    return Summary(**{**entries, **changes})


def written(tmp_path, content, name="theirs.yaml"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


def code_of(path):
    with pytest.raises(DataError) as raised:
        read_summary(path)
    assert raised.value.hint
    return raised.value.code


def test_what_is_written_is_read_again(tmp_path):
    path = written(tmp_path, summary_text(summary()))
    assert read_summary(path) == summary()
    assert len(path.read_bytes()) < 3000


@given(
    st.floats(0, 1e300),
    st.text(min_size=1, max_size=20, alphabet=st.characters(exclude_categories=["Cs", "Cc"])),
)
def test_any_number_and_any_name_come_back(number, name):
    sent = summary(budget_usd=number, data=name, cases=(name,), needs=(
        summary().needs[0].model_copy(update={"demand_t": number, "gaps": (Gap(case=name, gap_t=(number, 0.0)),)}),
    ))  # fmt: skip
    assert parse_summary(summary_text(sent).encode(), "theirs.yaml") == sent


def test_the_checksum_is_that_of_sorted_json_and_of_nothing_else():
    # Written out by hand: keys sorted, no blanks, without the checksum itself.
    assert canonical({"b": [1.0, None], "a": "é", "sha256": "x"}) == '{"a":"é","b":[1.0,null]}'.encode()
    assert checksum({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("budget_usd: 250000000.0", "budget_usd: 950000000.0"),
        ("demand_t: 100.0", "demand_t: 101.0"),
        ("name: 'on: yes'", "name: other"),
        ("sha256: ", "sha256: 0"),
        ("member: AAA", "member: BBB"),
        ("most_t: null", "most_t: 5.0"),
    ],
)
def test_a_file_that_was_altered_is_refused(tmp_path, old, new):
    text = summary_text(summary())
    assert old in text
    assert code_of(written(tmp_path, text.replace(old, new))) == "summary_altered"


def test_a_part_that_stands_twice_is_written_out_twice():
    part = {"products": ["010203"]}
    sent = summary(agreed={"one": part, "two": part})
    assert parse_summary(summary_text(sent).encode(), "theirs.yaml") == sent


def test_what_a_reader_does_to_the_look_of_a_file_is_no_alteration(tmp_path):
    content = yaml.safe_load(summary_text(summary()))
    assert read_summary(written(tmp_path, yaml.safe_dump(content, sort_keys=True))) == summary()


def signed(**changes):
    content = yaml.safe_load(summary_text(summary()))
    content.update(changes)
    content["sha256"] = checksum(content)
    return content


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 2}, "summary_version"),
        ({"version": True}, "summary_version"),
        ({"version": None}, "summary_version"),
        ({"format": "other"}, "not_a_summary"),
        ({"secret": 1}, "bad_summary"),
        ({"member": "CCC"}, "bad_summary"),
        ({"members": ["AAA"]}, "bad_summary"),
        ({"cases": ["all", "all"]}, "bad_summary"),
        ({"cases": ["other"]}, "bad_summary"),
        ({"products": ["040506"]}, "bad_summary"),
        ({"periods": [0.0, 12.0]}, "bad_summary"),
        ({"budget_usd": -1.0}, "bad_summary"),
        ({"budget_usd": float("inf")}, "bad_summary"),
        ({"needs": []}, "bad_summary"),
        ({"stock": [{"product": "040506", "days": 1.0, "stock_t": 1.0}]}, "bad_summary"),
        ({"stock": [{"product": "010203", "days": 1.0, "stock_t": 1.0} for _ in "ab"]}, "bad_summary"),
        ({"needs": "x"}, "bad_summary"),
    ],
)
def test_a_file_with_a_right_checksum_must_still_make_sense(tmp_path, changes, code):
    assert code_of(written(tmp_path, signed(**changes))) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("- 1\n", "bad_summary"),
        ("a: [", "not_yaml"),
        ("a: &x 1\nb: *x\n", "yaml_alias"),
        ("a: !!python/object:os.system x\n", "yaml_tag"),
        ("a: " + "[" * 40 + "]" * 40, "yaml_too_deep"),
        ("a: 1\na: 2\n", "repeated_key"),
        ("a: 1\n---\nb: 2\n", "not_yaml"),
        ("name: some scenario\nversion: 1\n", "not_a_summary"),
        (f"format: friendshore-summary\nversion: {'1' * 5000}\n", "summary_version"),
        (f"format: friendshore-summary\nversion: 1\nbudget_usd: {'1' * 5000}\n", "summary_altered"),
        ("format: friendshore-summary\nversion: 1\n? [a, b]\n: c\n", "summary_altered"),
        ("format: friendshore-summary\nversion: 1\nbudget_usd: .nan\n", "summary_altered"),
    ],
)
def test_tricks_and_other_files_are_refused(tmp_path, text, code):
    assert code_of(written(tmp_path, text)) == code


def test_a_file_of_a_gigabyte_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)  # a hole: takes no room on the disk

    def never(*_):
        raise AssertionError("it was read")

    monkeypatch.setattr(exchange, "read_text", never)
    monkeypatch.setattr(type(path), "open", never)
    assert code_of(path) == "summary_too_large"


def test_the_largest_file_is_read_and_one_byte_more_is_not(tmp_path):
    text = summary_text(summary())
    padding = LARGEST_BYTES - len(text.encode())
    filled = text + "#" * padding
    assert read_summary(written(tmp_path, filled)) == summary()
    assert code_of(written(tmp_path, filled + "#")) == "summary_too_large"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a POSIX thing")
def test_pipes_folders_and_absent_files_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    for name in ("pipe.yaml", ".", "absent.yaml"):
        assert code_of(tmp_path / name) == "cannot_read"
