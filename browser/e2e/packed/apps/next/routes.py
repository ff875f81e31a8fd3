from prefetchrouter import CachingDict, Router

FRESH: CachingDict = {"max_age": "1m", "service_worker_max_age": "1m"}

router = (
    Router()
    .match("/products/:id", caching=FRESH)
    .match("/_next/data/:build/:locale/products/:id.json", caching=FRESH)
    .match("/guides/:id", caching=FRESH)
    .match({"headers": {"rsc": "1"}}, caching={"bypass_cache": True}, comment="cache-manifest-ignore")
    # Files with a hash in their name never change.
    .match("/_next/static/:path*", caching={"max_age": "1y"})
)
