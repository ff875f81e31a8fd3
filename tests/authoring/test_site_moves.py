"""Calls that move values between path and query, and lead from errors to a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from prefetchrouter import Origin, Property, Request, Router, build, evaluate
from prefetchrouter.errors import HelperError
from prefetchrouter.http import Response

SITE = Property(origins=[Origin(name="web", hosts=["www.example.com"])])
ENGINES = ("ruleset", "manifest", "varnish", "nginx", "worker")


def redirected(router: Router, url: str) -> str | None:
    """Where a request is redirected to."""
    redirect = evaluate(router, Request(url)).redirect
    return None if redirect is None else redirect.location


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/product?id=7", "/product/7"),
        ("/product?utm=x&id=7&id=8", "/product/7"),
        ("/product?id=%C3%BC%3F", "/product/%C3%BC%3F"),
        ("/product", None),
        ("/product?id=", None),
        ("/product?id=a/b", None),
        ("/product?id=a%2Fb", None),
        ("/product?id=a+b", None),
        ("/product?id=a%20b", None),
        ("/product?ID=7", None),
        ("/product/?id=7", None),
        ("/products?id=7", None),
    ],
)
def test_parameters_become_segments(url: str, expected: str | None) -> None:
    """Where they are there, and are segments."""
    assert redirected(Router().query_to_path("/product", "/product/:id"), url) == expected


def test_several_parameters_and_a_rewrite() -> None:
    """All of them have to be there."""
    router = Router().query_to_path("/shop", "/shop/:category/p-:id", status_code=None)
    assert evaluate(router, Request("/shop?id=7&category=tea")).path == "/shop/tea/p-7"
    assert evaluate(router, Request("/shop?id=7")).path == "/shop?id=7"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/s/tea", "/search?q=tea"),
        ("/s/tea/", "/search?q=tea"),
        ("/s/tea?page=2", "/search?q=tea&page=2"),
        ("/s/a&b=c", "/search?q=a%26b=c"),
        ("/s/a%2Bb", "/search?q=a%2Bb"),
        ("/s", "/s"),
        ("/s/tea/more", "/s/tea/more"),
    ],
)
def test_segments_become_parameters(url: str, expected: str) -> None:
    """What the query has already comes behind."""
    router = Router().path_to_query("/s/:term", "/search?q=:term")
    assert evaluate(router, Request(url)).path == expected
    by_redirect = Router().path_to_query("/s/:term", "/search?q=:term", status_code=301)
    assert redirected(by_redirect, url) == (None if expected == url else expected)


def test_an_error_leads_to_a_page_that_may_have_the_error_itself() -> None:
    """No redirect goes in a circle."""
    router = Router().error_page(404, "/search").error_page(503, "/sorry", status_code=307)

    def leads(path: str, status: int) -> str | None:
        redirect = evaluate(router, Request(path, response=Response(status))).redirect
        return None if redirect is None else redirect.location

    assert [leads("/a", 404), leads("/a", 503), leads("/a", 500), leads("/a", 200)] == [
        "/search",
        "/sorry",
        None,
        None,
    ]
    assert [leads("/search", 404), leads("/sorry", 503), leads("/search", 503)] == [None, None, "/sorry"]


def test_each_of_them_is_built_for_every_target() -> None:
    """Without an error and without a warning of the rules."""
    router = (
        Router()
        .query_to_path("/product", "/product/:id")
        .query_to_path("/old", "/new/:id", status_code=None)
        .path_to_query("/s/:term", "/search?q=:term")
        .path_to_query("/t/:term", "/search?q=:term", status_code=302)
        .error_page(404, "/search")
    )
    assert router.warnings == ()
    for target in ENGINES:
        assert build(router, SITE, targets=target).files


WRONG: list[Callable[[Router], object]] = [
    lambda router: router.query_to_path("product", "/product/:id"),
    lambda router: router.query_to_path("/a", "/a/b"),
    lambda router: router.query_to_path("/a", "/a/:Id"),
    lambda router: router.query_to_path("/a", "//x/:id"),
    lambda router: router.query_to_path("/a", "/:id?x=1"),
    lambda router: router.query_to_path("/a", "/:id", status_code=200),
    lambda router: router.path_to_query("/s", "/search?q=1"),
    lambda router: router.path_to_query("/s/:a/:a", "/search?q=:a"),
    lambda router: router.path_to_query("/s/:a*", "/search?q=:a"),
    lambda router: router.path_to_query("/s/:a", "/search"),
    lambda router: router.path_to_query("/s/:a", "/search?q=:b"),
    lambda router: router.path_to_query("/s/:a", "https://x.example/search?q=:a"),
    lambda router: router.error_page(404, "gone"),
    lambda router: router.error_page(200, "/gone"),
    lambda router: router.error_page(404, "/gone", status_code=200),
    lambda router: router.error_page("404", "/gone"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("call", WRONG)
def test_what_it_does_not_take_is_refused_with_what_it_does(call: Callable[[Router], object]) -> None:
    """At the line of the call."""
    with pytest.raises(HelperError) as caught:
        call(Router())
    assert caught.value.diagnostics[0].expected
    assert caught.value.diagnostics[0].source is not None
