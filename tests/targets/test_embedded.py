"""The support table of the embedded edge says which variables it knows, and it knows those."""

from __future__ import annotations

import pytest

from prefetchrouter.edge.engine.plan import Planner
from prefetchrouter.edge.requests import EdgeRequest
from prefetchrouter.evaluation.accessors import accessor
from prefetchrouter.evaluation.context import RequestContext
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.rules.conditions import Comparison, Variable
from prefetchrouter.rules.features import features_from
from prefetchrouter.rules.rule import Apply, Branch, Chain
from prefetchrouter.rules.rule_set import RuleSet
from prefetchrouter.targets.embedded import SUPPORT
from targets.feeding import VARIABLES, full_name

REQUEST = EdgeRequest(
    "GET",
    "https",
    "shop.example",
    "/a/b.html",
    "x=1",
    HeaderFields(
        {"x": "1", "x-forwarded-host": "a.example", "cookie": "x=1", "referer": "https://other.example/"}
    ),
)
RESPONSE = Response(
    200,
    dict.fromkeys(
        (
            "age",
            "content-length",
            "content-type",
            "edgecast-control",
            "location",
            "set-cookie",
            "transfer-encoding",
            "vary",
            "x-cache",
        ),
        "1",
    ),
)


def value_at_edge(read: Variable) -> str | None:
    """What a condition sees of a request and a response that have everything, or None if it has no value."""
    test = Comparison(operator="===", operands=(read, "1"))
    setting = Apply(features=features_from({"caching": {"max_age": "1h"}}))
    rules = RuleSet(rules=(Chain(branches=(Branch(condition=test, rule=setting),)),))
    request = Planner(rules).plan(REQUEST).shared.request.with_response(RESPONSE)
    return accessor(read).read(RequestContext(request))


@pytest.mark.parametrize("read", VARIABLES, ids=full_name)
def test_the_edge_knows_the_variables_that_the_table_lists_as_full(read: Variable) -> None:
    """And of the others it needs a fact."""
    known = value_at_edge(read) is not None
    assert SUPPORT.of("variable", full_name(read)).level == ("full" if known else "approximate")
