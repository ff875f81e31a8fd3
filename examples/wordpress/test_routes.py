"""What the rules of the WordPress site promise; run with ``pytest examples/wordpress --rule-cov``."""

import pytest

from prefetchrouter.testing import cases, get, post


@pytest.mark.parametrize("path", ["/", "/green-tea/", "/2026/11/first-frost/", "/category/tea/"])
def test_visitors_without_an_account_share_pages_and_prefetch_them(path: str) -> None:
    """Ten minutes at the edge; for an hour more the stored page is sent while a new one comes."""
    page = get(path)
    assert page.is_prefetchable()
    assert page.ttl == "10m"
    assert page.stale_while_revalidate == "1h"


@pytest.mark.parametrize(
    "cookie",
    ["wordpress_logged_in_5f3a", "comment_author_5f3a", "wp-postpass_5f3a", "woocommerce_items_in_cart"],
)
def test_visitors_with_their_own_pages_go_to_wordpress(cookie: str) -> None:
    """Whatever the hash at the end of the name is; files stay stored for them, too."""
    assert not get("/green-tea/", cookies={cookie: "ann"}).is_cached()
    assert get("/wp-content/themes/tea/style.css?ver=6.8", cookies={cookie: "ann"}).ttl == "1y"


def test_cookies_that_everybody_has_change_nothing() -> None:
    """WordPress sets a test cookie on the login page; statistics set more."""
    assert get("/green-tea/", cookies={"wordpress_test_cookie": "1", "_ga": "GA1"}).is_prefetchable()


def test_campaign_links_share_one_stored_page() -> None:
    """Other parameters are different pages, such as ?p=7."""
    plain = get("/green-tea/").cache_key
    assert get("/green-tea/?utm_source=mail&fbclid=1").cache_key == plain
    assert get("/?p=7").cache_key != get("/").cache_key


def test_forms_reach_wordpress() -> None:
    """Comments and logins are never answered from the cache."""
    assert not post("/wp-comments-post.php").is_cached()
    assert post("/wp-login.php").goes_to("wordpress")


test_what_is_never_stored = cases(
    {
        path: {"cached": False, "prefetchable": False, "origin": "wordpress"}
        for path in (
            "/wp-admin/", "/wp-admin/post.php?post=1", "/wp-login.php", "/wp-json/wp/v2/posts",
            "/wp-cron.php", "/xmlrpc.php", "/?s=tea", "/?s=", "/green-tea/?preview=true",
        )
    }
)  # fmt: skip

test_what_is_stored_and_not_prefetched = cases(
    {
        "/wp-content/uploads/tea.jpg": {"ttl": "1y", "prefetchable": False},
        "/feed/": {"ttl": "30m", "prefetchable": False},
        "/category/tea/feed/": {"ttl": "30m", "prefetchable": False},
    }
)
