"""What is said of suppliers: the sentence of the answer, and why figures are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from friendshore.answers.framing import spans
from friendshore.records import Amount, Listing, Name, Note

__all__ = ["YEARS_BACK", "caveats", "sentence"]

YEARS_BACK = 5
"""A share is compared with what it was this many years before."""
Row: TypeAlias = Mapping[str, Any]


def goods(codes: Sequence[str]) -> Note:
    """Say which products it is about."""
    if len(codes) == 1:
        return Note(template="{product}", values={"product": Name(key=codes[0], kind="product")})
    return Note(
        template="the average product (of {count})",
        values={"count": str(len(codes))},
    )


def sentence(
    told: Sequence[Mapping[str, Any]],
    rows: Sequence[Row],
    on: Sequence[str],
    codes: Sequence[str],
    year: int,
    before: int | None,
) -> Note:
    """Answer in one sentence."""
    first = {row["importer"]: row for row in reversed(rows) if row["rank"] == 1}
    values: dict[str, Any] = {
        "year": str(year),
        "goods": goods(codes),
        "supplier": Listing(items=tuple(Name(key=name) for name in on)),
        "year_before": str(before),
    }
    if len(told) > 1:
        each = [of_one(record, first[record["importer"]], concern=bool(on)) for record in told]
        return Note(
            template="Share of {goods} that came from {supplier} in {year}, by value: {counts}."
            if on
            else "Largest supplier of {goods} in {year}, by value: {counts}.",
            values={**values, "counts": Listing(items=tuple(each))},
        )
    record, top = told[0], first[told[0]["importer"]]
    share, earlier = record["concern_share"], record["concern_share_before"]
    if not on:
        share = top["share"]
        earlier = None if top["share_change"] is None else share - top["share_change"]
    values |= {
        "importer": Name(key=record["importer"]),
        "share": Amount(value=share, unit="share"),
        "before": Amount(value=earlier, unit="share"),
        "top": Name(key=top["supplier"]),
        "top_share": Amount(value=top["share"], unit="share"),
    }
    return Note(template=template_of(rows, on=bool(on), compared=earlier is not None), values=values)


def template_of(rows: Sequence[Row], *, on: bool, compared: bool) -> str:
    """Choose the sentence about one importer."""
    if not on:
        return (
            "In {year}, {importer} bought more of {goods} from {top} than from anybody else: {share}, by value "
            "({before} in {year_before})."
            if compared
            else "In {year}, {importer} bought more of {goods} from {top} than from anybody else: {share}, by value."
        )
    if rows[0]["of_concern"]:
        return (
            "In {year}, {importer} bought {share} of {goods} from {supplier}, by value, more than from anybody else "
            "({before} in {year_before})."
            if compared
            else "In {year}, {importer} bought {share} of {goods} from {supplier}, by value, more than from anybody "
            "else."
        )
    return (
        "In {year}, {importer} bought {share} of {goods} from {supplier}, by value ({before} in {year_before}); most "
        "came from {top}, {top_share}."
        if compared
        else "In {year}, {importer} bought {share} of {goods} from {supplier}, by value; most came from {top}, "
        "{top_share}."
    )


def of_one(record: Mapping[str, Any], top: Row, *, concern: bool) -> Note:
    """Part of the sentence about one of several importers."""
    if concern:
        share = Amount(value=record["concern_share"], unit="share")
        return Note(
            template="{importer} {share}", values={"importer": Name(key=record["importer"]), "share": share}
        )
    return Note(
        template="{importer} {supplier} with {share}",
        values={
            "importer": Name(key=record["importer"]),
            "supplier": Name(key=top["supplier"]),
            "share": Amount(value=top["share"], unit="share"),
        },
    )


def caveats(
    told: Sequence[Mapping[str, Any]],
    rows: Sequence[Row],
    codes: Sequence[str],
    year: int,
    before: int | None,
) -> tuple[Note, ...]:
    """Say why figures are missing."""
    notes = []
    if len(codes) > 1:
        notes.append(
            Note(template="Tons of different goods are not added up; ask about one product for tons.")
        )
    elif unknown := sum(row["supplied_t"] is None for row in rows):
        notes.append(
            Note(
                template="Suppliers whose tons the source does not give, or gives for less than 95 % of their "
                "dollars: {count}; their tons are not known.",
                values={"count": str(unknown)},
            )
        )
    if before is None:
        notes.append(
            Note(
                template="No change is told: the data hold no trade for {year}.",
                values={"year": spans((year - YEARS_BACK,))},
            )
        )
    else:
        notes += [
            Note(
                template="{importer} bought none of it in {year}; no change is told.",
                values={"importer": Name(key=record["importer"]), "year": str(before)},
            )
            for record in told
            if record["year_before"] is None
        ]
    return tuple(notes)
