"""The rules of a small shop: pages that are prefetched, an API, images, and the rest from the web origin."""

from prefetchrouter import Origin, Property, Route, Router, not_

site = Property(
    name="shop",
    origins=[
        Origin(name="web", hosts=["origin.shop.example"]),
        Origin(name="api", hosts=["api.shop.example"]),
    ],
    hostnames=["www.shop.example"],
)


def product_page(route: Route) -> None:
    """Keep product pages an hour at the edge, a day stale, and an hour in the browser's worker."""
    route.cache(
        edge={"max_age_seconds": 3600, "stale_while_revalidate_seconds": 86400},
        browser={"max_age_seconds": 0, "service_worker_seconds": 3600},
    )


router = (
    Router()
    .always(origin={"set_origin": "web"})
    # Links to these pages are prefetched when they come into view.
    .match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    .get("/products/:id", product_page)
    .get(
        "/api/products/:id.json",
        caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
        origin={"set_origin": "api"},
    )
    # Visitors with a session see their own cart: never kept anywhere.
    .match({"path": "/cart", "cookies": {"session": not_("")}}, caching={"bypass_cache": True})
    # Nobody outside needs to know of this one.
    .get("/static/my-image.png", caching={"max_age": "1h"}, comment="cache-manifest-ignore")
    .if_({"path": "/sale", "location": {"country": ["DE", "AT"]}}, caching={"max_age": "5m"})
    .else_(headers={"set_response_headers": {"x-region": "rest"}})
    .force_https()
)
