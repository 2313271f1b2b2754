"""Events that the user confirms: stored as the user's own records, what they contradict shown beside them."""

from __future__ import annotations

from collections.abc import Sequence

from friendshore.answers.measures import conflicts_of
from friendshore.records import Finding, Listing, Note, Table
from friendshore.tables.measures import accept, accepted
from friendshore.tables.schemas import columns

__all__ = ["accepted_finding"]


def accepted_finding(finding: Finding, numbers: Sequence[int]) -> Finding:
    """Store events of a finding of ``read``, and say what was stored and what it contradicts.

    Parameters
    ----------
    finding
        What was read.
    numbers
        Which events, counted from 1.

    Raises
    ------
    DataError
        ``bad_accepted``.
    OutputError
        ``cannot_write``.
    """
    chosen = [finding.rows[number - 1] for number in numbers]
    document = finding.sources[0]
    day = str(finding.summary["date"] or "") or None  # type: ignore[call-overload]  # the summary of a reading is a mapping
    added, known = accept(chosen, str(finding.arguments["document"]), day, document.sha256)
    own = [event for event in accepted() if event.sha256 == document.sha256]
    clashes = [(event, conflicts_of(event)) for event in own]
    rows = tuple(
        {
            "id": event.id, "type": event.type, "date": event.date, "actors": "; ".join(event.actors),
            "targets": "; ".join(event.targets), "conflict": "; ".join(found) or None,
        }
        for event, found in clashes
    )  # fmt: skip
    notes = [
        Note(
            template="{added} events are now records of your own, {known} were already; friendshore measures lists "
            "them.",
            values={"added": added, "known": known},
        )
    ]
    contradicted = tuple(dict.fromkeys(name for _, found in clashes for name in found))
    if contradicted:
        notes.append(
            Note(
                template="Both are kept where your records state something else than shipped ones: {names}.",
                values={"names": Listing(items=contradicted)},
            )
        )
    return finding.model_copy(
        update={
            "tables": {**finding.tables, "accepted": Table(columns=columns("accepted"), rows=rows)},
            "caveats": (*notes, *finding.caveats),
            "command": f"{finding.command} --accept",
        }
    )
