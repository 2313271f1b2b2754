"""Start: what is loaded and how fresh it is, three questions to try, what was asked lately, and where to go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from friendshore.disruption.scenario_names import saved_names
from friendshore.errors import FriendshoreError
from friendshore.records import Note
from friendshore.report.words import number
from friendshore.tables.opening import BOX
from friendshore.tables.sources import sources
from friendshore.web.desk import Desk
from friendshore.web.parameters import pairs_of
from friendshore.web.questions import QUESTIONS
from friendshore.web.records import Asked
from friendshore.web.sections import View

__all__ = ["DOORS", "WORKED", "view"]

DOORS = (
    ("/exposure", "Measure", "What we depend on, on whom, and how it comes to us."),
    ("/disruption", "Disrupt", "If a supplier stops: what is missing, when, for whom, and what replaces it."),
    ("/plan", "Plan", "What to buy elsewhere, build and hold; alone or with allies."),
    ("/read", "Read", "An article or a notice: its events, and the question that follows."),
)
"""Where to go: address, word and sentence; message ids."""
WORKED = (
    (
        "/exposure?importer=KOR&importer=EU&on=CHL&product=260300",
        "How far do South Korea and the EU depend on Chile for copper ore?",
        "Answered at once.",
    ),
    (
        "/disruption?scenario=suez-closure",
        "If the Suez Canal closes, what is missing, when, for whom?",
        "Answered within seconds.",
    ),
    (
        "/plan?scenario=economic-2plus2",
        "What should Japan and the United States buy elsewhere, build and hold?",
        "Worked out in about a minute, and then kept.",
    ),
)
"""Questions that run at a click: address, question, how long it takes; message ids."""
STATES = {
    "queued": "waits in line",
    "running": "is being worked out",
    "done": "is worked out",
    "failed": "could not be answered",
    "cancelled": "was cancelled",
}
"""State of a job -> words for it; message ids."""
MOST_JOBS = 6


def view(desk: Desk, asked: Asked) -> View:
    """Lay out the page."""
    rows = desk.ask("data-list", {}).rows
    box = rows[0]
    return View(
        Note(template="What is loaded"),
        answer=Note(
            template="Trade in {products} raw-material products among {countries} countries, {first} to {last}",
            values={
                "products": box["products"],
                "countries": box["countries"],
                "first": box["years"].partition("-")[0],
                "last": box["years"].rpartition("-")[2].split()[0],
            },
        ),
        template="start.html.j2",
        values={
            "facts": _facts(desk, box, asked.lang),
            "others": [_other(row, asked.lang) for row in rows[1:]],
            "doors": DOORS,
            "worked": WORKED,
            "jobs": _lately(desk),
            "scenarios": saved_names(),
        },
    )


def _facts(desk: Desk, box: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """Say how much it is and how fresh: word and value."""
    world = desk.world(BOX)
    used = [source for source in sources().values() if source.tables]
    taken = max(source.accessed for source in used)
    return [
        ("Newest year with full data", str(world.default_year)),
        ("Taken from the sources on", taken),
        ("Flows", number(box["rows"], "rows", lang)),
        ("Codes", box["hs"]),
        ("Licences", "; ".join(dict.fromkeys(source.licence for source in used))),
    ]


def _other(row: Mapping[str, Any], lang: str) -> dict[str, str]:
    """Name a data set of the data folder."""
    return {
        "name": row["name"],
        "years": row["years"] or "",
        "rows": number(row["rows"], "rows", lang),
    }


def _lately(desk: Desk) -> list[dict[str, Any]]:
    """List the last long questions; none where nothing is kept."""
    from friendshore.web import job_book

    database = getattr(desk.kept, "database", None)
    if database is None:
        return []
    try:
        found = job_book.newest(database, MOST_JOBS)
    except FriendshoreError:
        # The page is of use without them.
        return []
    told = []
    for job in found:
        question = QUESTIONS.get(job.given.question)
        if question is None or not job.address:
            continue
        pairs = pairs_of(question, job.given.arguments, job.given.data)
        told.append(
            {
                "title": question.title,
                "about": ", ".join(value if value != "true" else name for name, value in pairs),
                "link": job.address,
                "state": STATES[job.state],
                "asked": job.asked[:16].replace("T", " "),
            }
        )
    return told
