"""Charts laid over each other or side by side, each part written down once.

Altair's own layers and concatenations copy every part whole, again for each level and once more when they are
written down: in a page of many pictures that took more time than anything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

__all__ = ["Combined", "concat", "hconcat", "layer", "vconcat"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Combined:
    """Several charts as one, with what holds for all of them."""

    kind: str
    """``layer``, ``concat``, ``hconcat`` or ``vconcat``."""
    parts: tuple[Any, ...]
    """Charts of Altair, or combined ones."""
    held: Mapping[str, Any] = field(default_factory=dict)
    """Properties such as width, height and title."""

    def properties(self, **more: Any) -> Combined:  # noqa: ANN401  properties of a chart share no type
        """Return the same with further properties."""
        return replace(self, held={**self.held, **more})

    def to_dict(self, *, validate: bool = True, context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Write the specification down; the data of all parts stand once at its top.

        Parameters
        ----------
        validate
            Whether every part is checked against the schema of Vega-Lite again.
        context
            Of Altair; None at the top.
        """
        inside = {"datasets": {}} if context is None else context
        passed = {**inside, "top_level": False}
        held = {
            name: value.to_dict(validate=validate) if hasattr(value, "to_dict") else value
            for name, value in self.held.items()
        }
        told = [part.to_dict(validate=validate, context=passed) for part in self.parts]
        top = {} if context is not None else {"$schema": SCHEMA, "datasets": inside["datasets"]}
        return {self.kind: told, **held, **top}


def layer(*parts: Any) -> Combined:  # noqa: ANN401  parts of a chart share no type
    """Lay charts over each other, the first below."""
    return Combined("layer", parts)


def concat(*parts: Any, **held: Any) -> Combined:  # noqa: ANN401  parts of a chart share no type
    """Put charts into a grid."""
    return Combined("concat", parts, held)


def hconcat(*parts: Any, **held: Any) -> Combined:  # noqa: ANN401  parts of a chart share no type
    """Put charts side by side."""
    return Combined("hconcat", parts, held)


def vconcat(*parts: Any, **held: Any) -> Combined:  # noqa: ANN401  parts of a chart share no type
    """Put charts below each other."""
    return Combined("vconcat", parts, held)
