"""From a chart to an SVG that can stand in a page or alone: compact, hatched, with tooltips and unique ids."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from friendshore.charts import look
from friendshore.charts.marks import Plain

__all__ = ["Drawing", "cjk_available", "inline_svg", "library", "png_of", "standalone_svg"]

SVG = "http://www.w3.org/2000/svg"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_CLIP = re.compile(r"""(?:\bid="|url\(#)clip(\d+)""")
_FAMILY = re.compile(r"""font-family=("[^"]*"|'[^']*')""")
_NOISE = (
    "aria-hidden", "aria-roledescription", "role", "pointer-events", "class", "version", "stroke-miterlimit",
)  # fmt: skip


def library() -> Any:  # noqa: ANN401  parts of a chart share no type
    """Open Altair. Its types describe every keyword of Vega-Lite; it checks them itself when a part is made."""
    import altair

    return altair


@dataclass(frozen=True)
class Drawing:
    """A chart (of Altair, combined, or plain), and large named data, which stay outside: validation would walk them."""

    chart: Any
    shapes: Mapping[str, Any] = field(default_factory=dict)


def svg_of(drawing: Drawing) -> str:
    """Render a chart; nothing is fetched."""
    if isinstance(drawing.chart, Plain):
        return drawing.chart.svg()
    import vl_convert

    # Every part was validated when it was made.
    spec = drawing.chart.to_dict(validate=False)
    spec["config"] = look.config()
    if drawing.shapes:
        spec["datasets"] = dict(drawing.shapes)
    svg: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


def inline_svg(drawing: Drawing, *, key: str, alt: str, css_class: str = "") -> str:
    """SVG to stand in a page: fonts come from the page, ids start with ``key``, ``alt`` is its label."""
    root = tidied(svg_of(drawing), key)
    for node in root.iter(f"{{{SVG}}}text"):
        for name in ("font-family",):
            node.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", alt)
    if css_class:
        root.set("class", css_class)
    return written(root)


def standalone_svg(drawing: Drawing, *, alt: str) -> bytes:
    """SVG file on a white ground, with ``alt`` as its title for screen readers."""
    root = tidied(svg_of(drawing), "c")
    label = ElementTree.Element(f"{{{SVG}}}title")
    label.text = alt
    ground = ElementTree.Element(f"{{{SVG}}}rect", {"width": "100%", "height": "100%", "fill": look.GROUND})
    root.insert(0, ground)
    root.insert(0, label)
    root.set("role", "img")
    return written(root).encode()


def png_of(svg: bytes, scale: float = 2.0) -> bytes:
    """Turn a stand-alone SVG into PNG at ``scale`` pixels a unit."""
    import vl_convert

    text = svg.decode()
    if any(ord(sign) > 0x2E7F for sign in text):
        text = _FAMILY.sub(f"font-family={quoteattr(look.FONT_CJK)}", text)
    image: bytes = vl_convert.svg_to_png(text, scale=scale)
    return image


@cache
def cjk_available() -> bool:
    """Tell whether this machine has a font with Japanese characters (else PNG shows boxes or nothing).

    Two different characters are drawn; without a font both give the same box or the same empty picture.
    """
    sun, book = (
        png_of(
            f'<svg xmlns="{SVG}" width="40" height="40"><text x="4" y="30" font-size="24" '
            f"font-family='{look.FONT}'>{sign}</text></svg>".encode(),
            1.0,
        )
        for sign in "日本"
    )
    return sun != book


def tidied(svg: str, key: str) -> ElementTree.Element:
    """Round coordinates, drop empty groups and noise, put hatches in, make ids unique, add tooltips."""
    ElementTree.register_namespace("", SVG)
    root = ElementTree.fromstring(renumbered(svg))  # noqa: S314  our own renderer's output, never a user's file
    prune(root)
    hatched, striped = False, False
    for node in root.iter():
        for name in _NOISE:
            node.attrib.pop(name, None)
        for name, value in list(node.attrib.items()):
            node.attrib[name] = compact(name, value, key)
        if node.get("opacity") == "1":
            del node.attrib["opacity"]
        if node.get("fill") == look.MISSING:
            node.set("fill", f"url(#{key}-hatch)")
            hatched = True
        elif node.get("fill") == look.HIDDEN:
            node.set("fill", f"url(#{key}-stripes)")
            striped = True
        label = node.attrib.pop("aria-label", None)
        if label and label != "-" and node.tag != f"{{{SVG}}}g":
            ElementTree.SubElement(node, f"{{{SVG}}}title").text = label
    if hatched:
        root.insert(0, pattern(f"{key}-hatch", 5.0, 1.4, look.OTHERS, ground=look.LAND[0]))
    if striped:
        root.insert(0, pattern(f"{key}-stripes", 6.0, 1.6, look.GROUND))
    return root


def renumbered(svg: str) -> str:
    """Count clip paths from one; the renderer counts on from picture to picture."""
    numbers = {old: n for n, old in enumerate(dict.fromkeys(_CLIP.findall(svg)), start=1)}
    return _CLIP.sub(lambda found: f"{found[0][: -len(found[1])]}{numbers[found[1]]}", svg)


def compact(name: str, value: str, key: str) -> str:
    """Shorten one attribute: one decimal is a tenth of a pixel; ids carry the picture's key."""
    if name in (
        "d",
        "transform",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "width",
        "height",
        "viewBox",
        "stroke-width",
    ):
        return _NUMBER.sub(rounded, value)
    if name == "id":
        return f"{key}-{value}"
    if "url(#" in value:
        return value.replace("url(#", f"url(#{key}-")
    return value


def rounded(found: re.Match[str]) -> str:
    """Write a number with one decimal at most."""
    text = f"{float(found.group()):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def prune(node: ElementTree.Element) -> None:
    """Drop the empty frames that the renderer leaves behind, and groups left empty by that."""
    for child in list(node):
        prune(child)
        frame = child.get("class") in ("background", "foreground") and child.get("stroke") is None
        empty = child.tag == f"{{{SVG}}}g" and len(child) == 0
        invisible = child.tag == f"{{{SVG}}}path" and not child.get("d")
        if frame or empty or invisible:
            node.remove(child)


def pattern(name: str, step: float, thick: float, colour: str, *, ground: str = "") -> ElementTree.Element:
    """Diagonal lines, for what is missing on a ground of their own, for what is hidden over any fill."""
    defs = ElementTree.Element(f"{{{SVG}}}defs")
    size = f"{step:g}"
    told = {"id": name, "width": size, "height": size, "patternUnits": "userSpaceOnUse"}
    inner = ElementTree.SubElement(defs, f"{{{SVG}}}pattern", {**told, "patternTransform": "rotate(45)"})
    for fill, width in ((ground, size), (colour, f"{thick:g}")):
        if fill:
            ElementTree.SubElement(inner, f"{{{SVG}}}rect", {"width": width, "height": size, "fill": fill})
    return defs


def written(root: ElementTree.Element) -> str:
    """Serialise without an XML declaration."""
    return ElementTree.tostring(root, encoding="unicode")
