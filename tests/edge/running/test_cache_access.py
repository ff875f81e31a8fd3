"""Which stored responses a URL names."""

from __future__ import annotations

import asyncio

import pytest

from edge.harness import FakeOrigin
from prefetchrouter import Router, RuleSet
from prefetchrouter.edge.engine.edge import Edge
from prefetchrouter.edge.hosts import SiteIdentity
from prefetchrouter.edge.requests import EdgeRequest, pieces
from prefetchrouter.edge.running.cache_access import CacheAccess

SHOP = SiteIdentity("https", "www.shop.example", ("www.shop.example", "de.shop.example"))
ANY = SiteIdentity("http")


def purge(identity: SiteIdentity, *urls: str) -> list[int]:
    """Store one page for two hosts, and return how many responses each URL removes."""

    async def scenario() -> list[int]:
        edge = Edge(RuleSet(rules=Router().always(caching={"max_age": "1h"}).rules), FakeOrigin())
        for host in ("www.shop.example", "de.shop.example"):
            response, _ = await edge.handle(EdgeRequest("GET", "https", host, "/a", "b=%20"))
            assert [piece async for piece in pieces(response.body)]
        await edge.idle()
        assert len(edge.cache) == 2
        access = CacheAccess(edge, lambda: identity)
        return [access.purge_url(url) for url in urls]

    return asyncio.run(scenario())


def test_a_url_names_one_host() -> None:
    assert purge(SHOP, "https://de.shop.example/a?b=%20", "https://de.shop.example/a?b=%20") == [1, 0]
    assert purge(SHOP, "http://DE.shop.example:80/a?b=%20#top") == [1]
    assert purge(SHOP, "http://localhost:8080/a?b=%20") == [1], "localhost is the first hostname"


def test_a_path_names_all_hosts() -> None:
    for identity in (SHOP, ANY):
        assert purge(identity, "/b", "/a", "/a?b=%20") == [0, 0, 2]


def test_other_spellings_of_a_url_name_the_same() -> None:
    assert purge(SHOP, "/%61?b=%20") == [2]
    assert purge(SHOP, "/a?b= ") == [2]
    assert purge(SHOP, "/a?edgio_dt_pf=1&b=%20") == [2]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://evil.example/a", "a host that this edge does not serve"),
        ("//evil.example/a", "a host that this edge does not serve"),
        ("https:///a", "is not a URL"),
        ("a", "is not a URL"),
        ("ftp://www.shop.example/a", "is not a URL"),
        ("//[", "is not a URL"),
        ("/a/../b", "dot"),
        ("/\ud800", "is not a URL"),
    ],
)
def test_a_url_that_no_request_can_have_is_refused(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        purge(SHOP, url)
