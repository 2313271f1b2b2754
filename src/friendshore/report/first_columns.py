"""Which columns a terminal shows first."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["FIRST"]

FIRST: Mapping[str, tuple[str, ...]] = {
    "exposure": (
        "year", "importer", "material", "stage", "product", "supplier_share", "supplier_share_traced_low",
        "imports_usd", "top_supplier", "import_hhi", "world_export_hhi", "net_import_reliance",
        "top_supplier_share",
    ),
    "blocs": ("bloc", "country", "since", "until", "source"),
    "products": ("kind", "code", "name_en", "in_data", "note", "stage"),
    "rules": ("year", "importer", "material", "product", "rule", "dependent"),
    "read_evaluation": (
        "type", "n_events", "n_found", "f1_type_actors", "f1_type", "date_accuracy", "amount_accuracy",
    ),
    "measures": ("since", "until", "kind", "name_en", "actors", "targets", "owner", "conflict"),
    "noise": ("start", "reason", "text"),
    "plan": (
        "action", "member", "product", "supplier", "quantity_t", "recommended", "cost_usd", "hinges_on",
        "quantity_t_low",
    ),
    "alternatives": ("sentence", "member", "cost_usd", "worst_shortage_share", "lost_usd", "keeps_limit"),
    "flips": ("action", "member", "product", "supplier", "flip_factor", "sentence"),
}  # fmt: skip
"""Which columns come first where not all fit; the rest follow in their own order."""
