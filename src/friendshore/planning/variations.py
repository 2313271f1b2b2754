"""The set of problems over which a decision must survive: rules, quantities, and the ends of what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from friendshore.parameters import PARAMETERS, Parameters
from friendshore.planning.assembling import Assembled
from friendshore.planning.claims import BOUNDS, MIDDLE_RULES, claims, spare_of
from friendshore.planning.costs import CostBook, End, costs_of
from friendshore.planning.freed import freed_supply
from friendshore.planning.periods import growth_share, ramp_share
from friendshore.planning.problem import Problem
from friendshore.records import Note

__all__ = ["Variation", "at_end", "under_rule", "variations"]

RAMP = ("lead_months", "link_ramp_months", "spare_ramp_months")
"""Parameters of the path that say how fast others step in; moved together."""

Changed = Literal["", "quantities", "value", "probability", "capital", "ramp"]
ENDS: tuple[End, ...] = ("low", "high")


@dataclass(frozen=True, eq=False)
class Variation:
    """A problem that differs from the stated one in one thing.

    Between raw and cleaned tons the links need not be the same: compare by member, product and supplier, not by
    position.
    """

    name: str
    note: Note
    problem: Problem
    rule: str
    changed: Changed = ""
    """What differs beside the rule; nothing where only the rule is named."""
    end: str = ""
    """Which end of the range, or which quantities."""

    @property
    def bound(self) -> bool:
        """Whether the rule is one of the two bounds, which decide nothing."""
        return self.rule in BOUNDS


def under_rule(made: Assembled, problem: Problem, rule: str) -> Problem:
    """Return a problem with outside spare capacity shared out by another rule."""
    if rule == problem.rule:
        return problem
    market, parameters = made.market, made.setting.parameters
    may = problem.link_usable & ~problem.link_concern
    return replace(
        problem, rule=rule, link_claim_t=claims(market, made.rows, spare_of(market, parameters), may, rule)
    )


def at_end(
    made: Assembled, book: CostBook, chances: Mapping[str, tuple[float, float]], changed: Changed, end: End
) -> Problem:
    """Return the stated problem with one assumption at an end of its range.

    Parameters
    ----------
    made
        The stated problem and what went into it.
    book
        Costs with their ranges.
    chances
        By case, the range of its probability.
    changed
        ``value`` (of what is missing), ``probability`` (of all cases at once), ``capital`` (of plants), ``ramp`` (how
        fast links grow and spare capacity is mobilised; its low end is the fast one).
    end
        ``low`` or ``high``.
    """
    problem, setting = made.problem, made.setting
    if changed == "probability":
        at = 0 if end == "low" else 1
        every = sum(chances[case.name][at] for case in problem.cases)
        # At most one of them happens: all at the upper end of their ranges need not be possible.
        scale = 1.0 / max(1.0, every)
        cases = tuple(
            case.model_copy(update={"probability": scale * chances[case.name][at]}) for case in problem.cases
        )
        return replace(problem, cases=cases)
    if changed == "ramp":
        parameters = ramped(setting.parameters, end)
        bounds = problem.bounds
        freed = [
            freed_supply(made.market, arrivals, parameters, case.months, bounds, made.rows)
            for arrivals, case in zip(made.arrivals, problem.cases, strict=True)
        ]
        return replace(
            problem,
            growth_share=growth_share(parameters, bounds),
            ramp_share=ramp_share(parameters, bounds),
            freed_t=np.array(freed),
        )
    name = "value_factor" if changed == "value" else "capital_usd_per_t"
    moved = costs_of(book, products=problem.products, hosts=problem.hosts, ends={name: end})
    return replace(problem, costs=replace(problem.costs, **{name: getattr(moved, name)}))


def ramped(parameters: Parameters, end: End) -> Parameters:
    """Return parameters with lead time and ramps at an end of their ranges, or where they are if that is beyond."""
    beyond = min if end == "low" else max
    moved = {name: beyond(getattr(parameters, name), getattr(PARAMETERS[name], end)) for name in RAMP}
    return parameters.model_copy(update=moved)


def variations(
    made: Assembled,
    other: Assembled | None,
    book: CostBook,
    chances: Mapping[str, tuple[float, float]],
) -> tuple[Variation, ...]:
    """Return the stated problem first, then all that differ from it.

    Both middle rules, each with the other quantities and with value, probability, capital cost and ramp at the ends
    of their ranges, one at a time; and the two bounds.

    Parameters
    ----------
    made
        The stated problem and what went into it.
    other
        The same on the other quantities (raw for cleaned); None leaves them out.
    book
        Costs with their ranges.
    chances
        By case, the range of its probability.
    """
    stated = made.problem
    found = [Variation(stated.rule, _note(stated.rule), stated, stated.rule)]
    found += [
        Variation(rule, _note(rule), under_rule(made, stated, rule), rule)
        for rule in MIDDLE_RULES
        if rule != stated.rule
    ]
    moved = list(_moved(made, other, book, chances))
    for rule in MIDDLE_RULES:
        found += [
            Variation(
                f"{rule}-{name}",
                _note(rule, changed, end),
                under_rule(source, problem, rule),
                rule,
                changed,
                end,
            )
            for name, changed, end, source, problem in moved
        ]
    found += [
        Variation(rule, _note(rule), under_rule(made, stated, rule), rule)
        for rule in BOUNDS
        if rule != stated.rule
    ]
    return tuple(found)


def _moved(
    made: Assembled, other: Assembled | None, book: CostBook, chances: Mapping[str, tuple[float, float]]
) -> Iterator[tuple[str, Changed, str, Assembled, Problem]]:
    """Go through what may differ beside the rule: name, what, which end, and the problem with what it was made of."""
    if other is not None:
        quantities = other.problem.quantities
        yield quantities, "quantities", quantities, other, other.problem
    names: tuple[Changed, ...] = ("value", "probability", "capital", "ramp")
    for changed in names:
        for end in ENDS:
            problem = at_end(made, book, chances, changed, end)
            yield f"{changed}-{end}", changed, end, made, problem


RULES = {
    "link": Note(template="spare capacity by what a member buys there today"),
    "imports": Note(template="spare capacity by a member's share of world imports"),
    "last": Note(template="no spare capacity: others come first"),
    "first": Note(template="all spare capacity: members come first"),
}
CHANGES = {
    ("quantities", "raw"): Note(template="tons as published"),
    ("quantities", "cleaned"): Note(template="tons without outliers"),
    ("value", "low"): Note(template="a missing ton worth less"),
    ("value", "high"): Note(template="a missing ton worth more"),
    ("probability", "low"): Note(template="a cut less likely"),
    ("probability", "high"): Note(template="a cut more likely"),
    ("capital", "low"): Note(template="plants cheaper"),
    ("capital", "high"): Note(template="plants dearer"),
    ("ramp", "low"): Note(template="others step in faster"),
    ("ramp", "high"): Note(template="others step in more slowly"),
}


def _note(rule: str, changed: Changed = "", end: str = "") -> Note:
    if not changed:
        return RULES[rule]
    return Note(template="{change}; {rule}", values={"change": CHANGES[changed, end], "rule": RULES[rule]})
