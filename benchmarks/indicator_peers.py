"""The same indicators by DuckDB and by pandas, on the same rows in memory, sorted the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from friendshore.tables.trade import Trade

__all__ = ["duckdb_indicators", "pandas_indicators"]

SHARES = """
create or replace table shares as
select year, product, importer, exporter, value_usd / sum(value_usd) over (partition by year, product, importer)
    as share
from trade
"""
GROUPS = """
create or replace table groups as
with bought as (
    select year, product, importer, sum(value_usd) as usd, sum(quantity_t) as tons,
        count(*) - count(quantity_t) as unknown_links, sum(value_usd * value_usd) as squares,
        max(value_usd) as largest, arg_max(exporter, value_usd) as top_supplier,
        sum(value_usd) filter (exporter = $supplier) as chosen
    from trade group by all
), sold as (select year, product, exporter, sum(value_usd) as usd from trade group by all)
select b.year, b.product, b.importer, b.usd as imports_usd, b.tons as imports_t, b.unknown_links,
    b.squares / (b.usd * b.usd) as hhi, b.top_supplier, b.largest / b.usd as top_share,
    coalesce(b.chosen, 0) / b.usd as supplier_share, b.usd / s.usd as ratio
from bought b left join sold s
    on b.year = s.year and b.product = s.product and b.importer = s.exporter
"""
WORLD = """
create or replace table world as
with sold as (select year, product, exporter, sum(value_usd) as usd from trade group by all)
select year, product, sum(usd) as total, sum(usd * usd) / (sum(usd) * sum(usd)) as hhi,
    arg_max(exporter, usd) as top_exporter, max(usd) / sum(usd) as top_share
from sold group by all
"""
BLOC = """
create or replace table bloc as
with flows as (
    select t.year, t.product, t.exporter, t.value_usd, i.inside as buys, e.inside as sells
    from trade t join countries i on t.importer = i.country join countries e on t.exporter = e.country
    where i.inside or e.inside
), sums as (
    select year, product, sum(value_usd) filter (buys and not sells) as outside,
        sum(value_usd) filter (buys and sells) as inner_usd, sum(value_usd) filter (sells) as sold,
        sum(value_usd) filter (sells and not buys) as sold_outside
    from flows group by all
), by_seller as (
    select year, product, exporter, sum(value_usd) as usd from flows where buys and not sells group by all
), spread as (
    select year, product, sum(usd * usd) / (sum(usd) * sum(usd)) as cdi1 from by_seller group by all
)
select year, product, cdi1, outside / (outside + coalesce(inner_usd, 0)) as cdi2, outside / sold as cdi3_total,
    outside / sold_outside as cdi3_extra
from sums left join spread using (year, product)
"""


def duckdb_indicators(trade: Trade, supplier: int, members: Sequence[int]) -> Callable[[], Any]:
    """Load the rows into a DuckDB of one thread; the callable returned computes everything."""
    import duckdb
    import pyarrow as pa

    connection = duckdb.connect(config={"threads": 1})
    names = ("year", "product", "importer", "exporter", "value_usd", "quantity_t")
    rows = pa.table({name: pa.array(getattr(trade, name), from_pandas=True) for name in names})
    inside = np.zeros(len(trade.countries), bool)
    inside[list(members)] = True
    nations = pa.table(
        {"country": pa.array(np.arange(len(trade.countries)), pa.int16()), "inside": pa.array(inside)}
    )
    connection.register("rows", rows)
    connection.register("nations", nations)
    connection.execute("create table trade as select * from rows")
    connection.execute("create table countries as select * from nations")

    def run() -> Any:  # noqa: ANN401
        connection.execute(SHARES)
        connection.execute(GROUPS, {"supplier": supplier})
        connection.execute(WORLD)
        connection.execute(BLOC)
        return connection

    return run


def pandas_indicators(trade: Trade, supplier: int, members: Sequence[int]) -> Callable[[], Any]:
    """Hold the rows as a pandas frame; the callable returned computes everything."""
    import pandas as pd

    names = ("year", "product", "importer", "exporter", "value_usd", "quantity_t")
    rows = pd.DataFrame({name: getattr(trade, name) for name in names})
    inside = np.zeros(len(trade.countries), bool)
    inside[list(members)] = True
    by_importer, by_product = ["year", "product", "importer"], ["year", "product"]

    def run() -> Any:  # noqa: ANN401
        usd = rows["value_usd"]
        groups = rows.groupby(by_importer, sort=False)
        total = groups["value_usd"].transform("sum")
        share = usd / total
        table = groups.agg(
            imports_usd=("value_usd", "sum"), imports_t=("quantity_t", "sum"), largest=("value_usd", "max"),
            size=("value_usd", "size"), known=("quantity_t", "count"),
        )  # fmt: skip
        keys = [rows[name] for name in by_importer]
        table["hhi"] = (share * share).groupby(keys, sort=False).sum()
        table["supplier_share"] = (
            share.where(rows["exporter"] == supplier, 0.0).groupby(keys, sort=False).sum()
        )
        largest = groups["value_usd"].idxmax()
        table["top_supplier"] = rows["exporter"].to_numpy()[largest.to_numpy()]
        table["top_share"] = table["largest"] / table["imports_usd"]
        sold = rows.groupby(["year", "product", "exporter"])["value_usd"].sum()
        sold.index.names = by_importer
        table["ratio"] = table["imports_usd"] / sold.reindex(table.index)
        world_total = sold.groupby(level=[0, 1]).sum()
        world = pd.DataFrame(
            {
                "total": world_total,
                "hhi": (sold * sold).groupby(level=[0, 1]).sum() / world_total**2,
                "top_share": sold.groupby(level=[0, 1]).max() / world_total,
                "top_exporter": sold.groupby(level=[0, 1]).idxmax().map(lambda key: key[2]),
            }
        )
        buys, sells = inside[rows["importer"]], inside[rows["exporter"]]
        outside = rows[buys & ~sells].groupby([*by_product, "exporter"])["value_usd"].sum()
        bought = outside.groupby(level=[0, 1]).sum()
        inner = rows[buys & sells].groupby(by_product)["value_usd"].sum()
        bloc = pd.DataFrame({"cdi1": (outside * outside).groupby(level=[0, 1]).sum() / bought**2})
        bloc["cdi2"] = bought / (bought + inner.reindex(bought.index).fillna(0))
        bloc["cdi3_total"] = bought / rows[sells].groupby(by_product)["value_usd"].sum()
        bloc["cdi3_extra"] = bought / rows[sells & ~buys].groupby(by_product)["value_usd"].sum()
        return share, table, world, bloc

    return run
