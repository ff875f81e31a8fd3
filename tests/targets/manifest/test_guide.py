"""The examples of the guide to predictive prefetching, in Python: their exact rules and exact manifest."""

from __future__ import annotations

from typing import Any

from prefetchrouter import Request, Route, Router, build, compile_rules, evaluate


def manifest(router: Router) -> str:
    """The text of cache-manifest.js."""
    return build(router)["cache-manifest.js"]


def path(pattern: str) -> dict[str, Any]:
    return {"==": [{"request": "path"}, pattern]}


def get(pattern: str) -> dict[str, Any]:
    return {"and": [path(pattern), {"===": [{"request": "method"}, "GET"]}]}


SERVICE_WORKER = [
    {
        "if": [
            path("/service-worker.js"),
            {"caching": {"max_age": {"200": "1d"}, "bypass_client_cache": True}},
        ]
    },
    {
        "if": [
            path("/service-worker.js"),
            {
                "caching": {"max_age": {"200": "1y"}, "bypass_client_cache": True},
                "origin": {"set_origin": "edgio_static"},
                "url": {
                    "url_rewrite": [
                        {
                            "source": r"/service-worker.js:optionalSlash(\/?)?:optionalQuery(\?.*)?",
                            "syntax": "path-to-regexp",
                            "destination": "/dist/service-worker.js:optionalQuery",
                        }
                    ]
                },
            },
        ]
    },
]
SERVICE_WORKER_LISTED = (
    '{"if":[{"==":[{"request":"path"},"/service-worker.js"]},'
    '{"caching":{"max_age":{"200":"1d"},"bypass_client_cache":true}}]},'
    '{"if":[{"==":[{"request":"path"},"/service-worker.js"]},'
    '{"caching":{"max_age":{"200":"1y"},"bypass_client_cache":true}}]}'
)


def test_guide_prefetch_navigation_links() -> None:
    """A traditional website whose page links are kept and prefetched."""
    # This rule's path matches the navigation links' href attribute.
    router = Router().match(
        "/pages/:id",
        caching={
            "max_age": "1h",  # keeps the response at the edge for an hour
            "service_worker_max_age": "1h",  # prefetches, and keeps it in the browser's worker for an hour
        },
    )
    caching = {"max_age": {"200": "1h"}, "service_worker_max_age": "1h"}
    assert compile_rules(router) == [{"if": [path("/pages/:id"), {"caching": caching}]}]
    assert manifest(router) == (
        'self.__EDGIO_CACHE_MANIFEST__={"rules":[{"if":[{"==":[{"request":"path"},"/pages/:id"]},'
        '{"caching":{"max_age":{"200":"1h"},"service_worker_max_age":"1h"}}]}]};\n'
    )
    assert evaluate(router, Request("/pages/1")).prefetchable
    assert not evaluate(router, Request("/about")).prefetchable


def test_guide_serve_the_service_worker() -> None:
    """The file of a worker that the site built itself: a day at the edge, never in the browser's cache."""
    router = (
        Router()
        .match("/service-worker.js", caching={"max_age": "1d", "bypass_client_cache": True})
        .match("/service-worker.js", lambda route: route.service_worker("dist/service-worker.js"))
    )
    assert compile_rules(router) == SERVICE_WORKER
    assert manifest(router) == f'self.__EDGIO_CACHE_MANIFEST__={{"rules":[{SERVICE_WORKER_LISTED}]}};\n'
    assert not evaluate(router, Request("/service-worker.js")).prefetchable


def test_guide_caching_policy_for_product_api_calls() -> None:
    """The same with a policy for an API: an hour, a day stale, an hour in the browser's worker."""

    def worker(route: Route) -> None:
        route.service_worker("dist/service-worker.js")

    router = (
        Router()
        .match("/service-worker.js", caching={"max_age": "1d", "bypass_client_cache": True})
        .match("/service-worker.js", worker)
        .get(
            "/api/products/:id.json",
            caching={"max_age": "1h", "stale_while_revalidate": "1d", "service_worker_max_age": "1h"},
        )
    )
    caching = {"max_age": {"200": "1h"}, "stale_while_revalidate": "1d", "service_worker_max_age": "1h"}
    expected = [*SERVICE_WORKER, {"if": [get("/api/products/:id.json"), {"caching": caching}]}]
    assert compile_rules(router) == expected
    assert manifest(router) == (
        f'self.__EDGIO_CACHE_MANIFEST__={{"rules":[{SERVICE_WORKER_LISTED},'
        '{"if":[{"and":[{"==":[{"request":"path"},"/api/products/:id.json"]},'
        '{"===":[{"request":"method"},"GET"]}]},'
        '{"caching":{"max_age":{"200":"1h"},"service_worker_max_age":"1h"}}]}]};\n'
    )
    assert evaluate(router, Request("/api/products/7.json")).prefetchable


def test_guide_next_js_page_links() -> None:
    """The rule of the Next.js example is that of the traditional website."""
    mapping = Router().match("/pages/:id", {"caching": {"max_age": "1h", "service_worker_max_age": "1h"}})
    keywords = Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    assert manifest(mapping) == manifest(keywords)


def test_guide_stale_while_revalidate_against_412() -> None:
    """Stale copies can still be prefetched; the header for the worker does not concern the manifest."""
    router = Router().get(
        "/p/:productId",
        caching={
            "max_age": "1h",
            "service_worker_max_age": "1h",
            "stale_while_revalidate": "1d",  # this way stale items can still be prefetched
        },
        headers={"set_response_headers": {"x-sw-cache-control": "max-age=3600"}},
    )
    features = {
        "caching": {
            "max_age": {"200": "1h"},
            "service_worker_max_age": "1h",
            "stale_while_revalidate": "1d",
        },
        "headers": {"set_response_headers": {"x-sw-cache-control": "max-age=3600"}},
    }
    assert compile_rules(router) == [{"if": [get("/p/:productId"), features]}]
    assert manifest(router) == (
        'self.__EDGIO_CACHE_MANIFEST__={"rules":[{"if":[{"and":[{"==":[{"request":"path"},"/p/:productId"]},'
        '{"===":[{"request":"method"},"GET"]}]},'
        '{"caching":{"max_age":{"200":"1h"},"service_worker_max_age":"1h"}}]}]};\n'
    )


def test_guide_cache_manifest_ignore() -> None:
    """A rule with the comment is in the rule set, and not in the manifest."""
    # This rule will not be listed in the cache-manifest.js file.
    router = Router().get("/static/my-image.png", caching={"max_age": "1h"}, comment="cache-manifest-ignore")
    features = {"caching": {"max_age": {"200": "1h"}}, "comment": "cache-manifest-ignore"}
    assert compile_rules(router) == [{"if": [get("/static/my-image.png"), features]}]
    assert manifest(router) == 'self.__EDGIO_CACHE_MANIFEST__={"rules":[]};\n'
