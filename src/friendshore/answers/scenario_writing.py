"""Write the scenario that says what the options of a stress question say, to be saved and changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

__all__ = ["scenario_text"]


class _Plain(yaml.SafeDumper):
    """Writes short lists on one line and indents long ones, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Set the entries of a list in."""
        del indentless
        super().increase_indent(flow, False)


def _sequence(dumper: yaml.SafeDumper, entries: list[Any]) -> yaml.SequenceNode:
    flat = all(not isinstance(entry, dict | list) for entry in entries)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", entries, flow_style=flat)


_Plain.add_representer(list, _sequence)


def scenario_text(
    importers: Sequence[str] = (),
    *,
    on: Sequence[str] = (),
    products: Sequence[str] = (),
    group: str = "",
    lost_share: float = 1.0,
    months: int = 12,
    cover_days: float | None = None,
    world_cut: bool = False,
    as_bloc: bool = False,
    quantities: str = "cleaned",
) -> str:
    """Write a scenario of one cut; :func:`friendshore.answers.stress.stress` says what each argument is."""
    what = ", ".join(products) or group or "..."
    whom = "the world" if world_cut or not importers else ", ".join(importers)
    told: dict[str, Any] = {
        "version": 1,
        "name": f"{', '.join(on) or '...'} stops {what} to {whom}",
        "description": "A question, not an event.",
        "source": "none",
        "months": months,
    }
    if importers:
        told["importers"] = list(importers)
    if as_bloc:
        told["as_bloc"] = True
    if quantities != "cleaned":
        told["quantities"] = quantities
    shock: dict[str, Any] = {"id": "cut", "kind": "export_ban", "suppliers": list(on)}
    shock["importers"] = "world" if world_cut or not importers else list(importers)
    if products:
        shock["products"] = list(products)
    if group:
        shock["group"] = group
    shock |= {"lost_share": lost_share, "duration_months": months, "source": "assumption"}
    told["shocks"] = [shock]
    if cover_days is not None and importers:
        # Who is counted as one holds one stock.
        holders = ["+".join(importers)] if as_bloc else list(importers)
        told["stock_cover"] = [
            {"importer": holder, "days": cover_days, "source": "assumption"} for holder in holders
        ]
    return yaml.dump(told, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)
