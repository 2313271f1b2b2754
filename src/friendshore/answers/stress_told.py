"""A stress finding as a page tells it: the question, three numbers, and tables of what belongs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.answers.stress_notes import worst_of
from friendshore.records import Amount, Finding, KeyNumber, KeyValue, Listing, Name, Note
from friendshore.shocks import DAYS_PER_MONTH
from friendshore.tables.schemas import columns

__all__ = ["key_numbers", "months_note", "outcomes", "question_of", "replaced_note", "replacing"]

MOST_IMPORTERS = 4
"""Most importers whose numbers stand beside each other."""
MOST_NAMED = 3
"""Most products that a question names; more are counted."""
OUTCOMES = (
    "importer", "product", "peak_shortage_share", "months_to_10pct", "cover_days", "months_short", "total_shortage_t",
    "replaced_share", "import_bill_rise", "outsiders_shortage_t",
)  # fmt: skip

Record = Mapping[str, Any]


def records_of(finding: Finding) -> tuple[Record, ...]:
    """Return what was read off the months, one record a product and importer."""
    told: Any = finding.summary
    return tuple(told)


def question_of(finding: Finding, title: str = "") -> Note:
    """Repeat the question as it was understood; a scenario asks under its title."""
    told = finding.arguments
    importers = Listing(items=tuple(Name(key=name) for name in told["importers"]))
    if told["scenario"]:
        values = {"scenario": title or told["scenario"], "case": told["case"] or "", "importers": importers}
        if told["case"]:
            return Note(
                template="{scenario} ({case}): what is missing for {importers}, and when?", values=values
            )
        return Note(template="{scenario}: what is missing for {importers}, and when?", values=values)
    shock = told["shocks"][0]
    values = {
        "importers": importers,
        "suppliers": Listing(items=tuple(Name(key=code) for code in told["on"])),
        "share": Amount(value=shock["lost_share"], unit="share"),
        "products": products_named(told["products"]),
        "months": str(told["months"]),
    }
    if shock["lost_share"] == 1.0:
        return Note(
            template="When deliveries of {products} from {suppliers} to {importers} stop for {months} months: what is "
            "missing, and when?"
            if shock["importers"]
            else "When deliveries of {products} from {suppliers} to the whole world stop for {months} months: what is "
            "missing for {importers}, and when?",
            values=values,
        )
    return Note(
        template="When {share} of the deliveries of {products} from {suppliers} to {importers} stops for {months} "
        "months: what is missing, and when?"
        if shock["importers"]
        else "When {share} of the deliveries of {products} from {suppliers} to the whole world stops for {months} "
        "months: what is missing for {importers}, and when?",
        values=values,
    )


def products_named(codes: Sequence[str]) -> Listing | Note:
    """Name a few products, or count them."""
    if len(codes) <= MOST_NAMED:
        return Listing(items=tuple(Name(key=code, kind="product") for code in codes))
    return Note(template="{count} products", values={"count": str(len(codes))})


def key_numbers(finding: Finding) -> tuple[KeyNumber, ...]:
    """Return the three numbers of an answer, for the product of which most is missing; who misses most comes last."""
    told = records_of(finding)
    worst = worst_of(told)
    shown = [each for each in told if each["product"] == worst["product"] and each is not worst]
    shown = [*sorted(shown, key=lambda each: each["peak_shortage_share"])[1 - MOST_IMPORTERS :], worst]
    return (peak_number(finding, shown), begin_number(finding, shown), cover_number(finding, shown))


def about(shown: Sequence[Record]) -> dict[str, Any]:
    """Values that the numbers share."""
    return {
        "product": Name(key=shown[-1]["product"], kind="product"),
        "importer": Name(key=shown[-1]["importer"]),
    }


def peak_number(finding: Finding, shown: Sequence[Record]) -> KeyNumber:
    """Part of demand that is missing in the worst month, with the interval of that month."""
    values = []
    for each in shown:
        month = worst_month(finding, each)
        values.append(
            KeyValue(
                importer=each["importer"],
                value=each["peak_shortage_share"],
                low=month["shortage_share_low"],
                high=month["shortage_share_high"],
            )
        )
    known = any(value.low is not None for value in values)
    return KeyNumber(
        label=Note(template="In the worst month {value} of the {product} is missing", values=about(shown)),
        measure=Note(template="part of demand missing in the worst month"),
        unit="share",
        values=tuple(values),
        note=Note(template="From the path. Range: 80 % by statistics over comparable events.")
        if known
        else Note(template="From the path. No range, since no event compares."),
    )


def worst_month(finding: Finding, record: Record) -> Record:
    """Return the month in which most is missing."""
    return max(
        (
            row
            for row in finding.rows
            if row["product"] == record["product"] and row["importer"] == record["importer"]
        ),
        key=lambda row: row["shortage_share"],
    )


def begin_number(finding: Finding, shown: Sequence[Record]) -> KeyNumber:
    """Day from which a tenth is missing, or in how many months something is."""
    if shown[-1]["months_to_10pct"] is None:
        total = str(finding.arguments["months"])
        return KeyNumber(
            label=Note(
                template="In {value} of {months} months something is missing", values={"months": total}
            ),
            measure=Note(template="months in which something is missing"),
            unit="count",
            values=tuple(KeyValue(importer=r["importer"], value=r["months_short"]) for r in shown),
            note=Note(template="More than 1 % of the month's demand. A tenth is never missing."),
        )
    return KeyNumber(
        label=Note(template="A tenth is missing from day {value} on"),
        measure=Note(template="first day on which a tenth is missing"),
        unit="count",
        values=tuple(
            KeyValue(importer=r["importer"], value=first_day(r["months_to_10pct"], DAYS_PER_MONTH))
            for r in shown
        ),
        note=Note(template="Days of the run, whose first day is the first on which something stops.")
        if all(r["months_to_10pct"] is not None for r in shown)
        else Note(template="Days of the run; n/a: a tenth is never missing."),
    )


def first_day(covered: float | None, days: float = 1.0) -> int | None:
    """Count the days that are covered, and name the next."""
    return None if covered is None else int(covered * days + 1e-9) + 1


def cover_number(finding: Finding, shown: Sequence[Record]) -> KeyNumber:
    """How many days pass before anything is missing."""
    worst = shown[-1]
    unknown = [each["importer"] for each in shown if not each["stock_known"]]
    listed = {"importers": Listing(items=tuple(Name(key=name) for name in unknown))}
    if worst["cover_days"] is None:
        run = int(finding.arguments["months"] * DAYS_PER_MONTH)
        label = Note(template="Cover lasts all {value} days of the run")
        values = [KeyValue(importer=worst["importer"], value=run)]
    else:
        label = Note(
            template="Cover lasts {value} days"
            if worst["stock_known"]
            else "Cover lasts at least {value} days"
        )
        values = [
            KeyValue(
                importer=r["importer"], value=None if r["cover_days"] is None else int(r["cover_days"] + 1e-9)
            )
            for r in shown
        ]
    return KeyNumber(
        label=label,
        measure=Note(template="days until more than 1 % is missing"),
        unit="count",
        values=tuple(values),
        note=Note(
            template="The stock of {importers} is unknown, which is not zero: the run holds none.",
            values=listed,
        )
        if unknown
        else Note(template="With the stock as stated, until more than 1 % is missing."),
    )


def outcomes(finding: Finding) -> Finding:
    """Tabulate who misses how much and when, one row a product and importer, the worst first."""
    told = sorted(records_of(finding), key=lambda r: (-r["peak_shortage_share"], -r["total_shortage_t"]))
    return part(finding, OUTCOMES, [{name: each[name] for name in OUTCOMES} for each in told])


def replacing(finding: Finding) -> Finding:
    """Tabulate who delivers more than before, the largest first for each product and importer."""
    rows = [
        {"importer": each["importer"], "product": each["product"], **by}
        for each in records_of(finding)
        for by in each["replaced_by"]
    ]
    return part(finding, ("importer", "product", "exporter", "more_t"), rows)


def part(finding: Finding, names: Sequence[str], rows: Sequence[Record]) -> Finding:
    """Make a finding of what the summary holds; sources and command are those of the whole."""
    return Finding(
        question="stress",
        arguments=finding.arguments,
        columns=columns("stress_summary", tuple(names)),
        rows=tuple({name: row[name] for name in names} for row in rows),
        answer=finding.answer,
        sources=finding.sources,
        command=finding.command,
    )


def months_note(finding: Finding) -> Note:
    """Say of how many months, and which one is the worst."""
    worst = worst_of(records_of(finding))
    values = {
        "importer": Name(key=worst["importer"]),
        "product": Name(key=worst["product"], kind="product"),
        "short": str(worst["months_short"]),
        "months": str(finding.arguments["months"]),
        "month": str(worst_month(finding, worst)["month"]),
        "tons": Amount(value=worst["total_shortage_t"], unit="t"),
    }
    if not worst["months_short"]:
        return Note(template="In none of {months} months is more than 1 % missing", values=values)
    return Note(
        template="{importer} is short of {product} in {short} of {months} months, most in month {month}",
        values=values,
    )


def replaced_note(finding: Finding) -> Note:
    """Say how much of what the worst struck importer loses others replace."""
    worst = worst_of(records_of(finding))
    return Note(
        template="Others replace {share} of the {product} that {importer} loses",
        values={
            "share": Amount(value=worst["replaced_share"], unit="share"),
            "product": Name(key=worst["product"], kind="product"),
            "importer": Name(key=worst["importer"]),
        },
    )
