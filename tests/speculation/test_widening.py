"""No link is covered that any visitor's request would find not prefetchable, whatever the rules look like.

The rules are written as users write them: expressions, negations, lists, hosts, cookies, nested criteria,
chains, rewrites. The links are spelled in many ways, and each is tried as several visitors.
"""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

from hypothesis import given, reject
from hypothesis import strategies as st

from prefetchrouter import CachingDict, Request, Router, and_, build, evaluate, exact, not_, or_
from prefetchrouter.errors import PrefetchRouterError
from speculation.link_reader import passes
from strategies.effort import times

AGES: CachingDict = {"max_age": "1h", "service_worker_max_age": "1h"}

patterns = st.sampled_from(
    [
        "/a",
        "/a/",
        "/A/:id",
        "/a/:id",
        "/a/:rest*",
        "/:x*",
        "/:x?",
        "/a-:id",
        "/v:n(\\d+)",
        "/a/b",
        "/é",
        "/a b",
    ]
)
expressions = st.sampled_from(
    [
        *[
            "^/a",
            "(?i)^/A/",
            "a$",
            "/b",
            "^/(?:a|b)/?$",
            "[^/]+",
            "^/a/[0-9]{1,3}$",
            "é",
            "a.b",
            r"\.html$",
        ],
        *["^/a%20b$", "^/a b$", "^/a/(?:x|y)+$", "", "//", r"^/a\b", r"^/\w+$", "^/a|b$", "(?i)k", r"\s"],
    ]
).map(re.compile)
path_values: st.SearchStrategy[Any] = patterns | patterns.map(exact) | expressions
path_values |= st.lists(patterns, min_size=1, max_size=3, unique=True).map(
    lambda found: [exact(p) for p in found]
)
texts = st.sampled_from(["1", "2", "x", "", "a b", "A", "é", "1+1"])
values: st.SearchStrategy[Any] = texts | texts.filter(bool).map(re.escape).map(re.compile) | st.just(":any")
values |= (
    st.just(re.compile(".+")) | st.just(re.compile("")) | st.lists(texts, min_size=1, max_size=3, unique=True)
)


def maybe_not(found: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return found | found.map(not_)


names = st.sampled_from(["q", "Q", "p", "a b", "é"])
single = st.one_of(
    maybe_not(path_values).map(lambda value: {"path": value}),
    maybe_not(patterns | expressions).map(lambda value: {"origin_path": value}),
    st.dictionaries(names, maybe_not(values), min_size=1, max_size=2).map(lambda found: {"query": found}),
    maybe_not(st.sampled_from(["a.example", "b.example"])).map(lambda host: {"variable": {"host": host}}),
    maybe_not(texts).map(lambda value: {"cookies": {"s": value}}),
    maybe_not(st.just("DE")).map(lambda value: {"location": {"country": value}}),
    st.sampled_from(["HTTP", "HTTPS"]).map(lambda value: {"scheme": value}),
    st.sampled_from(["GET", "POST", ["GET", "HEAD"]]).map(lambda value: {"method": value}),
)
pairs = st.tuples(single, single).map(lambda both: {**both[0], **both[1]})
criteria: st.SearchStrategy[Any] = st.recursive(
    single | pairs,
    lambda inner: st.lists(inner, min_size=2, max_size=3).flatmap(
        lambda members: st.sampled_from([and_(*members), or_(*members)])
    ),
    max_leaves=5,
)
features: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        *[{"caching": AGES}] * 4,
        *[{"caching": {"bypass_cache": True}}] * 2,
        {"caching": {"service_worker_max_age": "0s"}},
        {"caching": {"service_worker_max_age": "1h"}},
        {"caching": {"max_age": "1h"}},
        {"caching": {"bypass_cache": False}},
        {"caching": AGES, "speculation": {"eagerness": "eager", "prerender": True}},
        {"speculation": {"prerender": False}},
        {
            "url": {
                "url_rewrite": [
                    {"source": "/a/:rest*", "syntax": "path-to-regexp", "destination": "/b/:rest*"}
                ]
            }
        },
        {"caching": AGES, "comment": "cache-manifest-ignore"},
    ]
)


@st.composite
def routers(draw: st.DrawFn) -> Router:
    try:
        return draw(st.integers(1, 4).flatmap(lambda count: _routers(count)))
    except PrefetchRouterError:
        reject()  # what no rule may say, such as a loop


@st.composite
def _routers(draw: st.DrawFn, count: int) -> Router:
    router = Router()
    for _ in range(count):
        kind = draw(st.sampled_from(["always", "match", "match", "match", "chain"]))
        if kind == "always":
            router = router.always(**draw(features))
        elif kind == "match":
            router = router.match(draw(criteria), **draw(features))
        else:
            router = router.if_(draw(criteria), **draw(features)).elif_(draw(criteria), **draw(features))
            if draw(st.booleans()):
                router = router.else_(**draw(features))
    return router


SEGMENTS = "a A b 1 12 x k v2 a-1 a.b x.html a;v=1 %61 a%20b a%2Fb caf%C3%A9 %C3%A9 %c3%a9 %C3%89 %E2%84%AA"
segments = st.sampled_from(["", *SEGMENTS.split()])
link_paths = st.builds(
    lambda parts, end: "/" + "/".join(parts) + end,
    st.lists(segments, max_size=3),
    st.sampled_from(["", "", "/"]),
)
PARAMETERS = (
    "q=1 q=2 q= q Q=1 q=x p=1 q=%31 %71=1 q=a+b q=a%20b a+b=1 %C3%A9=1 q=%C3%A9 q=%c3%a9 =1 q=1+1 q=1%2B1"
)
parameters = st.sampled_from(["", "qq=1", "q=1=1", "q=11", *PARAMETERS.split()])
queries = st.lists(parameters, max_size=3).map("&".join)
VISITORS = list(product(["a.example", "b.example"], ["http", "https"], [None, "1", "x"], [None, "DE"]))


def requests_of(path: str, query: str) -> list[Request]:
    """The same link as each visitor requests it."""
    target = f"{path}?{query}" if query else path
    return [
        Request(
            f"{scheme}://{host}{target}",
            cookies={} if cookie is None else {"s": cookie},
            facts={} if country is None else {"location.country": country},
        )
        for host, scheme, cookie, country in VISITORS
    ]


@given(routers(), st.lists(st.tuples(link_paths, queries), min_size=1, max_size=12))
@times(2)
def test_no_link_is_covered_that_some_visitor_may_not_prefetch(router: Router, links: list[Any]) -> None:
    text = build(router, targets="speculation", unsupported="ignore")["speculation-rules.json"]
    made = [rule for listed in json.loads(text).values() for rule in listed]
    for path, query in links:
        for request in requests_of(path, query):
            scheme = request.url.partition(":")[0]
            if any(passes(rule["where"], path, query, scheme) for rule in made):
                decision = evaluate(router, request)
                assert decision.prefetchable, (request.url, request.cookies, request.facts)
