"""What no single key of a plan or a response can say: who is named twice, what contradicts what, unlike money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from friendshore.disruption.entries import StatedEntry
from friendshore.disruption.plan_schema import MoneyEntry, PlanEntry, ResponseEntry
from friendshore.disruption.scenario_problems import Problem, dotted
from friendshore.disruption.scenario_schema import ScenarioFile
from friendshore.disruption.scenario_text import Marked

__all__ = ["plan_problems"]

SHARES = {"support_share", "share", "probability", "fill_share"}
PREMIUMS = {"switching_share", "emergency_share", "outsider_share", "carrying_share", "filling_share"}
"""Shares of a price that may be more than all of it."""
Path = tuple[Any, ...]
Tell = Callable[[Path, str, str, str, str], None]


def plan_problems(file: ScenarioFile, marked: Marked) -> list[Problem]:
    """Check the sections of a plan and of a response; all problems, each with its line."""
    problems: list[Problem] = []

    def tell(path: Path, got: str, expected: str, code: str, hint: str = "") -> None:
        where, line = marked.place(path)
        problems.append(
            Problem(file=where, line=line, key=dotted(path), got=got, expected=expected, code=code, hint=hint)
        )

    _check_type(file, tell)
    if file.plan is not None:
        _check_names(file.plan, tell)
        _check_money(file.plan, tell)
        _check_numbers(file.plan, tell)
        _check_support(file.plan, tell)
        _check_cases(file, file.plan, tell)
        _check_products(file.plan, tell)
        _check_times(file.plan, tell)
    if file.response is not None:
        _check_response(file, file.response, tell)
    return problems


def _check_type(file: ScenarioFile, tell: Tell) -> None:
    sections = {"plan": file.plan, "response": file.response}
    for name, section in sections.items():
        if file.type == name and section is None:
            tell((name,), "nothing", f"the key {name}, since type is {name}", "missing_key", "")
        if file.type != name and section is not None:
            hint = f"Write type: {name}, or leave {name} out."
            tell(("type",), file.type, f"{name}, since there is a key {name}", "contradictory_type", hint)


def _twice(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for n, name in enumerate(names):
        if name.casefold() in seen:
            yield n, name
        seen.add(name.casefold())


def _in(name: str, names: Sequence[str]) -> bool:
    return name.casefold() in {each.casefold() for each in names}


def _check_names(plan: PlanEntry, tell: Tell) -> None:
    """Check that everybody is one thing, and that who is named in a list is somebody."""
    for n, name in _twice(plan.members):
        tell(("plan", "members", n), name, "each member once", "member_twice", "")
    for key in ("members", "partners", "hosts"):
        for n, name in enumerate(getattr(plan, key)):
            if _in(name, plan.concern):
                hint = "Who is planned against cannot plan, help or host."
                tell(("plan", key, n), name, "nobody who is a supplier of concern", "member_is_concern", hint)
    for n, name in enumerate(plan.avoid):
        if _in(name, (*plan.members, *plan.partners)):
            tell(("plan", "avoid", n), name, "no member and no partner", "contradictory_avoid", "")
    hosts = plan.hosts or (*plan.members, *plan.partners)
    for n, capacity in enumerate(plan.capacity):
        for m, host in enumerate(capacity.hosts):
            if not _in(host, hosts):
                told = f"one of the hosts, {', '.join(hosts)}"
                tell(("plan", "capacity", n, "hosts", m), host, told, "host_is_nobody", "Add it under hosts.")
    for n, budget in enumerate(plan.budgets):
        _is_member(budget.member, ("plan", "budgets", n, "member"), plan.members, tell)
    for n, name in _twice([budget.member for budget in plan.budgets]):
        tell(("plan", "budgets", n, "member"), name, "one budget a member", "member_twice", "")
    for n, support in enumerate(plan.support):
        if support.member:
            _is_member(support.member, ("plan", "support", n, "member"), plan.members, tell)
        if support.host and not _in(support.host, hosts):
            told = f"one of the hosts, {', '.join(hosts)}"
            tell(("plan", "support", n, "host"), support.host, told, "host_is_nobody", "Add it under hosts.")
    for n, standard in enumerate(plan.standards):
        for m, name in enumerate(standard.members):
            _is_member(name, ("plan", "standards", n, "members", m), plan.members, tell)


def _is_member(name: str, path: Path, members: Sequence[str], tell: Tell) -> None:
    if not _in(name, members):
        tell(path, name, f"one of the members, {', '.join(members)}", "not_a_member", "")


def _check_money(plan: PlanEntry, tell: Tell) -> None:
    """Check that all money is in dollars of one year, or says how it becomes that."""
    named: list[tuple[Path, MoneyEntry]] = [
        (("plan", key, n), entry)
        for key in ("budgets", "capacity", "standards")
        for n, entry in enumerate(getattr(plan, key))
    ]
    years = [entry.year for _, entry in named if entry.year is not None and entry.currency == "USD"]
    base = plan.price_year or (years[0] if years else None)
    for path, entry in named:
        if entry.rate_usd is not None:
            continue
        if entry.currency != "USD":
            hint = "Write rate_usd, dollars for one unit of it."
            tell((*path, "currency"), entry.currency, "USD, or a rate", "unlike_currencies", hint)
        elif entry.year is not None and base is not None and entry.year != base:
            hint = f"Write rate_usd, dollars of {base} for one dollar of {entry.year}."
            tell((*path, "year"), str(entry.year), f"{base} as elsewhere, or a rate", "unlike_years", hint)
    for n, budget in enumerate(plan.budgets):
        at = ("plan", "budgets", n)
        if (budget.usd is None) == (budget.amount is None):
            got = "nothing" if budget.usd is None else "both"
            tell((*at, "usd"), got, "usd, or amount with its currency", "incomplete_budget", "")
        if budget.usd is not None and budget.currency != "USD":
            tell(
                (*at, "usd"),
                budget.currency,
                "amount, since the currency is no dollar",
                "unlike_currencies",
                "",
            )


def _stated(path: Path, value: object) -> Iterator[tuple[Path, StatedEntry]]:
    """Go through everything that is a stated number, wherever it stands."""
    if isinstance(value, StatedEntry):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _stated((*path, name), each)
    elif isinstance(value, tuple):
        for n, each in enumerate(value):
            yield from _stated((*path, n), each)
    elif hasattr(value, "model_fields_set"):
        for name in sorted(value.model_fields_set):
            yield from _stated((*path, name), getattr(value, name))


def _check_numbers(plan: PlanEntry, tell: Tell) -> None:
    """Check what stated numbers may be, and that their range holds them."""
    for path, stated in _stated(("plan",), plan):
        name = str(path[-1])
        ends = [end for end in (stated.low, stated.value, stated.high) if end is not None]
        if (name in SHARES or name.endswith("_share")) and name not in PREMIUMS:
            beyond = [end for end in ends if not 0 <= end <= 1]
            code = "probability_out_of_range" if name == "probability" else "share_out_of_range"
            if beyond:
                tell(path, f"{beyond[0]:g}", "0 to 1", code, "Write 0.05 for 5 percent.")
        elif min(ends) < 0:
            costly = "usd" in name or path[1] == "costs"
            tell(path, f"{min(ends):g}", "0 or more", "negative_cost" if costly else "negative_number", "")
        if ends != sorted(ends):
            tell(path, " to ".join(f"{end:g}" for end in ends), "low, value, high in order", "bad_range", "")


def _check_support(plan: PlanEntry, tell: Tell) -> None:
    for n, support in enumerate(plan.support):
        at = ("plan", "support", n)
        if bool(support.programme) == (support.share is not None):
            got = "nothing" if support.share is None else "both"
            tell((*at, "share"), got, "share, or a programme", "incomplete_support", "")
        if support.share is None or support.most_share is None:
            continue
        most = max(support.share.value, support.share.high or 0.0)
        if most > support.most_share:
            told = f"at most the legal maximum, {support.most_share:g}"
            tell((*at, "share"), f"{most:g}", told, "share_above_maximum", "")


def _check_cases(file: ScenarioFile, plan: PlanEntry, tell: Tell) -> None:
    named = {entry.case for entry in file.shocks if entry.case}
    for n, name in _twice([case.name for case in plan.cases]):
        tell(("plan", "cases", n, "name"), name, "each case once", "case_twice", "")
    for n, case in enumerate(plan.cases):
        if case.name not in named:
            told = f"a case that shocks name: {', '.join(sorted(named)) or 'none does'}"
            hint = f"Write case: {case.name} on the shocks that belong to it."
            tell(("plan", "cases", n, "name"), case.name, told, "case_without_shocks", hint)
    chances = [case.probability.value for case in plan.cases if case.probability is not None]
    if sum(chances) > 1 and max(chances) <= 1:
        tell(
            ("plan", "cases"), f"{sum(chances):g} in all", "at most 1, since at most one case happens",
            "probability_out_of_range", "",
        )  # fmt: skip


def _check_products(plan: PlanEntry, tell: Tell) -> None:
    given = {"products", "groups", "materials"} & plan.model_fields_set
    if given and not (plan.products or plan.groups or plan.materials):
        hint = "Leave the key out to plan for what the shocks strike."
        tell(("plan", sorted(given)[0]), "nothing", "at least one product", "empty_products", hint)
    for n, capacity in enumerate(plan.capacity):
        if not (capacity.products or capacity.materials):
            told = "products or materials"
            tell(("plan", "capacity", n, "products"), "nothing", told, "empty_products", "")


def _check_times(plan: PlanEntry, tell: Tell) -> None:
    periods = plan.periods
    if list(periods) != sorted(set(periods)):
        tell(("plan", "periods"), str(list(periods)), "months that ascend", "bad_periods", "")
    if plan.limit.months > max(periods):
        told = f"at most the end of the last period, {max(periods)}"
        hint = "Add a period, or ask for fewer months."
        tell(("plan", "limit", "months"), str(plan.limit.months), told, "limit_beyond_periods", hint)


def _check_response(file: ScenarioFile, response: ResponseEntry, tell: Tell) -> None:
    for n, name in _twice(response.members):
        tell(("response", "members", n), name, "each member once", "member_twice", "")
    known = [*(entry.id for entry in file.shocks if entry.id), *(e.case for e in file.shocks if e.case)]
    if response.trigger not in known:
        told = f"the id of a shock, or a case: {', '.join(dict.fromkeys(known)) or 'no shock has any'}"
        tell(("response", "trigger"), response.trigger, told, "unknown_trigger", "")
    if not (response.releases or response.redirect):
        tell(("response", "releases"), "nothing", "releases or redirect", "empty_response", "")
    stocked = [entry.importer for entry in file.stock_cover if entry.days is not None]
    for n, release in enumerate(response.releases):
        at = ("response", "releases", n)
        _is_member(release.member, (*at, "member"), response.members, tell)
        if (release.share is None) == (release.days is None):
            got = "nothing" if release.share is None else "both"
            tell((*at, "share"), got, "share, or days", "incomplete_release", "")
        if not _in(release.member, stocked):
            hint = "Say under stock_cover how many days it holds."
            tell(
                (*at, "member"),
                release.member,
                "a member whose stock is stated",
                "release_without_stock",
                hint,
            )
    for n, redirect in enumerate(response.redirect):
        _is_member(redirect.member, ("response", "redirect", n, "member"), response.members, tell)
    for n, name in enumerate(response.retaliation_by):
        if _in(name, response.members):
            tell(("response", "retaliation_by", n), name, "no member", "member_is_concern", "")
