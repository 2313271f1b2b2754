"""Who fills in: exporters that deliver more to an importer than before, over the whole run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from friendshore.charts import look
from friendshore.charts.bars import bars
from friendshore.charts.combine import vconcat
from friendshore.charts.picture import Drawing, library
from friendshore.charts.wording import Words

__all__ = ["replaced_blocks", "replacements"]

MOST_EXPORTERS = 6


def replacements(record: Mapping[str, Any], heading: str, words: Words, *, width: int) -> Drawing:
    """Draw who delivers more to an importer than before."""
    alt = library()

    by = sorted(record.get("replaced_by") or (), key=lambda each: -each["more_t"])
    rows = [
        {
            "label": words.name(each["exporter"]),
            "value": each["more_t"],
            "told": words.number(each["more_t"], "t"),
            "fill": look.PARTNER,
        }
        for each in by[:MOST_EXPORTERS]
    ]
    rest = sum(each["more_t"] for each in by[MOST_EXPORTERS:])
    if rest > 0:
        told = words.number(rest, "t")
        rows.append({"label": words.say("others"), "value": rest, "told": told, "fill": look.OTHERS})
    share = record.get("replaced_share")
    heading = words.say(
        "{name}: replaced {share} of what is lost",
        name=heading,
        share=words.number(share, "share"),
    )
    title = alt.TitleParams(heading, fontSize=look.SIZE, fontWeight=600, offset=6, anchor="start")
    return Drawing(bars(rows, width=width).chart.properties(title=title))


def replaced_blocks(told: Sequence[tuple[Mapping[str, Any], str]], words: Words, *, width: int) -> Drawing:
    """Draw a block of bars for each record, under its heading."""
    blocks = [replacements(record, heading, words, width=width) for record, heading in told]
    return Drawing(vconcat(*(block.chart for block in blocks), spacing=18)) if len(blocks) > 1 else blocks[0]
