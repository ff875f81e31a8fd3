"""What type checkers say of the evaluation: checked by mypy, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from prefetchrouter import Decision, Duration, Evaluator, Request, Router, RuleSet, evaluate
from prefetchrouter.browser_view.evaluation import evaluate_in_browser
from prefetchrouter.catalog import caching, headers, origin, set_variables, url
from prefetchrouter.evaluation import Dependency, Matched, Redirect, Synthetic, Value
from prefetchrouter.http.message import HeaderFields, Response
from prefetchrouter.rules.features import UrlRedirect


def answers(router: Router, rule_set: RuleSet, evaluator: Evaluator) -> None:
    request = Request("/a", "POST", headers={"a": "b"}, facts={"random": 7}, response=Response(404))
    for rules in (router, rule_set, evaluator):
        assert_type(evaluate(rules, request), Decision)
    decision = evaluator.evaluate(request)
    assert_type(decision.prefetchable, bool)
    assert_type(decision.not_prefetchable_because, str | None)
    assert_type(decision.ttl(404), Duration | None)
    assert_type(decision.ttls, Mapping[int, Duration])
    assert_type(decision.stale_while_revalidate, Duration | None)
    assert_type(decision.cache_key, tuple[str, ...])
    assert_type(decision.value("caching.max_age"), Value | None)
    assert_type(decision.get(caching.bypass_cache), bool | None)
    assert_type(decision.get(caching.service_worker_max_age), Duration | None)
    assert_type(decision.get(caching.max_age), Mapping[str, Duration] | None)
    assert_type(decision.get(caching.max_age.entry(404)), Duration | None)
    assert_type(decision.get(caching.cacheable_status_codes), tuple[int, ...] | None)
    assert_type(decision.get(origin.set_origin), str | None)
    assert_type(decision.get(url.url_redirect), UrlRedirect | None)
    assert_type(decision.get(set_variables.entry("tier")), str | None)
    assert_type(decision.get(headers.remove_response_headers), tuple[str, ...] | None)
    assert_type(decision.value(caching.max_age), Value | None)
    assert_type(decision.rules, tuple[Matched, ...])
    assert_type(decision.depends_on, tuple[Dependency, ...])
    assert_type(evaluate(rules, request, assuming=[decision.depends_on[0].branch]), Decision)
    assert_type(decision.redirect, Redirect | None)
    assert_type(decision.synthetic, Synthetic | None)
    assert_type(decision.origin, str | None)
    assert_type(decision.status, int | None)
    assert_type(decision.response_headers({"a": ["b", "c"]}), HeaderFields)
    assert_type(evaluate_in_browser(router, request), Decision)


def refused(router: Router) -> None:
    evaluate(router, "/a")  # type: ignore[arg-type]
    evaluate(router, Request("/a")).get(caching.bypas_cache)  # type: ignore[attr-defined]
    evaluate(router, Request("/a")).get("caching.bypass_cache")  # type: ignore[arg-type]
    Request("/a", response=404)  # type: ignore[arg-type]
    Request("/a", header={"a": "b"})  # type: ignore[call-arg]
