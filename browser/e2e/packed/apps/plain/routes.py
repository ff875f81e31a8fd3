from prefetchrouter import Router

router = Router().get("/products/:name", caching={"max_age": "5m", "service_worker_max_age": "1m"})
