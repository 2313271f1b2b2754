"""The data dictionary, and the rules that it makes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from friendshore.tables import arrow
from friendshore.tables.parsing import parsed
from friendshore.tables.schemas import columns, schema, tables
from friendshore.tables.violations import lost_zero, nearest, violations

CONTRACT = {
    "exposure": "year product importer imports_usd imports_t supplier_share supplier_share_traced_low "
    "supplier_share_traced_high import_hhi world_export_hhi top_supplier top_supplier_share net_import_reliance",
    "rules": "year product importer rule dependent cdi1 cdi2 cdi3_total cdi3_extra import_hhi world_export_hhi "
    "import_export_ratio years_met material hhi import_risk score characterisation_factor",
    "trace": "origin face_value_share traced_share_low traced_share_high traced_t",
    "trade": "year exporter importer product value_usd quantity_t",
    "production": "year country product quantity_t",
    "governance": "year country political_stability",
}


@pytest.mark.parametrize("table", CONTRACT)
def test_every_column_of_the_contract_is_described(table):
    names = [rule.name for rule in schema(table)]
    assert set(CONTRACT[table].split()) <= set(names)
    assert len(names) == len(set(names))


def test_every_rule_is_well_formed():
    for table in tables():
        for rule in schema(table):
            assert rule.type in {"integer", "number", "boolean", "text", "country", "product"}
            assert rule.description.endswith(".")
            assert rule.minimum is None or rule.maximum is None or rule.minimum < rule.maximum
            assert rule.type in {"integer", "number"} or (rule.minimum is None and rule.unit == "")


def test_units_are_in_the_name_of_every_amount():
    endings = {"USD": "_usd", "t": ("_t", "_cleaned")}
    for table in tables():
        for rule in schema(table):
            if rule.unit in endings:
                name = rule.name.removesuffix("_low").removesuffix("_high")
                assert name.endswith(endings[rule.unit]), rule


def test_columns_come_in_the_order_asked_for():
    assert [c.name for c in columns("trace", ["traced_t", "origin"])] == ["traced_t", "origin"]
    assert [c.name for c in columns("trace")] == [r.name for r in schema("trace")]
    with pytest.raises(KeyError):
        columns("trace", ["invented"])


def trade(**changed):
    table = {
        "year": [2022, 2022, 2022],
        "exporter": ["CHN", "USA", "AUS"],
        "importer": ["JPN", "JPN", "JPN"],
        "product": ["284690"] * 3,
        "value_usd": [1.0, 2.0, 3.0],
        "quantity_t": [1.0, None, 0.0],
    } | changed
    return pa.table(
        {name: column if isinstance(column, pa.Array) else pa.array(column) for name, column in table.items()}
    )


def test_a_good_table_has_no_violations():
    assert violations(trade(), "trade") == []
    assert violations(trade().slice(0, 0), "trade") == []


def test_one_row_may_break_several_rules():
    found = violations(trade(value_usd=[-1.0, 2.0, 3.0], product=["10121", "284690", "284690"]), "trade")
    assert [(one.row, one.code) for one in found] == [(0, "lost_zero"), (0, "negative_value")]


def test_a_table_in_chunks_is_checked_like_one_in_one_piece():
    whole = trade(exporter=["CHN", "XQX", "CHN"])
    pieces = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 1), whole.slice(2, 1)])
    assert violations(pieces, "trade") == violations(whole, "trade")
    assert [one.code for one in violations(pieces, "trade")] == [
        "duplicate_rows",
        "unknown_country",
        "duplicate_rows",
    ]


def test_most_limits_the_list():
    assert len(violations(trade(value_usd=[-1.0, -2.0, -3.0]), "trade", most=2)) == 2


def test_a_key_of_many_distinct_values_does_not_overflow():
    """The packed key of five million distinct values a column would pass 2**63 without care."""
    rng = np.random.default_rng(3)
    n = 50_000
    words = np.array([f"{number:06d}" for number in range(n)])
    table = pa.table(
        {
            "year": np.arange(n, dtype=np.int64),
            "product": words[rng.permutation(n)],
            "importer": words[rng.permutation(n)],
            "exporter": words[rng.permutation(n)],
            "value_usd": np.ones(n),
            "quantity_t": np.ones(n),
        }
    )
    table = pa.concat_tables([table, table.slice(17, 1)])
    doubles = [one.row for one in violations(table, "trade") if one.code == "duplicate_rows"]
    assert doubles == [17, n]


def test_text_is_read_only_where_it_is_a_number():
    cells = {name: ["x"] * 6 for name in ("exporter", "importer", "product")}
    text = {
        "year": ["2022", " 2022 ", "+2022", "2022.0", "٢٠٢٢", "12345678901"],
        "value_usd": ["1", "1.", ".5", "-0", "1e-3", " 7 "],
        "quantity_t": ["", None, " ", "1_000", "0x10", "1d3"],
    }
    typed, found = parsed(
        pa.table({n: pa.array([c or None for c in col]) for n, col in (cells | text).items()}), "trade"
    )
    assert typed.column("year").to_pylist() == [2022, 2022, None, None, None, None]
    assert typed.column("value_usd").to_pylist() == [1, 1, 0.5, 0, 0.001, 7]
    assert typed.column("quantity_t").to_pylist() == [None] * 6
    bad = {breach.field: np.flatnonzero(breach.rows).tolist() for breach in found}
    assert bad == {"year": [2, 3, 4, 5], "quantity_t": [3, 4, 5]}


def test_nearest_country_is_said_and_never_taken():
    assert "write TWN" in nearest("S19")
    assert "write JPN" in nearest("日本")
    assert "write" not in nearest("Q" * 500)
    assert lost_zero("10121").endswith('write "010121"')


@pytest.mark.parametrize("offset", [0, 1, 3, 8, 9])
@pytest.mark.parametrize("length", [0, 1, 7, 17])
def test_buffers_give_what_pyarrow_gives(offset, length):
    rng = np.random.default_rng(offset * 100 + length)
    values = [None if rng.random() < 0.3 else float(rng.integers(9)) for _ in range(offset + length)]
    for kind in (pa.float64(), pa.int32(), pa.int64()):
        part = pa.array(values, kind).slice(offset)
        chunked = pa.chunked_array([part.slice(0, length // 2), part.slice(length // 2)], kind)
        for column in (part, chunked):
            found, known = arrow.numbers(column)
            assert [
                v if k else None for v, k in zip(found.tolist(), known, strict=True)
            ] == column.to_pylist()
    flags = pa.array([None if v is None else v > 4 for v in values], pa.bool_()).slice(offset)
    assert arrow.bits(flags).tolist() == [bool(v) for v in flags.to_pylist()]
    names = pa.array([None if v is None else f"w{v:.0f}" for v in values], pa.string()).slice(offset)
    distinct, rows = arrow.words(
        pa.chunked_array([names.slice(0, length // 2), names.slice(length // 2)], pa.string())
    )
    assert [distinct[row] if row >= 0 else None for row in rows] == names.to_pylist()
