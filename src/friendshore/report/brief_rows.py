"""The key numbers of a brief as rows, for ``--json``, for tables and for the API."""

from __future__ import annotations

from typing import Any

from friendshore.records import Brief, Finding
from friendshore.report.words import translate
from friendshore.tables.schemas import columns

__all__ = ["key_numbers"]


def key_numbers(told: Brief, lang: str, *, out: str | None = None) -> Finding:
    """Put the key numbers of a brief into a finding.

    Parameters
    ----------
    told
        The brief.
    lang
        Language of the measures, ``en`` or ``ja``.
    out
        The file that the page was written to; None where it was written to none.
    """
    rows: list[dict[str, Any]] = [
        {
            "year": told.year,
            "importer": value.importer,
            "measure": translate(key.measure, lang),
            "unit": key.unit,
            "value": value.value,
            "low": value.low,
            "high": value.high,
            "of": value.of,
            "year_before": told.year_before,
            "value_before": value.before,
        }
        for key in told.numbers
        for value in key.values
    ]
    arguments: dict[str, Any] = {
        "importers": list(told.importers),
        "on": list(told.suppliers),
        "year": told.year,
        "data": told.data,
        "lang": lang,
    }
    return Finding(
        question="brief",
        arguments=arguments if out is None else {**arguments, "out": out},
        columns=columns("brief"),
        rows=tuple(rows),
        answer=told.answer,
        sources=told.sources,
        assumptions=told.assumptions,
        caveats=told.limits,
        command=told.command,
    )
