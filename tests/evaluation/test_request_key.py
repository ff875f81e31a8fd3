"""What tells cached copies apart."""

from __future__ import annotations

from typing import Any

import pytest

from prefetchrouter import CacheKey, Request, Router, evaluate

URL = "https://shop.example/a?b=2&a=1&&b=3&utm=x"


def key(caching: Any, request: Request | None = None) -> tuple[str, ...]:
    """Return the cache key under one rule's features."""
    return evaluate(Router().always(caching=caching), request or Request(URL)).cache_key


def test_host_path_and_the_whole_query_count_by_default() -> None:
    """In the order that the client sent them, nothing sorted or decoded."""
    assert key({}) == ("shop.example/a?b=2&a=1&&b=3&utm=x",)


@pytest.mark.parametrize(
    "query, expected",
    [
        ("edgio_prefetch=1", ""),
        ("edgio_dt_pf=1&edgio_prefetch=1", ""),
        ("a=1&edgio_prefetch=1", "?a=1"),
        ("edgio_prefetch=1&a=1&&b=2", "?a=1&&b=2"),
        ("x=edgio_y&notedgio_a=1", "?x=edgio_y&notedgio_a=1"),
        ("a=b?edgio_z=1", "?a=b?edgio_z=1"),
        ("edgio%5Fprefetch=1", ""),
        ("%65dgio_prefetch=1&a=1", "?a=1"),
        ("EDGIO_prefetch=1", "?EDGIO_prefetch=1"),
    ],
)
def test_the_parameters_of_prefetching_clients_do_not_count(query: str, expected: str) -> None:
    """A parameter is one of theirs when its name, once decoded, begins with edgio_."""
    assert key({}, Request(f"/a&edgio_x=1/b?{query}")) == (f"localhost/a&edgio_x=1/b{expected}",)


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"exclude_all_query_params": True}, ""),
        ({"include_all_query_params": True}, "?b=2&a=1&&b=3&utm=x"),
        ({"include_query_params": ["b"]}, "?b=2&b=3"),
        ({"include_query_params": ["none"]}, ""),
        ({"include_all_query_params_except": ["utm", "a"]}, "?b=2&&b=3"),
    ],
)
def test_options_choose_query_parameters(options: Any, expected: str) -> None:
    """None, all, only these, or all but these."""
    assert key({"cache_key": options}) == (f"shop.example/a{expected}",)


@pytest.mark.parametrize(
    "options, expected",
    [
        ({"exclude_all": True}, ""),
        ({"include_all": True}, "?b=2&a=1&&b=3&utm=x"),
        ({"include": ["a"]}, "?a=1"),
        ({"include_all_except": ["b"]}, "?a=1&&utm=x"),
    ],
)
def test_the_older_feature_chooses_query_parameters_too(options: Any, expected: str) -> None:
    """And counts as long as `cache_key` does not choose."""
    assert key({"cache_key_query_string": options}) == (f"shop.example/a{expected}",)
    with_headers = {"cache_key_query_string": options, "cache_key": {"include_headers": ["accept"]}}
    assert key(with_headers) == (f"shop.example/a{expected}",)
    overruled = {"cache_key_query_string": options, "cache_key": {"include_query_params": ["utm"]}}
    assert key(overruled) == ("shop.example/a?utm=x",)


def test_headers_and_cookies_count_where_the_request_has_them() -> None:
    """An absent one leaves no trace."""
    options = {"include_headers": ["Accept-Language", "x-none"], "include_cookies": ["tier", "none"]}
    request = Request("/", headers={"accept-language": "de"}, cookies={"tier": "gold"})

    assert key({"cache_key": options}, request) == (
        "localhost/",
        "header accept-language=de",
        "cookie tier=gold",
    )


def test_expressions_are_filled_in() -> None:
    """As `CacheKey` writes them for kinds of devices."""
    options: Any = CacheKey().add_is_bot().options()

    assert key({"cache_key": options}, Request("/", facts={"device.is_robot": False})) == (
        "localhost/",
        "expression /bot:false",
    )


def test_the_key_is_rewritten_after_the_host() -> None:
    """Path and query together, by a regular expression."""
    rewrite = {"cache_key_rewrite": {"source": "^/img/[^?]*", "destination": "/img/%{geo_country:=XX}"}}

    assert key(rewrite, Request("/img/cat.png?w=2")) == ("localhost/img/XX",)
    assert key(rewrite, Request("/other")) == ("localhost/other",)


def test_the_rewritten_url_is_what_counts() -> None:
    """Two addresses that are rewritten to one share its copy."""
    router = Router().match("/old/:id", lambda route: route.update_path("/new/:id"))

    assert evaluate(router, Request("/old/1?a=1")).cache_key == ("localhost/new/1?a=1",)


def test_origin_and_method_tell_copies_apart() -> None:
    """One address may be answered by different origins, and a POST is not a GET."""
    router = Router().always(origin={"set_origin": "web"})

    assert evaluate(router, Request("/", "POST")).cache_key == ("localhost/", "method POST", "origin web")
    assert evaluate(router, Request("/", "HEAD")).cache_key == ("localhost/", "origin web")
