"""The sheet in a real browser: one side of A4 a member, no sideways scrolling, nothing loaded."""

from __future__ import annotations

import re
import subprocess

import pytest

import toy_plans
from friendshore.answers.sheet import sheet
from friendshore.report.sheet import render

pytestmark = pytest.mark.browser
PRODUCTS = (
    "250410",
    "250490",
    "260200",
    "260400",
    "282200",
    "282520",
    "283691",
    "810510",
    "280530",
    "284690",
)


def crowded():
    """Fill a side: ten products, eight cases, all that is not known."""
    finding = toy_plans.finding()
    made = sheet(finding.model_copy(update={"summary": {**finding.summary, **toy_plans.compared()}}))
    pages = []
    for page in made.pages:
        buy = made.pages[1].commitments[2]
        more = [
            buy.model_copy(update={"product": code, "place": place, "recommended": False})
            for code in PRODUCTS
            for place in ("AUS", "VNM", "CAN", "CHL")
        ]
        pages.append(
            page.model_copy(
                update={
                    "commitments": (*page.commitments, *more),
                    "cases": page.cases * 4,
                    "gets": page.gets * 2,
                    "unknown": page.unknown * 4,
                }
            )
        )
    return made.model_copy(update={"pages": tuple(pages)})


@pytest.fixture
def browse(tmp_path, browser):
    def run(html: str, *options: str) -> subprocess.CompletedProcess:
        page = tmp_path / "sheet.html"
        page.write_text(html, encoding="utf-8")
        return subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={tmp_path / 'profile'}", *options,
                page.as_uri(),
            ],
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_crowded_sheet_prints_on_one_side_a_member(browse, tmp_path, lang):
    out = tmp_path / "sheet.pdf"
    browse(render(crowded(), lang), "--no-pdf-header-footer", f"--print-to-pdf={out}")
    assert len(re.findall(rb"/Type\s*/Page\b", out.read_bytes())) == 2
