"""The small file that two allies exchange: its records, how it is written, and how a foreign one is read.

A summary holds what an ally needs, what it offers, and what it would pay by itself; beside it the scenario that
both agreed on, by which the other can check that both speak of the same thing. Stocks that stay at home appear
only in the gap that they leave. The checksum shows damage, not forgery: it is no signature.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError

from friendshore.disruption.scenario_text import read_text
from friendshore.errors import DataError
from friendshore.records import Record

__all__ = [
    "LARGEST_BYTES",
    "VERSION",
    "CapacityOffer",
    "Gap",
    "Need",
    "StockOffer",
    "Summary",
    "canonical",
    "checksum",
    "parse_summary",
    "read_summary",
    "rounded",
    "summary_text",
]

VERSION = 1
FORMAT = "friendshore-summary"
LARGEST_BYTES = 1024 * 1024
DIGITS = 9
"""Significant digits of the numbers in a file: results of two files differ from those of one scenario by less."""
_HEAD = """\
# What {member} tells an ally: needs, offers, budget and what it would pay alone. Nothing else is in this file;
# friendshore summary --explain says what each part reveals. Changed by hand it is refused.
"""

Word = Annotated[str, Field(min_length=1, max_length=200)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Gap(Record):
    """What is missing in a case with today's purchases and the stock that is kept at home."""

    case: Word
    gap_t: Annotated[tuple[Amount, ...], Field(max_length=60)]
    """By period."""


class Need(Record):
    """What an ally needs of a product."""

    product: Word
    demand_t: Amount
    """A year."""
    price_usd_per_t: Amount
    gaps: Annotated[tuple[Gap, ...], Field(max_length=200)]
    stock_most_t: Amount
    """Most stock that it may still add."""
    alone_usd: Annotated[float, Field(allow_inf_nan=False)] | None
    """Yearly cost of its own plan for the product; None where no plan keeps the limits."""
    alone_shortage_share: Share | None
    """Largest part of a period's demand that its own plan leaves missing."""


class CapacityOffer(Record):
    """A plant that may be built: where, how large, for how much."""

    host: Word
    product: Word
    most_t: Amount | None
    """Most new capacity, tons a year; None: nothing limits it."""
    lump_t: Amount
    """Efficient size; 0: any size."""
    capital_usd_per_t: Amount
    gap_usd_per_t: float = Field(allow_inf_nan=False)
    support_share: Share
    online_share: Annotated[tuple[Share, ...], Field(max_length=60)]
    """By period, the part of it in which the plant stands."""


class StockOffer(Record):
    """A stock that serves whoever of the allies is hit."""

    product: Word
    days: Amount
    """Of the owner's demand."""
    stock_t: Amount


class Summary(Record):
    """Everything that leaves."""

    format: Literal["friendshore-summary"] = "friendshore-summary"
    version: Literal[1] = 1
    member: Word
    members: Annotated[tuple[Word, ...], Field(min_length=2, max_length=60)]
    """All who plan together, as the agreed scenario names them."""
    data: Word
    """Name of the data set."""
    data_sha256: Word
    price_basis: Word
    price_years: Annotated[tuple[int, ...], Field(min_length=1, max_length=40)]
    rule: Word
    periods: Annotated[tuple[Amount, ...], Field(min_length=2, max_length=61)]
    """Months at which the periods begin and end."""
    cases: Annotated[tuple[Word, ...], Field(max_length=200)]
    products: Annotated[tuple[Word, ...], Field(min_length=1, max_length=5000)]
    budget_usd: Amount | None
    """Most it pays for support of plants and for stock; None: no limit."""
    needs: Annotated[tuple[Need, ...], Field(min_length=1, max_length=5000)]
    capacity: Annotated[tuple[CapacityOffer, ...], Field(max_length=20000)]
    stock: Annotated[tuple[StockOffer, ...], Field(max_length=5000)]
    agreed: Mapping[str, Any]
    """The scenario without what is one ally's own: stocks, budgets, support and costs of plants."""

    def cost_alone(self) -> float | None:
        """Yearly cost of its own plan; None where no plan keeps the limits."""
        costs = [need.alone_usd for need in self.needs if need.alone_usd is not None]
        return sum(costs) if len(costs) == len(self.needs) else None


def rounded(number: float) -> float:
    """Round to the digits that a file holds.

    >>> rounded(1234.56789012345)
    1234.56789
    """
    return float(f"{number:.{DIGITS}g}")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Write content in the one way of which the checksum is taken: JSON, keys sorted, without the checksum."""
    kept = {key: value for key, value in content.items() if key != "sha256"}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def checksum(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(content)).hexdigest()


def summary_text(summary: Summary) -> str:
    """Write a summary as the text of its file."""
    # Once through JSON, so that no part stands twice in memory, of which YAML would make an alias.
    content = json.loads(json.dumps(summary.model_dump(mode="json")))
    content["sha256"] = checksum(content)
    body = yaml.safe_dump(
        content, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110, indent=1
    )
    return _HEAD.format(member=summary.member) + body


def read_summary(path: str | Path) -> Summary:
    """Read an ally's file.

    Raises
    ------
    DataError
        ``cannot_read``, ``summary_too_large`` (before anything is read), ``not_yaml``, ``yaml_alias``,
        ``yaml_tag``, ``yaml_too_deep``, ``not_a_summary``, ``summary_version``, ``summary_altered``,
        ``bad_summary``.
    """
    path = Path(path)
    return parse_summary(_bounded(path), path.name)


def _bounded(path: Path) -> bytes:
    """Read a plain file that is small enough; devices, pipes and what grows meanwhile are refused."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise DataError(
                f"{path} is no plain file.", code="cannot_read", hint="Name the file that your ally sent."
            )
        size = state.st_size
        if size <= LARGEST_BYTES:
            with path.open("rb") as stream:
                text = stream.read(LARGEST_BYTES + 1)
            size = len(text)
    except OSError as problem:
        raise DataError(
            f"{path} cannot be read: {problem.strerror or problem}.",
            code="cannot_read",
            hint="Check the path and the rights of the file.",
        ) from problem
    if size > LARGEST_BYTES:
        raise DataError(
            f"{path.name} has {size:,} bytes, expected at most {LARGEST_BYTES:,}; it was not read.",
            code="summary_too_large",
            hint="A summary holds a few numbers for each product; ask your ally to write it again.",
        )
    return text


def parse_summary(text: bytes, file: str) -> Summary:
    """Turn the bytes of a file into a summary, or say what is wrong with it; see :func:`read_summary`."""
    marked = read_text(text, file, kind="summary", largest=LARGEST_BYTES)
    content = marked.data
    again = "Ask your ally to write it again: friendshore summary --scenario FILE --out MINE.yaml"
    if content.get("format") != FORMAT:
        raise DataError(
            f"{file} is no summary: format is {_shown(content.get('format'))}, expected {FORMAT}.",
            code="not_a_summary",
            hint="Name the files that friendshore summary wrote.",
        )
    if content.get("version") != VERSION or isinstance(content.get("version"), bool):
        raise DataError(
            f"{file} line {marked.place(('version',))[1]}: version {_shown(content.get('version'))}, expected "
            f"{VERSION}, the only one that this program reads.",
            code="summary_version",
            hint="Both allies need a friendshore that writes the same version of this file.",
        )
    stated = content.get("sha256")
    if stated != _checksum_of(content):
        raise DataError(
            f"{file} was altered after it was written: its content does not have the checksum that it states.",
            code="summary_altered",
            hint=again,
        )
    try:
        summary = Summary.model_validate({key: value for key, value in content.items() if key != "sha256"})
    except ValidationError as failed:
        raise _refusal(failed, file, marked.place) from None
    _check(summary, file)
    return summary


def _checksum_of(content: Mapping[str, Any]) -> str:
    try:
        return checksum(content)
    except (TypeError, ValueError, RecursionError):
        return ""


def _shown(value: object) -> str:
    text = repr(value) if value is not None else "missing"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _refusal(failed: ValidationError, file: str, place: Any) -> DataError:  # noqa: ANN401  of marked text
    rows = [
        {
            "line": place(error["loc"])[1],
            "key": ".".join(map(str, error["loc"])),
            "got": "nothing" if error["type"] == "missing" else _shown(error["input"]),
            "expected": error["msg"],
        }
        for error in failed.errors(include_url=False)
    ]
    first = rows[0]
    return DataError(
        f"{file} has {len(rows)} entries that no summary has. Line {first['line']}, {first['key']}: "
        f"got {first['got']}: {first['expected']}.",
        code="bad_summary",
        hint="Ask your ally to write it again: friendshore summary --scenario FILE --out MINE.yaml",
        rows=rows[:20],
    )


def _check(summary: Summary, file: str) -> None:
    """Check what no single entry can say: names that belong together, lists as long as the periods."""
    wrong: list[str] = []
    periods = len(summary.periods) - 1
    if summary.member not in summary.members:
        wrong.append(f"member {summary.member} is not among {', '.join(summary.members)}")
    for name, values in (
        ("members", summary.members),
        ("cases", summary.cases),
        ("products", summary.products),
    ):
        if len(set(values)) < len(values):
            wrong.append(f"{name} names one twice")
    if [need.product for need in summary.needs] != list(summary.products):
        wrong.append("needs are not one for each product, in their order")
    for need in summary.needs:
        if [gap.case for gap in need.gaps] != list(summary.cases):
            wrong.append(f"the gaps of {need.product} are not one for each case, in their order")
        if any(len(gap.gap_t) != periods for gap in need.gaps):
            wrong.append(f"a gap of {need.product} has not {periods} periods")
    offered = [(offer.host, offer.product) for offer in summary.capacity]
    stocked = [offer.product for offer in summary.stock]
    if len(set(offered)) < len(offered) or len(set(stocked)) < len(stocked):
        wrong.append("an offer is made twice")
    if not {product for _, product in offered} | set(stocked) <= set(summary.products):
        wrong.append("an offer is of a product that is not needed")
    if any(len(offer.online_share) != periods for offer in summary.capacity):
        wrong.append(f"an offer of capacity has not {periods} periods")
    if wrong:
        raise DataError(
            f"{file} contradicts itself: {'; '.join(wrong[:5])}.",
            code="bad_summary",
            hint="Ask your ally to write it again: friendshore summary --scenario FILE --out MINE.yaml",
        )
