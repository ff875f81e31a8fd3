"""The embedded edge: a shared cache (RFC 9111) that obeys a rule set, for development, tests and comparison.

A request and what happened to it, without a socket:

    >>> import asyncio
    >>> from prefetchrouter import Router, RuleSet
    >>> from prefetchrouter.edge.engine.edge import Edge
    >>> from prefetchrouter.edge.origin_client import OriginResponse
    >>> from prefetchrouter.edge.requests import EdgeRequest
    >>> from prefetchrouter.http.message import HeaderFields
    >>> class Origins:
    ...     async def fetch(self, name, request):
    ...         return OriginResponse(200, HeaderFields({"content-type": "text/html"}), b"a page")
    >>> router = Router().match("/pages/:id", caching={"max_age": "1h", "service_worker_max_age": "1h"})
    >>> async def main():
    ...     edge = Edge(RuleSet(rules=router.rules), Origins())
    ...     for query in ("edgio_prefetch=1", "", "edgio_prefetch=1"):
    ...         request = EdgeRequest("GET", "https", "shop.example", "/pages/1", query)
    ...         response, trace = await edge.handle(request)
    ...         print(response.status, trace.cache, trace.reason or "-")
    >>> asyncio.run(main())
    412 refused not requested yet
    200 miss -
    200 hit -

The parts, and the way of a request through them:

    client ──> clients ──> running.app ──> engine ──> origins ──> origin
                │             │   │          │
                │             │   │          └──> cache (stored responses)
                │             │   │               policy (headers, ranges, gzip: pure functions)
                │             │   ├──> preview (the script tag, pages for prefetches; this machine only)
                │             │   └──> pages (the edge's own pages)
                └─────────────┴──────> logging (request log, terminal)

    requests.py       a client's request and the response to it
    request_trace.py  what happened to a request
    origin_client.py  the interface to origins: `OriginClient`, `OriginRequest`, `OriginError`
    hosts.py          scheme and host as rules see them
    limits.py         how much the edge uses
    descriptors.py    file descriptors

`docs/edge.md` shows how it is used, `docs/edge-rules.md` how it decides.
"""
