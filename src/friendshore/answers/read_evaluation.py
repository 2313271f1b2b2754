"""How well the reader reads a labelled corpus, beside a plain keyword reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from friendshore.answers.framing import command_line
from friendshore.intake.baseline import keyword_events
from friendshore.intake.evaluation import Labelled, Trial, load_corpus, tried
from friendshore.intake.reading import Extractor
from friendshore.intake.scoring import intervals, summary
from friendshore.records import Amount, Finding, Listing, Note, Source
from friendshore.tables.schemas import columns

__all__ = ["read_evaluation"]

SHOWN = 5


def read_evaluation(
    labels: str | Path, documents: str | Path, *, extractor: Extractor | None = None
) -> Finding:
    """Score the reader on documents that somebody labelled by hand.

    Parameters
    ----------
    labels
        A JSON object a line: ``doc_id``, ``date``, ``events``.
    documents
        A JSON object a line: ``id`` (or ``doc_id``) and ``text``.
    extractor
        A model of your own in place of the rules.

    Returns
    -------
    Finding
        A row for each type that occurs; scores of all documents with 95 percent intervals (documents drawn again and
        again), and those of the keyword reader, in the summary.

    Raises
    ------
    DataError
        ``bad_labels``, ``repeated_label``, ``no_labelled_document``, ``cannot_read``.
    """
    corpus, absent = load_corpus(labels, documents)
    trial = tried(corpus, extractor)
    plain = tried(corpus, keyword_events)
    figures = _figures(trial, plain, len(corpus))
    return Finding(
        question="read_evaluation",
        arguments={"labels": Path(labels).name, "documents": Path(documents).name},
        columns=columns("read_evaluation"),
        rows=tuple(
            {"type": kind, **{name: found.get(name) for name in _names()}}
            for kind, judged in trial.by_type.items()
            if judged.labelled or judged.found
            for found in [summary(judged, _documents_of(kind, corpus))]
        ),
        answer=Note(
            template="On {documents} documents with {events} events F1 is {strict} for type and actors and {type} for "
            "type.",
            values={
                "documents": len(corpus),
                "events": figures["n_events"],
                "strict": _two(figures["f1_type_actors"]),
                "type": _two(figures["f1_type"]),
            },
        ),
        summary=figures,
        sources=(_source(labels), _source(documents)),
        caveats=tuple(_caveats(absent, len(corpus))),
        command=command_line("read", [], {"evaluate": [str(labels), str(documents)]}),
    )


def _names() -> tuple[str, ...]:
    return tuple(column.name for column in columns("read_evaluation"))[1:]


def _two(value: Any) -> Amount:  # noqa: ANN401  a figure or None
    return Amount(value=None if value is None else round(value, 2), unit="")


def _documents_of(kind: str, corpus: tuple[Labelled, ...]) -> int:
    return sum(any(event["type"] == kind for event in document.events) for document in corpus)


def _figures(trial: Trial, plain: Trial, count: int) -> dict[str, Any]:
    found: dict[str, Any] = dict(summary(trial.total, count))
    for name, (low, high) in intervals(trial.documents).items():
        found[f"{name}_low"], found[f"{name}_high"] = low, high
    baseline = summary(plain.total, count)
    for name in ("f1_type_actors", "f1_type", "false_events_per_blank"):
        found[f"{name}_keywords"] = baseline[name]
    return found


def _source(path: str | Path) -> Source:
    import hashlib

    name = Path(path).name
    return Source(
        id=Path(path).stem,
        title=name,
        producer="the user",
        version="",
        accessed="",
        licence="the user's own",
        citation=f"{name}.",
        sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
    )


def _caveats(absent: tuple[str, ...], count: int) -> list[Note]:
    notes = []
    if absent:
        notes.append(
            Note(
                template="{count} labelled documents have no text and are left out: {names}.",
                values={"count": len(absent), "names": Listing(items=absent[:SHOWN])},
            )
        )
    if count < 2:
        notes.append(Note(template="One document gives no interval."))
    return notes
