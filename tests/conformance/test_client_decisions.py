"""`evaluate` agrees with what the published browser client decides."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.corpus import lines
from prefetchrouter import Evaluator, Request, RuleSet
from prefetchrouter.browser_view.evaluation import evaluate_in_browser

RECORDS = lines("client-decisions.jsonl")


@pytest.mark.parametrize("record", [pytest.param(record, id=str(n)) for n, record in enumerate(RECORDS)])
def test_evaluate_prefetches_what_the_published_client_prefetches(record: Any) -> None:
    """For each recorded rule set and URL, the decision is that of the client."""
    evaluator = Evaluator(RuleSet.from_json(record["rules"]))

    decided = [evaluator.evaluate(Request(url)).prefetchable for url in record["urls"]]

    assert record["prefetch"] == decided


@pytest.mark.parametrize("record", [pytest.param(record, id=str(n)) for n, record in enumerate(RECORDS)])
def test_the_manifest_says_what_the_published_client_decides(record: Any) -> None:
    """The recorded rules are in the manifest's own terms, so filtering them changes no decision."""
    evaluator = Evaluator(RuleSet.from_json(record["rules"]))

    decided = [evaluate_in_browser(evaluator, Request(url)).prefetchable for url in record["urls"]]

    assert record["prefetch"] == decided
