"""Years and days as people write them, in a command or in an address."""

from __future__ import annotations

import re
from datetime import date

from friendshore.errors import ArgumentError

__all__ = ["chosen_day", "chosen_years", "given_day", "one_year"]


def chosen_years(year: str, years: str) -> tuple[int, ...]:
    """Read ``--year`` and ``--years``; neither means the default year.

    Raises
    ------
    ArgumentError
        ``conflicting_options``, ``bad_years`` or ``years_reversed``.
    """
    if year and years:
        raise ArgumentError(
            "--year and --years were both given.", code="conflicting_options", hint="Give one of them."
        )
    if year:
        return (one_year(year),)
    if not years:
        return ()
    ends = re.split(r"\s*[-–]\s*", years.strip())
    if len(ends) > 2:
        raise _bad_years("--years", years)
    first, last = one_year(ends[0], option="--years"), one_year(ends[-1], option="--years")
    if first > last:
        raise ArgumentError(
            f"--years {years} runs backwards.", code="years_reversed", hint=f"Write --years {last}-{first}."
        )
    return tuple(range(first, last + 1))


def one_year(text: str, *, option: str = "--year") -> int:
    """Read a year that a trade table could hold; nothing is 0, the default year."""
    if not text and option == "--year":
        return 0
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not 1900 <= int(text) <= 2100:
        raise _bad_years(option, text)
    return int(text)


def chosen_day(text: str) -> date | None:
    """Read the day of a register: a day, or a year for its last day; nothing is no day.

    Raises
    ------
    ArgumentError
        ``bad_date``.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-12-31" if re.fullmatch(r"\d{4}", text, re.ASCII) else text)
    except ValueError as error:
        raise ArgumentError(
            f"--on is {text!r}; expected a day as 2019-12-31.",
            code="bad_date",
            hint="Write the day as YYYY-MM-DD, or a year for its last day.",
        ) from error


def given_day(text: str) -> date | None:
    """Read the date of a document; nothing is no date.

    Raises
    ------
    ArgumentError
        ``bad_date``.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentError(
            f"--date is {text!r}; expected a day that exists, as 2022-01-21.",
            code="bad_date",
            hint="Write the day as YYYY-MM-DD.",
        ) from error


def _bad_years(option: str, given: str) -> ArgumentError:
    example = "2019-2024" if option == "--years" else "2024"
    return ArgumentError(
        f"{option} is {given!r}; expected four digits for a year from 1900 to 2100, as {example}.",
        code="bad_years",
        hint=f"Write {option} {example}.",
    )
