"""What the rules of the shop promise; run with ``pytest examples --rule-cov``."""

from prefetchrouter.testing import cases, get


def test_a_product_page_is_there_before_the_click() -> None:
    """It is kept at the edge, a day stale if need be, and an hour by the browser's worker."""
    page = get("/products/7")
    assert page.is_prefetchable()
    assert page.goes_to("web")
    assert page.ttl == "1h"
    assert page.stale_while_revalidate == "1d"
    assert page.header("x-sw-cache-control") == "max-age=3600"


def test_editors_see_their_preview() -> None:
    """A preview is neither cached nor prefetched, the post itself is both."""
    assert get("/blog/news").is_prefetchable()
    assert not get("/blog/news?preview=1").is_prefetchable()


def test_who_is_signed_in_sees_an_own_home_page() -> None:
    """The session cookie takes the home page past the cache."""
    assert get("/").ttl == "5m"
    assert get("/", cookies={"session": "abc"}).ttl is None


def test_old_product_addresses_move_for_good() -> None:
    """Links from outside keep working."""
    assert get("/shop/7").redirects_to("/products/7", status=301)


def test_everybody_comes_by_https() -> None:
    """Plain HTTP is sent to the same page by HTTPS."""
    assert get("http://www.shop.example/pages/1").redirects_to("https://www.shop.example/pages/1", status=301)


test_the_rest = cases(
    {
        "/pages/1": {"prefetchable": True, "ttl": "1h", "service_worker_ttl": "1h"},
        "/api/products/7.json": {"prefetchable": True, "origin": "api"},
        "/images/logo.png": {"ttl": "30d", "prefetchable": False},
        "/summer-sale/shoes": {"ttl": "5m", "prefetchable": False},
        "/service-worker.js": {"ttl": "1y", "origin": "edgio_static"},
    }
)
