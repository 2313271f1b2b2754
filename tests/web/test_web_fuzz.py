"""Thousands of addresses that nobody would write: none is a failure of the server, each reply is as described.

``FRIENDSHORE_FUZZ=50`` tries fifty times as many.
"""

from __future__ import annotations

import os
import warnings

import pytest
import schemathesis
from fuzzing import ADDRESS, described, server
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as drawn
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

TIMES = float(os.environ.get("FRIENDSHORE_FUZZ", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SENDS = ("documents",)
"""Tags of operations that start a process for each case; hostile documents have tests of their own."""


def operations(*, deep: bool, pages: bool) -> list:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(described(deep=deep, pages=pages))
        found = [result.ok() for result in schema.get_all_operations()]
    return [one for one in found if not set(one.tags or ()) & set(SENDS)]


@pytest.fixture(scope="module")
def client():
    with asgi.get_client(server()) as opened:
        yield opened


def tried(operation, client, mode, examples, headers=None) -> int:
    """Send generated cases and check each reply; return how many."""
    count = 0

    @settings(
        max_examples=max(1, round(examples * TIMES)),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        deadline=None,
        database=None,
    )
    @drawn(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        nonlocal count
        count += 1
        case.call_and_validate(session=client, base_url=ADDRESS, headers=headers, checks=CHECKS)

    send()
    return count


DEEP = operations(deep=True, pages=False)
WILD = operations(deep=False, pages=False)
PAGES = [
    one for one in operations(deep=False, pages=True) if one.definition.raw["operationId"].startswith("page")
]


@pytest.mark.parametrize("operation", DEEP, ids=lambda one: one.label)
def test_questions_with_words_that_exist_are_answered_as_described(operation, client):
    assert tried(operation, client, GenerationMode.POSITIVE, 12)


@pytest.mark.parametrize("operation", WILD, ids=lambda one: one.label)
def test_whatever_is_asked_is_answered_or_refused_as_described(operation, client):
    assert tried(operation, client, GenerationMode.POSITIVE, 25)


@pytest.mark.parametrize(
    "operation", [one for one in WILD if one.query or one.body], ids=lambda one: one.label
)
def test_what_cannot_be_meant_is_refused_as_described(operation, client):
    assert tried(operation, client, GenerationMode.NEGATIVE, 25)


@pytest.mark.parametrize("operation", PAGES, ids=lambda one: one.label)
def test_a_page_answers_whatever_its_form_is_given(operation, client):
    assert tried(operation, client, GenerationMode.POSITIVE, 12, {"Accept": "text/html"})
