"""Rows of the two rules that give a verdict by product: the Commission's of 2021 and CEPII's GeoDep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friendshore.answers.actors import Actor, positions
from friendshore.answers.framing import known
from friendshore.exposure.rules import WINDOW_YEARS, GeoDep, commission_2021, geodep
from friendshore.tables.products import product_name
from friendshore.tables.world import World

__all__ = ["commission_rows", "geodep_rows"]

Row = dict[str, Any]


def commission_rows(world: World, actor: Actor, year: int, codes: Sequence[str]) -> list[Row]:
    """Verdict and the three indicators (both export bases) of each product that the importer trades."""
    verdicts: dict[int, dict[str, bool]] = {}
    rows: list[Row] = []
    for then in (year - 1, year):
        if then not in world.years or not actor.existed(then):
            continue
        at = commission_2021(world.trade((then,), codes), positions(actor.members(then), world))
        names = [world.products[p] for p in at.product.tolist()]
        verdicts[then] = dict(zip(names, at.dependent.tolist(), strict=True))
        if then == year:
            rows = [
                {
                    "product": code,
                    "product_name": product_name(code),
                    "dependent": bool(at.dependent[n]),
                    "cdi1": known(at.cdi1[n]),
                    "cdi2": known(at.cdi2[n]),
                    "cdi3_total": known(at.cdi3_total[n]),
                    "cdi3_extra": known(at.cdi3_extra[n]),
                }
                for n, code in enumerate(names)
            ]
    before = verdicts.get(year - 1)
    for row in rows:
        row["dependent_before"] = None if before is None else before.get(row["product"], False)
    return rows


def geodep_rows(world: World, actor: Actor, year: int, codes: Sequence[str]) -> list[Row]:
    """Verdict and the four criteria of each product that the importer trades in the window."""
    at = criteria(world, actor, year, codes)
    before: dict[int, bool] | None = None
    if year - 1 in world.years and actor.existed(year - 1):
        past = criteria(world, actor, year - 1, codes)
        before = dict(zip(past.product.tolist(), past.dependent.tolist(), strict=True))
    rows = []
    for n, place in enumerate(at.product.tolist()):
        code = world.products[place]
        rows.append(
            {
                "product": code,
                "product_name": product_name(code),
                "dependent": bool(at.dependent[n]),
                "dependent_before": None if before is None else before.get(place, False),
                "import_hhi": known(at.import_hhi[n]),
                "world_export_hhi": known(at.world_export_hhi[n]),
                "import_export_ratio": known(at.import_export_ratio[n]),
                "years_met": known(at.years_met[n]),
            }
        )
    return rows


def criteria(world: World, actor: Actor, year: int, codes: Sequence[str]) -> GeoDep:
    """Apply GeoDep to the window that ends in a year; a bloc has its members of each year."""
    back = range(year - WINDOW_YEARS + 1, year + 1)
    window = [then for then in back if then in world.years and actor.existed(then)]
    members = {then: positions(actor.members(then), world) for then in window}
    return geodep(world.trade(window, codes), members, year)
