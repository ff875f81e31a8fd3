"""Rules that answer prefetchable pages without a page are reported, with a cure that works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prefetchrouter import Router
from prefetchrouter.analysis.dead_links import dead_links

KEPT: Any = {"max_age": "1h", "service_worker_max_age": "1h"}
OFF: Any = {"service_worker_max_age": "0s"}


def pages() -> Router:
    return Router().match("/pages/:id", caching=KEPT)


def set_done(status: int) -> Any:
    return {"set_status_code": status, "set_response_body": "", "set_done": True}


@pytest.mark.parametrize("status", [204, 205, 206, 304])
@pytest.mark.parametrize(
    "rules",
    [
        lambda status: pages().match("/pages/old", lambda route: route.send("", status)),
        lambda status: pages().match("/pages/old", response=set_done(status)),
        lambda status: pages().match("/pages/:id", response={"set_status_code": status}),
        lambda status: pages().always(response={"set_status_code": status}),
        lambda status: Router().always(response=set_done(status)).match("/pages/:id", caching=KEPT),
        lambda status: Router().match("/a", caching=KEPT, response=set_done(status)),
        lambda status: (
            Router()
            .match("/x/:rest*", Router().match("/x/:y", response=set_done(status)))
            .match("/x/:y", caching=KEPT)
        ),
        lambda status: Router().if_("/a", caching=KEPT).else_(caching=KEPT, response=set_done(status)),
        lambda status: Router().get("/a", caching=KEPT, response=set_done(status)),
        lambda status: pages().catch(500, {"response": {"set_status_code": status}}),
        lambda status: pages().catch(404, {"response": {"set_status_code": status}}),
    ],
)
def test_a_prefetchable_page_without_a_page_is_reported(rules: Callable[[int], Router], status: int) -> None:
    (warning,) = dead_links(rules(status))
    assert (warning.code, warning.severity) == ("dead-link", "warning")
    assert f"answered with {status}" in warning.message


@pytest.mark.parametrize(
    "router",
    [
        pages(),
        pages().match("/pages/old", lambda route: route.send("Gone", 410)),
        pages().match("/other", lambda route: route.send("", 204)),
        pages().post("/pages/:id", response=set_done(204)),
        Router().match("/a", caching={"max_age": "1h"}, response=set_done(204)),
        pages().match("/pages/:id", response=set_done(204), access={"deny_access": True}),
        pages()
        .match("/pages/:id", response={"set_status_code": 204})
        .match("/pages/:id", response={"set_status_code": 200}),
    ],
)
def test_nothing_is_reported_where_no_link_can_die(router: Router) -> None:
    assert list(dead_links(router)) == []


def test_the_cures_work() -> None:
    """Both of them, and where the caching rule comes later, the place that is named."""
    (warning,) = dead_links(pages().match("/pages/old", response=set_done(204)))
    assert warning.hint is not None
    assert warning.hint.endswith('caching={"service_worker_max_age": "0s"} in this rule')
    assert not list(dead_links(pages().match("/pages/old", response=set_done(204), caching=OFF)))
    assert not list(dead_links(pages().match("/pages/old", response=set_done(410))))

    (warning,) = dead_links(
        Router().match("/pages/old", response=set_done(204)).match("/pages/:id", caching=KEPT)
    )
    assert warning.hint is not None
    assert "in a rule after" in warning.hint
    late = Router().match("/pages/old", response=set_done(204)).match("/pages/:id", caching=KEPT)
    assert not list(dead_links(late.match("/pages/old", caching=OFF)))
