"""The page of one request: what happened, what the rules say, and nothing secret."""

from __future__ import annotations

import json

from edge.exchanges import exchange
from edge.pages.asking import Site
from prefetchrouter import Router
from prefetchrouter.http.message import Response

HIT = exchange(
    "/pages/2",
    query="edgio_prefetch=1",
    time=1088,
    prefetch="hit",
    ttl=3470,
    age=130,
    key="localhost/pages/2",
    rules=("routes.py:12",),
    asked={"host": "localhost", "cookie": "session=0123456789"},
    sent={"cache-control": "max-age=900", "age": "130", "x-sw-cache-control": "max-age=600"},
    origin_response=Response(200, {"cache-control": "max-age=900"}),
)


def test_what_happened_is_reported_in_sentences() -> None:
    """From the prefetch to the time that the worker may use it."""
    words = Site(HIT).html("requests/1").words
    assert "It was a prefetch: the browser has the page before the click." in words
    assert "The cache had a fresh response. No request went to an origin." in words
    assert "The stored response is 2 min 10 s old and stays fresh for 57 min 50 s." in words
    assert "The service worker may use it for 10 min: a click until then needs no network." in words
    assert "Cache key localhost/pages/2" in words


def test_the_rules_are_shown_with_each_value_and_its_line() -> None:
    """Also what a value stands in place of."""
    router = Router().match("/pages/:id", caching={"max_age": "1h"})
    router.match("/pages/:id", caching={"max_age": "2h", "service_worker_max_age": "10m"})
    page = Site(HIT, router=router).html("requests/1")
    assert "path matches /pages/:id" in page.words
    assert "caching.max_age.200 2h in place of 1h, " in page.words
    assert "caching.service_worker_max_age 10m" in page.words
    assert page.words.count("test_request.py:") >= 5


def test_what_browsers_make_of_it_is_shown() -> None:
    """With the age that the copy had, and the times of the response as it was sent."""
    words = Site(HIT).html("requests/1").words
    assert "Do they prefetch it? Yes: max_age 1h" in words
    assert "Prefetched 2 min 10 s old: used at a click 30 s later?" in words
    assert "fresh until 15 min" in words


def test_headers_are_shown_and_secrets_are_not() -> None:
    """On the page and in the data; also where a rule asks for the cookie."""
    router = Router().match(
        {"path": "/pages/:id", "cookies": {"session": "vip"}},
        caching={"max_age": "1h", "service_worker_max_age": "1h"},
    )
    site = Site(HIT, router=router)
    page = site.html("requests/1")
    assert "cookie session=(10 characters)" in page.words
    assert "x-sw-cache-control max-age=600" in page.words
    assert "nearly:" in page.words
    assert "0123456789" not in page.source
    assert "0123456789" not in json.dumps(site.json("requests/1.json"))


def test_the_data_holds_what_the_page_shows() -> None:
    """Numbers as numbers, the explanation as `explain` gives it."""
    data = Site(HIT).json("requests/1.json")
    assert (data["number"], data["cache"], data["prefetch"], data["ttl"]) == (1, "hit", "hit", 3470)
    assert ["x-sw-cache-control", "max-age=600"] in data["response_headers"]
    assert data["explanation"]["values"][0]["key"] == "caching.max_age.200"
    assert data["explanation"]["edge"]["path"] == "/pages/2"
    assert "headers" not in data["explanation"]


def test_a_refused_prefetch_is_explained() -> None:
    """What it means, and that the link still works."""
    why = "not stored: set-cookie"
    refused = exchange("/pages/3", status=412, cache="refused", prefetch="refused", reason=why)
    words = Site(refused).html("requests/1").words
    assert (
        "it got an empty 412, or 503 if it is not from this site's script, and no request went to an origin."
        in words
    )
    assert "Why: not stored: Set-Cookie keeps the response out of the shared cache; to change" in words
    assert "A prefetch of an uncached URL is refused with 412" in words


def test_a_response_that_broke_off_is_explained() -> None:
    """Whoever broke it off."""
    for ended, said in (
        ("client gone", "The client disconnected"),
        ("origin broke off", "response was incomplete"),
    ):
        assert said in Site(exchange(ended=ended)).html("requests/1").words


def test_a_request_that_rules_cannot_be_asked_about_has_a_page_too() -> None:
    """What was an invalid request is remembered as it came."""
    odd = exchange("no path", host="two, hosts", status=400, cache="error", reason="there is no host header")
    page = Site(odd).html("requests/1")
    assert "They cannot be evaluated:" in page.words
    assert "problem" in Site(odd).json("requests/1.json")["explanation"]


def test_the_rules_of_today_are_asked() -> None:
    """After a reload the page says what holds now."""
    site = Site(HIT, router=Router())
    assert "no rule applies" in site.html("requests/1").words
