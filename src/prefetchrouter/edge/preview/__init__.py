"""What `serve` adds for browsers on this machine: the script tag in pages, and prefetched pages in the cache.

The way of a request through it, between the server and the rules:

    request ──> Preview ──> Injector.request ──> Warmer ──> rules and cache
                   │                                              │
                   └──────> Injector.response <───────────────────┘

A page with the tag, from one without:

    >>> import asyncio
    >>> from prefetchrouter.edge.preview.injecting import Injector
    >>> from prefetchrouter.edge.requests import EdgeRequest, EdgeResponse
    >>> from prefetchrouter.http.message import HeaderFields
    >>> page = EdgeResponse(200, HeaderFields({"content-type": "text/html"}), b"<!doctype html><p>Tea")
    >>> request = EdgeRequest("GET", "http", "localhost", "/")
    >>> asyncio.run(Injector(lambda: "/install.js", print).response(request, page)).body[:30]
    b'<!doctype html><script src="/i'

Its modules:

    preview.py    who gets it                 injecting.py       the script tag, put into pages as they pass
    warming.py    pages fetched for prefetches content_policy.py  what a page's policy says of the script
"""
