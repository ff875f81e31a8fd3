"""A decision is data: it holds no rules, its parts agree with it, and what has moved says where to."""

from __future__ import annotations

import re

import pytest

from prefetchrouter import Evaluator, Request, Router, evaluate
from prefetchrouter.errors import FeatureError
from prefetchrouter.evaluation import Decision
from prefetchrouter.evaluation import decision as decision_module
from prefetchrouter.http.header_fields import HeaderFields
from prefetchrouter.http.message import Response

ROUTER = (
    Router()
    .match("/a", caching={"max_age": "1h", "stale_while_revalidate": "1d"}, origin={"set_origin": "web"})
    .match("/old", lambda route: route.redirect("/new"))
    .match("/done", response={"set_done": True, "set_response_body": "hello"})
    .match("/secret", access={"deny_access": True})
    .catch(404, headers={"set_response_headers": {"x-missing": "1"}})
)


@pytest.mark.parametrize("path", ["/a", "/old", "/done", "/secret", "/none", "/a/../b"])
def test_the_short_names_are_those_of_the_parts(path: str) -> None:
    """`decision.ttl()` is `decision.caching.ttl()`, and so on."""
    decision = evaluate(ROUTER, Request(path))
    caching, upstream, downstream = decision.caching, decision.upstream, decision.downstream

    assert (decision.ttl(), decision.ttls) == (caching.ttl(), caching.ttls)
    assert decision.stale_while_revalidate == caching.stale_while_revalidate
    assert decision.cache_key == caching.key
    assert (decision.origin, decision.path) == (upstream.origin, upstream.path)
    assert decision.request_headers == upstream.headers
    assert (decision.denied, decision.redirect) == (downstream.denied, downstream.redirect)
    assert (decision.status, decision.synthetic) == (downstream.status, downstream.synthetic)
    assert decision.response_headers() == downstream.headers()


@pytest.mark.parametrize("path", ["/a", "/old", "/done", "/secret", "/none", "/a/../b"])
def test_what_cannot_be_synthetic_is_not(path: str) -> None:
    """The quick test may say yes too often, and never no."""
    downstream = evaluate(ROUTER, Request(path)).downstream

    if not downstream.may_be_synthetic:
        assert (downstream.redirect, downstream.synthetic, downstream.denied) == (None, None, False)


def test_a_decision_outlives_its_evaluator() -> None:
    """Nothing in it leads back to the evaluator, so a stored decision keeps no index in memory."""
    decision = Evaluator(ROUTER).evaluate(Request("/a"))

    assert not any(isinstance(value, Evaluator) for value in vars(decision).values())
    assert decision.ttl() == "1h"


def test_the_decision_before_a_response_is_that_of_the_request_alone() -> None:
    """It is the decision itself where there is no response."""
    evaluator = Evaluator(ROUTER)
    early = evaluator.evaluate(Request("/none"))
    late = evaluator.evaluate(Request("/none", response=Response(404)))

    assert evaluator.before_response(early) is early
    assert late.response_headers() == HeaderFields({"x-missing": "1"})
    assert evaluator.before_response(late).response_headers() == HeaderFields()
    assert evaluator.before_response(late).request.response is None


@pytest.mark.parametrize("name", ["manifest", "prefetch_doubts", "without_response"])
def test_a_member_that_has_moved_says_what_to_write(name: str) -> None:
    """These need the rules, which a decision does not hold."""
    decision = evaluate(ROUTER, Request("/a"))

    with pytest.raises(AttributeError, match=rf"'Decision' object has no attribute '{name}'; write \w"):
        getattr(decision, name)


def test_a_dependency_says_how_to_assume_it() -> None:
    """The call that it names works."""
    rules = Router().match({"location": {"country": "DE"}}, caching={"max_age": "1m"})
    decision = evaluate(rules, Request("/", unknown=("location.country",)))
    (dependency,) = decision.depends_on

    with pytest.raises(AttributeError) as raised:
        dependency.when_true()  # type: ignore[attr-defined]
    code = re.sub("^.*; write ", "", str(raised.value))
    other = eval(code, {"evaluate": evaluate, "rules": rules, "decision": decision, "dependency": dependency})
    assert isinstance(other, Decision)
    assert other.ttl() == "1m"


@pytest.mark.parametrize("read", ["get", "value", "setting"])
def test_a_key_that_no_feature_has_is_an_error_with_the_nearest_one(read: str) -> None:
    """Otherwise None would say that no rule sets it."""
    decision = evaluate(Router(), Request("/"))
    with pytest.raises(FeatureError, match=r'did you mean "caching\.bypass_cache"'):
        getattr(decision, read)("caching.bypas_cache")


def test_any_other_name_is_an_ordinary_error() -> None:
    """`hasattr` works."""
    assert not hasattr(evaluate(ROUTER, Request("/a")), "nothing")


def test_an_error_inside_a_property_is_not_taken_for_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names what was missing inside."""

    def broken(*_: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'inside'")

    monkeypatch.setattr(decision_module, "UpstreamRequest", broken)
    with pytest.raises(AttributeError, match="inside"):
        _ = evaluate(Router(), Request("/a")).upstream
