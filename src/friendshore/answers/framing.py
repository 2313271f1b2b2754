"""What all questions share: opening the world, choosing years and products, writing the command down."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from friendshore.errors import ArgumentError, MissingDataError
from friendshore.records import Note, Source
from friendshore.tables.materials import find_absent
from friendshore.tables.opening import open_world
from friendshore.tables.products import find_products, groups, products
from friendshore.tables.world import World

__all__ = [
    "DEFAULT_DATA",
    "chosen_products",
    "chosen_years",
    "command_line",
    "known",
    "opened",
    "refuse_unknown_choice",
    "revision_notes",
    "sources_of",
    "spans",
]

DEFAULT_DATA = "raw-materials"


def opened(world: World | str | Path) -> World:
    """Return the world itself, or open the data set of that name or folder."""
    return world if isinstance(world, World) else open_world(world)


def chosen_years(years: Sequence[int], world: World) -> tuple[int, ...]:
    """Check the years asked for; none means the newest year with full data.

    Raises
    ------
    ArgumentError
        ``year_without_data``, naming the years that there are.
    """
    if not years:
        return (world.default_year,)
    absent = sorted(set(years) - set(world.years))
    if absent:
        raise ArgumentError(
            f"{world.name} holds no trade for {', '.join(map(str, absent))}.",
            code="year_without_data",
            hint=f"Years with trade: {spans(world.years)}.",
        )
    return tuple(sorted(set(years)))


def spans(years: Sequence[int]) -> str:
    """Write years as runs: ``1995-2019, 2021``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def chosen_products(codes: Sequence[str], group: str, world: World) -> tuple[str, ...]:
    """Check the products asked for; none means all of the world.

    Raises
    ------
    ArgumentError
        ``unknown_product`` (all unknown codes at once), ``unknown_group``.
    MissingDataError
        ``group_not_in_data`` where no product of the group is in this world.
    """
    if codes and group:
        raise ArgumentError(
            "Products and a group were both given.",
            code="products_and_group",
            hint="Give --product or --group, not both.",
        )
    if group:
        return products_of_group(group, world)
    absent = [code for code in codes if code not in world.products]
    if absent:
        raise unknown_products(absent, world)
    return tuple(dict.fromkeys(codes)) or world.products


def products_of_group(name: str, world: World) -> tuple[str, ...]:
    """Return the products of a named group that this world holds."""
    known_groups = groups()
    if name not in known_groups:
        near = get_close_matches(name, known_groups, n=1)
        raise ArgumentError(
            f"There is no product group {name!r}.",
            code="unknown_group",
            hint=(f"Did you mean {near[0]}? " if near else "") + f"Groups: {', '.join(known_groups)}.",
        )
    held = tuple(code for code in known_groups[name].products if code in world.products)
    if not held:
        raise MissingDataError(
            f"{world.name} holds no product of the group {name}.",
            code="group_not_in_data",
            hint="Add your own data: friendshore data add PATH",
        )
    return held


def unknown_products(absent: Sequence[str], world: World) -> ArgumentError:
    """Say what is wrong with product codes that the trade table does not hold."""
    hints: list[str] = []
    for code in absent:
        if "," in code or ";" in code:
            hints.append(f"Put blanks between codes: {' '.join(code.replace(';', ',').split(','))}.")
            continue
        hints.extend(
            f"{gap.label()} ({code}) is not in the box: {gap.note or gap.why}."
            for gap in find_absent(code)[:1]
        )
        if code.isdigit() and len(code) == 5:
            hints.append(f"{code} has five digits; a leading zero was probably lost: write 0{code}.")
        elif not (code.isdigit() and len(code) == 6):
            found = [p.code for p in find_products(code) if p.code in world.products][:3]
            hints.append(
                f"{code!r} is not a six-digit {world.hs} code."
                + (f" Did you mean {', '.join(found)}?" if found else "")
            )
        elif code in products():
            hints.append(f"{code} is known to friendshore, but {world.name} holds no trade in it.")
    hints.append("List what there is: friendshore products")
    return ArgumentError(
        f"Not in the trade table of {world.name}: {', '.join(repr(c) for c in absent[:5])}"
        + (f" and {len(absent) - 5} more." if len(absent) > 5 else "."),
        code="unknown_product",
        hint=" ".join(dict.fromkeys(hints)),
    )


def command_line(question: str, names: Sequence[str], options: Mapping[str, Any]) -> str:
    """Write the command that asks the same question again, without options that hold their default."""
    words = ["friendshore", *question.split(), *names]
    for option, value in options.items():
        if value is None or value is False or value in ("", (), []):
            continue
        words.append("--" + option.replace("_", "-"))
        if isinstance(value, list | tuple):
            words += [str(v) for v in value]
        elif value is not True:
            words.append(str(value))
    return shlex.join(words)


def data_option(world: World | str | Path) -> str:
    """Value of ``--data`` that opens the same world, empty for the box."""
    name = world.name if isinstance(world, World) else str(world)
    return "" if name == DEFAULT_DATA else name


def refuse_unknown_choice(option: str, given: str, allowed: Sequence[str]) -> None:
    """Refuse a word that is none of the allowed ones."""
    if given not in allowed:
        raise ArgumentError(
            f"{option} is {given!r}; it can be {' or '.join(allowed)}.",
            code="unknown_choice",
            hint=f"Write --{option} {allowed[0]}.",
        )


def revision_notes(world: World) -> tuple[Note, ...]:
    """Warn where lists of HS92 codes (groups, materials) meet data of another revision."""
    if world.hs == "HS92":
        return ()
    return (
        Note(
            template="Groups and materials are lists of HS92 codes and {data} is {hs}: goods whose code has changed "
            "in between are missing from this answer, and a code that was given to other goods is not seen.",
            values={"data": world.name, "hs": world.hs},
        ),
    )


def sources_of(world: World, *tables: str) -> tuple[Source, ...]:
    """Return the sources of the tables that an answer was read from."""
    return tuple(s for s in world.sources if not s.tables or set(s.tables) & set(tables))


def known(number: Any) -> Any:  # noqa: ANN401  cells are str, int, float, bool or None
    """Turn a numpy scalar into a plain cell; NaN (unknown) becomes None."""
    if hasattr(number, "item"):
        number = number.item()
    if isinstance(number, float) and not math.isfinite(number):
        return None
    return number
