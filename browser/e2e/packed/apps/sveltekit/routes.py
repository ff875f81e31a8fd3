from prefetchrouter import CachingDict, Router

FRESH: CachingDict = {"max_age": "1m", "service_worker_max_age": "1m"}

router = (
    Router()
    .get("/products/:id", caching=FRESH)
    .get("/products/:id/__data.json", caching=FRESH)
    .get("/_app/immutable/:path*", caching={"max_age": "1y"})
)
