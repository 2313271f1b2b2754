"""Findings made by hand, for tests of everything that shows them."""

from __future__ import annotations

from friendshore.records import Assumption, Column, Finding, Note, Source

UNITS = {
    "year": "", "importer": "", "product": "", "product_name": "", "imports_usd": "USD", "imports_t": "t",
    "supplier_share": "share", "supplier_share_traced_low": "share", "supplier_share_traced_high": "share",
    "import_hhi": "index", "world_export_hhi": "index", "top_supplier": "", "top_supplier_share": "share",
    "net_import_reliance": "share",
}  # fmt: skip

SOURCE = Source(
    id="baci",
    title="BACI: International Trade Database at the Product Level",
    producer="CEPII",
    version="202601",
    accessed="2026-10-01",
    licence="Etalab Open Licence 2.0",
    citation="Gaulier, G. and Zignago, S. (2010), BACI. CEPII Working Paper 2010-23.",
    url="https://www.cepii.fr",
    sha256="ab" * 32,
)


def row(importer, product, name, usd, tons, share, low, high, top, reliance, year=2024):
    """One row of exposure; the indices are arbitrary but plausible."""
    return {
        "year": year, "importer": importer, "product": product, "product_name": name, "imports_usd": usd,
        "imports_t": tons, "supplier_share": share, "supplier_share_traced_low": low,
        "supplier_share_traced_high": high, "import_hhi": 0.4321, "world_export_hhi": 0.25,
        "top_supplier": top, "top_supplier_share": share, "net_import_reliance": reliance,
    }  # fmt: skip


def finding(rows, **more):
    """Wrap rows of exposure into a finding."""
    return Finding(
        **{
            "question": "exposure",
            "arguments": {"importers": ["USA", "JPN"], "on": ["CHN"], "years": [2024]},
            "columns": tuple(Column(name=n, unit=u, description=f"What {n} is.") for n, u in UNITS.items()),
            "rows": tuple(rows),
            "answer": Note(
                template="Products of which more than half came from {supplier} in {year}: {counts}.",
                values={"supplier": "CHN", "year": "2024", "counts": "USA 1/3, JPN 2/3"},
            ),
            "sources": (SOURCE,),
            "assumptions": (
                Assumption(text=Note(template="Every ton is alike."), source="Kastner and others 2011"),
                Assumption(text=Note(template="Unknown production lies between two bounds.")),
            ),
            "caveats": (Note(template="{count} links have unknown tons.", values={"count": 3}),),
            "command": "friendshore exposure USA JPN --on CHN",
            **more,
        }
    )


def exposure():
    """Seven rows: two importers, unknowns, sizes from dollars to billions."""
    return finding(
        [
            row(
                "USA",
                "284690",
                "Rare-earth compounds",
                123_400_000.0,
                4_321.0,
                0.624,
                0.58,
                0.71,
                "CHN",
                0.95,
            ),
            row("USA", "280530", "Rare-earth metals", 20_100_000.0, 500.0, 0.0624, 0.06, 0.0634, "CHN", None),
            row("USA", "260300", "Copper ores", 0.0, 0.0, None, None, None, None, -0.2),
            row("JPN", "284690", "Rare-earth compounds", 333_000_000.0, 9_999.0, 0.5, 0.5, 0.5, "CHN", 1.0),
            row("JPN", "280530", "Rare-earth metals", 1_234_567_890.0, 15_000.0, 0.7, 0.69, 0.8, "VNM", None),
            row("JPN", "260300", "Copper ores", 1_000.0, None, 0.0004, 0.0004, 0.001, "CHL", 0.99),
            row("JPN", "270900", "Crude petroleum", 67_000_000_000.0, 1.2e8, 0.0, 0.0, 0.02, "SAU", 0.99),
        ]
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "[bold red]not markup[/bold red]",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1",
    "\x1b[31mred\x1b[0m\x07",
    "\u202ereversed",
    "🇯🇵 emoji 👩‍🔬",
    "long " * 8000,
    '"quoted", with, commas\nand a line',
    "\udcff lone surrogate",
    "nul \x00 byte",
)
"""Names that a file from elsewhere may hold, each meant to hurt some output."""


def hostile():
    """One row a hostile name, in every text cell."""
    return finding(
        [row(name, name, name, 1.0, 1.0, 0.5, 0.4, 0.6, name, None) for name in HOSTILE],
        answer=Note(template="{name} hurts.", values={"name": HOSTILE[0] + HOSTILE[8]}),
        command="friendshore exposure " + HOSTILE[8],
    )
