"""Who and what a plan names, in terms of a world; everything that nobody bears is told at once, with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TypeVar

from friendshore.answers.actors import Actor, importers_of
from friendshore.answers.settings import Nodes, codes_of, nodes_of
from friendshore.disruption.entries import StatedEntry
from friendshore.disruption.plan_schema import PlanEntry, StockLimitEntry
from friendshore.disruption.scenario_files import Scenario
from friendshore.errors import ArgumentError, FriendshoreError
from friendshore.planning.costs import CostBook
from friendshore.planning.programmes import programme, programmes
from friendshore.planning.stated_costs import book_of
from friendshore.tables.world import World

__all__ = ["Named", "named"]

Found = TypeVar("Found")
NOBODY: tuple[str, ...] = ()
WHAT = {"concern": "supplier of concern", "partners": "partner", "hosts": "host", "avoid": "supplier"}


@dataclass(frozen=True, eq=False)
class Named:
    """Names of a plan as nodes, codes and figures."""

    plan: PlanEntry
    nodes: Nodes
    members: tuple[str, ...]
    concern: tuple[str, ...]
    avoid: tuple[str, ...]
    partners: tuple[str, ...]
    hosts: tuple[str, ...]
    codes: tuple[str, ...]
    """Products that are planned for, as far as the world knows them."""
    spelled: Mapping[str, tuple[str, ...]]
    """What the plan writes for a host -> its nodes."""
    book: CostBook


@dataclass
class Problems:
    """Collects what is wrong with a file, so that it can be told at once."""

    scenario: Scenario
    found: list[FriendshoreError] = field(default_factory=list)

    def at(self, key: str, make: Callable[[], Found], otherwise: Found) -> Found:
        """Return what a function makes; what it refuses is kept with the line of its key."""
        try:
            return make()
        except FriendshoreError as problem:
            places = self.scenario.places
            line = places.get(key) or places.get("plan", 1)
            problem.message = f"Line {line}, {key}: {problem.message}"
            self.found.append(problem)
            return otherwise

    def refuse(self) -> None:
        """Raise all that was kept as one error."""
        if not self.found:
            return
        first, codes = self.found[0], {problem.code for problem in self.found}
        raise type(first)(
            f"{self.scenario.chain[0]}: {' '.join(problem.message for problem in self.found)}",
            code=first.code if len(codes) == 1 else "bad_scenario",
            hint=" ".join(dict.fromkeys(problem.hint for problem in self.found if problem.hint)),
            rows=[row for problem in self.found for row in problem.rows],
        )


def named(
    scenario: Scenario, plan: PlanEntry, world: World, years: Sequence[int], members: Sequence[str]
) -> Named:
    """Resolve the names of a plan.

    Parameters
    ----------
    scenario
        The file, for its lines.
    plan
        Its section.
    world
        The opened tables.
    years
        Base years; blocs count as of the last of them.
    members
        Members that plan instead of those that the plan names.
    """
    problems = Problems(scenario)
    day = date(max(years), 12, 31)
    no_actors: tuple[Actor, ...] = ()
    chosen = members or plan.members
    actors = problems.at("plan.members", lambda: _each_once(chosen, world), no_actors)
    nodes = problems.at("plan.members", lambda: nodes_of(actors, world, years), Nodes((), {}, day))
    own = tuple(actor.name for actor in actors)

    def expanded(key: str, names: tuple[str, ...], what: str) -> tuple[str, ...]:
        if not names:
            return ()
        return problems.at(f"plan.{key}", partial(nodes.expand, names, world, what), NOBODY)

    found = {key: expanded(key, getattr(plan, key), what) for key, what in WHAT.items()}
    concern = found["concern"]
    partners = tuple(name for name in found["partners"] if name not in own)
    hosts = found["hosts"] or (*own, *partners)
    for key, names in (("members", own), ("partners", partners), ("hosts", hosts)):
        problems.at(f"plan.{key}", partial(_refuse_concern, names, concern), None)
    spelled = {name: expanded(key, (name,), "host") for name, key in _hosts_written(plan).items()}
    stock = problems.at("plan.stock.preset", lambda: _stock(plan.stock), plan.stock)
    plan = plan.model_copy(update={"stock": stock})
    book = problems.at("plan.costs", lambda: book_of(plan, members_of=spelled), CostBook())
    codes = problems.at("plan.products", lambda: _codes(scenario, plan, world), NOBODY)
    for n, entry in enumerate(plan.capacity):
        known = partial(codes_of, entry.products, (), entry.materials, world)
        problems.at(f"plan.capacity[{n}]", known, NOBODY)
    problems.refuse()
    return Named(plan, nodes, own, concern, found["avoid"], partners, hosts, codes, spelled, book)


def _each_once(names: Sequence[str], world: World) -> tuple[Actor, ...]:
    """Resolve members; one that is named twice, by whatever words, is refused."""
    actors = importers_of(names, world, as_bloc=False)
    if len(actors) < len(names):
        raise ArgumentError(
            f"{', '.join(names)} are {len(actors)}, since one of them is named twice.",
            code="member_twice",
            hint="Name each member once.",
        )
    return actors


def _refuse_concern(names: Sequence[str], concern: Sequence[str]) -> None:
    both = [name for name in names if name in concern]
    if both:
        raise ArgumentError(
            f"{', '.join(both)} is a supplier of concern too.",
            code="member_is_concern",
            hint="Who is planned against cannot plan, help or host.",
        )


def _hosts_written(plan: PlanEntry) -> dict[str, str]:
    """Return name and key of everybody whom capacity and support speak of."""
    found = {f"capacity[{n}].hosts": entry.hosts for n, entry in enumerate(plan.capacity)}
    found |= {f"support[{n}]": (entry.host or entry.member,) for n, entry in enumerate(plan.support)}
    return {name: key for key, names in found.items() for name in names if name}


def _stock(entry: StockLimitEntry) -> StockLimitEntry:
    """Write the days of a known programme where none are stated."""
    if not entry.preset:
        return entry
    known = programme(entry.preset)
    if known.days is None:
        names = sorted(name for name, about in programmes().items() if about.days is not None)
        raise ArgumentError(
            f"{entry.preset} states no days of stock; presets that do: {', '.join(names)}.",
            code="unknown_programme",
            hint="Write most_days: yourself.",
        )
    days = StatedEntry(value=known.days, source=known.source)
    return entry.model_copy(update={"most_days": entry.most_days or days})


def _codes(scenario: Scenario, plan: PlanEntry, world: World) -> tuple[str, ...]:
    if plan.products or plan.groups or plan.materials:
        return codes_of(plan.products, plan.groups, plan.materials, world)
    struck = [
        code
        for entry in scenario.file.shocks
        for code in codes_of(entry.products, entry.group, entry.materials, world)
    ]
    return tuple(dict.fromkeys(struck))
