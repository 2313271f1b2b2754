"""Governance-weighted supply risk: corrected, and bug for bug as geopolrisk-py 2.0.1 computes it.

For material A, importer c and year, with world production P, own production p, imports f from exporter i and
normalised political risk g (0 calm to 1)::

    hhi         = sum P_i^2 / (sum P_i)^2
    import_risk = sum_i g_i f_i / (p + sum_i f_i)
    score       = hhi * import_risk
    characterisation_factor = score * price / copper reference        price in thousand dollars a ton

After Gemechu et al. 2015, Helbig et al. 2016, Santillan-Saldivar et al. 2022 and Koyamparambath et al. 2024;
the formulas are theirs, the code is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from friendshore.exposure.materials import Question, codes_of_material, imports_of
from friendshore.tables.trade import Floats, Trade
from friendshore.tables.world import World

__all__ = ["COPPER_REFERENCE", "NEUTRAL_RISK", "Scores", "political_risk", "scores", "scores_compat"]

COPPER_REFERENCE = 0.409412948
"""Midpoint of copper in thousand dollars a ton, the constant in the code of geopolrisk-py 2.0.1 (there called
the OECD mean of 2017 to 2021)."""
NEUTRAL_RISK = 0.5
"""What geopolrisk-py gives an exporter that its join does not find, and all in a year without table."""
NOT_JOINED = ("TWN",)
"""Where a world does not say how geopolrisk-py joined it: Taiwan has no number in that table."""


@dataclass(frozen=True, eq=False)
class Scores:
    """All arrays have the shape (materials, years, importers); NaN is unknown."""

    materials: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    """Product codes joined for each material."""
    years: tuple[int, ...]
    importers: tuple[tuple[int, ...], ...]
    """Member positions of each importer."""
    hhi: Floats
    """Concentration of world production over countries, the same for all importers."""
    import_risk: Floats
    score: Floats
    characterisation_factor: Floats
    """kg copper equivalent per kg."""
    price_usd_per_t: Floats
    imports_t: Floats
    """Known tons of imports that the score counts."""
    unknown_governance_share: Floats
    """Share of the known import tons whose exporter has no estimate; left out of both sums of the corrected
    score. Always 0 in the compatible score, which assumes 0.5 or 0."""


def political_risk(estimate: Floats) -> Floats:
    """Normalise the WGI political stability estimate (-2.5 to 2.5) to a risk from 0 (stable) to 1."""
    risk: Floats = np.clip((2.5 - estimate) / 5.0, 0.0, 1.0)
    return risk


def scores(
    world: World,
    years: Sequence[int],
    *,
    materials: Sequence[str] = (),
    importers: Sequence[Sequence[int]] | None = None,
    trade: Trade | None = None,
    copper_reference: float = COPPER_REFERENCE,
    codes_of: Callable[[str], tuple[str, ...]] = codes_of_material,
) -> Scores:
    """Score every material, year and importer at once, corrected.

    Corrected means: gas in tons; every country at its own estimate (Taiwan too); production figures as they
    are, not cut to whole numbers; exporters without an estimate left out of both sums and reported; flows
    among the members of a bloc dropped; flows of unknown tons left out of quantity and price; no imports in
    known tons, no estimate at all or own production unknown: NaN, never 0.

    Parameters
    ----------
    world
        Production, estimates and, unless ``trade`` is given, flows.
    years
        Years wanted; those without production or estimates give NaN.
    materials
        Ids as in the material table; all that the world has production for by default.
    importers
        Member positions of each importer; every country on its own by default.
    trade
        Flows by country (not joined), to save reading them again.
    copper_reference
        Thousand dollars a ton.
    codes_of
        Material id -> the product codes whose trade counts.
    """
    question = Question(world, years, materials, importers, trade, codes_of)
    risk = np.full((len(question.years), len(world.countries)), np.nan)
    for n, year in enumerate(question.years):
        if year in world.stability:
            risk[n] = political_risk(world.stability[year])
    imports = imports_of(question, risk, drop_inner=True)
    shape = (len(question.materials), len(question.years), len(question.importers))
    hhi, own = np.full(shape, np.nan), np.full(shape, np.nan)
    tons, usd, rated, weighted = (np.zeros(shape) for _ in range(4))
    for m in range(len(question.materials)):
        tons[m], usd[m], rated[m], weighted[m] = imports.over_codes(question.products[m])
        for n, year in enumerate(question.years):
            output = question.output(m, year)
            hhi[m, n] = _hhi(output[~np.isnan(output)])
            own[m, n] = question.summed(output)
    import_risk = _divided(weighted, np.where(rated > 0, own + rated, np.nan))
    price = _divided(usd, tons)
    score = hhi * import_risk
    return _result(
        question,
        hhi,
        import_risk,
        score,
        score * price / 1000 / copper_reference,
        price,
        np.where(tons > 0, tons, np.nan),
        _divided(tons - rated, tons),
    )


def scores_compat(
    world: World,
    years: Sequence[int],
    *,
    materials: Sequence[str] = (),
    importers: Sequence[Sequence[int]] | None = None,
    trade: Trade | None = None,
    copper_reference: float = COPPER_REFERENCE,
    codes_of: Callable[[str], tuple[str, ...]] = codes_of_material,
) -> Scores:
    """Score as geopolrisk-py 2.0.1 does, its known errors included (parameters as in :func:`scores`).

    Kept on purpose: flows among members stay in imports and price at risk 0; an exporter its join does not
    find, Taiwan among them, and every exporter in a year without table get 0.5, a gap in the table gets 0;
    unknown tons count 0 while their dollars stay in the price; production in kilograms is turned into tons,
    every other unit (gas in million cubic metres, diamonds in carats) is added to tons as it is; HHI cuts
    production to whole numbers; the first of several rows of a country is its production. Where the original
    divides 0 by 0 it returns 0, and so does this; where it stops (no production table for the year) the
    score is NaN. Pass the reported world's raw quantities.
    """
    question = Question(world, years, materials, importers, trade, codes_of)
    imports = imports_of(question, _risk_compat(world, question.years), drop_inner=False)
    shape = (len(question.materials), len(question.years), len(question.importers))
    hhi, own = np.full(shape, np.nan), np.full(shape, np.nan)
    tons, usd, weighted = (np.zeros(shape) for _ in range(3))
    for m in range(len(question.materials)):
        tons[m], usd[m], _, weighted[m] = imports.over_codes(question.products[m])
        for n, year in enumerate(question.years):
            rows, by_country = _reported(question, m, year)
            hhi[m, n] = _hhi(np.trunc(rows))
            own[m, n] = question.summed(by_country)
    whole = tons + own
    import_risk = np.where(whole == 0, 0.0, _divided(weighted, whole))
    price = np.where(tons == 0, 0.0, _divided(usd, tons))
    score = hhi * import_risk
    unknown = np.isnan(score)
    return _result(
        question,
        hhi,
        np.where(unknown, np.nan, import_risk),
        score,
        score * price / 1000 / copper_reference,
        np.where(unknown, np.nan, price),
        tons,
        np.zeros(shape),
    )


def _result(question: Question, *arrays: Floats) -> Scores:
    return Scores(question.materials, question.codes, question.years, question.importers, *arrays)


def _hhi(amounts: Floats) -> float:
    """Concentration of non-negative amounts; NaN where they add up to nothing."""
    total = amounts.sum()
    return float((amounts * amounts).sum() / (total * total)) if total > 0 else np.nan


def _divided(part: Floats, whole: Floats) -> Floats:
    result = np.full(part.shape, np.nan)
    np.divide(part, whole, out=result, where=whole > 0)
    return result


def _risk_compat(world: World, years: Sequence[int]) -> Floats:
    """Political risk by (year, country) as geopolrisk-py's join gives it."""
    risk = np.full((len(years), len(world.countries)), NEUTRAL_RISK)
    for n, year in enumerate(years):
        if year in world.reported_risk:
            found = world.reported_risk[year]
        elif year in world.stability:
            found = political_risk(world.stability[year])
            # A country of the table without an estimate is stored as 0 there; one without a row is not.
            found = np.where(np.isnan(found) & world.listed[year], 0.0, found)
            found[[world.position[c] for c in NOT_JOINED if c in world.position]] = np.nan
        else:
            continue
        risk[n] = np.where(np.isnan(found), NEUTRAL_RISK, found)
    return risk


def _reported(question: Question, m: int, year: int) -> tuple[Floats, Floats]:
    """Production rows as reported, and by country as the original adds it to tons of trade."""
    table = question.material_output(m)
    places = len(question.world.countries)
    if table is None or table.reported is None:
        output = question.output(m, year)
        if np.isnan(output).all():
            return np.zeros(0), np.full(places, np.nan)
        output = np.where(np.isnan(output), 0.0, output)
        return output, output
    if year not in table.years:
        return np.zeros(0), np.full(places, np.nan)
    rows = table.reported[table.years.index(year)]
    rows = np.where(np.isnan(rows), 0.0, rows)
    by_country = np.zeros(places)
    at = np.array(table.reported_at)
    # Written last to first, so that the first row of a country stays.
    by_country[at[at >= 0][::-1]] = rows[at >= 0][::-1]
    return rows, by_country / 1000 if table.reported_unit == "kg" else by_country
