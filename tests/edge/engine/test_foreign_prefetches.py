"""Prefetches by browsers and others: a stored response, or 503, and no origin gets them."""

from __future__ import annotations

import pytest

from edge.harness import PAGES, Harness, run_scenario
from prefetchrouter import Property, Router, RuleSet

PREFETCH = {"sec-purpose": "prefetch"}
WAYS = [
    {"sec-purpose": "prefetch"},
    {"sec-purpose": "prefetch;prerender"},
    {"sec-purpose": "prefetch;anonymous-client-ip"},
    {"purpose": "prefetch"},
    {"x-moz": "prefetch"},
    {"x-purpose": "preview"},
]


@pytest.mark.parametrize("way", WAYS)
def test_the_origin_gets_no_request_for_what_is_not_stored(way: dict[str, str]) -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        refused = await harness.get("/pages/1", **way)
        assert (refused.status, refused.body) == (503, b"")
        assert refused.headers.fields() == (("cache-control", "no-store"),)
        assert (refused.trace.cache, refused.trace.prefetch) == ("refused", "refused")
        assert refused.trace.foreign is not None
        assert harness.origin.asked == []

    run_scenario(scenario)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_stored_answers_and_is_not_fetched_anew(way: dict[str, str]) -> None:
    async def scenario() -> None:
        caching = {"max_age": "10s", "service_worker_max_age": "1h", "stale_while_revalidate": "10s"}
        features: dict[str, object] = {"caching": caching}
        harness = Harness(Router().match("/pages/:id", **features))  # type: ignore[arg-type]
        await harness.get("/pages/1")
        for wait, status in ((1, 200), (10, 200), (10, 503)):
            harness.now += wait
            assert (await harness.get("/pages/1", **way)).status == status
        await harness.edge.idle()
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_a_copy_that_is_fetched_ahead_is_not_for_them() -> None:
    async def scenario() -> None:
        caching = {"max_age": "10s", "service_worker_max_age": "1h", "prevalidate_cached_content": "9s"}
        features: dict[str, object] = {"caching": caching}
        harness = Harness(Router().match("/pages/:id", **features))  # type: ignore[arg-type]
        await harness.get("/pages/1")
        harness.now += 5
        assert (await harness.get("/pages/1", **PREFETCH)).status == 200
        await harness.edge.idle()
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_they_change_nothing_for_others() -> None:
    """The stored response is one, whoever asks, and names no header in Vary for it."""

    async def scenario() -> None:
        harness = Harness(PAGES)
        await harness.get("/pages/1", **PREFETCH)
        page = await harness.get("/pages/1")
        prefetched = await harness.get("/pages/1", **PREFETCH)
        assert page.status == prefetched.status == 200
        assert page.headers.get("vary") is prefetched.headers.get("vary") is None
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_together_with_our_parameter_it_is_ours() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        ours = await harness.get("/pages/1?edgio_prefetch=1", **PREFETCH)
        assert (ours.status, ours.trace.foreign) == (412, None)
        assert (await harness.get("/pages/1?edgio_dt_pf=1", **PREFETCH)).status == 200
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


def test_what_is_not_prefetchable_is_asked_for_as_ever() -> None:
    async def scenario() -> None:
        harness = Harness(Router().match("/pages/:id", caching={"max_age": "1h"}))
        fetched = await harness.get("/pages/1", **PREFETCH)
        assert (fetched.status, fetched.trace.cache, fetched.trace.prefetch) == (200, "miss", "fetched")
        assert (await harness.get("/other", **PREFETCH)).status == 200
        assert len(harness.origin.asked) == 2

    run_scenario(scenario)


@pytest.mark.parametrize(
    "headers", [{"authorization": "Basic eDp5"}, {"range": "bytes=0-1"}, {"if-match": '"a"'}]
)
def test_no_header_of_the_request_opens_the_way(headers: dict[str, str]) -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        assert (await harness.get("/pages/1", **PREFETCH, **headers)).status == 503
        assert (
            await harness.get("/pages/1", **PREFETCH, **{"cache-control": "no-cache", **headers})
        ).status == 503
        assert harness.origin.asked == []

    run_scenario(scenario)


def test_a_link_that_stands_for_a_post_is_guarded_as_the_link_is() -> None:
    async def scenario() -> None:
        caching = {"max_age": "1h", "service_worker_max_age": "1h", "enable_caching_for_methods": ["POST"]}
        features: dict[str, object] = {"caching": caching}
        harness = Harness(Router().match("/query", **features))  # type: ignore[arg-type]
        url = "/query?pref_edgio_method=POST&pref_edgio_body=a"
        assert (await harness.get(url, **PREFETCH)).status == 503
        assert harness.origin.asked == []

    run_scenario(scenario)


def test_a_followed_redirect_leads_to_no_guarded_page() -> None:
    async def scenario() -> None:
        router = PAGES.match("/go", url={"follow_redirects": True})
        harness = Harness(router)
        harness.answers("/go", status=302, location="/pages/1")
        assert (await harness.get("/go", **PREFETCH)).status == 503
        assert harness.origin.targets == ["GET /go"]

    run_scenario(scenario)


def test_the_site_can_allow_them() -> None:
    async def scenario() -> None:
        harness = Harness(RuleSet(rules=PAGES.rules, property=Property(foreign_prefetch="allow")))
        fetched = await harness.get("/pages/1", **PREFETCH)
        assert (fetched.status, fetched.trace.cache, fetched.trace.prefetch) == (200, "miss", "fetched")
        assert (await harness.get("/pages/2?edgio_prefetch=1", **PREFETCH)).status == 412

    run_scenario(scenario)


EMPTY = (204, 205, 206, 304)


@pytest.mark.parametrize("status", EMPTY)
@pytest.mark.parametrize(
    ("query", "headers", "refusal"), [("?edgio_prefetch=1", {}, 412), ("", PREFETCH, 503)]
)
def test_rules_that_make_no_page_answer_no_prefetch(
    status: int, query: str, headers: dict[str, str], refusal: int
) -> None:
    """The link would do nothing when it is clicked."""

    async def scenario() -> None:
        made = {"set_status_code": status, "set_response_body": "", "set_done": True}
        features: dict[str, object] = {"response": made}
        harness = Harness(Router().match("/a", **features))  # type: ignore[arg-type]
        assert (await harness.get("/a")).status == status
        response = await harness.get(f"/a{query}", **headers)
        assert (response.status, response.body) == (refusal, b"")
        assert response.headers.fields() == (("cache-control", "no-store"),)
        assert response.trace.cache == "refused"
        assert str(status) in response.trace.reason

    run_scenario(scenario)


@pytest.mark.parametrize("status", [204, 205])
@pytest.mark.parametrize(
    ("query", "headers", "refusal"), [("?edgio_prefetch=1", {}, 412), ("", PREFETCH, 503)]
)
def test_stored_responses_without_a_page_answer_no_prefetch(
    status: int, query: str, headers: dict[str, str], refusal: int
) -> None:
    async def scenario() -> None:
        caching = {"max_age": {str(status): "1h"}, "service_worker_max_age": "1h"}
        features: dict[str, object] = {"caching": caching}
        harness = Harness(Router().match("/a", **features))  # type: ignore[arg-type]
        harness.answers("/a", status=status)
        assert (await harness.get("/a")).status == (await harness.get("/a")).status == status
        assert (await harness.get(f"/a{query}", **headers)).status == refusal
        assert len(harness.origin.asked) == 1

    run_scenario(scenario)


@pytest.mark.parametrize("status", [204, 205])
@pytest.mark.parametrize(("query", "headers", "refusal"), [("?edgio_dt_pf=1", {}, 412), ("", PREFETCH, 503)])
def test_origins_without_a_page_answer_no_prefetch_either(
    status: int, query: str, headers: dict[str, str], refusal: int
) -> None:
    async def scenario() -> None:
        harness = Harness(Router())
        harness.answers("/a", status=status)
        response = await harness.get(f"/a{query}", **headers)
        assert (response.status, response.trace.prefetch) == (refusal, "unusable")

    run_scenario(scenario)


def test_requests_for_a_part_and_validations_are_reported() -> None:
    async def scenario() -> None:
        harness = Harness(PAGES)
        harness.answers("/pages/1", etag='"a"')
        await harness.get("/pages/1")
        assert (await harness.get("/pages/1", **PREFETCH, **{"if-none-match": '"a"'})).status == 304
        assert (await harness.get("/pages/1", **PREFETCH, range="bytes=0-1")).status == 206

    run_scenario(scenario)
