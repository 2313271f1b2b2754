"""Rows of the governance-weighted supply risk: one a material and importer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from friendshore.answers.actors import Actor, positions
from friendshore.answers.framing import known
from friendshore.exposure.governance import scores, scores_compat
from friendshore.records import Assumption, Note
from friendshore.tables.materials import material_name, materials
from friendshore.tables.world import World

__all__ = ["governance_assumptions", "governance_caveats", "governance_rows"]

Row = dict[str, Any]


def governance_rows(
    world: World, actor: Actor, year: int, codes: Sequence[str], *, compatible: bool
) -> list[Row]:
    """Score each material that holds any of the products, corrected or as geopolrisk-py 2.0.1 does."""
    wanted = set(codes)
    chosen = {
        key: sorted(set(material.governance) & set(world.products))
        for key, material in materials().items()
        if wanted & set(material.governance)
    }
    if not chosen:
        return []
    score = scores_compat if compatible else scores
    at = score(world, (year,), materials=tuple(chosen), importers=(positions(actor.members(year), world),))
    return [
        {
            "product": ";".join(joined),
            "product_name": material_name(key),
            "material": key,
            "dependent": None,
            "dependent_before": None,
            "hhi": known(at.hhi[m, 0, 0]),
            "import_risk": known(at.import_risk[m, 0, 0]),
            "score": known(at.score[m, 0, 0]),
            "characterisation_factor": known(at.characterisation_factor[m, 0, 0]),
            "price_usd_per_kg": known(at.price_usd_per_t[m, 0, 0] / 1000),
            "unknown_governance_share": known(at.unknown_governance_share[m, 0, 0]),
        }
        for m, (key, joined) in enumerate(chosen.items())
    ]


def governance_assumptions() -> tuple[Assumption, ...]:
    """Name the constant behind the characterisation factor."""
    return (
        Assumption(
            text=Note(
                template="The characterisation factor is relative to a copper midpoint of 0.409412948 thousand "
                "dollars a ton."
            ),
            source="constant in the code of geopolrisk-py 2.0.1",
        ),
    )


def governance_caveats(rows: Sequence[Row], asked: Sequence[str], year: int) -> tuple[Note, ...]:
    """Say what the scores rest on, and how many could not be computed."""
    if not any(key.startswith("governance") for key in asked):
        return ()
    notes = [
        Note(
            template="Governance scores add production as its producer counts it, often metal content, to the "
            "gross weight of trade, as the published method does."
        )
    ]
    if "governance-compat" in asked:
        notes.append(
            Note(
                template="governance-compat repeats the known errors of geopolrisk-py 2.0.1 on purpose; quote "
                "the corrected score."
            )
        )
    unknown = sum(row["rule"] == "governance" and row.get("score") is None for row in rows)
    if unknown:
        notes.append(
            Note(
                template="{count} governance scores of {year} cannot be computed: no imports in known tons, or "
                "production or governance not known.",
                values={"count": str(unknown), "year": str(year)},
            )
        )
    return tuple(notes)
