"""Why this plan and no other: the next-best one, what each decision is worth, where it flips, regret, simple rules.

Limits that bind are in :mod:`friendshore.planning.duals`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from friendshore.planning.flips import Flip, flips, stakes_of
from friendshore.planning.judging import Regret, Strategy, against, regrets, strategy_of
from friendshore.planning.neighbours import Choice, Neighbour, next_best, without
from friendshore.planning.prescribing import SOLVED, decided, evaluate
from friendshore.planning.problem import Plan
from friendshore.planning.solving import solve
from friendshore.records import Amount, Listing, Name, Note

__all__ = [
    "Why",
    "alternative_rows",
    "flip_rows",
    "neighbour_rows",
    "regret_rows",
    "why",
]

ENTERS, LEAVES = True, False


@dataclass(frozen=True, eq=False)
class Why:
    """Reasons for a plan, and what would change it."""

    plan: Plan
    stakes: float
    """Mean probability of the cases times the value of a missing ton, as assumed."""
    next_best: Neighbour | None
    """The best plan with other plants; None where none is built in steps."""
    without: tuple[Neighbour, ...]
    """The best plans without one of the dearest decisions each."""
    flips: tuple[Flip, ...]
    regrets: tuple[Regret, ...]
    against: tuple[Strategy, ...]


def why(plan: Plan, *, most: int = 12, points: int = 17, gap: float = 1e-3, seconds: float = 20.0) -> Why:
    """Find the reasons for a plan.

    Parameters
    ----------
    plan
        A plan that was found.
    most
        How many of the dearest decisions are forbidden in turn.
    points
        Stakes tried first on the axis of flips.
    gap, seconds
        Of each search.
    """
    best = next_best(plan, solve=solve, gap=gap, seconds=seconds)
    found, _ = flips(plan, solve=solve, points=points, seconds=seconds)
    return Why(
        plan=plan,
        stakes=stakes_of(plan.problem),
        next_best=best,
        without=without(plan, solve=solve, most=most, gap=gap, seconds=seconds),
        flips=found,
        regrets=regrets(plan, solve=solve, gap=gap, seconds=seconds),
        against=_with_next_best(plan, best, against(plan, solve=solve, gap=gap, seconds=seconds)),
    )


def _with_next_best(plan: Plan, best: Neighbour | None, found: tuple[Strategy, ...]) -> tuple[Strategy, ...]:
    """Put the next-best plan behind the plan, priced as it is."""
    if best is None or best.plan is None or not found:
        return found
    priced = evaluate(
        plan.problem, decided(best.plan), solve=solve, sharing=plan.sharing, coalition=plan.coalition
    )
    if priced.status not in SOLVED:
        return found
    mine = found[0].plan
    assert mine is not None
    return (found[0], strategy_of("next_best", priced, mine), *found[1:])


def flip_rows(found: Why | Iterable[Why]) -> tuple[dict[str, Any], ...]:
    """Return a row a decision: where it comes in on the axis, as a multiple of what is assumed, and in words."""
    return tuple(_flip_row(one, each) for one in _all(found) for each in one.flips)


def _flip_row(found: Why, flip: Flip) -> dict[str, Any]:
    at, enters = _point(flip)
    return {
        **_decision(flip.choice, flip.places),
        "in_plan": flip.in_plan,
        "never_below": flip.never_below,
        "always_above": flip.always_above,
        "gone_above": flip.gone_above,
        "flip_factor": None if at is None or found.stakes <= 0 else at / found.stakes,
        "enters": enters,
        "sentence": _flip_sentence(flip),
    }


def _point(flip: Flip) -> tuple[float | None, bool]:
    """Where a decision flips, between the stakes that were tried; and whether it is wanted above or only below."""
    if flip.never_below is not None and flip.always_above is not None:
        return float(np.sqrt(flip.never_below * flip.always_above)), ENTERS
    if flip.never_below is None and flip.gone_above is not None:
        return flip.gone_above, LEAVES
    if flip.never_below is not None and flip.gone_above is not None:
        return flip.never_below, ENTERS
    return None, ENTERS


def _flip_sentence(flip: Flip) -> Note:
    low, high, gone = flip.never_below, flip.always_above, flip.gone_above
    if low is not None and high is not None and low < high:
        values = {"low": _stakes(low), "high": _stakes(high)}
        return Note(template="never below {low}, always above {high}", values=values)
    if low is None and high is not None and gone is None:
        return Note(template="at all stakes that were tried")
    if low is None and gone is not None:
        return Note(template="only below {gone}", values={"gone": _stakes(gone)})
    if low is not None and gone is not None:
        values = {"low": _stakes(low), "gone": _stakes(gone)}
        return Note(template="never below {low}, and no longer above {gone}", values=values)
    if low is not None and high is not None:
        values = {"low": _stakes(high)}
        return Note(template="comes and goes, always above {low}", values=values)
    return Note(template="at no stakes that were tried")


def _stakes(value: float) -> Amount:
    return Amount(value=value, unit="")


def neighbour_rows(found: Why | Iterable[Why]) -> tuple[dict[str, Any], ...]:
    """Return the next-best plan and the plans without one decision each: what they cost and miss more."""
    return tuple(
        _neighbour_row(each)
        for one in _all(found)
        for each in ((one.next_best,) if one.next_best is not None else ()) + one.without
    )


def _neighbour_row(one: Neighbour) -> dict[str, Any]:
    nobody = Choice("build", "", "", "", (), 0.0, 0.0)
    choice = one.choice or replace(nobody, action="plants")
    return {
        "change": one.change,
        **_decision(choice, (choice.place,) if choice.place else ()),
        "cost_usd": one.cost_usd,
        "distance_usd": one.distance_usd,
        "lost_usd": one.lost_usd,
        "missing_usd": one.missing_usd,
        "within_gap": one.within_gap,
        "sentence": _neighbour_sentence(one),
    }


def _neighbour_sentence(one: Neighbour) -> Note:
    what = _moved(one) if one.choice is None else _named(one.choice)
    if one.distance_usd is None:
        return Note(template="{what}: there is no such plan", values={"what": what})
    values: dict[str, Any] = {"what": what, "usd": Amount(value=one.distance_usd, unit="USD")}
    if one.within_gap:
        return Note(template="{what}: as good, as far as can be told apart", values={"what": what})
    least = 1e-6 * max(1.0, abs(one.cost_usd or 0.0))
    if one.lost_usd is not None and abs(one.lost_usd) > least:
        values["lost"] = Amount(value=one.lost_usd, unit="USD")
        values["bills"] = Amount(value=one.distance_usd - one.lost_usd, unit="USD")
        return Note(
            template="{what}: {usd} a year worse: {bills} in bills and {lost} in lost supply", values=values
        )
    if one.missing_usd is not None and one.missing_usd > least:
        values["missing"] = Amount(value=one.missing_usd, unit="USD")
        if one.distance_usd < 0:
            values["usd"] = Amount(value=-one.distance_usd, unit="USD")
            return Note(
                template="{what}: {usd} a year less, but goods for {missing} a year more are missing",
                values=values,
            )
        return Note(
            template="{what}: {usd} a year more, and goods for {missing} a year more are missing",
            values=values,
        )
    return Note(template="{what}: {usd} a year more", values=values)


def _moved(one: Neighbour) -> Note:
    parts = tuple(
        Note(
            template="{tons} of {good} at {host}",
            values={
                "tons": Note(template="{more} more", values={"more": Amount(value=tons, unit="t")})
                if tons > 0
                else Note(template="{less} less", values={"less": Amount(value=-tons, unit="t")}),
                "good": Name(key=product, kind="product"),
                "host": Name(key=host),
            },
        )
        for host, product, tons in one.moved
    )
    if not parts:
        return Note(template="Other plants")
    return Note(template="Other plants ({plants})", values={"plants": Listing(items=parts)})


def _named(choice: Choice) -> Note:
    values = {
        "who": Name(key=choice.member),
        "good": Name(key=choice.product, kind="product"),
        "place": Name(key=choice.place),
    }
    if choice.action == "build":
        return Note(template="Without the plant for {good} at {place}", values=values)
    if choice.action == "hold":
        return Note(template="Without the stock of {good} of {who}", values=values)
    return Note(template="Without new purchases of {good} by {who} from {place}", values=values)


def regret_rows(found: Why | Iterable[Why]) -> tuple[dict[str, Any], ...]:
    """Return by member or coalition and case what the plan costs more than the one made for that case alone."""
    return tuple(
        {
            "member": _owner(one.plan),
            "case": each.case,
            "plan_usd": each.plan_usd,
            "best_usd": each.best_usd,
            "regret_usd": each.regret_usd,
            "plan_missing_usd": each.plan_missing_usd,
            "best_missing_usd": each.best_missing_usd,
        }
        for one in _all(found)
        for each in one.regrets
    )


STRATEGY_NAMES = {
    "plan": Note(template="This plan"),
    "next_best": Note(template="The next-best plan"),
    "nothing": Note(template="Do nothing"),
    "proportional": Note(template="Buy elsewhere in proportion to what can be claimed"),
    "stock_only": Note(template="Hold stock only"),
}


def alternative_rows(found: Why | Iterable[Why]) -> tuple[dict[str, Any], ...]:
    """Return the plan and simple rules beside it, all priced alike."""
    return tuple(
        {
            "member": _owner(one.plan),
            "alternative": each.name,
            "sentence": STRATEGY_NAMES[each.name],
            "cost_usd": each.cost_usd,
            "missing_usd": each.missing_usd,
            "lost_usd": each.lost_usd,
            "worst_shortage_share": each.worst_shortage_share,
            "keeps_limit": each.keeps_limit,
            "capex_usd": each.capex_usd,
            "stock_usd": each.stock_usd,
            "breakeven_factor": each.breakeven_factor,
        }
        for one in _all(found)
        for each in one.against
    )


def _decision(choice: Choice, places: tuple[str, ...]) -> dict[str, Any]:
    where = "+".join(places) or None
    return {
        "action": choice.action,
        "member": choice.member or None,
        "product": choice.product or None,
        "supplier": where if choice.action == "buy" else None,
        "host": where if choice.action == "build" else None,
    }


def _owner(plan: Plan) -> str:
    return "+".join(plan.problem.members[position] for position in plan.coalition)


def _all(found: Why | Iterable[Why]) -> tuple[Why, ...]:
    return (found,) if isinstance(found, Why) else tuple(found)
