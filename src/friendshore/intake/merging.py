"""Each act once: events that tell the same thing again are dropped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from friendshore.intake.records import Event
from friendshore.intake.rules import rules

__all__ = ["once"]


def once(events: Sequence[Event]) -> list[Event]:
    """Keep each act once: the same type, parties, targets and sum, with a date that does not contradict."""
    kept: list[Event] = []
    for event in events:
        same = next((n for n, other in enumerate(kept) if _same(event, other)), None)
        if same is None:
            kept.append(event)
        elif event.confidence > kept[same].confidence:
            kept[same] = event
    return kept


def _same(one: Event, two: Event) -> bool:
    if one.type != two.type or set(one.actors) != set(two.actors) or one.amount != two.amount:
        return False
    if one.type == "dispute":
        return one.targets == two.targets
    if one.type == "summit":
        return one.status == two.status and (
            one.date == two.date or None in {one.date, two.date} or _within(one.date, two.date)
        )
    if one.status != two.status:
        return False
    if {one.rule, two.rule} <= _meetings() and (
        one.confidence < 0.7 or two.confidence < 0.7 or one.date == two.date
    ):
        return True
    alike = set(one.products) <= set(two.products) or set(two.products) <= set(one.products)
    return one.date == two.date and one.targets == two.targets and alike


@cache
def _meetings() -> frozenset[str]:
    return frozenset(rule.id for rule in rules() if rule.meeting)


def _within(one: str | None, two: str | None) -> bool:
    return bool(one and two and (one.startswith(two) or two.startswith(one)))
