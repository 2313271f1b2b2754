"""Who else is hurt when somebody stops: importers that were not asked about, by what they miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from friendshore.answers.framing import opened, sources_of
from friendshore.answers.stress_cases import Cut, case_asked
from friendshore.answers.stress_rows import pairs_of
from friendshore.disruption.path import run_path
from friendshore.disruption.reading import summary
from friendshore.records import Amount, Finding, Name, Note
from friendshore.tables.schemas import columns
from friendshore.tables.world import World

__all__ = ["others_short"]

COLUMNS = ("importer", "product", "total_shortage_t", "peak_shortage_share", "months_short")


def others_short(
    importers: Sequence[str],
    *,
    cut: Cut,
    scenario: str | Path = "",
    case: str = "",
    as_bloc: bool = False,
    world: World | str | Path = "raw-materials",
    command: str = "",
) -> Finding:
    """Tell who else misses something in the run of :func:`friendshore.answers.stress.stress`.

    Parameters
    ----------
    importers, scenario, case, as_bloc, world
        As there.
    cut
        The options of a question without a scenario.
    command
        The command line of the run.

    Returns
    -------
    Finding
        One row an importer that was not asked about and is short of a product in some month, most tons first.
    """
    opened_world = opened(world)
    built = case_asked(cut, importers, (scenario, case), opened_world, as_bloc=as_bloc)
    market = built.market
    asked = [buyer for *_, buyer in pairs_of(market, built.nodes.actors, built.products)]
    places = [market.place[code] for code in built.products if code in market.place]
    watch = np.setdiff1d(np.flatnonzero(np.isin(market.links.buyer_product, places)), asked)
    rows: list[dict[str, Any]] = []
    if len(watch):
        run = run_path(
            market,
            built.shocks,
            months=built.months,
            stocks=built.stocks,
            parameters=built.parameters,
            watch=watch.tolist(),
        )
        read = summary(run)
        rows = [
            {
                "importer": market.countries[market.links.buyer_country[buyer]],
                "product": market.products[market.links.buyer_product[buyer]],
                "total_shortage_t": float(read.total_shortage_t[0, at]),
                "peak_shortage_share": float(read.peak_shortage_share[0, at]),
                "months_short": int(read.months_short[0, at]),
            }
            for at, buyer in enumerate(run.buyers.tolist())
            if read.months_short[0, at] > 0
        ]
    rows.sort(key=lambda row: (-row["total_shortage_t"], row["importer"], row["product"]))
    return Finding(
        question="stress",
        arguments={"importers": [actor.name for actor in built.nodes.actors], "data": opened_world.name},
        columns=columns("stress_summary", COLUMNS),
        rows=tuple({name: row[name] for name in COLUMNS} for row in rows),
        answer=_sentence(rows),
        sources=sources_of(opened_world, "trade", "production"),
        command=command,
    )


def _sentence(rows: Sequence[Mapping[str, Any]]) -> Note:
    if not rows:
        return Note(template="Nobody else misses more than 1 % of a month's demand")
    first = rows[0]
    values = {
        "count": str(len({row["importer"] for row in rows})),
        "importer": Name(key=first["importer"]),
        "product": Name(key=first["product"], kind="product"),
        "tons": Amount(value=first["total_shortage_t"], unit="t"),
    }
    if values["count"] == "1":
        return Note(
            template="One other importer is hurt: {importer} misses {tons} of {product}", values=values
        )
    return Note(
        template="{count} other importers are hurt, most {importer}: {tons} of {product}", values=values
    )
