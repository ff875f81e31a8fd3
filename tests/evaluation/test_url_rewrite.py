"""Rewrites: the path under which the edge looks a request up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter import Request, Router, RuleSet, evaluate
from prefetchrouter.evaluation.request_key import without_own
from prefetchrouter.evaluation.url_rewrite import rewritten

PATTERN_END = r":optionalSlash(\/?)?:optionalQuery(\?.*)?"
KEPT = ":optionalSlash:optionalQuery"


@pytest.mark.parametrize(
    "path, query, source, destination, expected",
    [
        ("/a/7", "", f"/a/:id{PATTERN_END}", f"/b/:id{KEPT}", "/b/7"),
        ("/a/7/", "x=1", f"/a/:id{PATTERN_END}", f"/b/:id{KEPT}", "/b/7/?x=1"),
        ("/A/Seven", "", f"/a/:id{PATTERN_END}", f"/b/:id{KEPT}", "/b/Seven"),
        ("/a/b/c", "", f"/:path*{PATTERN_END}", f"/x/:path*{KEPT}", "/x/a/b/c"),
        ("/", "", f"/:path*{PATTERN_END}", f"/:path*{KEPT}", "/"),
        ("/", "q=1", f"/:path*{PATTERN_END}", "/x/:path*:optionalQuery", "/x?q=1"),
        ("/a", "", "/a/:id?", "/b/:id?", "/b"),
        ("/a/7", "x=1", "/a/:id", "/b/:id", "/b/7?x=1"),
        ("/a/7", "x=1", "/a/:id", "/b/:id?id=:id", "/b/7?id=7&x=1"),
        ("/a/7", "", "/a/:id", "https://x.example:8080/:id/:none", "https://x.example:8080/7/:none"),
        ("/a/7", "", "/a/:id", r"/b/\:id", "/b/:id"),
        ("/b/7", "", "/a/:id", "/b/:id", None),
    ],
)
def test_a_pattern_names_the_parts_of_the_new_path(
    path: str, query: str, source: str, destination: str, expected: str | None
) -> None:
    """A name that captured nothing goes with the slash before it."""
    assert expected == rewritten(path, query, source, destination, "path-to-regexp")


@pytest.mark.parametrize(
    "path, query, source, destination, expected",
    [
        ("/blog/1", "", "^/blog/(.*)", "/posts/$1", "/posts/1"),
        ("/blog/1", "x=2", "^/blog/(.*)", "/posts/$1", "/posts/1?x=2"),
        ("/blog/", "x=2", "^/blog/(.*)", "/posts/$1?b=1", "/posts/?b=1&x=2"),
        ("/blog", "x=2", r"^/blog(\?.*)?$", "/posts$1", "/posts?x=2"),
        ("/p/12", "x=2", r"^/p/(\d+)$", "/q/$1", "/q/12?x=2"),
        ("/p/12", "x=2", r"^/p/(\d+)\?x=(\d)", "/q/$2/$1$3", "/q/2/12"),
        ("/a/old/b", "", "/old/", "/new", "/new"),
        ("/p/12", "", "^/q", "/r", None),
        ("/p/12", "", "^/(", "/r", None),
    ],
)
def test_a_regular_expression_captures_by_number(
    path: str, query: str, source: str, destination: str, expected: str | None
) -> None:
    """The destination is the whole new URL; a query that the source does not see stays."""
    assert expected == rewritten(path, query, source, destination, "regexp")


@given(
    st.text(max_size=12),
    st.text(alphabet=":$/?*abc1\\%{}", max_size=12),
    st.sampled_from(["regexp", "path-to-regexp"]),
)
def test_no_rewrite_fails(source: str, destination: str, syntax: str) -> None:
    """A source that cannot be read matches no URL."""
    assert isinstance(rewritten("/abc/1", "a=1", source, destination, syntax), str | None)


def test_a_captured_dollar_is_not_filled_in_again() -> None:
    """What a visitor sends is text, never part of the destination's own language."""
    request = Request("/a/$1", headers={"x-tier": "$1"})
    router = Router().match(
        re.compile("^/a/(.*)$"),
        url={"url_rewrite": [{"source": "^/a/(.*)", "destination": "/b/%{http_x_tier}/$1"}]},
    )

    assert evaluate(router, request).path == "/b/$1/$1"


def test_the_last_matching_rule_rewrites() -> None:
    """One feature of several rules: the later value replaces the earlier one."""
    router = Router().match("/:path*", lambda route: route.update_path("/x/:path*"))
    router.match("/a/:id", lambda route: route.update_path("/y/:id"))

    assert evaluate(router, Request("/a/7")).path == "/y/7"
    assert evaluate(router, Request("/b/7?q=1")).path == "/x/b/7?q=1"


def test_the_rewrites_of_a_rule_follow_one_another() -> None:
    """Each starts from where the one before led."""
    router = Router().always(
        url={"url_rewrite": [{"source": "^/a", "destination": "/b"}, {"source": "^/b", "destination": "/c"}]}
    )

    assert evaluate(router, Request("/a")).path == "/c"


def test_conditions_on_the_origin_path_see_the_rewritten_url() -> None:
    """Wherever in the file the rewrite stands; path, query and querystring see the visitor's own URL."""
    router = Router()
    router.match({"origin_path": "/new/1"}, caching={"max_age": "1h"})
    router.match({"query": {"page": "2"}}, caching={"stale_while_revalidate": "1d"})
    router.match("/old/:id", url={"url_rewrite": [{"source": "^/old/(.*)", "destination": "/new/$1?page=2"}]})
    router.match("/new/1", caching={"bypass_cache": True})

    decision = evaluate(router, Request("/old/1"))

    assert decision.path == "/new/1?page=2"
    assert decision.features["caching"] == {"max_age": {"200": "1h"}, "stale_while_revalidate": "1d"}


def test_the_rewrite_is_chosen_by_what_the_visitor_asked() -> None:
    """A condition on the origin path cannot choose the rewrite that it sees the outcome of."""
    router = Router()
    router.match("/a", url={"url_rewrite": [{"source": "^/a", "destination": "/b"}]})
    router.match({"origin_path": "/b"}, url={"url_rewrite": [{"source": "^/.*", "destination": "/c"}]})

    assert evaluate(router, Request("/a")).path == "/b"


@pytest.mark.parametrize(
    ("query", "rewritten_path", "rewritten_query"),
    [
        ("id=7", "/items/7", ""),
        ("id=7&edgio_prefetch=1", "/items/7", "edgio_prefetch=1"),
        ("edgio_dt_pf=1&id=7&edgio_prefetch=1", "/items/7", "edgio_dt_pf=1&edgio_prefetch=1"),
        ("id=x&edgio_prefetch=1", "/find", "id=x&edgio_prefetch=1"),
    ],
)
def test_no_source_sees_the_parameters_of_prefetching_clients(
    query: str, rewritten_path: str, rewritten_query: str
) -> None:
    rewrite = {"source": r"^/find\?id=([0-9]+)$", "destination": "/items/$1", "syntax": "regexp"}
    rules = RuleSet.from_json([{"url": {"url_rewrite": [rewrite]}}], "raw")
    decision = evaluate(rules, Request(f"https://shop.example/find?{query}"))
    assert decision.path.partition("?")[::2] == (rewritten_path, rewritten_query)
    clicked = evaluate(rules, Request(f"https://shop.example/find?{without_own(query)}"))
    assert decision.cache_key == clicked.cache_key
