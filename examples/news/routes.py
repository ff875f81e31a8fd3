"""The rules of a news site: a front page that changes each minute, articles, and 5,000 old addresses."""

import re

from prefetchrouter import CacheKey, Origin, Property, Route, Router, not_

site = Property(
    name="news",
    origins=[
        Origin(name="web", hosts=["web.news.example"]),
        Origin(name="images", hosts=["images.news.example"]),
    ],
    hostnames=["www.news.example"],
)

SECTION = "(politics|business|science|culture|sport)"


def article(route: Route) -> None:
    """Ten minutes, then an hour stale while a new one comes; a reader's worker uses it for five minutes."""
    route.cache(
        edge={"max_age_seconds": 600, "stale_while_revalidate_seconds": 3600},
        browser={"max_age_seconds": 0, "service_worker_seconds": 300},
        key=CacheKey().exclude_query_parameters("utm_*", "fbclid", "gclid"),
    )


router = (
    Router()
    .always(origin={"set_origin": "web"}, caching={"stale_on_error": True})
    # The old site: a line of the table for each article, and two shapes of address for the rest.
    .match("/:year(\\d{4})/:month(\\d{2})/:path*", lambda route: route.redirect("/archive", 301))
    .match("/amp/:section/:slug", lambda route: route.redirect("/:section/:slug", 301))
    .redirects("redirects.csv")
    # The front page and sections are as new as a minute; no page that is old so soon is prefetched.
    .get("/", caching={"max_age": "1m", "stale_while_revalidate": "5m"})
    .get(re.compile(rf"^/{SECTION}$"), caching={"max_age": "1m", "stale_while_revalidate": "5m"})
    .get(re.compile(rf"^/{SECTION}/[a-z0-9-]+$"), article)
    # Live blogs change while they are read.
    .get(re.compile(rf"^/{SECTION}/live-"), caching={"max_age": "10s", "service_worker_max_age": "0s"})
    .get("/feed.xml", caching={"max_age": "5m"})
    .get("/search", caching={"bypass_cache": True})
    .get("/img/:path*", caching={"max_age": "30d", "client_max_age": "30d"}, origin={"set_origin": "images"})
    # Subscribers read whole articles. The comment keeps the rule out of the public manifest: there it would
    # stop prefetching for all, since browsers' scripts cannot see this cookie.
    .match(
        {"cookies": {"subscriber": re.compile(".+")}, "path": not_(re.compile("^/img/"))},
        caching={"bypass_cache": True},
        comment="cache-manifest-ignore",
    )
)
