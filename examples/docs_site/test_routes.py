"""What the rules of the documentation promise; run with ``pytest examples/docs_site --rule-cov``."""

from prefetchrouter.testing import cases, get


def test_the_next_page_is_there_before_the_click() -> None:
    """Of the version that readers read."""
    page = get("/latest/guide/install")
    assert page.is_prefetchable()
    assert page.ttl == "10m"


def test_an_old_version_is_stored_for_long_and_names_the_new_one() -> None:
    """Search engines are to show the latest version."""
    page = get("/v1/guide/install")
    assert page.is_prefetchable()
    assert page.ttl == "30d"
    assert page.header("link") == '</latest/>; rel="canonical"'
    assert get("/latest/guide/install").header("link") is None


def test_a_missing_page_is_requested_once_a_minute() -> None:
    """It may be published at any time, and crawlers request many."""
    missing = get("/latest/guide/iced", status=404)
    assert missing.ttl_of(404) == "1m"
    assert not missing.is_prefetchable()


def test_links_without_a_version_lead_to_the_latest() -> None:
    """For a while only: what is the latest changes."""
    assert get("/guide/install").redirects_to("/latest/guide/install", status=302)
    assert get("/latest/guide/quickstart").redirects_to("/latest/guide/first-cup", status=301)


test_the_rest = cases(
    {
        "/": {"prefetchable": True, "ttl": "10m"},
        "/assets/kettle.4f1c.css": {"ttl": "1y", "prefetchable": True},
        "/search.json": {"ttl": "10m", "prefetchable": False},
    }
)
