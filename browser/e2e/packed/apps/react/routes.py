from prefetchrouter import CachingDict, Router

FRESH: CachingDict = {"max_age": "5m", "service_worker_max_age": "1m"}

router = Router().get("/api/products/:id.json", caching=FRESH).get("/terms.html", caching=FRESH)
