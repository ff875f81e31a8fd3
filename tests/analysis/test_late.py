"""Features that act before there is a response have no effect under a condition on one."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.analysis import late_features
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.http.message import Response
from prefetchrouter.rules.features.phases import BEFORE_RESPONSE

SAMPLES: dict[str, Any] = {
    "access.token_auth": True,
    "access.token_auth_denial_code": {"code": 404},
    "access.token_auth_ignore_url_case": True,
    "access.token_auth_keys": {"primary": "correct-horse", "primary_min_version": "v3"},
    "access.token_auth_parameter": "token",
    "caching.add_early_hints": ["</a.css>; rel=preload"],
    "caching.cache_key": {"include_query_params": ["a"]},
    "caching.cache_key_query_string": {"exclude_all": True},
    "caching.cache_key_rewrite": {"source": "^/(.*)", "destination": "/x/$1"},
    "caching.cacheable_request_body_size": "1kB",
    "caching.revalidate_while_stale_timer": 5,
    "headers.debug_header": True,
    "headers.set_client_ip_custom_header": "x-ip",
    "headers.set_request_headers": {"x-a": "1"},
    "mtls.forward_client_certificate_to_origin": True,
    "origin.max_keep_alive_requests": 5,
    "origin.origin_failover_codes": [502],
    "origin.proxy_special_headers": ["via"],
    "origin.read_idle_timeout": 5,
    "origin.set_origin": "web",
    "response.allow_prefetching_uncached_content": True,
    "url.url_redirect": {"destination": "/b"},
    "url.url_rewrite": [{"source": "^/a", "destination": "/b"}],
}


def late(key: str) -> Router:
    section, name = key.split(".")
    features: Any = {section: {name: SAMPLES[key]}}
    return Router().catch(404, features)


def test_each_feature_of_the_table_is_tried() -> None:
    """The other features act on a response, or wait for none."""
    assert set(SAMPLES) == BEFORE_RESPONSE


@pytest.mark.parametrize("key", SAMPLES)
def test_it_is_a_warning_and_marked_in_explain(key: str) -> None:
    """By name, with a cure; and nothing that is decided before the response changes."""
    router = late(key)
    (warning,) = late_features(router.rules)
    assert warning.code == "no-effect"
    assert warning.message.startswith(key)
    assert warning.hint
    missing = Request("https://shop.example/a?b=1", response=Response(404))
    decision, plain = evaluate(router, missing), evaluate(Router(), missing)
    assert all(not value.has_effect for value in decision.values.values())
    for name in ("redirect", "path", "cache_key", "origin", "request_headers", "status"):
        assert getattr(decision, name) == getattr(plain, name)
    found = explain(router, missing)
    assert "without effect" in explanation_text(found)
    assert not any(value["has_effect"] for value in explanation_data(found)["values"])


@pytest.mark.parametrize(
    "router",
    [
        Router().if_({"response": {"status_code": "404"}}, {}).else_(origin={"set_origin": "web"}),
        Router().match("/a", Router().catch(404, Router().match("/a/b", origin={"set_origin": "web"}))),
        Router().conditional(
            {"if": [{"===": [{"response": "status_code"}, 404]}, {"origin": {"set_origin": "w"}}]}
        ),
    ],
    ids=["else", "nested", "raw"],
)
def test_what_follows_or_stands_inside_waits_too(router: Router) -> None:
    assert [found.code for found in late_features(router.rules)] == ["no-effect"]


def test_what_acts_on_a_response_is_none() -> None:
    router = Router().catch(
        404,
        caching={"max_age": "1m"},
        access={"deny_access": True},
        headers={"set_response_headers": {"location": "/home"}},
        response={"set_status_code": 302},
        url={"follow_redirects": True},
    )
    assert list(late_features(router.rules)) == []


def test_the_cure_of_a_redirect_works() -> None:
    """What the warning says to write, pasted."""
    (warning,) = late_features(Router().catch(404, lambda route: route.redirect("/home", 307)).rules)
    assert warning.hint is not None
    cure = eval(f"dict({warning.hint.removeprefix('write ')})")
    decision = evaluate(Router().catch(404, **cure), Request("/x", response=Response(404)))
    assert decision.redirect is not None
    assert (decision.redirect.status, decision.redirect.location) == (307, "/home")
