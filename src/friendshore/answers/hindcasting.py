"""The hindcast: the forecast tried on real events, beside naive ones, losses included."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line, data_option, opened, sources_of
from friendshore.disruption.events import events as catalogue_of
from friendshore.disruption.hindcast import Hindcast
from friendshore.disruption.hindcast import hindcast as scored
from friendshore.errors import ArgumentError
from friendshore.records import Amount, Assumption, Finding, Listing, Note
from friendshore.tables.schemas import columns
from friendshore.tables.sources import sources
from friendshore.tables.world import World

__all__ = ["hindcast"]


def hindcast(
    *, events: str | Path = "", grade: str = "A", world: World | str | Path = "raw-materials"
) -> Finding:
    """Forecast real events from before them, and score the forecasts against what happened.

    Parameters
    ----------
    events
        A CSV file with the columns of the package's own catalogue, which is used by default.
    grade
        Letters of the quality grades to take, as ``A`` or ``AB``.
    world
        An opened world, or the name or folder of a data set.

    Returns
    -------
    Finding
        One row an event and importer, with maps of exporter to share. ``summary`` has exactly ``model``,
        ``persistence``, ``own_mix``, ``world_exports``, ``no_replacement`` and ``churn``.

    Raises
    ------
    ArgumentError
        Where the catalogue has no event of the grade.
    DataError
        A catalogue that breaks a rule, all failing cells counted.
    MissingDataError
        Where none of the events can be scored on these data.
    """
    letters = grade.strip().upper()
    if not letters.isalpha():
        raise ArgumentError(
            f"--grade is {grade!r}, expected letters, as A or AB.",
            code="unknown_grade",
            hint="Write --grade A.",
        )
    opened_world = opened(world)
    known = catalogue_of(events or None)
    result = scored(opened_world, known, grade=letters)
    rows = result.rows
    found = columns("hindcast")
    names = [column.name for column in found]
    return Finding(
        question="hindcast",
        arguments={"events": str(events) or None, "grade": letters, "data": opened_world.name},
        columns=found,
        rows=tuple({name: row[name] for name in names} for row in rows),
        answer=_sentence(result),
        summary=result.summary,
        sources=(
            *sources_of(opened_world, "trade"),
            *(() if events else (sources()["friendshore_events"],)),
        ),
        assumptions=(
            Assumption(
                text=Note(
                    template="An importer counts where it buys for more than 5 million dollars a year in the base "
                    "years, at least 5 % of the tons from those who stopped, and its figures can be read."
                ),
                source="the catalogue's own filter",
            ),
        ),
        caveats=_caveats(result),
        command=command_line(
            "hindcast",
            (),
            {
                "events": str(events),
                "grade": letters if letters != "A" else "",
                "data": data_option(world),
            },
        ),
    )


def _best(summary: dict[str, dict[str, Any]]) -> str:
    naive = [name for name in summary if name not in {"model", "churn"}]
    return min(naive, key=lambda name: float(summary[name]["tv_mean"]))


def _sentence(result: Hindcast) -> Note:
    told = result.summary
    best = _best(told)
    return Note(
        template="In {rows} importer-events of {clusters} clusters the shares were off by {model} on average, "
        "against {naive} for the best naive forecast ({name}) and {churn} in ordinary years; half of the tons "
        "were within {ape}.",
        values={
            "rows": str(told["model"]["n_rows"]),
            "clusters": str(told["model"]["n_clusters"]),
            "model": Amount(value=told["model"]["tv_mean"], unit="share"),
            "naive": Amount(value=told[best]["tv_mean"], unit="share"),
            "name": best,
            "churn": Amount(value=told["churn"]["tv_mean"], unit="share"),
            "ape": Amount(value=told["model"]["ape_median"], unit="share"),
        },
    )


def _caveats(result: Hindcast) -> tuple[Note, ...]:
    notes = [
        Note(
            template="Shares and yearly tons come from the statistical forecast; the path of stress gives timing and "
            "is not scored here."
        )
    ]
    low, high = result.bounds["model_minus_best"]
    notes.append(
        Note(
            template="Mean total variation of the model less that of the best naive forecast: {low} to {high} "
            "(95 %, resampled by cluster).",
            values={"low": f"{low:+.3f}", "high": f"{high:+.3f}"},
        )
    )
    forgotten = sum(bool(name) for name in result.cross_fitted)
    if forgotten:
        notes.append(
            Note(
                template="Forecast by a fit that never saw the event's cluster: {count} of {rows} rows; the others by "
                "the fit that comes with the program.",
                values={"count": str(forgotten), "rows": str(len(result.cross_fitted))},
            )
        )
    without = sum(not known for known in result.intervals.known.tolist())
    if without:
        notes.append(
            Note(
                template="No comparable event, so no interval: {count} of {rows} rows.",
                values={"count": str(without), "rows": str(len(result.cross_fitted))},
            )
        )
    dropped = Counter(reason for *_, reason in result.cases.dropped)
    if dropped:
        notes.append(
            Note(
                template="Not scored: {reasons}.",
                values={"reasons": Listing(items=tuple(f"{why} ({n})" for why, n in dropped.most_common()))},
            )
        )
    return tuple(notes)
