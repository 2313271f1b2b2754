"""Findings made by hand for the renderers; nothing here is computed."""

from __future__ import annotations

import pytest

import findings


@pytest.fixture
def exposure_finding():
    return findings.exposure()


@pytest.fixture
def hostile_finding():
    return findings.hostile()
