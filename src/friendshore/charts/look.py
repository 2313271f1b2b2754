"""One visual language: colours by role, type, and what stands for "missing"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = [
    "CONCERN",
    "DOMESTIC",
    "FONT",
    "FONT_CJK",
    "INK",
    "MISSING",
    "OTHERS",
    "PARTNER",
    "RULE",
    "config",
    "contrast",
    "dash_of",
    "importer_colours",
    "ink_on",
    "shape_of",
    "text_colour",
    "tint",
]

CONCERN = "#D55E00"
"""The supplier of concern."""
MEMBER = "#0072B2"
PARTNER = "#009E73"
DOMESTIC = "#56B4E9"
OTHERS = "#9AA0A6"
INK = "#1B1F24"
"""Text on the page's own ground; a dark scheme replaces it."""
ON_LIGHT = "#030405"
ON_DARK = "#FEFFFF"
"""Text inside a filled mark, which keeps its colour in a dark scheme."""
QUIET = "#5B6268"
"""Secondary text: axes, notes."""
GRID = "#E3E6E9"
RULE = "#444444"
"""Thresholds, always dashed and labelled with the name of the rule."""
LAND = ("#E6E9EC", "#C9CED3", "#9AA0A6", "#6A727A")
"""Land from "supplies nothing or next to nothing" to "supplies most"."""
FLOW = "#6A727B"
"""What flows from suppliers who are nobody's concern."""
COAST = "#FDFEFE"
MISSING = "#ABCDE1"
"""Stands in for the diagonal hatch until the picture is rendered (charts/picture.py puts the hatch in)."""
HIDDEN = "#ABCDE2"
"""Stands in for stripes of the ground over a fill: what comes from elsewhere than customs wrote."""
GROUND = "#FFFFFF"

FONT = (
    '"Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", "Noto Sans JP", "Noto Sans CJK JP", '
    '"Hiragino Sans", "Yu Gothic", Meiryo, sans-serif'
)
HALO = {"stroke": GROUND, "strokeWidth": 3, "strokeOpacity": 0.85, "strokeJoin": "round"}
"""Keyword arguments of a text mark drawn below the same text, so that it reads on any fill."""
FONT_CJK = (
    '"Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", Meiryo, "IPAexGothic", "IPAGothic", '
    '"Source Han Sans JP", "VL Gothic", sans-serif'
)
"""For pictures of pixels: their renderer takes the first family that exists, and for signs that it lacks any
font at all, often one with serifs."""
SIZE = 12
"""Notes and axes. Titles of stand-alone pictures are 15."""

_JOINT = "#00395C"
_STEPS = ("#0072B2", "#4A9BD0", "#1F84C4", "#7DB9E0", "#005A8F", "#62ABD9")
_DARKER = {CONCERN: "#B84F00", PARTNER: "#00755A"}
ENOUGH = 4.5
"""Contrast of text with its ground."""
_DASHES: tuple[list[int], ...] = ([1, 0], [5, 3], [2, 2], [7, 2, 2, 2], [9, 3], [3, 1])
_SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross")


def importer_colours(count: int, *, joint: bool) -> list[str]:
    """Give steps of blue for the importers in their order; the joined one, always last, is the darkest."""
    alone = count - 1 if joint and count > 1 else count
    steps = [_STEPS[n % len(_STEPS)] for n in range(alone)]
    return steps + [_JOINT] * (count - alone)


def dash_of(place: int, *, joint: bool = False) -> list[int]:
    """Dash that doubles the colour of an importer; the joined one is solid."""
    return [1, 0] if joint else _DASHES[place % len(_DASHES)]


def shape_of(place: int, *, joint: bool = False) -> str:
    """Shape that doubles the colour of an importer; the joined one is a diamond."""
    if joint:
        return "diamond"
    shapes = [s for s in _SHAPES if s != "diamond"]
    return shapes[place % len(shapes)]


def tint(colour: str, share: float, ground: str = GROUND) -> str:
    """Mix ``share`` (0 to 1) of a colour into the ground, as ``#RRGGBB``."""
    mixed = (
        round(int(ground[n : n + 2], 16) * (1 - share) + int(colour[n : n + 2], 16) * share)
        for n in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(fill: str) -> str:
    """Choose the ink that reads better on a filled mark.

    >>> ink_on("#00395C"), ink_on("#D55E00"), ink_on("#FFFFFF")
    ('#FEFFFF', '#030405', '#030405')
    """
    return max((ON_LIGHT, ON_DARK), key=lambda ink: contrast(ink, fill))


def text_colour(colour: str) -> str:
    """Give the colour in which a label names a mark of ``colour``: the same, or the nearest that reads as text.

    >>> text_colour("#9AA0A6"), text_colour("#4A9BD0"), text_colour("#00395C")
    ('#5B6268', '#0072B2', '#00395C')
    """
    if contrast(colour, GROUND) >= ENOUGH:
        return colour
    return MEMBER if colour in _STEPS or colour == DOMESTIC else _DARKER.get(colour, QUIET)


def contrast(one: str, other: str) -> float:
    """Return the ratio of the brighter to the darker of two colours, 1 to 21; 4.5 is enough for text.

    >>> round(contrast("#000000", "#FFFFFF")), contrast("#777777", "#777777")
    (21, 1.0)
    """
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def config() -> dict[str, Any]:
    """Vega-Lite configuration shared by all charts."""
    text = {"font": FONT, "fontSize": SIZE, "color": INK}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": {
            "labelFont": FONT,
            "labelFontSize": SIZE,
            "labelColor": QUIET,
            "titleFont": FONT,
            "titleFontSize": SIZE,
            "titleFontWeight": "normal",
            "titleColor": QUIET,
            "gridColor": GRID,
            "domainColor": OTHERS,
            "tickColor": OTHERS,
            "tickSize": 4,
            "labelLimit": 0,
        },
        "text": text,
        "title": {
            "font": FONT,
            "fontSize": 15,
            "fontWeight": 600,
            "color": INK,
            "subtitleFont": FONT,
            "subtitleFontSize": SIZE,
            "subtitleColor": QUIET,
            "anchor": "start",
            "frame": "bounds",
            "offset": 10,
        },
        "header": {"labelFont": FONT, "labelFontSize": SIZE, "labelColor": INK, "title": None},
        "concat": {"spacing": 16},
        "aria": True,
    }


def shortened(label: str, room: float) -> str:
    """Cut a label that is wider than its room, with an ellipsis; the full one stands in the table."""
    if text_width(label) <= room:
        return label
    kept = label
    while kept and text_width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip(" ,、・(（") + "…"


def widest(labels: Sequence[str]) -> float:
    """Estimate the width in pixels of the widest label at the size of notes and axes."""
    return max((text_width(label) for label in labels), default=0.0)


def text_width(label: str, size: float = SIZE) -> float:
    """Estimate the width of a label in pixels: a CJK character fills its square, a Latin one about half."""
    return sum(size if ord(c) > 0x2E7F else size * (0.30 if c in " .,:;'ilI|()" else 0.56) for c in label)
