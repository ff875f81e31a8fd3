"""Where an edge is, and what its rules see."""

from __future__ import annotations

import pytest

from live_check.edges import SHOP
from prefetchrouter import Property, Router
from prefetchrouter.errors import LiveEdgeError
from prefetchrouter.http.message import Request
from prefetchrouter.live_check import LiveSite
from prefetchrouter.rules.rule_set import RuleSet

RULES = RuleSet(rules=Router().rules, property=SHOP)
MANY = RuleSet(
    rules=(), property=Property(hostnames=["www.shop.example", "de.shop.example", "*.preview.example"])
)
NONE = RuleSet(rules=())


@pytest.mark.parametrize(
    ("url", "rules", "seen"),
    [
        ("https://www.shop.example", RULES, ("https", "www.shop.example", "https", "www.shop.example")),
        ("www.shop.example/", RULES, ("https", "www.shop.example", "https", "www.shop.example")),
        ("HTTPS://WWW.Shop.example:443", RULES, ("https", "www.shop.example", "https", "www.shop.example")),
        ("http://localhost:8080", RULES, ("http", "localhost:8080", "https", "www.shop.example")),
        ("http://127.0.0.1:8080", NONE, ("http", "127.0.0.1:8080", "https", "127.0.0.1")),
        ("http://[::1]:8080", NONE, ("http", "[::1]:8080", "https", "[::1]")),
        ("https://de.shop.example", MANY, ("https", "de.shop.example", "https", "de.shop.example")),
        ("https://a.preview.example", MANY, ("https", "a.preview.example", "https", "a.preview.example")),
        ("http://shop.example", NONE, ("http", "shop.example", "http", "shop.example")),
    ],
)
def test_a_url_says_what_rules_see(url: str, rules: RuleSet, seen: tuple[str, ...]) -> None:
    site = LiveSite.of(url, rules)
    assert (site.scheme, site.address, site.seen_scheme, site.host) == seen
    assert site.sent_host == site.address


def test_an_edge_without_its_name_gets_that_of_the_site() -> None:
    site = LiveSite.of("https://edge-1.cdn.example", RULES, host="www.shop.example", scheme="http")
    assert (site.address, site.sent_host, site.host) == ("edge-1.cdn.example", *["www.shop.example"] * 2)
    assert site.seen_scheme == "http"


@pytest.mark.parametrize(
    "url",
    ["", "https://", "ftp://shop.example", "https://shop.example/a", "https://shop.example?a", "https://a:x",
     "https://user@shop.example", "https://[", "file:///etc/passwd", "https://\u00fc.example"],
)  # fmt: skip
def test_what_is_not_the_url_of_an_edge_is_refused(url: str) -> None:
    with pytest.raises(LiveEdgeError, match="is not the URL of an edge"):
        LiveSite.of(url, NONE)


def test_which_host_a_request_is_sent_to() -> None:
    """A rule may be for another host of the site; one of another site is never requested."""
    site = LiveSite.of("http://localhost:8080", MANY)
    assert site.host_header(Request("https://www.shop.example/")) == "localhost:8080"
    assert site.host_header(Request("https://de.shop.example/")) == "de.shop.example"
    assert site.host_header(Request("https://evil.example/")) is None


@pytest.mark.parametrize(
    ("location", "seen"),
    [
        ("/new", "https://www.shop.example/new"),
        ("new?a=1#b", "https://www.shop.example/old/new?a=1#b"),
        ("http://localhost:8080/new", "https://www.shop.example/new"),
        ("https://www.shop.example/new", "https://www.shop.example/new"),
        ("https://other.example/new", "https://other.example/new"),
        ("//[", "//["),
    ],
)
def test_where_a_redirect_leads_as_rules_see_it(location: str, seen: str) -> None:
    site = LiveSite.of("http://localhost:8080", RULES)
    assert site.seen_location(Request("https://www.shop.example/old/1"), location) == seen
