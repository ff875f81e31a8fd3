"""Features that act before there is a response have no effect under a condition on one."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import Request, Router, evaluate
from prefetchrouter.analysis.late import late_features
from prefetchrouter.catalog import FEATURES
from prefetchrouter.explanation import explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.http.message import Response

SAMPLES: dict[str, Any] = {
    **{spec.key: spec.example for spec in FEATURES.values() if spec.phase == "request"},
    "url.url_redirect": {"destination": "/b"},
}


def late(key: str) -> Router:
    section, name = key.split(".")
    features: Any = {section: {name: SAMPLES[key]}}
    return Router().catch(404, features)


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
    assert "no effect" in explanation_text(found)
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


def test_what_acts_on_a_response_is_not_late() -> None:
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
