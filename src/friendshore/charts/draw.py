"""Which chart shows which finding, drawn to stand alone as SVG or PNG."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from friendshore.charts import look
from friendshore.charts.bars import bars
from friendshore.charts.compared import compared
from friendshore.charts.decisions import decisions, decisions_title
from friendshore.charts.dumbbell import dumbbells
from friendshore.charts.endurance import longevity
from friendshore.charts.flips import flips
from friendshore.charts.frontier import frontier, frontier_title
from friendshore.charts.heat import Cell, heat_map
from friendshore.charts.lines import Line, small_multiples
from friendshore.charts.panels import TICKS, pair
from friendshore.charts.path import drawn, stress
from friendshore.charts.picture import Drawing, png_of
from friendshore.charts.poster import poster
from friendshore.charts.supplied import supplied
from friendshore.charts.timeline import timeline
from friendshore.charts.together import together, together_title
from friendshore.charts.tornado import tornado
from friendshore.charts.wording import Words, short_name, visible
from friendshore.errors import ArgumentError, OutputError
from friendshore.records import Finding

__all__ = ["composed", "draw", "finished", "picture"]

WIDTH = 760
MOST_ROWS, MOST_SHADES, MOST_PANELS, MOST_IMPORTERS = 20, 44, 6, 4


def draw(finding: Finding, *, format: str = "svg", words: Words) -> bytes:
    """Draw a finding.

    Parameters
    ----------
    finding
        Of ``exposure``, ``suppliers``, ``rules``, ``trace``, ``leverage``, ``stress``, ``draws``, ``tornado``,
        ``longevity``, ``plan`` or ``join``.
    format
        ``svg`` or ``png``.
    words
        How to speak in the reader's language.

    Raises
    ------
    ArgumentError
        ``no_chart``: this question has no picture, or there are no rows to draw.
    OutputError
        ``no_font``: a PNG in Japanese on a machine without Japanese characters.
    """
    drawing, title, measure = composed(finding, words)
    svg = finished(drawing, finding, title, measure, words)
    return picture(svg, format)


def composed(finding: Finding, words: Words) -> tuple[Drawing, str, str]:
    """Return the drawing of a finding with its title and what it measures, for a page that sets them itself.

    Raises
    ------
    ArgumentError
        ``no_chart``.
    """
    made = _CHARTS.get(finding.question)
    if made is None or not (finding.rows or finding.tables):
        raise ArgumentError(
            f"There is no chart for {finding.question}{'' if finding.rows else ' without rows'}.",
            code="no_chart",
            hint="Write a table instead: --csv, --xlsx or --out FILE.html",
        )
    drawing, measure = made(finding, words)
    return drawing, title_of(finding, words), measure


def finished(drawing: Drawing, finding: Finding, title: str, measure: str, words: Words) -> bytes:
    """Put title, measure and source around a drawing, as SVG."""
    source = words.listed([visible(s.title.split(":")[0]) for s in finding.sources])
    return poster(
        drawing,
        title=title,
        subtitle=measure,
        source=words.say(
            "Source: {sources}. Computed by friendshore: {command}"
            if source
            else "Computed by friendshore: {command}",
            sources=source,
            command=visible(finding.command),
        ),
        alt=f"{title} {measure}",
    )


def picture(svg: bytes, format: str) -> bytes:
    """Return a finished picture as SVG or PNG; see :func:`draw`."""
    if format == "svg":
        return svg
    refuse_boxes(svg.decode())
    return png_of(svg)


def title_of(finding: Finding, words: Words) -> str:
    """Say what was found: the answer; of a plan, whose answer is long, what the picture shows of it."""
    told: Any = finding.summary
    if finding.question != "plan":
        return words.tell(finding.answer)
    if "frontier" in finding.tables:
        return frontier_title(finding.tables["frontier"].rows, words)
    if "alone_usd" in told:
        return together_title(finding, words)
    if "flips" in finding.tables and finding.tables["flips"].rows:
        return words.say("From which stakes on each decision is worth it")
    return decisions_title(finding, words)


def plan(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Draw what was asked for beside the plan: the frontier, alone or together, where decisions flip; else the plan."""
    summary: Any = finding.summary
    if "frontier" in finding.tables:
        return frontier(finding, words)
    if "alone_usd" in summary:
        return together(finding, words)
    if "flips" in finding.tables and finding.tables["flips"].rows:
        return flips(finding, words)
    return decisions(finding, words)


def refuse_boxes(text: str) -> None:
    """Refuse to turn signs into boxes where the machine has no font for them."""
    from friendshore.charts.picture import cjk_available

    if any(ord(sign) > 0x2E7F for sign in text) and not cjk_available():
        raise OutputError(
            "This machine has no font with Japanese characters; the PNG would show boxes.",
            code="no_font",
            hint="Write an .svg instead (it uses the reader's fonts), or install a font such as Noto Sans CJK.",
        )


def label_of(row: Mapping[str, Any], words: Words) -> str:
    """Name what a row is about: its material, or its product."""
    return words.material(row["material"]) if row.get("material") else words.product(row["product"] or "")


def exposure(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Dots and bands in one year, shades for many products, lines over years."""
    years = sorted({row["year"] for row in finding.rows})
    importers = list(dict.fromkeys(row["importer"] for row in finding.rows))
    if len(years) > 1:
        return over_years(finding, words, years, importers)
    labels = list(dict.fromkeys(label_of(row, words) for row in ranked(finding)))
    cells = {(row["importer"], label_of(row, words)): row for row in finding.rows}
    basis = words.say("by value") if finding.arguments.get("basis") != "quantity" else words.say("by tons")
    if len(labels) <= MOST_ROWS and len(importers) <= MOST_IMPORTERS:
        pairs = {
            words.name(i): [pair(cells.get((i, label), {}), words) for label in labels] for i in importers
        }
        measure = words.say(
            "Share of imports from the chosen suppliers: directly (dot, {basis}), and with what passed through them "
            "(band, by tons), {year}",
            basis=basis,
            year=str(years[0]),
        )
        return dumbbells(labels, pairs, colour=look.CONCERN, width=WIDTH, ticks=TICKS), measure
    shades = [
        [shade(cells.get((i, label), {}).get("supplier_share"), label, i, words) for i in importers]
        for label in labels[:MOST_SHADES]
    ]
    measure = words.say(
        "Share of imports that comes directly from the chosen suppliers, percent, {basis}, {year}",
        basis=basis,
        year=str(years[0]),
    )
    heads = [short_name(i, words) for i in importers]
    return heat_map(labels[:MOST_SHADES], heads, shades, colour=look.CONCERN, width=WIDTH, blocks=2), measure


def ranked(finding: Finding) -> list[Mapping[str, Any]]:
    """Rows by the share of the suppliers, largest first; unknown last."""
    return sorted(
        finding.rows, key=lambda row: -(row["supplier_share"] if row["supplier_share"] is not None else -1)
    )


def shade(share: float | None, label: str, importer: str, words: Words) -> Cell:
    """One shaded cell."""
    spoken = f"{label}, {words.name(importer)}: {words.number(share, 'share')}"
    return Cell(share, "" if share is None else words.share(share), spoken)


def over_years(finding: Finding, words: Words, years: list[int], importers: list[str]) -> tuple[Drawing, str]:
    """Draw lines of the suppliers' share."""
    newest = [row for row in ranked(finding) if row["year"] == years[-1]]
    labels = list(dict.fromkeys(label_of(row, words) for row in newest))[:MOST_PANELS]
    levels: dict[tuple[str, str], dict[int, float | None]] = {}
    for row in finding.rows:
        levels.setdefault((label_of(row, words), row["importer"]), {})[row["year"]] = row["supplier_share"]
    shown = importers[:MOST_IMPORTERS]
    colours = look.importer_colours(len(shown), joint=False)
    panels = {
        label: [
            Line(
                short_name(importer, words),
                words.name(importer),
                {year: levels.get((label, importer), {}).get(year) for year in years},
                colours[n],
                look.dash_of(n),
            )
            for n, importer in enumerate(shown)
        ]
        for label in labels
    }
    measure = words.say(
        "Share of imports that comes directly from the chosen suppliers (0 none, 1 all), {first} to {last}",
        first=str(years[0]),
        last=str(years[-1]),
    )
    columns = min(len(panels), 3)
    height = 130 if len(panels) > 1 else 240
    return small_multiples(
        panels, years=(years[0], years[-1]), thresholds=[], width=WIDTH, columns=columns, height=height
    ), measure


def rules(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Shade verdicts by product and rule, or draw bars of governance scores."""
    verdicts = [row for row in finding.rows if row["dependent"] is not None]
    if not verdicts:
        return scores(finding, words)
    heads = list(dict.fromkeys((row["importer"], row["rule"]) for row in verdicts))
    met: dict[str, int] = {}
    for row in verdicts:
        met[row["product"]] = met.get(row["product"], 0) + bool(row["dependent"])
    products = (
        sorted((p for p in met if met[p]), key=lambda p: (-met[p], p))[:MOST_SHADES] or list(met)[:MOST_ROWS]
    )
    cells = {(row["product"], row["importer"], row["rule"]): row["dependent"] for row in verdicts}
    shades = [
        [
            Cell(
                None if (verdict := cells.get((product, *head))) is None else float(verdict),
                "" if verdict is None else "●" if verdict else "–",
                f"{words.product(product)}, {words.name(head[0])}, {head[1]}: "
                + words.say("n/a" if verdict is None else "yes" if verdict else "no"),
            )
            for head in heads
        ]
        for product in products
    ]
    several = len({importer for importer, _ in heads}) > 1
    names = [f"{visible(importer)} {rule}" if several else rule for importer, rule in heads]
    measure = words.say(
        "Products that at least one rule calls dependent (●) in {year}", year=str(finding.rows[0]["year"])
    )
    labels = [words.product(product) for product in products]
    return heat_map(labels, names, shades, colour=look.CONCERN, width=WIDTH, blocks=2), measure


def scores(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Draw bars of governance-weighted supply risk."""
    rows = sorted(finding.rows, key=lambda row: -(row["score"] if row["score"] is not None else -1))[
        :MOST_ROWS
    ]
    several = len({row["importer"] for row in finding.rows}) > 1
    drawn = [
        {
            "label": label_of(row, words) + (f" ({visible(row['importer'])})" if several else ""),
            "value": row["score"],
            "told": words.number(row["score"], ""),
            "fill": look.MEMBER,
        }
        for row in rows
    ]
    measure = words.say(
        "Governance-weighted supply risk (0 none, 1 highest), {year}", year=str(finding.rows[0]["year"])
    )
    return bars(drawn, width=WIDTH), measure


def trace(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Draw dots and bands by origin."""
    shares = ("face_value_share", "traced_share_low", "traced_share_high")
    rows = sorted(finding.rows, key=lambda row: (-max(row[name] or 0.0 for name in shares), row["origin"]))[
        :15
    ]
    renamed = [
        dict(zip(("supplier_share", "supplier_share_traced_low", "supplier_share_traced_high"),
                 (row[name] for name in shares), strict=True))
        for row in rows
    ]  # fmt: skip
    heading = f"{words.name(rows[0]['importer'])}: {words.product(rows[0]['product'])}"
    measure = words.say(
        "Share of supply (production plus imports, tons) by origin: as customs wrote it (dot), and traced through "
        "third countries (band, lowest to highest), {year}",
        year=str(rows[0]["year"]),
    )
    labels = [words.name(row["origin"]) for row in rows]
    pairs = {heading: [pair(row, words) for row in renamed]}
    return dumbbells(labels, pairs, colour=look.MEMBER, width=WIDTH, ticks=TICKS), measure


def leverage(finding: Finding, words: Words) -> tuple[Drawing, str]:
    """Draw dots and bands both ways, the most one-sided products first."""
    directions = list(dict.fromkeys((row["importer"], row["supplier"]) for row in finding.rows))
    top = sorted(finding.rows, key=lambda row: (-(row["supplier_share"] or 0.0), row["product"]))
    products = list(dict.fromkeys(row["product"] for row in top))[:MOST_ROWS]
    cells = {(row["importer"], row["supplier"], row["product"]): row for row in finding.rows}
    pairs = {
        words.say("{importer} from {supplier}", importer=words.name(i), supplier=words.name(s)): [
            pair(cells.get((i, s, product), {}), words) for product in products
        ]
        for i, s in directions
    }
    measure = words.say(
        "Share of imports that comes from the other side: directly (dot), and with what passed through it (band, by "
        "tons), {year}",
        year=str(finding.rows[0]["year"]),
    )
    labels = [words.product(product) for product in products]
    return dumbbells(labels, pairs, colour=look.CONCERN, width=WIDTH, ticks=TICKS), measure


_CHARTS: Mapping[str, Callable[[Finding, Words], tuple[Drawing, str]]] = {
    "exposure": exposure,
    "rules": rules,
    "trace": trace,
    "leverage": leverage,
    "suppliers": supplied,
    "measures": timeline,
    "scenario compare": compared,
    "stress": stress,
    "draws": drawn,
    "tornado": tornado,
    "longevity": longevity,
    "plan": plan,
    "join": together,
}
