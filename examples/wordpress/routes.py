"""The rules of a WordPress site: visitors share stored pages, whoever has an account or comments does not."""

import re

from prefetchrouter import CacheKey, Origin, Property, Route, Router, not_

site = Property(
    name="tea-blog",
    origins=[Origin(name="wordpress", hosts=["wordpress.internal.example"])],
    hostnames=["blog.example"],
    # Browsers cannot see WordPress' cookies. Rules that test them stay out of the public manifest: they
    # switch prefetching off at the edge for visitors who have the cookies, not in browsers for all.
    unsupported_conditions="drop",
)

OWN_COOKIES = (
    "wordpress_logged_in_*",  # editors and subscribers: the page has their name and the admin bar
    "comment_author_*",  # the page shows their comment before it is approved
    "wp-postpass_*",  # a page with a password was opened
    "woocommerce_items_in_cart",
)
"""Cookies of visitors who get their own pages."""

NEVER_STORED = re.compile(
    r"^/(wp-admin|wp-login\.php|wp-json|wp-cron\.php|wp-comments-post\.php|xmlrpc\.php)(/|$)"
)
"""What belongs to one visitor, or changes something."""

FILES = re.compile(r"^/(wp-content|wp-includes)/")


def page(route: Route) -> None:
    """WordPress says nothing of freshness: ten minutes, and an hour more while a new page is on its way."""
    route.cache(
        edge={"max_age_seconds": 600, "stale_while_revalidate_seconds": 3600},
        browser={"service_worker_seconds": 300},
        # Campaign parameters do not change a page.
        key=CacheKey().exclude_query_parameters("utm_*", "fbclid", "gclid"),
    )


router = (
    Router()
    .always(origin={"set_origin": "wordpress"})
    .get("/", page)
    .get("/:slug", page)
    .get("/:year(\\d{4})/:month(\\d{2})/:slug", page)
    .get(re.compile(r"^/(category|tag|author)/[^/]+/?$"), page)
    # Files have their version in the query, as in style.css?ver=6.8: a year.
    .get(FILES, caching={"max_age": "1y", "client_max_age": "1y", "service_worker_max_age": "0s"})
    # Feeds are read by programs, not clicked.
    .get(re.compile(r"/feed/?$"), caching={"max_age": "30m", "service_worker_max_age": "0s"})
    # Searches and previews: any number of URLs, each opened once.
    .get({"query": {"s": re.compile("")}}, caching={"bypass_cache": True})
    .get({"query": {"preview": re.compile("")}}, caching={"bypass_cache": True})
    .match(NEVER_STORED, caching={"bypass_cache": True})
)
for cookie in OWN_COOKIES:
    router.match({"cookies": {cookie: re.compile("")}, "path": not_(FILES)}, caching={"bypass_cache": True})
