"""A picture that stands alone: title that states the finding, what is measured, the drawing, the source."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from friendshore.charts import look
from friendshore.charts.picture import SVG, Drawing, svg_of, tidied, written

__all__ = ["poster", "wrapped"]

MARGIN = 20
CLOSING = "、。，．・：；）」』】〕％%"
"""Signs that never begin a line."""


def poster(drawing: Drawing, *, title: str, subtitle: str, source: str, alt: str) -> bytes:
    """Write a stand-alone SVG on a white ground.

    Parameters
    ----------
    drawing
        The chart.
    title, subtitle, source
        Finished sentences; wrapped at the width of the chart.
    alt
        What a screen reader says.
    """
    inner = tidied(svg_of(drawing), "c")
    width, height = float(inner.get("width", "0")), float(inner.get("height", "0"))
    wide = max(width, 360.0)
    head = [(line, 15, 600, look.INK) for line in wrapped(title, wide, 15 * 1.08)]
    head += [(line, look.SIZE, 400, look.QUIET) for line in wrapped(subtitle, wide, look.SIZE)]
    foot = [(line, look.SIZE, 400, look.QUIET) for line in wrapped(source, wide, look.SIZE)]
    root = ElementTree.Element(f"{{{SVG}}}svg", {"role": "img"})
    ElementTree.SubElement(root, f"{{{SVG}}}title").text = alt
    ElementTree.SubElement(root, f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": look.GROUND})
    down = written_lines(root, head, MARGIN)
    body = ElementTree.SubElement(root, f"{{{SVG}}}g", {"transform": f"translate({MARGIN},{down + 10:g})"})
    body.extend(list(inner))
    down = written_lines(root, foot, down + 10 + height + 10)
    size = {"width": f"{wide + 2 * MARGIN:g}", "height": f"{down + MARGIN / 2:g}"}
    for name, value in {**size, "viewBox": f"0 0 {size['width']} {size['height']}"}.items():
        root.set(name, value)
    return written(root).encode()


def written_lines(
    root: ElementTree.Element, lines: Sequence[tuple[str, int, int, str]], down: float
) -> float:
    """Add lines of text from a height on, and return the height below them."""
    for text, size, weight, colour in lines:
        down += size * 1.35
        ElementTree.SubElement(
            root,
            f"{{{SVG}}}text",
            {
                "x": str(MARGIN), "y": f"{down:g}", "font-family": look.FONT, "font-size": f"{size}px",
                "font-weight": str(weight), "fill": colour,
            },
        ).text = text  # fmt: skip
    return down


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a sentence into lines: Latin between words, CJK between signs, but never before closing ones."""
    lines: list[str] = []
    line = ""
    for piece in pieces(text):
        if line and look.text_width((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def pieces(text: str) -> list[str]:
    """Cut a text where a line may end."""
    found: list[str] = []
    for sign in text:
        whole = ord(sign) > 0x2E7F
        last = found[-1] if found else ""
        new = (
            not found
            or (last[-1] == " " and sign != " ")
            or (whole and sign not in CLOSING)
            or (ord(last[-1]) > 0x2E7F and not whole and sign not in CLOSING and sign != " ")
        )
        if new:
            found.append(sign)
        else:
            found[-1] += sign
    return found
