"""Papers made of an answer: the brief, the ask-and-offer sheet, the list of wanted capability, a member's summary.

Each holds the same bytes as what the command line writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from friendshore.errors import ArgumentError
from friendshore.records import Finding
from friendshore.web.parameters import given
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Given, Pairs

__all__ = ["PAPERS", "Paper", "is_paper", "paper_asked", "summary_text_of"]


@dataclass(frozen=True)
class Paper:
    """One paper."""

    question: str
    """Whose answer it is made of."""
    write: Mapping[str, Callable[[Finding, str], bytes]]
    """By suffix: (answer, language) -> what the file holds."""
    adapted: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda arguments: arguments
    """What is asked where the paper needs more than was asked for."""


def is_paper(name: str, suffix: str) -> bool:
    """Tell whether a file is a paper; an answer itself is written in other ways under the question's own name."""
    return name in PAPERS and (suffix in PAPERS[name].write or name not in QUESTIONS)


def paper_asked(name: str, suffix: str, query: Pairs) -> tuple[Given, Callable[[Finding, str], bytes]]:
    """Return the question that a paper is made of, and how it is written.

    Raises
    ------
    ArgumentError
        ``unknown_suffix`` where it is not written in this way; what cannot be asked; ``no_sheet`` of a response.
    """
    paper = PAPERS[name]
    if suffix not in paper.write:
        raise ArgumentError(
            f"There is no {name}{suffix}.",
            code="unknown_suffix",
            hint=f"It is written as {', '.join(paper.write)}.",
        )
    wanted = given(QUESTIONS[paper.question], query)
    if paper.question == "plan":
        _refuse_response(str(wanted.arguments["scenario"]))
    return replace(wanted, arguments=paper.adapted(wanted.arguments)), paper.write[suffix]


def _refuse_response(name: str) -> None:
    """Refuse papers that are made of a plan alone."""
    from friendshore.disruption.saved import named_text
    from friendshore.disruption.scenario_files import load_scenario

    named_text(name)
    kind = load_scenario(name).file.type
    if kind != "plan":
        raise ArgumentError(
            f"Papers for the table are made of a plan, and {name} is a {kind}.",
            code="no_sheet",
            hint="Name a scenario of type plan, such as economic-2plus2.",
        )


def summary_text_of(finding: Finding) -> str:
    """Return a member's summary, word for word as it is written into its file."""
    from friendshore.planning.exchange import Summary, summary_text

    return summary_text(Summary.model_validate(finding.summary))


def _sheet_page(finding: Finding, lang: str) -> bytes:
    from friendshore.answers import sheet
    from friendshore.report.sheet import render

    return render(sheet(finding), lang).encode()


def _sheet_book(finding: Finding, lang: str) -> bytes:
    from friendshore.answers import sheet
    from friendshore.report.sheet_book import book_bytes

    return book_bytes(sheet(finding), lang)


def _sheet_twin(finding: Finding, lang: str) -> bytes:
    from friendshore.answers import sheet
    from friendshore.report.envelope import dump
    from friendshore.report.sheet import twin

    return dump(twin(sheet(finding))).encode()


def _wanted(finding: Finding, lang: str) -> bytes:
    from friendshore.answers import wanted
    from friendshore.report.writing import contents

    return contents(wanted(finding), ".csv", lang)


def _brief_page(brief: Any, lang: str) -> bytes:  # noqa: ANN401  a brief and no finding
    from friendshore.report.brief import render

    return render(brief, lang).encode()


def _compared(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Compare alone and together too, which a sheet tells, unless each plans alone."""
    return {**arguments, "compare": arguments["compare"] or not arguments["alone"]}


PAPERS: Mapping[str, Paper] = {
    "sheet": Paper(
        "plan", {".html": _sheet_page, ".xlsx": _sheet_book, ".json": _sheet_twin}, adapted=_compared
    ),
    "wanted": Paper("plan", {".csv": _wanted}),
    "brief": Paper("brief", {".html": _brief_page}),
    "summary": Paper("summary", {".yaml": lambda finding, lang: summary_text_of(finding).encode()}),
}
"""By name of the file."""
