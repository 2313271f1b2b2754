"""Marks placed in pixels, written straight into SVG: what heat maps and the charts of a plan are made of.

Every place is known here, so nothing is left for a chart compiler to work out; a page of many pictures is written in a
fraction of the time. Sizes, fonts and tooltips are those of the other charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from friendshore.charts import look

__all__ = ["Plain", "beside", "boxes", "curve", "dots", "gridded", "layered", "lines", "words_at"]

SVG = "http://www.w3.org/2000/svg"
Mark = Mapping[str, Any]
Box = tuple[float, float, float, float]
Attributes = dict[str, str]
PAD = 5.0
"""Room around a picture."""
MIDDLE = 0.3
"""Part of the size of a text by which its line lies below its middle."""
TITLE = 20.0
"""Room above a drawing for its heading."""
NONE: Box = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Plain:
    """A drawing: elements as (tag, attributes, text), and the room that they take."""

    elements: tuple[tuple[str, Attributes, str], ...]
    box: Box = NONE
    width: float = 0.0
    height: float = 0.0

    def svg(self) -> str:
        """Write it down."""
        left, top, right, bottom = self.box
        left, top = min(left, 0.0) - PAD, min(top, 0.0) - PAD
        right, bottom = max(right, self.width) + PAD, max(bottom, self.height) + PAD
        wide, tall = f"{right - left:.0f}", f"{bottom - top:.0f}"
        root = ElementTree.Element(
            f"{{{SVG}}}svg", {"width": wide, "height": tall, "viewBox": f"0 0 {wide} {tall}"}
        )
        group = ElementTree.SubElement(
            root, f"{{{SVG}}}g", {"transform": f"translate({-left:.1f},{-top:.1f})"}
        )
        for tag, attributes, text in self.elements:
            ElementTree.SubElement(group, f"{{{SVG}}}{tag}", attributes).text = text or None
        return ElementTree.tostring(root, encoding="unicode")

    def moved(self, x: float, y: float) -> Plain:
        """Return it somewhere else."""
        place = f"translate({x:g},{y:g})"
        moved = tuple(
            (
                tag,
                {
                    **told,
                    "transform": f"{place} {told['transform']}".strip() if "transform" in told else place,
                },
                text,
            )
            for tag, told, text in self.elements
        )
        left, top, right, bottom = self.box
        return Plain(moved, (left + x, top + y, right + x, bottom + y), self.width, self.height)


def text_of(value: float) -> str:
    """Write a place, a tenth of a pixel being enough."""
    return f"{value:.1f}".removesuffix(".0")


def boxes(rows: Sequence[Mark]) -> Plain:
    """Draw rectangles: ``x x2 y y2 fill edge spoken``; ``edge`` is the colour of the outline, empty for none."""
    found = []
    for row in rows:
        x, x2, y, y2 = (row[name] for name in ("x", "x2", "y", "y2"))
        told = {
            "x": text_of(x), "y": text_of(y), "width": text_of(x2 - x), "height": text_of(y2 - y),
            "fill": str(row["fill"]), "aria-label": str(row["spoken"]),
        }  # fmt: skip
        if row.get("edge"):
            told |= {"stroke": str(row["edge"]), "stroke-width": "1.2"}
        found.append(("rect", told, ""))
    return Plain(tuple(found), around((row, name) for row in rows for name in ("", "2")))


def around(spots: Iterable[tuple[Mark, str]]) -> Box:
    """Return the room of places given as (row, suffix of its keys)."""
    places = [(row.get("x" + end, row["x"]), row.get("y" + end, row["y"])) for row, end in spots]
    if not places:
        return NONE
    xs, ys = [x for x, _ in places], [y for _, y in places]
    return min(xs), min(ys), max(xs), max(ys)


def lines(rows: Sequence[Mark], *, colour: str, dash: Sequence[int] = (1, 0), thick: float = 1.0) -> Plain:
    """Draw straight lines: ``x x2 y y2``."""
    style = {"stroke": colour, "stroke-width": f"{thick:g}", **dashed(dash)}
    found = tuple(
        (
            "line",
            {f"{axis}{end or 1}": text_of(row[f"{axis}{end}"]) for axis in "xy" for end in ("", "2")} | style,
            "",
        )
        for row in rows
    )
    return Plain(found, around((row, name) for row in rows for name in ("", "2")))


def dashed(dash: Sequence[int]) -> Attributes:
    """Write a dash; none for a solid line."""
    return {"stroke-dasharray": ",".join(map(str, dash))} if len(dash) > 1 and dash[1] else {}


def curve(*runs: Sequence[Mark], colour: str, dash: Sequence[int], thick: float) -> Plain:
    """Join the points ``x y`` of each run in their order."""
    path = "".join(
        "M" + "L".join(f"{text_of(row['x'])},{text_of(row['y'])}" for row in run) for run in runs if run
    )
    told = {
        "d": path, "fill": "none", "stroke": colour, "stroke-width": f"{thick:g}", "stroke-linejoin": "round",
        **dashed(dash),
    }  # fmt: skip
    return Plain((("path", told, ""),) if path else (), around((row, "") for run in runs for row in run))


def dots(rows: Sequence[Mark], *, diamond: bool = False, radius: float = 2.8) -> Plain:
    """Draw points: ``x y fill edge spoken``."""
    found = []
    for row in rows:
        x, y = row["x"], row["y"]
        style = {
            "fill": str(row["fill"]), "stroke": str(row["edge"]), "stroke-width": "1.4",
            "aria-label": str(row["spoken"]),
        }  # fmt: skip
        if diamond:
            r = f"{radius:g}"
            path = f"M{text_of(x)},{text_of(y - radius)}l{r},{r}l-{r},{r}l-{r},-{r}Z"
            found.append(("path", {"d": path, **style}, ""))
        else:
            found.append(("circle", {"cx": text_of(x), "cy": text_of(y), "r": f"{radius:g}", **style}, ""))
    return Plain(tuple(found), around((row, "") for row in rows))


ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def words_at(rows: Sequence[Mark], *, halo: bool = False) -> Plain:
    """Write texts: ``x y text``.

    And, where they differ from left, ink and no: ``align``, ``colour``, ``strong``, ``tilted`` (upwards by half a right
    angle), ``spoken`` (a tooltip).
    """
    found: list[tuple[str, Attributes, str]] = []
    places: list[tuple[Mark, str]] = []
    for row in rows:
        text, align, strong = str(row["text"]), str(row.get("align", "left")), bool(row.get("strong"))
        x, y = row["x"], row["y"]
        told = {
            "x": text_of(x), "y": text_of(y + MIDDLE * look.SIZE), "text-anchor": ANCHORS[align],
            "font-family": look.FONT, "font-size": f"{look.SIZE}px",
        }  # fmt: skip
        if strong:
            told["font-weight"] = "600"
        if row.get("spoken"):
            told["aria-label"] = str(row["spoken"])
        if row.get("tilted"):
            told |= {"x": "0", "y": text_of(MIDDLE * look.SIZE)}
            told["transform"] = f"translate({text_of(x)},{text_of(y)}) rotate(-45)"
        if halo:
            style = {
                "stroke": look.GROUND,
                "stroke-width": "3",
                "stroke-opacity": "0.85",
                "stroke-linejoin": "round",
            }
            found.append(("text", {**told, **style, "fill": look.GROUND, "aria-hidden": "true"}, text))
        found.append(("text", {**told, "fill": str(row.get("colour", look.INK))}, text))
        wide = look.text_width(text) * (1.1 if strong else 1.03)
        before = {"left": 0.0, "center": wide / 2, "right": wide}[align]
        up = 0.75 * wide if row.get("tilted") else 0.0
        places.append(({"x": x - before, "x2": x - before + (up or wide), "y": y - 8 - up, "y2": y + 8}, ""))
        places.append((places[-1][0], "2"))
    return Plain(tuple(found), around(places))


def layered(*parts: Plain, width: float, height: float, heading: str = "", indent: float = 0.0) -> Plain:
    """Lay drawings over each other, the first below, under a heading that begins at an indent."""
    if heading:
        parts = (*parts, words_at([{"x": indent, "y": -TITLE + 6, "text": heading, "strong": True}]))
    filled = [part.box for part in parts if part.elements]
    return Plain(tuple(one for part in parts for one in part.elements), room_of(filled), width, height)


def room_of(found: Sequence[Box]) -> Box:
    """Return the room of several."""
    if not found:
        return NONE
    return (
        min(box[0] for box in found), min(box[1] for box in found),
        max(box[2] for box in found), max(box[3] for box in found),
    )  # fmt: skip


def beside(first: Plain, second: Plain, *, gap: float, below: bool = False) -> Plain:
    """Put one drawing beside or below another, their frames ``gap`` apart."""
    x, y = (0.0, first.height + gap) if below else (first.width + gap, 0.0)
    other = second.moved(x, y)
    return Plain(
        (*first.elements, *other.elements),
        room_of([first.box, other.box]),
        max(first.width, x + second.width),
        max(first.height, y + second.height),
    )


def gridded(parts: Sequence[Plain], columns: int, *, across: float, down: float) -> Plain:
    """Put drawings of one size into rows, their frames ``across`` and ``down`` apart."""
    wide, tall = parts[0].width + across, parts[0].height + down
    placed = [part.moved(n % columns * wide, n // columns * tall) for n, part in enumerate(parts)]
    return Plain(
        tuple(one for part in placed for one in part.elements),
        room_of([part.box for part in placed]),
        min(columns, len(parts)) * wide - across,
        -(-len(parts) // columns) * tall - down,
    )
