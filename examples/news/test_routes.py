"""What the rules of the news site promise; run with ``pytest examples/news``."""

import csv
from pathlib import Path

from prefetchrouter.testing import cases, get

TABLE = Path(__file__).with_name("redirects.csv")


def test_each_of_the_5000_old_addresses_leads_to_a_page_that_is_served() -> None:
    """With the status of its line, and not to another redirect."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 5000
    for line in lines:
        assert get(line["from"]).redirects_to(line["to"], status=int(line["status"]))
    for target in sorted({line["to"] for line in lines})[::50]:
        assert get(target).status is None
        assert get(target).is_cached()


def test_campaigns_find_the_new_address_too() -> None:
    """The query of the old address is kept."""
    old = "/2016/06/politics/article-10001.html?utm_source=mail"
    assert get(old).redirects_to("/politics/budget-opens-10001?utm_source=mail", status=301)


def test_old_addresses_that_the_table_lacks_have_a_rule_for_their_shape() -> None:
    """The special line wins over the general rule, as it is written later."""
    assert get("/2016/06/politics/gallery-7").redirects_to("/archive", status=301)
    assert get("/amp/science/glacier-returns-1").redirects_to("/science/glacier-returns-1", status=301)


def test_articles_are_prefetched_and_live_blogs_are_not() -> None:
    """A prefetched live blog would be old when it is opened."""
    article = get("/science/glacier-returns-12001")
    assert article.is_prefetchable()
    assert article.ttl == "10m"
    assert article.stale_while_revalidate == "1h"
    live = get("/sport/live-derby")
    assert not live.is_prefetchable()
    assert live.ttl == "10s"


def test_subscribers_get_their_own_articles() -> None:
    """Pictures are the same for all."""
    assert not get("/science/glacier-returns-12001", cookies={"subscriber": "a1"}).is_cached()
    assert get("/img/glacier.webp", cookies={"subscriber": "a1"}).ttl == "30d"


test_the_rest = cases(
    {
        "/": {"ttl": "1m", "stale_while_revalidate": "5m", "prefetchable": False, "origin": "web"},
        "/culture": {"ttl": "1m", "prefetchable": False},
        "/feed.xml": {"ttl": "5m"},
        "/search?q=tea": {"cached": False},
        "/img/a.webp": {"ttl": "30d", "origin": "images"},
    }
)
