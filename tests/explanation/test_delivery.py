"""From rules to headers and lifetimes: what freshness is reckoned with."""

from __future__ import annotations

import pytest

from prefetchrouter import Decision, Evaluator, Request, Router
from prefetchrouter.explanation.delivery import delivery_of, edge_seconds
from prefetchrouter.freshness import Delivery, Worker
from prefetchrouter.http.message import Response
from prefetchrouter.http_cache.outcome import storage_of


def decisions(router: Router, request: Request) -> tuple[Decision, Decision]:
    """What the rules say of a request, and before there is a response."""
    evaluator = Evaluator(router)
    decision = evaluator.evaluate(request)
    return decision, evaluator.before_response(decision)


def delivered(router: Router, request: Request, edge_age: float = 0.0) -> Delivery:
    """What a prefetch is answered."""
    return delivery_of(*decisions(router, request), edge_age=edge_age)


@pytest.mark.parametrize(
    "caching, control",
    [
        ({"client_max_age": "15m"}, "max-age=900"),
        ({"client_max_age": "-1s"}, "no-cache"),
        ({"bypass_client_cache": True}, "private, no-cache, no-store, must-revalidate"),
        ({"max_age": "1h"}, ""),
    ],
)
def test_browsers_get_the_cache_control_that_rules_make(caching: dict[str, object], control: str) -> None:
    """As the decision tells it."""
    router = Router().match("/a", caching=caching)  # type: ignore[arg-type]
    assert str(delivered(router, Request("/a")).response.cache_control) == control


def test_browsers_get_the_origins_cache_control_where_no_rule_makes_one() -> None:
    """It is passed on."""
    request = Request("/a", response=Response(200, {"cache-control": "max-age=60", "vary": "accept"}))
    answer = delivered(Router(), request).response
    assert (answer.cache_control.seconds("max-age"), answer.vary) == (60, ("accept",))


@pytest.mark.parametrize(
    "caching, response, seconds",
    [
        ({"max_age": "1h"}, None, 3600),
        ({"max_age": {"404": "1m"}}, None, None),
        ({"max_age": "1h", "bypass_cache": True}, None, None),
        ({}, None, None),
        ({}, Response(200, {"cache-control": "max-age=60"}), 60),
        ({}, Response(200, {"cache-control": "max-age=60, s-maxage=600"}), 600),
        ({}, Response(200, {"cache-control": "private, max-age=60"}), None),
        ({"bypass_cache": True}, Response(200, {"cache-control": "max-age=60"}), None),
        ({"max_age": "1h"}, Response(200, {"cache-control": "max-age=60"}), 3600),
    ],
)
def test_the_edge_stores_by_rule_or_as_the_origin_says(
    caching: dict[str, object], response: Response | None, seconds: float | None
) -> None:
    """A rule beats the origin; a bypass beats both."""
    router = Router().match("/a", caching={**caching, "stale_on_error": True})  # type: ignore[typeddict-item]
    decision, early = decisions(router, Request("/a", response=response))
    assert edge_seconds(decision, storage_of(decision, early), 200) == seconds


def test_a_copy_at_the_edge_has_the_age_that_is_asked_about() -> None:
    """The Age header tells it."""
    router = Router().match("/a", caching={"max_age": "1h"})
    assert delivered(router, Request("/a"), edge_age=840).response.age == 840


def test_without_a_copy_at_the_edge_every_answer_is_new() -> None:
    """No age to speak of."""
    assert delivered(Router(), Request("/a"), edge_age=840).response.age == 0


def test_an_edge_that_sends_no_age_is_reported_by_a_rule() -> None:
    """Browsers then begin to count at the prefetch."""
    router = Router().match("/a", caching={"max_age": "1h"}, headers={"age_response_header": False})
    delivery = delivered(router, Request("/a"), edge_age=840)
    assert (delivery.response.age, delivery.layers.age_sent) == (0, False)


def test_stale_copies_need_a_copy() -> None:
    """Stale-while-revalidate adds nothing where nothing is kept."""
    router = Router().match(
        "/a", caching={"max_age": "1h", "bypass_cache": True, "stale_while_revalidate": "1d"}
    )
    assert delivered(router, Request("/a")).layers.edge_stale == 0


def test_the_worker_keeps_what_the_edge_tells_it() -> None:
    """By the header made from service_worker_max_age."""
    router = Router().match("/a", caching={"service_worker_max_age": "10m"})
    assert delivered(router, Request("/a")).layers.worker == Worker(600.0)


def test_the_worker_keeps_no_errors() -> None:
    """A 404 is not stored."""
    router = Router().match("/a", caching={"service_worker_max_age": "10m"})
    delivery = delivered(router, Request("/a", response=Response(404)))
    assert delivery.layers.worker == Worker(600.0, keeps=False)


def test_features_come_with_the_lines_that_set_them() -> None:
    """Advice points there."""
    router = Router().match("/a", caching={"max_age": "1h"}).match("/a", caching={"client_max_age": "1m"})
    lines = delivered(router, Request("/a")).lines
    assert [lines[name] for name in ("max_age", "client_max_age")] == [rule.source for rule in router.rules]
