"""Formats and pacts of the register as rows beside the blocs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from friendshore.records import Note, Table
    from friendshore.tables.measures import Measure

__all__ = ["formats_and_pacts", "pact_named", "parties_of"]


def formats_and_pacts(day: date | None) -> dict[str, Table]:
    """List formats and pacts in force on a day; their names are no importers."""
    from friendshore.records import Table
    from friendshore.tables.measures import measures
    from friendshore.tables.schemas import columns

    told = {
        kind: tuple(
            {
                "id": one.id,
                "kind": one.kind,
                "name_en": one.name_en,
                "name_ja": one.name(lang="ja"),
                "field": one.field or None,
                "since": one.since.isoformat() if one.since else None,
                "members": "; ".join(one.actors),
                "source": one.source,
                "verification": one.verification,
            }
            for one in measures().values()
            if one.kind == kind and (day is None or one.holds(day))
        )
        for kind in ("format", "pact")
    }
    return {f"{kind}s": Table(columns=columns("pacts"), rows=rows) for kind, rows in told.items()}


def pact_named(name: str) -> Measure | None:
    """Return the format or pact of this id, whatever its case."""
    from friendshore.tables.measures import measures

    return next((one for key, one in measures().items() if key.casefold() == name.strip().casefold()), None)


def parties_of(pact: Measure, day: date | None) -> tuple[list[dict[str, Any]], Note]:
    """List who takes part in a pact or format."""
    from friendshore.records import Note
    from friendshore.tables.countries import country_name

    rows = [
        {
            "bloc": pact.id,
            "country": code,
            "country_name": country_name(code),
            "since": pact.since.isoformat() if pact.since else None,
            "until": pact.until.isoformat() if pact.until else None,
            "precision": pact.precision,
            "source": pact.source,
            "url": pact.url or None,
            "verification": pact.verification,
        }
        for code in pact.actors
        if day is None or pact.holds(day)
    ]
    answer = Note(template="{count} take part in {name}.", values={"count": len(rows), "name": pact.name_en})
    return rows, answer
