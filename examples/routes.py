"""The rules of a small shop: pages that are prefetched, an API, a blog with previews, a cart."""

import re

from prefetchrouter import Origin, Property, Route, Router

site = Property(
    name="shop",
    origins=[
        Origin(name="web", hosts=["origin.shop.example"]),
        Origin(name="api", hosts=["api.shop.example"]),
    ],
    hostnames=["www.shop.example"],
)


def product(route: Route) -> None:
    """An hour at the edge, a day more while a fresh copy is on its way, an hour in the worker."""
    route.cache(
        edge={"max_age_seconds": 3600, "stale_while_revalidate_seconds": 86400},
        browser={"max_age_seconds": 0, "service_worker_seconds": 3600},
    )


# Editors preview a post with ?preview=...; all other visitors get the cached one.
blog = (
    Router()
    .if_({"query": {"preview": ":token"}}, caching={"bypass_cache": True})
    .else_(caching={"max_age": "10m", "service_worker_max_age": "5m"})
)

router = (
    Router()
    .force_https()
    .always(origin={"set_origin": "web"})
    .match("/service-worker.js", lambda route: route.service_worker("dist/service-worker.js"))
    # Links to these are prefetched when they come into view.
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    .get("/products/:id", product)
    .get(
        "/api/products/:id.json",
        caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
        origin={"set_origin": "api"},
    )
    .match("/blog/:slug", blog)
    .match("/images/:path*", caching={"max_age": "30d"})
    # The home page, but not for those who are signed in: they see their own.
    .match("/", caching={"max_age": "5m"})
    .match({"path": "/", "cookies": {"session": re.compile(".+")}}, caching={"bypass_cache": True})
    # Not announced yet: the comment hides the rule from the public manifest.
    .get("/summer-sale/:path*", caching={"max_age": "5m"}, comment="cache-manifest-ignore")
    .match("/shop/:id", lambda route: route.redirect("/products/:id", 301))
)
