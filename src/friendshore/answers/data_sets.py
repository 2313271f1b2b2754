"""Which data sets are loaded, whether one is sound, and what an import did."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from friendshore.records import Finding, Note
from friendshore.tables.checking import check, list_data
from friendshore.tables.opening import BOX
from friendshore.tables.schemas import columns
from friendshore.tables.sources import sources

if TYPE_CHECKING:
    from friendshore.tables.adding import AddReport

__all__ = ["data_added", "data_check", "data_sets"]


def data_sets(*, places: bool = True) -> Finding:
    """List the data sets, their years, sizes and sources.

    Parameters
    ----------
    places
        Whether to say where on the disk each lies, which is no business of visitors.

    Returns
    -------
    Finding
        A row a data set, the box first.
    """
    rows = list_data()
    if not places:
        rows = tuple(row if row["name"] == BOX else row | {"where": "in the data folder"} for row in rows)
    return Finding(
        question="data list",
        arguments={},
        columns=columns("data"),
        rows=rows,
        answer=Note(
            template="{count} data sets can be named with --data; a folder of your own tables can too.",
            values={"count": len(rows)},
        ),
        sources=tuple(sources().values()),
        command="friendshore data list",
    )


def data_check(data: str = BOX) -> Finding:
    """Check every rule of the data dictionary.

    Parameters
    ----------
    data
        Name or folder of a data set.

    Returns
    -------
    Finding
        The rows that break a rule; none where all is well.
    """
    failures = check(data)
    return Finding(
        question="data check",
        arguments={"data": data},
        columns=columns("failures"),
        rows=tuple(failure.as_row() for failure in failures),
        answer=Note(
            template="{count} rows of {data} break a rule of the data dictionary."
            if failures
            else "No row of {data} breaks a rule of the data dictionary.",
            values={"count": len(failures), "data": data},
        ),
        command=shlex.join(["friendshore", "data", "check", "--data", data]),
    )


def data_added(report: AddReport, path: str) -> Finding:
    """Put what an import did into a finding: one row a reason for refusing rows."""
    caveats = list(report.notes)
    if report.refused_file:
        listed = Note(
            template="The refused rows are listed with their reasons in {file}.",
            values={"file": report.refused_file},
        )
        caveats.append(listed)
    if report.replaced:
        years = Note(
            template="Rows of {years} that the data set held before were replaced.",
            values={"years": ", ".join(map(str, report.replaced))},
        )
        caveats.append(years)
    return Finding(
        question="data add",
        arguments={"path": path, "name": report.name, "hs": report.hs},
        columns=columns("refusals"),
        rows=tuple(
            {"reason": r.code, "field": r.field, "refused_rows": r.count, "text": str(r.text)}
            for r in report.reasons
        ),
        answer=Note(
            template="Added to {name}: {read} rows read, {kept} kept, {refused} refused.",
            values={
                "name": report.name,
                "read": f"{report.read:,}",
                "kept": f"{report.kept:,}",
                "refused": f"{report.refused:,}",
            },
        ),
        summary={
            "read": report.read,
            "kept": report.kept,
            "refused": report.refused,
            "refused_file": report.refused_file or None,
            "years": list(report.years),
            "replaced": list(report.replaced),
            "where": report.where,
        },
        caveats=tuple(caveats),
        command=shlex.join(["friendshore", "data", "add", path, "--name", report.name, "--hs", report.hs]),
    )
