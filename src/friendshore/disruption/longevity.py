"""How long we last: months until a tenth is missing, by product and by material, aimed and worldwide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np

from friendshore.disruption.market import Market
from friendshore.disruption.path import MONTHS, Path, run_path
from friendshore.disruption.reading import SHORT, TEN_PERCENT, balance, months_until
from friendshore.errors import ArgumentError
from friendshore.parameters import Parameters
from friendshore.records import Note
from friendshore.shocks import DAYS_PER_MONTH, Shock, StockCover
from friendshore.tables.trade import Floats, Indices

__all__ = ["Endurance", "MaterialEndurance", "longevity", "longevity_of_materials"]

Cut = Literal["aimed", "world"]


@dataclass(frozen=True)
class Endurance:
    """How long one importer lasts without the suppliers' goods of one kind. None: not within the run, or unknown."""

    product: str
    """Code, or several codes of one stage joined by ``+``."""
    importer: str
    cut: Cut
    """``aimed`` at this importer alone, or at the ``world``."""
    supplier_share: float
    """The suppliers' part of the importer's base tons."""
    stock_known: bool
    """False: without stock, so that the importer lasts at least so long."""
    cover_days: float | None
    months_to_10pct: float | None
    missing_3_months_t: float
    missing_12_months_t: float
    peak_shortage_share: float
    demand_t: float
    """Base demand a year."""
    replaced_share: float | None
    """Over the run, by suppliers of the same grade."""
    replaced_share_any_grade: float | None
    usable_suppliers: int
    """Exporters of the same grade that are not cut off and are linked or among the largest."""
    usable_exports_t: float
    """What they export a year, to everybody."""
    import_bill_rise_usd: float
    """In the first year, over what base demand costs at base prices; rationed months at the cap."""
    rationed_months: int


@dataclass(frozen=True)
class MaterialEndurance:
    """A material's worst known stage."""

    material: str
    importer: str
    cut: Cut
    stage: str
    """Name of the worst stage that is measured; empty where none is."""
    worst: Endurance | None
    """None: not measurable, or the importer buys none."""
    not_measurable: tuple[tuple[str, str, Note | None], ...]
    """(stage, label, reason) of the stages that the data lack."""


@dataclass(frozen=True, eq=False)
class _Runs:
    """The same cut with the same grade only and, where asked for, with any grade."""

    same: Path
    any_grade: Path | None

    @cached_property
    def balances(self) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats] | None]:
        """What is lost and what others deliver more, by buyer: with the same grade, and with any."""
        return balance(self.same), None if self.any_grade is None else balance(self.any_grade)


def longevity(
    market: Market,
    importers: Sequence[str],
    suppliers: Sequence[str],
    *,
    products: Sequence[str] = (),
    stocks: Sequence[StockCover] = (),
    parameters: Parameters | None = None,
    months: int = MONTHS,
    lost_share: float = 1.0,
    any_grade: bool = True,
) -> tuple[Endurance, ...]:
    """Return how long each importer lasts without each product, aimed and worldwide.

    The suppliers stop all products at once, from the first month to the end of the run, so that a refiner
    elsewhere that lives on their feed is short as well.

    Parameters
    ----------
    market
        Base of the run; best of all products, since feeds limit only what is in it.
    importers, suppliers
        Codes, or names of joined blocs.
    products
        Which to report; all of the market by default.
    any_grade
        Whether to run each cut a second time with every grade usable, for ``replaced_share_any_grade``.
    """
    cuts = _cuts(market, importers, suppliers, stocks, parameters, months, lost_share, any_grade)
    goods = [(code,) for code in (products or market.products)]
    return tuple(
        row
        for importer, cut, runs in cuts
        for codes in goods
        if (row := _endurance(runs, codes, importer, cut, suppliers)) is not None
    )


def longevity_of_materials(
    market: Market,
    importers: Sequence[str],
    suppliers: Sequence[str],
    *,
    materials: Sequence[str] = (),
    stocks: Sequence[StockCover] = (),
    parameters: Parameters | None = None,
    months: int = MONTHS,
    lost_share: float = 1.0,
    any_grade: bool = True,
) -> tuple[MaterialEndurance, ...]:
    """Return each material's worst known stage: the one that runs out first, then that misses most.

    The codes of a stage are one good: their tons are added up.
    """
    from friendshore.tables.materials import materials as table

    unknown = [name for name in materials if name not in table()]
    if unknown:
        raise ArgumentError(
            f"Unknown material {unknown[0]}", code="unknown_material", hint="See: friendshore products"
        )
    cuts = _cuts(market, importers, suppliers, stocks, parameters, months, lost_share, any_grade)
    rows = []
    for importer, cut, runs in cuts:
        for material in (table()[name] for name in materials or table()):
            stages = [stage for stage in material.stages if stage.measurable]
            found = [
                (row, stage.name)
                for stage in stages
                if (row := _endurance(runs, stage.codes, importer, cut, suppliers)) is not None
            ]
            worst = min(found, key=lambda each: _severity(each[0]), default=(None, ""))
            absent = tuple((s.name, s.label_en, s.why) for s in material.stages if not s.measurable)
            rows.append(MaterialEndurance(material.id, importer, cut, worst[1], worst[0], absent))
    return tuple(rows)


def _severity(row: Endurance) -> tuple[float, float]:
    first = math.inf if row.months_to_10pct is None else row.months_to_10pct
    return first, -row.missing_12_months_t / row.demand_t


def _cuts(
    market: Market,
    importers: Sequence[str],
    suppliers: Sequence[str],
    stocks: Sequence[StockCover],
    parameters: Parameters | None,
    months: int,
    lost_share: float,
    any_grade: bool,
) -> list[tuple[str, Cut, _Runs]]:
    """Run the cut aimed at each importer and the one for the world, each for the same and for any grade."""
    given = parameters or Parameters()
    loose = given.model_copy(update={"grades": False})

    def runs(aim: tuple[str, ...], watched: Sequence[str]) -> _Runs:
        shock = Shock(
            id="cut",
            suppliers=tuple(suppliers),
            importers=aim,
            products=market.products,
            lost_share=lost_share,
        )
        places = [market.position[code] for code in watched if code in market.position]
        watch = np.flatnonzero(np.isin(market.links.buyer_country, places)).tolist()
        run = partial(run_path, market, [shock], months=max(12, months), stocks=stocks, watch=watch)
        return _Runs(run(parameters=given), run(parameters=loose) if any_grade else None)

    found: list[tuple[str, Cut, _Runs]] = [(code, "aimed", runs((code,), (code,))) for code in importers]
    outsiders = [code for code in importers if code not in suppliers]
    everybody = runs((), outsiders)
    return found + [(code, "world", everybody) for code in outsiders]


def _endurance(
    runs: _Runs, codes: Sequence[str], importer: str, cut: Cut, suppliers: Sequence[str]
) -> Endurance | None:
    """Read one good of one importer off its runs; None where it buys no known tons of it."""
    path = runs.same
    market = path.market
    buyers = np.array([at for code in codes if (at := market.buyer(code, importer)) >= 0], np.int64)
    if not len(buyers):
        return None
    columns = np.searchsorted(path.buyers, buyers)
    shortage, demand, drawn = (
        each[0][:, columns].sum(axis=1, keepdims=True)
        for each in (path.shortage_t, path.demand_t, path.drawn_t)
    )
    evenly = path.parameters.stock_rule == "stretch"
    start = path.first_month[columns][:1]
    until = [
        float(months_until(shortage, demand, drawn, share, start, evenly=evenly)[0])
        for share in (SHORT, TEN_PERCENT)
    ]
    links = market.links
    base = links.buyer_tons[buyers]
    rows = np.isin(links.buyer, buyers)
    bill = path.import_bill_usd[0, :12][:, columns].sum()
    usable, exports = _substitutes(path, buyers)
    return Endurance(
        product="+".join(codes),
        importer=importer,
        cut=cut,
        supplier_share=float(links.tons[rows & path.struck_link].sum() / base.sum()),
        stock_known=bool(path.stock_known[columns].all()),
        cover_days=None if math.isnan(until[0]) else until[0] * DAYS_PER_MONTH,
        months_to_10pct=None if math.isnan(until[1]) else until[1],
        missing_3_months_t=float(shortage[:3].sum()),
        missing_12_months_t=float(shortage[:12].sum()),
        peak_shortage_share=float((shortage / demand).max()),
        demand_t=float(base.sum()),
        replaced_share=_replaced(runs.balances[0], buyers),
        replaced_share_any_grade=_replaced(runs.balances[1], buyers),
        usable_suppliers=usable,
        usable_exports_t=exports,
        import_bill_rise_usd=float(bill - (base * links.buyer_unit_value[buyers]).sum()),
        rationed_months=int(path.rationed[0][:, columns].any(axis=1).sum()),
    )


def _replaced(balances: tuple[Floats, Floats] | None, buyers: Indices) -> float | None:
    if balances is None:
        return None
    lost, more = (float(each[buyers].sum()) for each in balances)
    return min(1.0, more / lost) if lost > 0 else None


def _substitutes(path: Path, buyers: Indices) -> tuple[int, float]:
    """Count the exporters of the same grade that are not cut off, and what they export."""
    links = path.market.links
    rows = np.isin(links.buyer, buyers) & links.usable & ~path.struck_link
    sellers = np.unique(links.seller[rows])
    return len(np.unique(links.seller_country[sellers])), float(links.seller_tons[sellers].sum())
