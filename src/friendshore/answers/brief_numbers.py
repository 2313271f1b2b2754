"""The sentence of a brief and its three numbers, each with its range and what it was before."""

from __future__ import annotations

from collections.abc import Sequence

from friendshore.answers.readings import BEFORE, BY_TONS, BY_VALUE, CLEANED, Readings
from friendshore.records import Amount, KeyNumber, KeyValue, Listing, Name, Note

__all__ = ["answer_of", "key_numbers", "question_of", "suppliers_named"]


def suppliers_named(on: Sequence[str]) -> Listing:
    """Suppliers as a value of a note."""
    return Listing(items=tuple(Name(key=name) for name in on))


def question_of(readings: Readings, on: Sequence[str], group: str, data: str) -> Note:
    """Repeat the question as it was understood."""
    alone = readings.names[:-1] if readings.joint else readings.names
    values = {
        "importers": Listing(items=tuple(Name(key=name) for name in alone)),
        "supplier": suppliers_named(on),
        "products": subject(readings, group),
        "data": data,
        "year": str(readings.year),
    }
    if readings.joint:
        return Note(
            template="What do {importers}, each and together, depend on from {supplier}? {products}, {year}, data: "
            "{data}",
            values=values,
        )
    return Note(
        template="What does {importers} depend on from {supplier}? {products}, {year}, data: {data}",
        values=values,
    )


def subject(readings: Readings, group: str) -> Note:
    """Say which products it is about."""
    count = len(readings.products)
    if count == 1:
        return Note(template="{product}", values={"product": Name(key=readings.products[0], kind="product")})
    if group:
        return Note(
            template="{count} products of the group {group}",
            values={"count": str(count), "group": Name(key=group, kind="group")},
        )
    return Note(template="{count} products", values={"count": str(count)})


def answer_of(readings: Readings, on: Sequence[str]) -> Note:
    """Answer in one sentence."""
    if len(readings.products) == 1:
        return answer_about_one(readings, on)
    alone = readings.names[:-1] if readings.joint else readings.names
    values = {
        "supplier": suppliers_named(on),
        "year": str(readings.year),
        "list": Listing(items=tuple(counted(readings, name) for name in alone)),
        **traced_count(readings),
    }
    if not readings.joint:
        return Note(
            template="In {year}, more than half came from {supplier} in {list}; counting what came through third "
            "countries, in {traced}.",
            values=values,
        )
    return Note(
        template="In {year}, more than half came from {supplier} in {list}; bought together, in {together} of "
        "{total}, and in {traced} counting what came through third countries.",
        values=values
        | {
            "together": str(len(readings.above_half(BY_VALUE, readings.lead.name))),
            "total": str(len(readings.bought(readings.lead.name))),
        },
    )


def counted(readings: Readings, importer: str) -> Note:
    """Part of the sentence about one importer."""
    return Note(
        template="{count} of {total} products for {importer}",
        values={
            "count": str(len(readings.above_half(BY_VALUE, importer))),
            "total": str(len(readings.bought(importer))),
            "importer": Name(key=importer),
        },
    )


def traced_count(readings: Readings) -> dict[str, Amount]:
    """Count the products above half counting third countries, as a range."""
    low, high = above_half_traced(readings, readings.lead.name)
    return {"traced": Amount(value=low, high=high, unit="")}


def above_half_traced(readings: Readings, importer: str, *, before: bool = False) -> tuple[int, int]:
    """How many products lie above half counting third countries: for certain, and possibly."""
    spans = [readings.traced(importer, product, before=before) for product in readings.products]
    known = [span for span in spans if span is not None]
    return sum(low > 0.5 for low, _ in known), sum(high > 0.5 for _, high in known)


def answer_about_one(readings: Readings, on: Sequence[str]) -> Note:
    """Answer in one sentence where it is about a single product."""
    product = readings.products[0]
    alone = readings.names[:-1] if readings.joint else readings.names
    span = readings.traced(readings.lead.name, product)
    values = {
        "supplier": suppliers_named(on),
        "product": Name(key=product, kind="product"),
        "year": str(readings.year),
        "list": Listing(
            items=tuple(
                Note(
                    template="{importer} {share}",
                    values={
                        "importer": Name(key=name),
                        "share": Amount(value=readings.share(BY_VALUE, name, product), unit="share"),
                    },
                )
                for name in alone
            )
        ),
        "together": Amount(value=readings.share(BY_VALUE, readings.lead.name, product), unit="share"),
        "traced": Amount(value=span and span[0], high=span and span[1], unit="share"),
    }
    if readings.joint:
        return Note(
            template="In {year}, this much of their imports of {product} came from {supplier}: {list}; together "
            "{together}, and {traced} counting what came through third countries.",
            values=values,
        )
    return Note(
        template="In {year}, this much of the imports of {product} came from {supplier}: {list}, and {traced} "
        "counting what came through third countries.",
        values=values,
    )


def key_numbers(readings: Readings, on: Sequence[str]) -> tuple[KeyNumber, ...]:
    """Return the three numbers: directly, counting third countries, and in money."""
    supplier = suppliers_named(on)
    one = len(readings.products) == 1
    direct = Note(
        template="{value} of imports came directly from {supplier}"
        if one
        else "For {value} of {total} products, more than half came directly from {supplier}",
        values={"supplier": supplier},
    )
    through = Note(
        template="{value} of imports originated in {supplier} or passed through it"
        if one
        else "For {value} of {total} products, more than half originated in {supplier} or passed through it",
        values={"supplier": supplier},
    )
    what = measures(supplier, one=one)
    names = readings.names
    return (
        KeyNumber(
            label=direct,
            measure=what[0],
            unit="share" if one else "count",
            values=tuple((direct_share if one else direct_count)(readings, name) for name in names),
            note=Note(
                template="By value. Range: the same by value, by tons as published and by cleaned tons."
            ),
        ),
        KeyNumber(
            label=through,
            measure=what[1],
            unit="share" if one else "count",
            values=tuple((traced_share if one else traced_counts)(readings, name) for name in names),
            note=Note(
                template="By tons. Range: production that is not known lies between exports less imports and "
                "exports."
            ),
        ),
        KeyNumber(
            label=Note(template="Direct purchases from {supplier}: {value}", values={"supplier": supplier}),
            measure=what[2],
            unit="USD",
            values=tuple(money(readings, name) for name in names),
            note=Note(
                template="Current dollars. Range: adding what comes through third countries, valued at the "
                "importer's mean price."
            ),
        ),
    )


def measures(supplier: Listing, *, one: bool) -> tuple[Note, Note, Note]:
    """Name the three measures, for tables."""
    values = {"supplier": supplier}
    return (
        Note(
            template="share of imports that came directly from {supplier}"
            if one
            else "products of which more than half came directly from {supplier}",
            values=values,
        ),
        Note(
            template="share of imports that originated in {supplier} or passed through it"
            if one
            else "products of which more than half originated in {supplier} or passed through it",
            values=values,
        ),
        Note(template="direct purchases from {supplier}", values=values),
    )


def direct_count(readings: Readings, importer: str) -> KeyValue:
    """Products above half, with the range over the readings."""
    counts = [len(readings.above_half(reading, importer)) for reading in (BY_VALUE, BY_TONS, CLEANED)]
    return KeyValue(
        importer=importer,
        value=counts[0],
        low=min(counts),
        high=max(counts),
        before=len(readings.above_half(BEFORE, importer)) if readings.year_before else None,
        of=len(readings.bought(importer)),
    )


def direct_share(readings: Readings, importer: str) -> KeyValue:
    """Share of the one product, with the range over the readings."""
    product = readings.products[0]
    shares = [readings.share(reading, importer, product) for reading in (BY_VALUE, BY_TONS, CLEANED)]
    known = [share for share in shares if share is not None]
    return KeyValue(
        importer=importer,
        value=shares[0],
        low=min(known, default=None),
        high=max(known, default=None),
        before=readings.share(BEFORE, importer, product),
    )


def traced_counts(readings: Readings, importer: str) -> KeyValue:
    """Products above half counting third countries: the value is what is certain."""
    low, high = above_half_traced(readings, importer)
    before = above_half_traced(readings, importer, before=True) if readings.year_before else (None, None)
    known = sum(readings.traced(importer, product) is not None for product in readings.products)
    return KeyValue(
        importer=importer, value=None, low=low, high=high, before=before[0], before_high=before[1], of=known
    )


def traced_share(readings: Readings, importer: str) -> KeyValue:
    """Share of the one product counting third countries."""
    product = readings.products[0]
    low, high = readings.traced(importer, product) or (None, None)
    before = readings.traced(importer, product, before=True) or (None, None)
    return KeyValue(
        importer=importer, value=None, low=low, high=high, before=before[0], before_high=before[1]
    )


def money(readings: Readings, importer: str) -> KeyValue:
    """Dollars bought directly; the range adds the share of tons that came through third countries."""
    direct, low, high = 0.0, 0.0, 0.0
    for product in readings.bought(importer):
        imports = readings.figure(BY_VALUE, importer, product, "imports_usd")
        share = readings.share(BY_VALUE, importer, product) or 0.0
        least, most = hidden(readings, importer, product)
        direct += imports * share
        low += imports * min(1.0, share + least)
        high += imports * min(1.0, share + most)
    before = None
    if readings.year_before:
        before = sum(
            readings.figure(BEFORE, importer, product, "imports_usd")
            * (readings.share(BEFORE, importer, product) or 0.0)
            for product in readings.bought(importer, BEFORE)
        )
    return KeyValue(importer=importer, value=direct, low=low, high=high, before=before)


def hidden(readings: Readings, importer: str, product: str) -> tuple[float, float]:
    """Return what third countries add to the direct share of tons, low and high; 0 where it is not known."""
    face, span = readings.share(BY_TONS, importer, product), readings.traced(importer, product)
    if face is None or span is None:
        return 0.0, 0.0
    return max(span[0] - face, 0.0), max(span[1] - face, 0.0)
