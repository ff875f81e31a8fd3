"""The rules of a Next app with both routers: documents, data, Next's own prefetches, a visitor's own."""

import re

from prefetchrouter import Origin, Property, Router

site = Property(
    name="next-app",
    origins=[Origin(name="next", hosts=["app.internal.example"])],
    hostnames=["tea.example"],
)

router = (
    Router()
    .always(origin={"set_origin": "next"})
    # Built files: their names contain a hash.
    .get("/_next/static/:path*", caching={"max_age": "1y", "client_max_age": "1y"})
    .get("/_next/image", caching={"max_age": "1d", "cache_key": {"include_headers": ["accept"]}})
    # Pages of the app router. A document differs from what the router fetches by ?_rsc= and headers, which
    # Next names in Vary; a click on a link of another page is always for the document.
    .get("/", caching={"max_age": "10m", "service_worker_max_age": "5m"})
    .get("/products/:id", caching={"max_age": "1h", "service_worker_max_age": "5m"})
    # What Next's router prefetches itself: the edge has it, our worker leaves it to Next.
    .get(
        {"query": {"_rsc": re.compile("")}},
        caching={"max_age": "5m", "service_worker_max_age": "0s"},
    )
    # The pages router: a document, and the data for a click inside the app.
    .get("/legacy/:id", caching={"max_age": "1m", "service_worker_max_age": "1m"})
    .get("/_next/data/:build/:path*", caching={"max_age": "1m", "service_worker_max_age": "1m"})
    # A visitor's own, and what changes at each request.
    .match("/account/:path*", caching={"bypass_cache": True})
    .match("/api/:path*", caching={"bypass_cache": True})
    # Draft mode shows editors what is not published. Browsers' scripts cannot see this cookie, so the rule
    # is not for the public manifest.
    .match(
        {"cookies": {"__prerender_bypass": re.compile(".+")}},
        caching={"bypass_cache": True},
        comment="cache-manifest-ignore",
    )
)
