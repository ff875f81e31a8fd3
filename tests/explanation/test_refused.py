"""A target that the edge refuses is shown as what the edge does, and never as an error."""

from __future__ import annotations

import pytest

from prefetchrouter import Evaluator, Property, Request, Router, RuleSet
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.testing.answer import Answer

ROUTER = (
    Router()
    .always(caching={"max_age": "1h", "service_worker_max_age": "1h"}, origin={"set_origin": "web"})
    .match("/admin/:path*", access={"deny_access": True})
)


@pytest.mark.parametrize(
    ("url", "reason", "told"),
    [
        ("/a/../b", "dot-segment", "browsers resolve /a/../b to /b"),
        ("/a%2fb", "encoded-slash", 'encoded_slashes="keep"'),
        ("/admin;x/y", "ambiguous-path", "the rule is at "),
        ("/100%", "invalid-escape", "write a percent sign as %25"),
        ("/a\x1b[31m", "control-character", "holds a control character"),
        ("/r\\evil.example", "backslash", "browsers send / in its place"),
    ],
)
def test_what_the_edge_refuses_is_explained(url: str, reason: str, told: str) -> None:
    found = explain(ROUTER, Request(url))
    text, data = explanation_text(found), explanation_data(found)

    assert "the edge refuses it with 400: " in text
    assert told in text
    assert "\x1b" not in text
    assert (data["edge"]["status"], data["edge"]["origin"]) == (400, None)
    assert data["edge"]["refused"]["reason"] == reason
    assert data["prefetched"]["by_rules"] is False


def test_tests_see_the_refusal_too() -> None:
    answer = Answer(Evaluator(ROUTER), Request("/x/..%2fadmin"))

    assert (answer.status, answer.ttl, answer.redirects_to("/").holds) == (400, None, False)
    assert answer.is_denied().holds
    assert not answer.goes_to("web")
    assert "dot segment" in answer.is_prefetchable().reason
    assert "refused with 400" in answer.explanation()


def test_what_the_property_keeps_is_explained_as_taken() -> None:
    """Also by the explanation of a test, which has only the evaluator."""
    kept = RuleSet(rules=ROUTER.rules, property=Property(encoded_slashes="keep", path_parameters="keep"))

    for url in ("/a%2Fb", "/admin;x/y"):
        assert explain(kept, Request(url)).verdict.prefetched
        assert "refused with 400" not in Answer(Evaluator(kept), Request(url)).explanation()
