"""The list of wanted capability: what desks that win suppliers in a partner country would look for."""

from __future__ import annotations

from typing import Any

from friendshore.records import Finding, Note
from friendshore.tables.products import product_name
from friendshore.tables.schemas import columns

__all__ = ["wanted"]


def wanted(finding: Finding) -> Finding:
    """Turn a plan into the list of capability that is wanted.

    Parameters
    ----------
    finding
        Of ``plan``.

    Returns
    -------
    Finding
        Columns of ``wanted`` in the data dictionary: a row a member, product and country in which a supplier or
        somebody to build is sought, largest first.
    """
    asked = finding.arguments
    rows: list[dict[str, Any]] = []
    for row in finding.rows:
        if row["action"] == "hold":
            continue
        rows.append(
            {
                "product": row["product"],
                "product_name": product_name(row["product"]),
                "member": row["member"],
                "kind": "purchase" if row["action"] == "buy" else "plant",
                "country": row["supplier"] or row["host"],
                "monthly_t": row["quantity_t"] / 12,
                "within_months": asked["notice_months"],
                "standards": asked["standards"].get(f"{row['supplier']} {row['product']}"),
                "not_from": "+".join(asked["on"]),
                "recommended": row["recommended"],
            }
        )
    rows.sort(key=lambda row: (row["kind"], row["product"], row["member"], -row["monthly_t"], row["country"]))
    return Finding(
        question="wanted",
        arguments=asked,
        columns=columns("wanted"),
        rows=tuple(rows),
        answer=Note(
            template="{count} lines of wanted capability: suppliers and plants outside {concern}.",
            values={"count": str(len(rows)), "concern": ", ".join(asked["on"])},
        ),
        sources=finding.sources,
        assumptions=finding.assumptions,
        caveats=finding.caveats,
        command=finding.command,
    )
