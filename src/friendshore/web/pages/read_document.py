"""What a document says: its events to be confirmed or put right, when they happened, and what to ask next."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from friendshore.answers.read_accept import own_records
from friendshore.answers.read_contexts import contexts_of
from friendshore.charts.picture import Drawing
from friendshore.charts.timeline import timeline
from friendshore.charts.wording import Words
from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.intake.records import STATUSES, TYPES
from friendshore.records import Finding, Name, Note
from friendshore.report.brief_said import named, told
from friendshore.report.cells import joined
from friendshore.report.further import as_finding
from friendshore.report.words import heading, term, words_in
from friendshore.tables.measures import last_day
from friendshore.web.commands import address_of, asked_by
from friendshore.web.desk import Desk
from friendshore.web.records import Asked
from friendshore.web.sections import Section, View
from friendshore.web.writing import address

__all__ = ["document_view", "kept_reading"]

KEY = re.compile(r"[0-9a-f]{8,64}")
MOST_EVENTS = 60
"""Events that are shown with their form at once."""

Row = Mapping[str, Any]


def kept_reading(desk: Desk, key: str) -> Finding:
    """Return what was read of a document.

    Raises
    ------
    ArgumentError
        ``unknown_document``.
    """
    found = desk.kept.finding(key) if desk.kept is not None and KEY.fullmatch(key) else None
    if not isinstance(found, Finding) or found.question != "read":
        raise ArgumentError(
            "What was read of this document is no longer kept here.",
            code="unknown_document",
            hint="Read it again.",
        )
    return found


def document_view(finding: Finding, key: str, asked: Asked, problem: FriendshoreError | None = None) -> View:
    """Lay out a document; ``problem`` is what was wrong with events that somebody put right."""
    every = ("rows", "all") in asked.query
    sections = [
        _events(finding, key, asked.lang, problem, most=None if every else MOST_EVENTS),
        *_when(finding),
        *_groups(finding, words_in(asked.lang)),
        *_next(finding, key, asked.lang),
        *_own(finding, key, asked),
        *_noise(finding),
    ]
    title = str(_summary(finding).get("title") or finding.arguments["document"])
    return View(
        Note(template="What does “{document}” say?", values={"document": title[:160]}),
        answer=finding.answer,
        sections=tuple(sections),
        # What the page tells elsewhere need not close it.
        finding=finding.model_copy(update={"summary": {}}),
        trail=((Note(template="Read"), "/read"), (Note(template="{text}", values={"text": title[:80]}), "")),
    )


def _summary(finding: Finding) -> Mapping[str, Any]:
    return finding.summary if isinstance(finding.summary, Mapping) else {}


def _day(finding: Finding) -> date | None:
    text = _summary(finding).get("date")
    return date.fromisoformat(str(text)) if text else None


def _events(
    finding: Finding, key: str, lang: str, problem: FriendshoreError | None, most: int | None
) -> Section:
    """Show each event with its sentence, to be confirmed or put right."""
    words = words_in(lang)
    wrong = {str(row.get("field")): row for row in problem.rows} if problem else {}
    shown = finding.rows[:most]
    told_ = _summary(finding)
    listed = Note(
        template="{document}, {day}. Quotes are exact; who, what and when were read by rules and can be wrong.",
        values={
            "document": finding.arguments["document"],
            "day": told_.get("date") or Note(template="no date"),
        },
    )
    return Section(
        "events",
        Note(template="Its events, in the order of the text"),
        listed,
        finding=joined(finding.model_copy(update={"tables": {}})),
        opened=False,
        template="read_events.html.j2",
        values={
            "key": key,
            "accept": address("/read/accept", [("lang", lang)]),
            "events": [_event(number, row, words, wrong) for number, row in enumerate(shown, 1)],
            "left": len(finding.rows) - len(shown),
            "all": address("/read", [("document", key), ("rows", "all"), ("lang", lang)]),
            "types": _choices(TYPES, "type", lang),
            "statuses": _choices(STATUSES, "status", lang),
            "problem": problem,
            "lang": lang,
        },
    )


def _choices(names: Sequence[str], context: str, lang: str) -> list[tuple[str, str]]:
    return [(name, term(name, context, lang).replace("_", " ")) for name in names]


def _event(number: int, row: Row, words: Words, wrong: Mapping[str, Row]) -> dict[str, Any]:
    """Finish an event for the page."""
    lang = words.lang
    more = (
        [f"{heading('products', lang)}: {words.listed([name.replace('_', ' ') for name in row['products']])}"]
        if row["products"]
        else []
    )
    if row["amount_usd"] is not None:
        more.append(words.number(row["amount_usd"], "USD"))
    return {
        "number": number,
        "told": told(row, words),
        "more": words.listed(more),
        "quote": " ".join(str(row["quote"]).split()),
        "type": row["type"],
        "status": row["status"],
        "date": row["date"] or "",
        "actors": " ".join(row["actors"]),
        "targets": " ".join(row["targets"]),
        "confidence": words.number(row["confidence"], "index"),
        "wrong": {
            name: f"{wrong[field]['message']} {wrong[field]['hint']}"
            for name in ("type", "status", "date", "actors", "targets")
            if (field := f"{name}-{number}") in wrong
        },
    }


def _when(finding: Finding) -> list[Section]:
    """Draw the dated events on a line of years."""
    if not any(row["date"] for row in finding.rows):
        return []
    return [
        Section(
            "when",
            Note(template="When it happened"),
            Note(
                template="Events with a date, in the order of the text; a line as long as the date is vague."
            ),
            draw=partial(_line, finding),
            narrow=False,
            alt=finding.answer,
        )
    ]


def _line(finding: Finding, words: Words, width: int) -> Drawing:
    del width
    day = _day(finding)
    dated = finding.model_copy(
        update={
            "rows": tuple(_dated(row, words) for row in finding.rows if row["date"]),
            "arguments": {"on": day.isoformat() if day else None},
        }
    )
    return timeline(dated, words)[0]


def _dated(row: Row, words: Words) -> dict[str, Any]:
    first, last = last_day(str(row["date"]))
    kind = term(str(row["type"]), "type", words.lang).replace("_", " ")
    who = named(row["actors"], words) or "–"
    whom = named(row["targets"], words)
    name = f"{kind}: {who}" + (f" → {whom}" if whom else "")
    return {
        "since": first.isoformat() if first else None,
        "until": last.isoformat() if last else None,
        "kind": row["type"],
        "name_en": name,
        "name_ja": name,
        "owner": "friendshore",
    }


def _groups(finding: Finding, words: Words) -> list[Section]:
    """Tell who was in the groups that it names."""
    notes = contexts_of(tuple(_summary(finding).get("participants") or ()), _day(finding))
    if not notes:
        return []
    return [
        Section(
            "groups",
            Note(template="Who is in the groups it names"),
            Note(template="On the day of the document."),
            template="read_lines.html.j2",
            values={"lines": [words.tell(note) for note in notes]},
        )
    ]


def _next(finding: Finding, key: str, lang: str) -> list[Section]:
    """Lead to the questions that each event raises."""
    words = words_in(lang)
    events: dict[int, dict[str, Any]] = {}
    for place, row in enumerate(finding.tables["next"].rows, 1):
        number = int(row["event"])
        about = {"number": number, "told": told(finding.rows[number - 1], words), "links": [], "notes": []}
        event = events.setdefault(number, about | {"texts": [], "commands": []})
        note = words.tell(row["note"]) if isinstance(row["note"], Note) else str(row["note"] or "")
        link = address_of(str(row["command"] or ""))
        event["links"] += [(row["kind"], link, _about(str(row["command"]), words))] if link else []
        event["commands"] += [row["command"]] if row["command"] else []
        event["notes"] += [note] if note and not (row["text"] and not row["command"]) else []
        if row["text"]:
            whole = row["kind"] in ("scenario", "stress")
            edit = address("/scenarios", [("document", key), ("step", str(place))]) if whole else ""
            event["texts"].append({"text": row["text"], "edit": edit, "note": "" if row["command"] else note})
    if not events:
        return []
    return [
        Section(
            "next",
            Note(template="What to ask next"),
            Note(template="The questions that its events raise, ready to be asked."),
            template="read_next.html.j2",
            values={"events": list(events.values())},
        )
    ]


def _about(command: str, words: Words) -> str:
    """Name the group of products that a command is about, as two may lie side by side."""
    asked = asked_by(command)
    groups = [value for name, value in asked[1] if name == "group"] if asked else []
    return words.value(Name(key=groups[0], kind="group")) if groups else ""


def _own(finding: Finding, key: str, asked: Asked) -> list[Section]:
    """List what was kept of it as records of one's own."""
    if not finding.sources:
        return []
    rows, contradicted = own_records(finding.sources[0].sha256)
    if not rows:
        return []
    words = words_in(asked.lang)
    kept = dict(asked.query).get("kept", "")
    return [
        Section(
            "own",
            Note(template="Kept as your own records"),
            Note(
                template="Both are kept where your records state something else than shipped ones: {names}.",
                values={"names": ", ".join(contradicted)},
            )
            if contradicted
            else None,
            template="read_own.html.j2",
            values={
                "count": int(kept) if kept.isascii() and kept.isdigit() and len(kept) < 5 else 0,
                "key": key,
                "forget": address("/read/forget", [("lang", asked.lang)]),
                "rows": [{**row, "told": _kept_words(row, words)} for row in rows],
            },
        )
    ]


def _kept_words(row: Row, words: Words) -> str:
    """Say what was kept in one line."""
    kind = term(str(row["type"]), "type", words.lang).replace("_", " ")
    who, whom = (
        named([code for code in str(row[n]).split("; ") if code], words) for n in ("actors", "targets")
    )
    return f"{kind}, {row['date'] or words.say('no date')}, {who or '–'}" + (f" → {whom}" if whom else "")


def _noise(finding: Finding) -> list[Section]:
    """Show what was set apart."""
    noise = as_finding(finding, "noise")
    if not noise.rows:
        return []
    return [
        Section(
            "noise",
            Note(template="What was set apart as noise"),
            Note(
                template="Captions, advertisements and links to other articles: nothing was read from them."
            ),
            finding=noise.model_copy(update={"sources": ()}),
            skip=("start", "end"),
            opened=False,
        )
    ]
