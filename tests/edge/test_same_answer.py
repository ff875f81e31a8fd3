"""`explain`, tests of rules and `serve` give the same answer, for every reason why a response is not stored.

Each case is played: a page is requested through the edge, then prefetched. What explanations and `get` say of
the same rules, request and response has to be what happened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from edge.harness import Answer as OriginResponse
from edge.harness import Got, Harness, run_scenario
from prefetchrouter import Evaluator, Request, Router
from prefetchrouter.edge.limits import Limits
from prefetchrouter.explanation import Explanation, explain
from prefetchrouter.explanation.data import explanation_data
from prefetchrouter.explanation.text import explanation_text
from prefetchrouter.http.message import Response
from prefetchrouter.http_cache.outcome import MOST_BODY_BYTES
from prefetchrouter.http_cache.storage import NotStorable
from prefetchrouter.testing.answer import Answer

URL = "https://shop.example/a"
PREFETCH = "/a?edgio_prefetch=1"
CACHED = {"max_age": "1h", "service_worker_max_age": "10m"}
BY_ORIGIN = {"max_age": {"404": "1m"}, "service_worker_max_age": "10m"}
NOW = "Fri, 15 Jan 2027 08:00:00 GMT"
"""The time on the harness's clock: with it as Date an explanation knows what a cache knows."""


@dataclass
class Case:
    """What makes a reason, and the reason as `storage` gives it."""

    reason: str | None
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    asked: dict[str, str] = field(default_factory=dict)
    rules: dict[str, Any] = field(default_factory=lambda: {"caching": CACHED})
    catch: dict[str, Any] = field(default_factory=dict)
    has_cure: bool = True

    def router(self) -> Router:
        router = Router().match("/a", **self.rules)
        return router.catch(self.status, **self.catch) if self.catch else router


def both(**caching: Any) -> dict[str, Any]:
    return {"caching": {**CACHED, **caching}}


CASES = {
    "plain": Case(None),
    "by the origin": Case(None, {"cache-control": "max-age=60"}, rules={"caching": BY_ORIGIN}),
    "s-maxage": Case(None, {"cache-control": "s-maxage=60"}, rules={"caching": BY_ORIGIN}),
    "aged": Case(
        "stale on arrival, without a validator",
        {"cache-control": "max-age=60", "age": "61"},
        rules={"caching": BY_ORIGIN},
    ),
    "expired, with a validator": Case(
        "expired on arrival", {"cache-control": "max-age=0", "etag": '"a"'}, rules={"caching": BY_ORIGIN}
    ),
    "stale while revalidate": Case(
        None,
        {"cache-control": "max-age=0, stale-while-revalidate=60", "etag": '"a"'},
        rules={"caching": BY_ORIGIN},
    ),
    "no-cache, with a validator": Case(
        "expired on arrival", {"cache-control": "no-cache", "etag": '"a"'}, rules={"caching": BY_ORIGIN}
    ),
    "no-cache, without a validator": Case(
        "no-cache without a validator", {"cache-control": "no-cache, max-age=9"}, rules={"caching": BY_ORIGIN}
    ),
    "no-cache under a rule": Case("no-cache", {"cache-control": "no-cache"}),
    "pragma": Case("no-cache", {"pragma": "no-cache"}),
    "overruled": Case(
        None, {"cache-control": "private, no-store, no-cache"}, rules=both(ignore_origin_no_cache=[200])
    ),
    "expires": Case(None, {"expires": "Fri, 15 Jan 2027 09:00:00 GMT"}, rules={"caching": BY_ORIGIN}),
    "expired": Case("stale on arrival, without a validator", {"expires": "0"}, rules={"caching": BY_ORIGIN}),
    "no lifetime": Case("no lifetime", rules={"caching": BY_ORIGIN}),
    "zero": Case("a rule sets a lifetime of zero", rules=both(max_age={"200": "0s", "404": "1m"})),
    "set-cookie": Case("set-cookie", {"set-cookie": "a=b"}),
    "set-cookie removed": Case(
        None,
        {"set-cookie": "a=b"},
        rules={"caching": CACHED, "headers": {"remove_origin_response_headers": ["set-cookie"]}},
    ),
    "set-cookie by a rule": Case(
        None, rules={"caching": CACHED, "headers": {"set_response_headers": {"set-cookie": "a=b"}}}
    ),
    "private": Case("private", {"cache-control": "private"}),
    "private in capitals": Case("private", {"cache-control": "PRIVATE, max-age=60"}),
    "private field": Case("private", {"cache-control": 'private="x"'}),
    "no-store": Case("no-store", {"cache-control": "max-age=60, no-store"}),
    "private for the CDN": Case(
        "private in cdn-cache-control", {"cdn-cache-control": "private", "cache-control": "max-age=60"}
    ),
    "private for others than the CDN": Case(
        None, {"cdn-cache-control": "max-age=60", "cache-control": "private"}
    ),
    "vary *": Case("vary: *", {"vary": "Accept, *"}),
    "vary garbage": Case("vary that names no headers", {"vary": "a b"}),
    "vary accept-language": Case(None, {"vary": "Accept-Language"}, asked={"accept-language": "de"}),
    "vary accept-encoding": Case(None, {"vary": "Accept-Encoding"}),
    "authorization": Case("authorization", asked={"authorization": "Basic a"}),
    "authorization in the key": Case(
        None, asked={"authorization": "Basic a"}, rules=both(cache_key={"include_headers": ["authorization"]})
    ),
    "if-match": Case("if-match", asked={"if-match": '"a"'}, has_cure=False),
    "if-unmodified-since": Case("if-unmodified-since", asked={"if-unmodified-since": NOW}, has_cure=False),
    "no-store in the request": Case(
        "no-store in the request", asked={"cache-control": "no-store"}, has_cure=False
    ),
    "no-cache in the request": Case(
        "no-cache by the client",
        asked={"cache-control": "no-cache"},
        rules=both(honor_no_cache_request_header=True),
        has_cure=False,
    ),
    "only-if-cached": Case("only-if-cached", asked={"cache-control": "only-if-cached"}, has_cure=False),
    "range": Case(None, asked={"range": "bytes=0-1"}),
    "empty": Case(None, {"content-length": "0"}),
    "empty, and asked for anew": Case(
        "empty", {"content-length": "0"}, rules=both(refresh_zero_byte_cache_files=True), has_cure=False
    ),
    "no-cache that counts for nothing": Case(None, asked={"cache-control": "no-cache", "pragma": "no-cache"}),
    "partial": Case(
        "status 206", {"content-range": "bytes 0-3/4"}, 206, rules=both(max_age={"206": "1h"}), has_cure=False
    ),
    "304": Case("status 304", status=304, has_cure=False),
    "404": Case("status 404 is not in cacheable_status_codes", status=404),
    "404 by a catch": Case(None, status=404, catch={"caching": {"max_age": {"404": "1m"}}}),
    "410": Case("status 410 is not in cacheable_status_codes", status=410),
    "500": Case("status 500 is not in cacheable_status_codes", status=500),
    "301": Case("status 301 is not in cacheable_status_codes", {"location": "/b"}, 301),
    "404 as 200": Case(
        None,
        status=404,
        rules={"caching": {**CACHED, "max_age": {"404": "1h"}}, "response": {"set_status_code": 200}},
    ),
    "200 as 404": Case(None, rules={"caching": CACHED, "response": {"set_status_code": 404}}),
    "must-understand": Case(
        "must-understand, and status 299 is not known",
        {"cache-control": "must-understand, max-age=60"},
        299,
        rules={"caching": {**BY_ORIGIN, "cacheable_status_codes": [299]}},
    ),
    "too large": Case(
        f"larger than {MOST_BODY_BYTES} bytes", {"content-length": str(MOST_BODY_BYTES + 1)}, has_cure=False
    ),
    "bypass by the response": Case("bypass_cache", status=200, catch={"caching": {"bypass_cache": True}}),
    "bypass ended by the response": Case(
        "bypass_cache", status=200, rules=both(bypass_cache=True), catch={"caching": {"bypass_cache": False}}
    ),
    "bypass": Case("bypass_cache", rules=both(bypass_cache=True)),
    "denied": Case(None, rules={"caching": CACHED, "access": {"deny_access": True}}),
    "denied by the response": Case(None, catch={"access": {"deny_access": True}}),
    "redirect": Case(
        None, rules={"caching": CACHED, "url": {"url_redirect": {"code": 302, "destination": "/b"}}}
    ),
    "synthetic": Case(
        None, rules={"caching": CACHED, "response": {"set_response_body": "hi", "set_done": True}}
    ),
    "made empty": Case(
        None, rules={"caching": CACHED, "response": {"set_status_code": 200, "set_done": True}}
    ),
    "made 404": Case(
        None,
        rules={
            "caching": CACHED,
            "response": {"set_response_body": "hi", "set_status_code": 404, "set_done": True},
        },
    ),
    "uncached allowed": Case(
        "set-cookie",
        {"set-cookie": "a=b"},
        rules={"caching": CACHED, "response": {"allow_prefetching_uncached_content": True}},
        has_cure=False,
    ),
    "no worker": Case(
        None,
        {"cache-control": "private"},
        rules={"caching": {"max_age": "1h", "ignore_origin_no_cache": [200]}},
    ),
    "connection takes no header away": Case(
        "set-cookie", {"connection": "set-cookie, x-a", "set-cookie": "a=b"}
    ),
}


def stored_by_worker(got: Got) -> bool:
    """Whether the service worker would store a response: what `browser/src/sw/judge.ts` says, in short."""
    worker = got.headers.get("x-sw-cache-control", "")
    seconds = re.search(r"max-age=(\d+)", worker)
    if got.status != 200 or not got.body or "no-store" in worker:
        return False
    control = got.headers.get("cache-control", "")
    is_private = "no-store" in control or "private" in control or "*" in got.headers.get("vary", "")
    return not is_private or (seconds is not None and int(seconds[1]) > 0)


def played(case: Case, router: Router) -> tuple[Got, Got, int]:
    """Request the page, then prefetch it; return both responses, and how many responses are stored."""
    found: list[Any] = []

    async def scenario() -> None:
        harness = Harness(router, limits=Limits(object_bytes=MOST_BODY_BYTES))
        harness.now = 1_800_000_000.0
        is_empty = case.status in (204, 205, 304) or case.headers.get("content-length") == "0"
        body = () if is_empty else (b"body",)
        harness.origin.answers["/a"] = OriginResponse(case.status, {"date": NOW, **case.headers}, body)
        headers = {name.replace("-", "_"): text for name, text in case.asked.items()}
        found.append(await harness.get("/a", **headers))
        count = len(harness.edge.cache)
        found.append(await harness.get(PREFETCH, **headers))
        found.append(count)

    run_scenario(scenario)
    return found[0], found[1], found[2]


def explained(case: Case, router: Router) -> Explanation:
    response = Response(case.status, {"date": NOW, **case.headers})
    return explain(router, Request(URL, headers=case.asked, response=response))


@pytest.mark.parametrize("name", CASES)
def test_everyone_says_what_serve_does(name: str) -> None:
    case = CASES[name]
    page, prefetch, stored = played(case, case.router())
    found = explained(case, case.router())
    check(case, found, page, prefetch, stored)
    if case.reason in ("expired on arrival", "no-cache by the client", "empty"):
        assert prefetch.trace.reason == case.reason
    elif case.reason is not None:
        assert found.outcome.storage == NotStorable(case.reason)
        assert case.reason in page.trace.reason


def check(case: Case, found: Explanation, page: Got, prefetch: Got, stored: int) -> None:
    """Compare what an explanation and a test say with what happened."""
    data, text = explanation_data(found), explanation_text(found)
    is_made = page.trace.cache == "synthetic"
    # At the edge
    assert bool(data["edge"]["stored"]) is bool(stored)
    if data["edge"]["stored"] and page.trace.ttl is not None:
        assert data["edge"]["stored_seconds"] == page.trace.ttl
        assert found.delivery.layers.edge == max(0.0, page.trace.ttl)
    if not stored and not is_made:
        assert found.delivery.layers.edge == 0
        assert re.search(r"(?m)^  stored +no: ", text)
    # The prefetch
    is_answered = prefetch.status != 412
    assert data["edge"]["answers_prefetches"] is is_answered
    works = is_answered and stored_by_worker(prefetch)
    assert found.outcome.works is works, found.outcome.problem
    is_asked_for = found.verdict.asked_for
    assert found.verdict.prefetched is (works and is_asked_for)
    assert f"Prefetched?  {'yes' if works and is_asked_for else 'no'}: " in text
    # The forecast
    worker = found.forecast["service-worker"]
    assert worker.found.used <= works
    if not is_answered:
        assert not any(chance.found.used or chance.odds for chance in found.forecast.chances)
    # Tests of rules
    answer = Answer(Evaluator(case.router()), found.decision.request)
    assert bool(answer.is_prefetchable()) is (works and is_asked_for)
    ttl = answer.ttl_of(case.status)
    if not is_made:
        assert bool(answer.is_cached(case.status)) is (ttl is not None and ttl.seconds > 0)
        assert (ttl is not None) is bool(stored)
        if ttl is not None and page.trace.ttl is not None:
            assert ttl == max(0, int(page.trace.ttl))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.reason])
def test_a_cure_works_when_it_is_pasted(name: str) -> None:
    """Each reason that a rule can change says how; with that rule after all others the response is stored."""
    case = CASES[name]
    verdict = explained(case, case.router()).verdict
    if not case.has_cure or name == "bypass ended by the response":
        return
    problem = explained(case, case.router()).outcome.problem
    assert problem is not None
    assert problem.cure is not None, problem
    assert verdict.cure is None or problem.cure in verdict.cure

    def cured() -> Router:
        router = case.router()
        sections = eval(f"dict({problem.cure})")
        return router.catch(case.status, **sections) if case.catch else router.match("/a", **sections)

    _, prefetch, stored = played(case, cured())
    assert stored == 1
    assert prefetch.status != 412


controls = st.lists(
    st.sampled_from(
        [
            "max-age=60", "s-maxage=60", "max-age=0", "no-cache", "no-store", "private", "must-revalidate",
            "public", "must-understand", "stale-while-revalidate=60", 'no-cache="set-cookie"', "max-age=x",
        ]
    ),
    max_size=3,
).map(", ".join)  # fmt: skip
responses = st.fixed_dictionaries(
    {},
    optional={
        "cache-control": controls,
        "cdn-cache-control": controls,
        "set-cookie": st.just("a=b"),
        "vary": st.sampled_from(["*", "cookie", "accept", "a b", ""]),
        "etag": st.sampled_from(['"a"', ""]),
        "age": st.sampled_from(["0", "59", "3700", "x"]),
        "expires": st.sampled_from(["0", NOW, "Fri, 15 Jan 2027 08:00:30 GMT"]),
        "pragma": st.just("no-cache"),
        "content-type": st.just("text/html"),
        "content-length": st.sampled_from(["0", "4"]),
        "connection": st.sampled_from(["vary, cache-control", "set-cookie", "x-a"]),
        "last-modified": st.sampled_from([NOW, "x"]),
        "location": st.sampled_from(["/b", "https://other.example/"]),
    },
)
requests = st.fixed_dictionaries(
    {},
    optional={
        "authorization": st.just("Basic a"),
        "cache-control": st.sampled_from(["no-cache", "no-store", "max-age=0", "only-if-cached"]),
        "range": st.just("bytes=0-1"),
        "if-match": st.just('"a"'),
        "cookie": st.just("a=b"),
        "pragma": st.just("no-cache"),
    },
)
sections = st.fixed_dictionaries(
    {
        "caching": st.fixed_dictionaries(
            {"service_worker_max_age": st.sampled_from(["10m", "10m", "0s"])},
            optional={
                "max_age": st.sampled_from(["1h", {"404": "1m"}, {"200": "0s", "404": "1h"}]),
                "bypass_cache": st.booleans(),
                "ignore_origin_no_cache": st.sampled_from([[200], [404]]),
                "cacheable_status_codes": st.just([404, 301]),
                "default_internal_max_age": st.sampled_from(["5m", {"404": "5m"}]),
                "stale_while_revalidate": st.sampled_from(["0s", "30s"]),
                "honor_no_cache_request_header": st.booleans(),
                "cache_key": st.just({"include_headers": ["authorization"]}),
                "client_max_age": st.just("1m"),
                "bypass_client_cache": st.just(True),
                "refresh_zero_byte_cache_files": st.just(True),
                "prevalidate_cached_content": st.just("10m"),
            },
        )
    },
    optional={
        "response": st.sampled_from(
            [
                {"allow_prefetching_uncached_content": True},
                {"set_status_code": 200},
                {"set_status_code": 404},
                {"set_response_body": "hi"},
                {"set_response_body": "", "set_status_code": 200},
                {"compress_content_types": ["text/html"]},
            ]
        ),
        "url": st.just({"url_redirect": {"code": 302, "destination": "/b"}}),
        "access": st.just({"deny_access": True}),
        "headers": st.sampled_from(
            [
                {"remove_origin_response_headers": ["set-cookie", "vary"]},
                {"set_origin_response_headers": {"cache-control": "max-age=5"}},
                {"set_response_headers": {"cache-control": "private"}},
            ]
        ),
    },
)
catches = st.sampled_from(
    [
        {}, {}, {"caching": {"bypass_cache": True}}, {"caching": {"max_age": {"404": "1m", "200": "2h"}}},
        {"access": {"deny_access": True}}, {"response": {"set_status_code": 200}},
        {"response": {"set_response_body": "x", "set_status_code": 200, "set_done": True}},
        {"caching": {"service_worker_max_age": "0s"}},
        {"headers": {"remove_origin_response_headers": ["set-cookie"]}},
    ]
)  # fmt: skip


@given(
    sections,
    catches,
    requests,
    responses,
    st.sampled_from([200, 200, 200, 404, 301, 206, 500, 299, 204, 304]),
)
def test_everyone_says_what_serve_does_with_random_rules_and_responses(
    rules: dict[str, Any], catch: dict[str, Any], asked: dict[str, str], headers: dict[str, str], status: int
) -> None:
    case = Case(None, headers, status, asked, rules, catch)
    page, prefetch, stored = played(case, case.router())
    found = explained(case, case.router())
    event(f"stored {stored}, prefetch {prefetch.status}, works {found.outcome.works}")
    check(case, found, page, prefetch, stored)
