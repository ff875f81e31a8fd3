"""What an evaluator keeps from one request to the next: it changes no decision, and it is bounded."""

from __future__ import annotations

import pytest

from prefetchrouter import Request, Router
from prefetchrouter.evaluation import Decision, Evaluator, engine
from prefetchrouter.evaluation.lazy import lazy
from prefetchrouter.http.message import Response

ROUTER = (
    Router()
    .match("/a/:id", caching={"max_age": "1h"})
    .match("/:any*", headers={"set_response_headers": {"x-any": "1"}})
    .match({"path": "/a/2"}, caching={"max_age": "2h"})
    .catch(404, caching={"max_age": "1m"})
    .catch(404, headers={"set_response_headers": {"x-any": "404"}})
)


def seen(decision: Decision) -> tuple[object, ...]:
    """Everything that is worked out from merged features."""
    return (
        decision.features,
        [(key, value.value, value.source, value.late) for key, value in decision.values.items()],
        decision.lines,
        decision.late_lines,
        decision.of_settings(tuple),
        decision.downstream.may_be_synthetic,
        decision.ttl(404),
        decision.response_headers().fields(),
    )


def test_requests_to_which_the_same_rules_apply_share_what_is_merged() -> None:
    evaluator = Evaluator(ROUTER)
    first, same, other = (evaluator.evaluate(Request(path)) for path in ("/a/1", "/a/3", "/a/2"))
    assert first.setting("caching.max_age.200") == same.setting("caching.max_age.200") == "1h"
    assert other.setting("caching.max_age.200") == "2h"
    assert first.lines is same.lines
    assert first.of_settings(sorted) is same.of_settings(sorted)
    assert other.of_settings(sorted) == first.of_settings(sorted)
    assert other.of_settings(sorted) is not first.of_settings(sorted)
    assert len(other.lines) == 3


def test_what_is_kept_changes_no_decision() -> None:
    evaluator = Evaluator(ROUTER)
    requests = [
        Request(path, response=response)
        for response in (None, Response(200), Response(404), Response(404, {"x": "1"}))
        for path in ("/a/1", "/a/2", "/a/3", "/b")
    ]
    for request in requests + requests[::-1]:
        assert seen(evaluator.evaluate(request)) == seen(Evaluator(ROUTER).evaluate(request))


def test_no_more_is_kept_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_MOST_KEPT", 4)
    router = Router()
    for number in range(10):
        router.match(f"/{number}", caching={"max_age": f"{number + 1}h"})
    evaluator = Evaluator(router)
    for number in (*range(10), *range(10)):
        decision = evaluator.evaluate(Request(f"/{number}"))
        assert decision.ttl() == f"{number + 1}h"
        assert len(decision.lines) == 1
        assert len(evaluator._merged) <= 4


def test_a_value_is_worked_out_once_and_a_failure_is_not_kept() -> None:
    class Shop:
        made = 0

        @lazy
        def name(self) -> str:
            """What it is called."""
            self.made += 1
            if self.made == 1:
                raise OSError
            return "shop"

    shop = Shop()
    with pytest.raises(OSError):
        shop.name  # noqa: B018
    assert (shop.name, shop.name, shop.made) == ("shop", "shop", 2)
    assert Shop.name.__doc__ == "What it is called."
