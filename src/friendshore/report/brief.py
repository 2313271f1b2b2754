"""The brief as one offline HTML page: pictures inlined as SVG, one small script, a strict policy."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import Any

from friendshore.charts.wording import Words, visible
from friendshore.records import Brief, Panel, Source
from friendshore.report.brief_course_tables import COURSE_TABLES
from friendshore.report.brief_plan_tables import PLAN_TABLES
from friendshore.report.brief_said import said_section
from friendshore.report.brief_tables import Table, table_of
from friendshore.report.number_cards import card, label, line, since
from friendshore.report.words import say, words_in

__all__ = ["PLAN", "anchor_of", "capital", "render", "sources_of_panel", "summary", "table_of_panel"]

JOINER = "\u2060"
"""Forbids a line break."""
ON_SCREEN = frozenset(("tornado",))
"""Pictures left out on paper."""
PLAN = "decisions"
"""The first picture of what could be done."""
REPLACED = frozenset(("concentration", "heat", "others"))
"""Pictures left out on paper where what could be done stands there instead."""
CROWDED, MANY = frozenset(("replaced", "traced")), 4
"""Those left out too with more importers than that."""
BRIEF_NOTES = frozenset(("path", "replaced"))
"""Pictures whose notes are left out on paper, where the limits say the same in general."""
_TABLES = {**COURSE_TABLES, **PLAN_TABLES}
ANCHORS = {0: "heat", 1: "traced", 2: "others"}
"""Where the three numbers come from: the picture and table each links to."""


def render(brief: Brief, lang: str = "en") -> str:
    """Write the page.

    Parameters
    ----------
    brief
        What :func:`friendshore.answers.brief.brief` computed.
    lang
        ``en`` or ``ja``.

    Returns
    -------
    str
        One HTML file that loads nothing, reads the same with JavaScript off, and prints to two to four pages.
    """
    from friendshore import __version__
    from friendshore.tables.sources import bibtex

    words = words_in(lang)
    script = asset("brief.js")
    page: str = (
        environment()
        .get_template("brief.html.j2")
        .render(
            lang=lang,
            policy=policy(script),
            style=asset("brief.css"),
            script=script,
            t=partial(say, lang=lang),
            brief=brief,
            said=said_section(brief.said, words) if brief.said else None,
            words=words,
            question=words.tell(brief.question),
            answer=unbroken(words.tell(brief.answer)),
            numbers=[
                card(n, anchor_of(place, brief), brief.year_before, words)
                for place, n in enumerate(brief.numbers)
            ],
            panels=[section(panel, brief, words) for panel in brief.panels],
            materials=table_section(brief.materials, brief, words) if brief.materials else None,
            first=brief.panels[0].id,
            plan=PLAN,
            record_before=PLAN if any(panel.id == PLAN for panel in brief.panels) else "suppliers",
            why=[capital(words.tell(note)) for note in brief.why],
            changes=[capital(words.tell(note)) for note in brief.changes],
            record=words.tell(brief.record) if brief.record else "",
            notice=[
                (words.tell(entry.head), [words.tell(note) for note in entry.told], entry.blank)
                for entry in brief.notice
            ],
            limits=[words.tell(note) for note in brief.limits],
            assumptions=[(words.tell(a.text), a.source) for a in brief.assumptions],
            sources=brief.sources,
            bibtex=bibtex(brief.sources) if brief.sources else "",
            command=command(brief, lang),
            version=__version__,
        )
    )
    return page


@cache
def environment() -> Any:  # noqa: ANN401  a Jinja environment
    """Templates of this package; everything written into them is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("friendshore.report"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def shown(value: Any) -> Any:  # noqa: ANN401  whatever a template writes
    """Let nothing invisible through: no name in the data may steer the page or hide itself."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return visible(value, keep="\n" + JOINER)
    return value


@cache
def asset(name: str) -> str:
    """Text of a file beside the template."""
    return files("friendshore.report").joinpath("templates", name).read_text(encoding="utf-8").strip()


def policy(script: str) -> str:
    """Content security policy: nothing is loaded, and only this very script runs."""
    digest = b64encode(sha256(script.encode()).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )


def unbroken(text: str) -> str:
    """Keep a range on one line, and a number with its percent sign."""
    return text.replace("～", f"{JOINER}～{JOINER}").replace(" %", "\u00a0%")


def command(brief: Brief, lang: str) -> str:
    """Command that writes this very page."""
    return brief.command + (f" --lang {lang}" if lang != "en" else "") + " --out brief.html"


def anchor_of(place: int, brief: Brief) -> str:
    """Name the picture that a number comes from, or the first where that one is not drawn."""
    here = any(panel.id == ANCHORS[place] for panel in brief.panels)
    return ANCHORS[place] if here else brief.panels[0].id


def section(panel: Panel, brief: Brief, words: Words) -> Mapping[str, Any]:
    """Finish a panel: picture wide and narrow, words, table."""
    from friendshore.charts.panels import NARROW, WIDE, draw_panel
    from friendshore.charts.picture import inline_svg

    alt = words.tell(panel.alt)
    pictures = [
        inline_svg(
            draw_panel(panel, brief, words, width=width), key=f"{panel.id}-{name}", alt=alt, css_class=name
        )
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    ]
    return {
        **table_section(panel, brief, words),
        "pictures": pictures,
        "alt": alt,
        "cite": cited(panel, brief, words),
    }


def cited(panel: Panel, brief: Brief, words: Words) -> str:
    """Name the sources of a picture."""
    return words.listed(
        [visible(source.title.split(":")[0].split(",")[0]) for source in sources_of_panel(panel, brief)]
    )


def sources_of_panel(panel: Panel, brief: Brief) -> tuple[Source, ...]:
    """Return the sources of a picture; the catalogue of events speaks in the pictures of how long we last alone."""
    return tuple(s for s in brief.sources if panel.id in COURSE_TABLES or s.id != "friendshore_events")


def table_of_panel(panel: Panel, brief: Brief, words: Words) -> Table:
    """Write the table under a picture."""
    return _TABLES.get(panel.id, table_of)(panel, brief, words)


def table_section(panel: Panel, brief: Brief, words: Words) -> Mapping[str, Any]:
    """Finish a panel's words and table."""
    return {
        "id": panel.id,
        "title": unbroken(capital(words.tell(panel.title))),
        "subtitle": capital(words.tell(panel.subtitle)),
        "notes": [words.tell(note) for note in panel.notes],
        "table": table_of_panel(panel, brief, words),
        "screen": panel.id in ON_SCREEN
        or (any(p.id == PLAN for p in brief.panels) and panel.id in left_out(brief)),
        "brief_note": panel.id in BRIEF_NOTES,
    }


def left_out(brief: Brief) -> frozenset[str]:
    """Name the pictures that make room on paper; with many importers all that is longer takes theirs too."""
    return REPLACED | CROWDED if len(brief.importers) > MANY else REPLACED


def capital(text: str) -> str:
    """Begin a sentence, which may start with a name that has none of its own."""
    return text[:1].upper() + text[1:]


def summary(brief: Brief, lang: str = "en") -> str:
    """Write the answer, the three numbers and the gaps as plain text, for a terminal."""
    words = words_in(lang)
    return "\n".join(summary_lines(brief, words))


def summary_lines(brief: Brief, words: Words) -> Iterator[str]:
    """Lines of the summary."""
    yield words.tell(brief.question)
    yield ""
    yield words.tell(brief.answer)
    yield ""
    for key in brief.numbers:
        yield label(key, line(key.values[-1], key.unit, words)["value"], words)
        for value in key.values:
            told = line(value, key.unit, words)
            bounds = f" ({told['range']})" if told["range"] else ""
            moved_by = f"{told['change']} {since(brief.year_before, words)}" if told["change"] else ""
            parts = [f"{told['value']} {told['of']}".strip() + bounds, moved_by]
            yield f"  {told['name']}: " + "; ".join(part for part in parts if part)
    yield ""
    if brief.panels[0].id == "endurance":
        yield words.tell(brief.panels[0].title)
        yield ""
    for note in brief.limits[:3]:
        yield f"- {words.tell(note)}"
